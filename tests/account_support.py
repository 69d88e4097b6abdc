"""Payments from personal accounts in tests: a family of the demonstration whose premiums an account pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from acting import staff_with
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment.services import OtherMeans, PlacedOrder, place_order
from huimin.platform.foundation.actors import Actor, demonstration_actor, resident_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, Role
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.means import MeansKind
from huimin.platform.payments.personal_account.listing import make_list
from huimin.platform.payments.personal_account.models import AccountLine, AccountList, AccountListRow, LineState
from huimin.platform.payments.personal_account.opening import AccountPart, open_lines
from huimin.platform.payments.personal_account.rules import AccountRule, Mode, rule_on
from huimin.platform.people.models import Area, Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.tasks.kinds import Lane
from huimin.sandbox.bureau import Bureau
from neighbours import number
from platform_support import resident
from work_support import work_off

__all__ = [
    "FEBRUARY",
    "OTHER_AREA",
    "OWN_AREA",
    "a_line",
    "a_list_of",
    "a_listed_family",
    "in_bureau",
    "officer",
    "order_from_account",
    "rule",
]

FEBRUARY = date(2022, 2, 1)
OWN_AREA, OTHER_AREA = "329901", "329902"


def rule(mode: Mode = Mode.MONTHLY_LIST) -> AccountRule:
    """The rule of a place with this way of charging."""
    place = {Mode.MONTHLY_LIST: "jiangsu", Mode.REAL_TIME: "hangzhou", Mode.PAY_THEN_OFFSET: "suzhou"}[mode]
    found = rule_on(place, date(2024, 1, 1))
    assert found is not None
    return found


def officer(city: City, *areas: str) -> Actor:
    """An officer of the agencies of these areas."""
    from huimin.platform.web.actors import acting_staff

    actor = acting_staff(staff_with(city, f"officer-{'-'.join(areas)}", Role.ACCOUNT_AGENCY, areas=areas))
    assert actor is not None
    return actor.with_purpose("test")


def family(city: City, *, mother_in: str = OTHER_AREA) -> list[Resident]:
    """Wang Fang, who has an account, her father, and her mother, who is insured in another area."""
    people = [Resident.objects.of(city).get(psn_no=f"P{number:08d}") for number in (1, 2, 3)]
    Resident.objects.of(city).filter(pk=people[2].pk).update(area=Area.objects.of(city).get(code=mother_in))
    return people


def in_bureau(bureau: Bureau, people: Sequence[Resident], **account: Any) -> None:
    """Let the sandbox's bureau know the family; the first has an account with 4,100 yuan of earlier years."""
    for person in people:
        bureau.register(
            {
                "id_number": person.id_number,
                "name": person.name,
                "psn_no": person.psn_no,
                "birth_date": person.birth_date.isoformat(),
                "sex": person.sex,
                "spells": [{"insutype": person.insutype, "area": OWN_AREA, "first": "2016-01-01", "last": None}],
                "history": [],
                "account": {
                    "area": OWN_AREA,
                    "historic": "5000.00",
                    "current": "0.00",
                    "filing": False,
                    "relatives": [],
                    **account,
                }
                if person is people[0]
                else None,
            }
        )


def order_from_account(
    city: City, people: Sequence[Resident], *, mode: Mode = Mode.MONTHLY_LIST, fen: Sequence[int] = ()
) -> tuple[PlacedOrder, list[str]]:
    """The first of `people` orders for all of them and pays so many fen of each from their account; by default all.

    Returns the order and the keys of its lines. Nothing was asked of the bureau yet.
    """
    plan_year = plan_on_sale(city)
    assert plan_year is not None
    known = persons_by_id(city, [one.pk for one in people])
    relations = [Relation.SELF, *[Relation.PARENT] * (len(people) - 1)]
    amounts = list(fen) or [158_00] * len(people)
    area = {one.pk: one.code for one in Area.objects.of(city)}
    with transaction.atomic():
        keys = [f"A{person.psn_no}{AccountLine.objects.of(city).count()}" for person in people]
        means = [
            OtherMeans(person.pk, MeansKind.PERSONAL_ACCOUNT, OWN_AREA, amount, key)
            for person, amount, key in zip(people, amounts, keys, strict=True)
            if amount
        ]
        placed = place_order(
            actor=resident_actor(city, people[0].pk),
            plan_year=plan_year,
            applicant=known[people[0].pk],
            insured=[(known[one.pk], relation) for one, relation in zip(people, relations, strict=True)],
            terms_opened_now=True,
            means=means,
        )
        parts = [
            AccountPart(key, person.pk, area[known[person.pk].area_id], relation, amount)
            for key, person, relation, amount in zip(keys, people, relations, amounts, strict=True)
            if amount
        ]
        open_lines(
            city=city,
            order_reference=placed.order.reference,
            plan_year_id=plan_year.id,
            payer_id=people[0].pk,
            payer_area=OWN_AREA,
            rule=rule(mode),
            parts=parts,
            by=f"resident:{people[0].pk}",
            at=now(city),
        )
    return placed, [part.key for part in parts]


def worked_off() -> None:
    """All that the bureau is asked for, and what follows of it for orders."""
    work_off(Lane.ORDERS)


def a_listed_family(city: City, bureau: Bureau, area: str = OWN_AREA) -> tuple[AccountList, list[str]]:
    """The family's order is paid from the account and issued, and February's list is made."""
    people = family(city)
    in_bureau(bureau, people)
    _placed, keys = order_from_account(city, people)
    worked_off()
    number = make_list(actor=demonstration_actor(city), area=area, month=FEBRUARY)
    return AccountList.objects.of(city).get(pk=number), keys


def a_line(city: City, **columns: Any) -> AccountLine:
    """A row alone, without its order and its history: held for a policy of Wang Fang's that was issued today."""
    plan_year, at, payer = plan_on_sale(city), now(city), resident(city)
    assert plan_year is not None
    of_february = rule()
    usual = {
        "key": f"A{number()}",
        "order_reference": f"O{number()}",
        "payer_id": payer.pk,
        "insured_id": payer.pk,
        "relation": Relation.SELF,
        "payer_area": OWN_AREA,
        "insured_area": OWN_AREA,
        "amount": 158_00,
        "place": of_february.place,
        "rule_since": of_february.since,
        "mode": Mode.MONTHLY_LIST,
        "plan_year_id": plan_year.id,
        "requested_at": at,
        "state": LineState.HELD,
        "used_at": at,
    }
    found: AccountLine = AccountLine.objects.create(city=city, **{**usual, **columns})
    return found


def a_list_of(city: City, *lines: AccountLine, area: str = OWN_AREA, month: date = FEBRUARY) -> AccountList:
    """A list of these lines as rows alone: what stands in the columns `listed` and `state` is the test's."""
    found: AccountList = AccountList.objects.create(
        city=city,
        area=area,
        month=month,
        version=1 + AccountList.objects.of(city).filter(area=area, month=month).count(),
        digest="0" * 64,
        rows=len(lines),
        amount=sum(line.amount for line in lines),
        made_by="test",
        made_at=now(city),
    )
    for place, line in enumerate(lines, start=1):
        AccountListRow.objects.create(city=city, account_list=found, number=place, line=line, amount=line.amount)
    AccountLine.objects.of(city).filter(pk__in=[line.pk for line in lines]).update(listed=found)
    return found
