"""Payments from personal accounts in the demonstration: a month with lines in each state, and areas that owe others.

Assumed: in Jiangsu's way, one in a dozen orders is paid from an account; a few of these pay for parents elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.demonstration.names import AGENCY_AREAS
from huimin.platform.enrolment.api import check_eligibility, place_order_from_account
from huimin.platform.foundation.actors import Actor, demonstration_actor, staff_actor
from huimin.platform.foundation.models import City, Role
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.selectors import user_named
from huimin.platform.payments.api import (
    AccountRule,
    StrikeReason,
    Struck,
    between_areas,
    decide_lines,
    listed_lines,
    make_list,
    owed_by_area,
    record_transfer,
    rule_on,
    set_account_area,
    settle_areas,
    to_be_listed,
    transfer_received,
    transfer_returned,
)
from huimin.platform.people.api import PersonFacts, areas

__all__ = ["open_accounts", "pay_from_accounts"]

_PLACE, _SINCE = "jiangsu", date(2021, 12, 1)
_MONTHS = (date(2022, 1, 1), date(2022, 2, 1))
_ORDERS_A_MONTH = 4
_EMPLOYEE = "310"


def open_accounts(city: City) -> None:
    """Accounts of every area may pay, by Jiangsu's rule."""
    for area in areas(city):
        set_account_area(actor=demonstration_actor(city), area=area.code, place=_PLACE, since=_SINCE)


def pay_from_accounts(
    channel: Actor, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]], last: date
) -> None:
    """January is decided, transferred and settled; February waits for its agencies."""
    city, rule = channel.city, rule_on(_PLACE, last)
    if rule is None:
        raise LookupError(f"found no rule of {_PLACE}; expected one in rules.toml")
    codes = {area.id: area.code for area in areas(city)}
    free = _free(channel, plan_year, families[1:])
    for month in _MONTHS:
        city.demonstration_day = min(month + timedelta(days=9), last)
        for area in AGENCY_AREAS:
            _orders(channel, plan_year, free, rule, area, codes)
    city.demonstration_day = last
    _january(city)
    _february(city)


def _free(channel: Actor, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]]) -> list[list[PersonFacts]]:
    """Families of whom nobody is covered and everybody may join."""
    people = [person for family in families for person in family]
    found = check_eligibility(city=channel.city, plan_year=plan_year, residents=people)
    return [family for family in families if all(found[person.id].eligible for person in family)]


def _orders(
    channel: Actor,
    plan_year: PlanYearFacts,
    free: list[list[PersonFacts]],
    rule: AccountRule,
    area: str,
    codes: dict[int, str],
) -> None:
    """Some employees of the area pay for themselves and an old couple who live in another one."""
    payers = [one for family in free for one in family if one.insutype == _EMPLOYEE and codes[one.area_id] == area]
    for payer in payers[:_ORDERS_A_MONTH]:
        own = next((family for family in free if payer in family), None)
        if own is None:
            # Somebody else of the family has paid already.
            continue
        free.remove(own)
        insured = [(payer, Relation.SELF)]
        parents = next((family for family in free if _are_parents(family, payer, area, codes)), None)
        if parents is not None:
            free.remove(parents)
            insured += [(one, Relation.PARENT) for one in parents]
        found = check_eligibility(city=channel.city, plan_year=plan_year, residents=[one for one, _ in insured])
        pays = {key: one.offer.own_part for key, one in found.items() if one.offer is not None}
        place_order_from_account(
            actor=channel,
            plan_year=plan_year,
            applicant=payer,
            insured=insured,
            account_area=area,
            rule=rule,
            pays=pays,
            terms_opened_now=True,
            held=True,
        )


def _are_parents(family: list[PersonFacts], payer: PersonFacts, area: str, codes: dict[int, str]) -> bool:
    """Whether all of them are old enough to be, and live in another of the agency's areas."""
    elsewhere = codes[family[0].area_id]
    old = all(18 * 365 < (payer.birth_date - one.birth_date).days < 45 * 365 for one in family)
    return old and elsewhere != area and elsewhere in AGENCY_AREAS


def _january(city: City) -> None:
    """One line is struck out, all others are approved; one transfer is received, one comes back, one is on its way."""
    by = _officer(city)
    for place, area in enumerate(AGENCY_AREAS):
        number = _made(city, area, _MONTHS[0])
        if number is None:
            continue
        keys = [row.line.key for row in listed_lines(city, number).rows]
        struck = {keys[-1]: Struck(StrikeReason.NOT_A_RELATIVE)} if place == 0 and len(keys) > 1 else {}
        decide_lines(actor=by, list_id=number, approved=[key for key in keys if key not in struck], struck=struck)
    for place, (area, owed) in enumerate(sorted(owed_by_area(city, AGENCY_AREAS).items())):
        sent = record_transfer(
            actor=by, area=area, reference=f"HB2022{place + 1:04d}", amount=owed.amount, sent_on=date(2022, 2, 10)
        )
        handler = _acting(city, "handler", Role.HANDLER)
        if place == 0:
            transfer_received(actor=handler, transfer_id=sent, amount=owed.amount, bank_day=date(2022, 2, 11))
        elif place == 1:
            transfer_returned(actor=handler, transfer_id=sent, bank_day=date(2022, 2, 11))
    if between_areas(city, _MONTHS[0]).open:
        settle_areas(actor=_acting(city, "bureau", Role.BUREAU), month=_MONTHS[0], note="示范市医保中心清算单 2022-01")


def _february(city: City) -> None:
    """The first area's list waits; half of the second's is approved; the third's is not made yet."""
    for place, area in enumerate(AGENCY_AREAS[:2]):
        number = _made(city, area, _MONTHS[1])
        if number is not None and place == 1:
            keys = [row.line.key for row in listed_lines(city, number).rows]
            decide_lines(actor=_officer(city), list_id=number, approved=keys[: len(keys) // 2])


def _made(city: City, area: str, month: date) -> int | None:
    """The month's list; None where nothing waits, as in a small city of a test."""
    if area not in to_be_listed(city, [area]):
        return None
    return make_list(actor=demonstration_actor(city), area=area, month=month)


def _officer(city: City) -> Actor:
    user = user_named("agency")
    number = user.pk if user is not None else 0
    return staff_actor(city, number, [Role.ACCOUNT_AGENCY], bound_to=[f"area:{area}" for area in AGENCY_AREAS])


def _acting(city: City, name: str, role: Role) -> Actor:
    user = user_named(name)
    return staff_actor(city, user.pk if user is not None else 0, [role])
