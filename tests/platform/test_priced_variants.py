"""Each variant of a premium down to the fen: what is asked, what is paid, the policy's price, and who gets which of it.

By age, with both sides of each birthday; by edition; by both; with parts that others pay; and over the end of a year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from cast import FATHER, WANG_FANG
from claims_support import change, it_is
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.enrolment.models import OrderLine, Policy
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.pool.models import Share
from huimin.platform.pool.services import set_shares
from huimin.terms import load_plan_text
from platform_support import EDITIONS, Caller, person

YOUNG_AND_OLD = """
[[premium.variants]]
when = { age_to = 17 }
yuan = "58.00"
source = "study:premium"

[[premium.variants]]
when = { age_from = 60 }
yuan = "199.99"
source = "study:premium"
"""
PLUS_FOR_THE_YOUNG = """
[[premium.variants]]
when = { edition = "plus", age_to = 17 }
yuan = "108.01"
source = "study:premium"
"""
YOUNG = """
[[premium.variants]]
when = { age_to = 17 }
yuan = "58.00"
source = "study:premium"
"""


def part(payer: str, amount: str, when: str = "age_from = 60") -> str:
    """A part of the price that another pays, as `percent = "33.33"` or `yuan = "20.00"`."""
    return f'\n[[premium.parts]]\npayer = "{payer}"\n{amount}\nwhen = {{ {when} }}\nsource = "study:premium"\n'


A_THIRD_AND_TWENTY = part("government", 'percent = "33.33"') + part("donor", 'yuan = "20.00"')


@pytest.fixture
def sell(city: City) -> Callable[[str], None]:
    """The city sells the plan with some terms more."""

    def change_to(more: str) -> None:
        year = PlanYear.objects.of(city).get()
        text = year.plan_text + more
        PlanYear.objects.of(city).update(plan_text=text, plan_digest=load_plan_text(text, year.sources_text).digest)
        forget_all()

    return change_to


@dataclass
class Bought:
    """One paid order: what it said before it was paid, its policies in that order, and what it changed in the books."""

    placed: Any
    policies: list[Policy]
    moved: dict[tuple[str, str], int]

    @property
    def shared(self) -> dict[str, int]:
        """Premium in fen by insurer."""
        return {party: -fen for (account, party), fen in self.moved.items() if account == "insurer_premium"}

    @property
    def besides(self) -> dict[tuple[str, str], int]:
        """What moved and is no insurer's premium."""
        return {key: fen for key, fen in self.moved.items() if key[0] != "insurer_premium"}


def born(city: City, psn_no: str, day: str) -> None:
    assert Resident.objects.of(city).filter(psn_no=psn_no).update(birth_date=day) == 1


