"""What cover a person can have, at which price and from which day, as the core computes it from the terms.

Nothing here decides a price, a share of it or a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from huimin.adjudication import cover_begins, premium_parts, price_for
from huimin.errors import InputError
from huimin.platform.people.api import PersonFacts, carried
from huimin.settlement import Member
from huimin.terms import Plan

__all__ = [
    "Joining",
    "Offer",
    "OtherCover",
    "Window",
    "counted_from",
    "cover_begins_for",
    "first_day",
    "late_joining_open",
    "member_of",
    "offer_for",
    "overlap",
]

Window = tuple[date, date]
_DAYS_TO_PAY = timedelta(days=3)
"""After the bureau's answer. An assumption of ours."""


@dataclass(frozen=True, slots=True)
class OtherCover:
    """Cover that somebody has elsewhere. `number`: of the policy, where it is one of this city; else empty."""

    plan: str
    first: date
    last: date
    number: str = ""


def overlap(first: tuple[date, date], second: tuple[date, date]) -> bool:
    """Whether two stretches of days, the last days included, have a day in common."""
    return first[0] <= second[1] and second[0] <= first[1]


@dataclass(frozen=True, slots=True)
class Offer:
    """One person's cover, if it is paid on a given day. Amounts in fen."""

    edition: str
    price: int
    paid_by: dict[str, int]
    """What others bear of the price by the terms, by payer: never more than the whole."""
    cover_from: date
    cover_to: date
    by_funds: dict[str, int] = field(default_factory=dict)
    """What funds pay of the own part, by code of the fund."""
    entries: dict[str, int] = field(default_factory=dict)
    """Where each fund's roster has the person, by code of the fund."""
    other_cover: tuple[OtherCover, ...] = ()
    """What the person has already for some of these days."""

    @property
    def days(self) -> tuple[date, date]:
        return self.cover_from, self.cover_to

    @property
    def own_part(self) -> int:
        """What the terms leave to the person, whoever pays it."""
        return self.price - sum(self.paid_by.values())

    @property
    def to_pay(self) -> int:
        """What is left to the person after the funds."""
        return self.own_part - sum(self.by_funds.values())


def offer_for(plan: Plan, window: Window, person: PersonFacts, day: date, edition: str = "") -> Offer:
    """The cover and price of `person` if they pay on `day`.

    Raises InputError: `edition_unknown`, `window_closed`, `cover_over`, `missing_fact`, `unknown_terms`.
    """
    _refuse_edition(plan, edition)
    member = member_of(plan, person, edition)
    begins = cover_begins(plan, member, day, window)
    member = member_of(plan, person, edition, counted_from(plan, window, begins))
    price = price_for(plan, member)
    if price is None:
        raise InputError(f"the premium of {plan.id} is not known", code="unknown_terms")
    others: dict[str, int] = {}
    for payer, fen in premium_parts(plan, member, price)[:-1]:
        if fen:
            others[payer] = others.get(payer, 0) + fen
    return Offer(edition, price, others, begins, plan.cover.last_day)


@dataclass(frozen=True, slots=True)
class Joining:
    """When somebody joined: the day they paid; and of an order that waited for the bureau, its days.

    `placed` and `answered` are None for an order that did not wait.
    """

    paid: date
    placed: date | None = None
    answered: date | None = None


def first_day(plan: Plan, member: Member, joining: Joining, window: Window) -> date:
    """The first day of cover. Raises InputError as `offer_for` does.

    Somebody whose order waited for the bureau until the window was over is not late by that, if they pay within some
    days: they join as on the day of the order. Cover never begins before the day after they paid, all the same.
    """
    try:
        return cover_begins(plan, member, joining.paid, window)
    except InputError as error:
        if error.code != "window_closed" or joining.placed is None or joining.answered is None:
            raise
        if joining.paid > joining.answered + _DAYS_TO_PAY:
            raise
    begins = max(cover_begins(plan, member, joining.placed, window), joining.paid + timedelta(days=1))
    if begins > plan.cover.last_day:
        raise InputError(f"cover would begin on {begins}, after the year has ended", code="cover_over")
    return begins


def cover_begins_for(plan: Plan, window: Window, person: PersonFacts, day: date, edition: str) -> date:
    """The first day of cover of a person whose price is already fixed. Raises InputError as `offer_for` does."""
    return cover_begins(plan, member_of(plan, person, edition), day, window)


def late_joining_open(plan: Plan, window: Window, day: date) -> bool:
    """Whether the terms let some people still join on `day`, after the window."""
    return day > window[1] and any(day <= late.last_day for late in plan.enrolment.late)


def counted_from(plan: Plan, window: Window, begins: date, placed: date | None = None) -> date:
    """From which day earlier years are counted back, of somebody whose cover begins on `begins`.

    Whoever joined inside the window, or as if on the first day, joined without a break, though cover began some days
    after the year did. Somebody who joined later has a break. An assumption of ours, where terms say nothing else.
    `placed`: the day of an order that waited for the bureau.
    """
    in_window = begins <= window[1] + timedelta(days=1) or (placed is not None and placed <= window[1])
    return plan.cover.first_day if in_window else begins


def member_of(plan: Plan, person: PersonFacts, edition: str, counted: date | None = None) -> Member:
    """The person's facts as they are today, for the plan's whole cover year.

    `counted`: from which day earlier years are counted back; by default from the year's first day.
    """
    earlier = carried(person, counted or plan.cover.first_day)
    return Member(
        psn_no=person.psn_no,
        cover_from=plan.cover.first_day,
        cover_to=plan.cover.last_day,
        birth_date=person.birth_date,
        sex=person.sex,
        insutype=person.insutype,
        edition=edition or None,
        continuous_years=earlier.continuous_years,
        claim_free_years=earlier.claim_free_years,
        pre_existing=frozenset(person.pre_existing),
    )


def _refuse_edition(plan: Plan, edition: str) -> None:
    known = [one.id for one in plan.edition]
    if edition not in (known or [""]):
        expected = ", ".join(known) if known else "none, since the plan has no editions"
        raise InputError(f"found the edition {edition!r}; expected {expected}", code="edition_unknown")
