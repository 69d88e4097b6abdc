"""Who pays which part of one price, by the funds' terms alone; and the published case, at its full size."""

from __future__ import annotations

from collections import Counter

import pytest

from huimin.platform.subsidies.amounts import ANY_REASON, FundTerms, Parts, PerPerson, fund_code, parts_of

PRICE = 198_80
"""Of the published case no price is known. Of those between 198.58 and 199.57 yuan at which people who pay 0.01, 0.10
or 1 yuan can make the published sums to the fen, this is the first that is whole in tens of fen."""
GROUPS = {
    # reason: people, what the person pays, what the donor pays; the city pays the rest
    "destitute": (50_000, 1, 99_00),
    "low_income": (23_000, 10, 108_00),
    "severely_disabled": (18_000, 1_00, 102_00),
}
DONOR = FundTerms("hope", 1, {reason: PerPerson(fen=donor) for reason, (_n, _own, donor) in GROUPS.items()})
CITY = FundTerms("city", 2, {reason: PerPerson(leaves=own) for reason, (_n, own, _donor) in GROUPS.items()})
PLENTY = {"hope": 10**12, "city": 10**12}


def both(reason: str) -> dict[str, str]:
    return {"hope": reason, "city": reason}


def parts(reason: str = "destitute", left: dict[str, int] | None = None, price: int = PRICE) -> Parts:
    return parts_of(price, {}, [CITY, DONOR], both(reason), PLENTY if left is None else left)


def test_the_published_case_comes_out_to_the_fen_for_91_000_people() -> None:
    """91,000 people; 9.27 million yuan from the donor and 8.80 million from the city (Heyuan, a published study)."""
    left, own = {"hope": 9_270_000_00, "city": 8_800_000_00}, Counter[int]()
    people = [reason for reason, (count, *_rest) in GROUPS.items() for _ in range(count)]
    for reason in people:
        found = parts(reason, left)
        own[PRICE - sum(found.paid_by.values())] += 1
        for fund, fen in found.draws.items():
            left[fund] -= fen
    assert len(people) == 91_000
    assert left == {"hope": 0, "city": 0}
    assert own == {1: 50_000, 10: 23_000, 1_00: 18_000}


def test_one_person_more_than_the_money_is_for_gets_nothing_of_it() -> None:
    found = parts("destitute", {"hope": 0, "city": 0})
    assert found == Parts({}, {}, ("hope", "city"))


def test_the_fund_with_the_smaller_number_pays_first_and_the_next_pays_what_is_left() -> None:
    assert parts().draws == {"hope": 99_00, "city": 99_79}
    assert parts().paid_by == {"fund:hope": 99_00, "fund:city": 99_79}


@pytest.mark.parametrize(("leaves", "own"), [(0, 0), (1, 1), (10, 10), (1_00, 1_00)])
def test_a_fund_that_pays_all_but_some_fen_leaves_exactly_these(leaves: int, own: int) -> None:
    fund = FundTerms("city", 1, {ANY_REASON: PerPerson(leaves=leaves)})
    found = parts_of(99_00, {}, [fund], {"city": "veteran"}, PLENTY)
    assert 99_00 - sum(found.paid_by.values()) == own


def test_a_fund_never_pays_more_than_the_price() -> None:
    assert parts(price=50_00).draws == {"hope": 50_00}
    assert parts(price=99_01).draws == {"hope": 99_00}, "one fen is left, and the city leaves it to the person"


def test_a_fund_that_leaves_more_than_the_price_pays_nothing() -> None:
    fund = FundTerms("city", 1, {ANY_REASON: PerPerson(leaves=1_00)})
    assert parts_of(1_00, {}, [fund], {"city": ""}, PLENTY) == Parts({}, {}, ())


def test_a_fund_that_has_a_fen_too_little_gives_nothing_and_the_next_one_is_asked_for_all() -> None:
    short = parts(left={"hope": 98_99, "city": 10**9})
    assert short.draws == {"city": 198_79}
    assert short.short == ("hope",)
    assert parts(left={"hope": 99_00, "city": 10**9}).draws == {"hope": 99_00, "city": 99_79}


def test_who_is_on_no_roster_pays_themself() -> None:
    assert parts_of(PRICE, {}, [CITY, DONOR], {}, PLENTY) == Parts({}, {}, ())


def test_a_reason_without_an_amount_of_its_own_gets_the_amount_for_all_others() -> None:
    fund = FundTerms("hope", 1, {"destitute": PerPerson(fen=60_00), ANY_REASON: PerPerson(fen=10_00)})
    assert parts_of(PRICE, {}, [fund], {"hope": "veteran"}, PLENTY).draws == {"hope": 10_00}
    assert parts_of(PRICE, {}, [fund], {"hope": "destitute"}, PLENTY).draws == {"hope": 60_00}


def test_a_reason_that_the_fund_does_not_pay_for_gets_nothing() -> None:
    assert parts("elderly").draws == {}
    assert parts("elderly").short == ()


def test_a_fund_that_backs_a_payer_of_the_terms_pays_of_that_part_alone() -> None:
    backing = FundTerms("hope", 1, {ANY_REASON: PerPerson(leaves=0)}, backs="donor")
    found = parts_of(100_00, {"donor": 60_00, "government": 20_00}, [backing], {"hope": ""}, PLENTY)
    assert found.paid_by == {"government": 20_00, "fund:hope": 60_00}


def test_what_a_backing_fund_does_not_pay_stays_owed_by_the_payer_of_the_terms() -> None:
    backing = FundTerms("hope", 1, {ANY_REASON: PerPerson(fen=50_00)}, backs="donor")
    found = parts_of(100_00, {"donor": 60_00}, [backing], {"hope": ""}, PLENTY)
    assert found.paid_by == {"donor": 10_00, "fund:hope": 50_00}
    nothing_left = parts_of(100_00, {"donor": 60_00}, [backing], {"hope": ""}, {"hope": 49_99})
    assert nothing_left.paid_by == {"donor": 60_00}


def test_the_parts_never_add_up_to_more_than_the_price() -> None:
    for price in range(0, 300_00, 7):
        for reason in GROUPS:
            found = parts(reason, price=price)
            assert sum(found.paid_by.values()) <= price
            assert all(fen > 0 for fen in found.paid_by.values())


@pytest.mark.parametrize(("fen", "leaves"), [(None, None), (1, 1), (0, None), (-1, None), (None, -1)])
def test_what_a_fund_pays_is_an_amount_or_what_it_leaves_and_not_both(fen: int | None, leaves: int | None) -> None:
    with pytest.raises(ValueError, match="expected an amount above 0"):
        PerPerson(fen, leaves)


def test_a_payer_is_a_fund_only_by_its_own_form() -> None:
    assert fund_code("fund:hope") == "hope"
    assert fund_code("donor") is None