def asked_for(api: Caller, *editions: str, second: str = "parent") -> Any:
    """An order for Wang Fang and, if there are two editions, for her father, or who else he is by `second`."""
    insured = [
        {**person(index), "relation": relation, "edition": edition}
        for index, (relation, edition) in enumerate(zip(("self", second), editions, strict=False))
    ]
    body = {"applicant": person(0), "insured": insured, "terms_opened": True}
    answer = api.post("channel-1", "/api/v1/orders", body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def paid(api: Caller, city: City, placed: Any, notice: str = "N1") -> Bought:
    before = balances(city)
    assert api.pay(placed["reference"], placed["total"], notice=notice).content == b"success"
    policies = Policy.objects.of(city).filter(order_line__order__reference=placed["reference"]).order_by("order_line")
    moved = change(before, balances(city))
    assert verify_city(city).faults == []
    return Bought(placed, list(policies), moved)


def buy(api: Caller, city: City, *editions: str) -> Bought:
    return paid(api, city, asked_for(api, *editions))


def shared_by_their_shares(city: City, bought: Bought, fen: int, year: PlanYear | None = None) -> bool:
    """Whether the eleven insurers have exactly `fen` between them, each its part of it to less than a fen."""
    rows = Share.objects.of(city).filter(plan_year=year or PlanYear.objects.of(city).get()).select_related("insurer")
    parts = {f"insurer:{row.insurer.code}": row.basis_points for row in rows}
    return (
        len(parts) == 11
        and bought.shared.keys() == parts.keys()
        and sum(bought.shared.values()) == fen
        and all(abs(bought.shared[one] * 10_000 - points * fen) < 10_000 for one, points in parts.items())
    )


@pytest.mark.parametrize(
    ("birthday", "price", "fen"),
    [
        # Completed years on 1 January 2022, the first day of the cover year, whenever they join.
        ("2022-01-01", "58.00", 58_00),
        ("2004-01-03", "58.00", 58_00),
        ("2004-01-02", "58.00", 58_00),
        ("2004-01-01", "158.00", 158_00),
        ("2003-12-31", "158.00", 158_00),
        ("1962-01-02", "158.00", 158_00),
        ("1962-01-01", "199.99", 199_99),
        ("1961-12-31", "199.99", 199_99),
    ],
)
def test_a_price_by_age_changes_on_the_birthday_and_is_what_is_asked_paid_insured_and_shared(
    birthday: str, price: str, fen: int, api: Caller, city: City, sell: Any
) -> None:
    sell(YOUNG_AND_OLD)
    born(city, WANG_FANG, birthday)
    bought = buy(api, city, "")
    (cover,) = bought.placed["insured"]
    assert (cover["price"], cover["to_pay"], cover["paid_by"], bought.placed["total"]) == (price, price, [], price)
    assert [(one.price, one.cover_from, one.edition) for one in bought.policies] == [(fen, date(2022, 2, 16), "")]
    assert bought.besides == {("provider_clearing", "provider:sandbox"): fen}
    assert shared_by_their_shares(city, bought, fen)


def test_a_birthday_between_ordering_and_paying_changes_no_price(api: Caller, city: City, sell: Any) -> None:
    sell(YOUNG)
    born(city, WANG_FANG, "2004-02-17")
    placed = asked_for(api, "")
    it_is(city, date(2022, 2, 20))
    bought = paid(api, city, placed)
    assert (placed["total"], [(one.price, one.cover_from) for one in bought.policies]) == (
        "58.00",
        [(58_00, date(2022, 2, 21))],
    )


def test_a_birthday_that_the_register_corrects_after_ordering_changes_no_price_that_was_shown(
    api: Caller, city: City, sell: Any
) -> None:
    sell(YOUNG)
    born(city, WANG_FANG, "2004-01-02")
    placed = asked_for(api, "")
    born(city, WANG_FANG, "2004-01-01")
    assert asked_for(api, "")["total"] == "158.00"
    assert [one.price for one in paid(api, city, placed).policies] == [58_00]


@pytest.mark.parametrize(
    ("edition", "birthday", "price", "fen"),
    [
        ("ordinary", "2004-01-01", "158.00", 158_00),
        ("ordinary", "2004-01-02", "58.00", 58_00),
        ("plus", "2004-01-01", "258.00", 258_00),
        ("plus", "2004-01-02", "108.01", 108_01),
    ],
)
def test_a_price_by_edition_and_age_is_what_is_asked_paid_insured_and_shared(
    edition: str, birthday: str, price: str, fen: int, api: Caller, city: City, sell: Any
) -> None:
    sell(EDITIONS + PLUS_FOR_THE_YOUNG + YOUNG.replace("{ age_to", '{ edition = "ordinary", age_to'))
    born(city, WANG_FANG, birthday)
    bought = buy(api, city, edition)
    (cover,) = bought.placed["insured"]
    assert (cover["edition"], cover["price"], bought.placed["total"]) == (edition, price, price)
    assert [(one.edition, one.price, one.member().edition) for one in bought.policies] == [(edition, fen, edition)]
    assert bought.besides == {("provider_clearing", "provider:sandbox"): fen}
    assert shared_by_their_shares(city, bought, fen)


def test_two_editions_in_one_order_each_have_their_price_and_are_shared_together(
    api: Caller, city: City, sell: Any
) -> None:
    sell(EDITIONS)
    bought = buy(api, city, "plus", "ordinary")
    assert [(one["edition"], one["price"]) for one in bought.placed["insured"]] == [
        ("plus", "258.00"),
        ("ordinary", "158.00"),
    ]
    assert bought.placed["total"] == "416.00"
    assert [(one.edition, one.price) for one in bought.policies] == [("plus", 258_00), ("ordinary", 158_00)]
    assert shared_by_their_shares(city, bought, 416_00)


@pytest.mark.parametrize(
    ("birthday", "to_pay", "others"),
    [
        # 33.33 % of 158.00 is 52.6614, rounded to the fen; what is left is the insured's.
        ("1962-01-01", 85_34, {"government": 52_66, "donor": 20_00}),
        ("1962-01-02", 158_00, {}),
    ],
)
def test_a_price_that_others_pay_in_part_from_an_age_on_is_shared_whole(
    birthday: str, to_pay: int, others: dict[str, int], api: Caller, city: City, sell: Any
) -> None:
    sell(A_THIRD_AND_TWENTY)
    born(city, WANG_FANG, "1990-01-01")
    born(city, FATHER, birthday)
    bought = buy(api, city, "", "")
    _daughter, father = bought.placed["insured"]
    assert (father["price"], father["to_pay"]) == ("158.00", yuan(to_pay))
    assert father["paid_by"] == [{"payer": payer, "amount": yuan(fen)} for payer, fen in others.items()]
    assert bought.placed["total"] == yuan(158_00 + to_pay)
    assert [one.price for one in bought.policies] == [158_00, 158_00]
    line = OrderLine.objects.of(city).get(order__reference=bought.placed["reference"], insured__psn_no=FATHER)
    assert (line.paid_by, line.own_part) == (others, to_pay)
    owed = {("premium_receivable", f"fund:{payer}"): fen for payer, fen in others.items()}
    assert bought.besides == {("provider_clearing", "provider:sandbox"): 158_00 + to_pay, **owed}
    assert shared_by_their_shares(city, bought, 316_00)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@pytest.mark.parametrize(
    ("edition", "price", "government", "to_pay"),
    # 0.05 % of 158.00 is 7.9 fen, of 258.00 12.9: each rounded to the fen.
    [("ordinary", "158.00", "0.08", "157.92"), ("plus", "258.00", "0.13", "257.87")],
)
def test_a_part_in_percent_is_of_the_price_of_the_edition(
    edition: str, price: str, government: str, to_pay: str, api: Caller, city: City, sell: Any
) -> None:
    sell(EDITIONS + part("government", 'percent = "0.05"', "age_from = 0"))
    bought = buy(api, city, edition)
    (cover,) = bought.placed["insured"]
    assert (cover["price"], cover["to_pay"], cover["paid_by"]) == (
        price,
        to_pay,
        [{"payer": "government", "amount": government}],
    )
    whole = bought.policies[0].price
    assert (yuan(whole), bought.placed["total"]) == (price, to_pay)
    assert yuan(bought.moved["premium_receivable", "fund:government"]) == government
    assert yuan(bought.moved["provider_clearing", "provider:sandbox"]) == to_pay
    assert shared_by_their_shares(city, bought, whole)


def test_nobody_pays_more_of_a_price_than_is_left_of_it(api: Caller, city: City, sell: Any) -> None:
    """58.00 for the young: the government's 50.00 and the donor's 20.00 would be 12.00 more than that."""
    sell(YOUNG + part("government", 'yuan = "50.00"', "age_to = 17") + part("donor", 'yuan = "20.00"', "age_from = 0"))
    born(city, WANG_FANG, "1990-01-01")
    born(city, FATHER, "2004-01-02")
    bought = paid(api, city, asked_for(api, "", "", second="child"))  # who is so young is nobody's father
    assert [(one["price"], one["to_pay"]) for one in bought.placed["insured"]] == [
        ("158.00", "138.00"),
        ("58.00", "0.00"),
    ]
    assert bought.placed["insured"][1]["paid_by"] == [
        {"payer": "government", "amount": "50.00"},
        {"payer": "donor", "amount": "8.00"},
    ]
    assert bought.besides == {
        ("provider_clearing", "provider:sandbox"): 138_00,
        ("premium_receivable", "fund:government"): 50_00,
        ("premium_receivable", "fund:donor"): 28_00,
    }
    assert [one.price for one in bought.policies] == [158_00, 58_00]
    assert shared_by_their_shares(city, bought, 216_00)


def next_year_on_sale(city: City) -> PlanYear:
    """The same terms for 2023, sold from 1 November 2022 to 31 January 2023."""
    old = PlanYear.objects.of(city).get()
    text = old.plan_text.replace("yihuibao-1/2022", "yihuibao-1/2023")
    text = text.replace("first_day = 2022-01-01", "first_day = 2023-01-01")
    text = text.replace("last_day = 2022-12-31", "last_day = 2023-12-31")
    published = publish_plan_year(
        plan_text=text,
        sources_text=old.sources_text,
        window_first_day=date(2022, 11, 1),
        window_last_day=date(2023, 1, 31),
        actor=command_actor(city),
    )
    shares = {row.insurer.code: row.basis_points for row in Share.objects.of(city).select_related("insurer")}
    set_shares(
        actor=command_actor(city), plan_year=published, basis_points=shares, lead="lead", from_day=date(2022, 11, 1)
    )
    return PlanYear.objects.of(city).get(pk=published.id)


@pytest.mark.parametrize(
    ("birthday", "this_year", "next_one"),
    [
        ("2005-01-02", 58_00, 58_00),  # 17 on 1 January 2023
        ("2005-01-01", 58_00, 158_00),  # 18 that day
        ("2004-01-01", 158_00, 158_00),
    ],
)
def test_somebody_who_comes_of_age_between_two_years_pays_each_years_price(
    birthday: str, this_year: int, next_one: int, api: Caller, city: City, sell: Any
) -> None:
    sell(YOUNG)
    born(city, WANG_FANG, birthday)
    first, sold = buy(api, city, ""), PlanYear.objects.of(city).get()
    it_is(city, date(2022, 11, 30))
    year = next_year_on_sale(city)
    forget_all()
    second = paid(api, city, asked_for(api, ""), "N2")
    assert [(one.plan_year_id, one.price, one.cover_from) for one in first.policies + second.policies] == [
        (sold.pk, this_year, date(2022, 2, 16)),
        (year.pk, next_one, date(2023, 1, 1)),
    ]
    assert second.besides == {("provider_clearing", "provider:sandbox"): next_one}
    assert shared_by_their_shares(city, first, this_year, sold)
    assert shared_by_their_shares(city, second, next_one, year)


@pytest.mark.parametrize(
    ("paid_on", "begins"), [("2022-12-31", "2023-01-01"), ("2023-01-01", "2023-01-02"), ("2023-01-31", "2023-02-01")]
)
def test_an_order_of_december_that_is_paid_in_january_keeps_its_price_and_year(
    paid_on: str, begins: str, api: Caller, city: City, sell: Any
) -> None:
    sell(EDITIONS)
    it_is(city, date(2022, 12, 31))
    year = next_year_on_sale(city)
    forget_all()
    placed = asked_for(api, "plus")
    it_is(city, date.fromisoformat(paid_on))
    bought = paid(api, city, placed)
    assert [(one.plan_year_id, one.edition, one.price, str(one.cover_from)) for one in bought.policies] == [
        (year.pk, "plus", 258_00, begins)
    ]
    assert shared_by_their_shares(city, bought, 258_00, year)
