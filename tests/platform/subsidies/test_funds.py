"""Opening funds and what is paid in: recorded once, posted, and computed again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from acting import acting
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import Verification, verify_city
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.funds import open_fund, open_roster, open_sponsor, pay_in
from huimin.platform.subsidies.models import Contribution, FundPart, SponsorKind
from huimin.platform.subsidies.selectors import all_funds, fund_by_code, funds_open, left_in_funds, roster_by_code
from huimin.platform.subsidies.verification import faults_of_funds
from subsidies_support import a_fund

DAY = date(2022, 1, 5)


def received(city: City, amount: int = 100_00, transfer: str = "B-1", fund: str = "hope", **more: Any) -> None:
    given = {"fund": fund, "amount": amount, "bank": "pool-1", "transfer": transfer, "received_on": DAY}
    pay_in(actor=acting(city, "handler"), **{**given, **more})


def test_what_is_paid_in_stands_in_the_bank_and_is_left_in_the_fund(city: City) -> None:
    fund = a_fund(city)
    received(city, 100_07)
    sums = {(row.account, row.party): row.amount for row in Posting.objects.of(city).filter(party__contains="pool-1")}
    assert sums == {("bank", "bank:pool-1"): 100_07}
    assert Posting.objects.of(city).get(party="fund:hope").amount == -100_07
    assert left_in_funds(city) == {fund.id: 100_07}


def test_the_fen_of_a_contribution_are_spread_over_the_parts_of_the_fund(city: City) -> None:
    a_fund(city)
    received(city, 17)
    parts = FundPart.objects.of(city).order_by("number").values_list("left_fen", flat=True)
    assert list(parts) == [3, 2, 2, 2, 2, 2, 2, 2]


def test_the_same_transfer_entered_twice_is_one_contribution(city: City) -> None:
    a_fund(city)
    received(city)
    received(city)
    assert Contribution.objects.of(city).count() == 1
    assert sum(left_in_funds(city).values()) == 100_00


def test_the_same_transfer_of_another_amount_or_fund_is_refused(city: City) -> None:
    a_fund(city)
    a_fund(city, "city", order=2)
    received(city)
    for amount, fund in ((100_01, "hope"), (100_00, "city")):
        with pytest.raises(SubsidyError, match="transfer B-1") as refused:
            received(city, amount, fund=fund)
        assert refused.value.code == "contribution_differs"
    received(city, 100_01, "B-2")
    assert sum(left_in_funds(city).values()) == 200_01


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 10**13 + 1},
        {"fund": "nobody"},
        {"bank": " "},
        {"transfer": ""},
        {"received_on": date(2022, 2, 16)},
    ],
)
def test_a_contribution_that_cannot_be_is_refused(city: City, wrong: dict[str, Any]) -> None:
    a_fund(city)
    with pytest.raises(SubsidyError) as refused:
        received(city, **wrong)
    assert refused.value.code == "bad_contribution"
    assert not Contribution.objects.of(city).exists()
    received(city, received_on=date(2022, 2, 15))


def test_only_handlers_record_what_was_paid_in(city: City) -> None:
    a_fund(city)
    with pytest.raises(NotAllowed):
        pay_in(actor=acting(city, "bureau"), fund="hope", amount=1, bank="b", transfer="t", received_on=DAY)


def test_a_fund_is_open_on_its_first_and_last_day_and_no_other(city: City) -> None:
    fund = a_fund(city, opens=(date(2022, 1, 2), date(2022, 1, 31)))
    found = {
        day: bool(funds_open(city, fund.plan_year_id, date(2022, month, day)))
        for month, day in ((1, 1), (1, 2), (1, 31))
    }
    assert found == {1: False, 2: True, 31: True}
    assert funds_open(city, fund.plan_year_id, date(2022, 2, 1)) == []
    assert funds_open(city, fund.plan_year_id + 1, date(2022, 1, 15)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Hope 1"},
        {"code": ""},
        {"name_zh": ""},
        {"name_en": " "},
        {"sponsor": "nobody"},
        {"roster": "nobody"},
        {"amounts": {}},
        {"amounts": {"lazy": PerPerson(fen=1)}},
        {"opens_on": date(2022, 3, 1)},
        {"backs": "donor"},
    ],
)
def test_a_fund_that_cannot_be_is_refused(city: City, wrong: dict[str, Any]) -> None:
    """The plan's terms speak of no donor: no fund can pay for one."""
    first = a_fund(city)
    given = {
        "code": "second",
        "name_zh": "二",
        "name_en": "Second",
        "sponsor": "of-hope",
        "roster": "poor",
        "plan_year_id": first.plan_year_id,
        "use_order": 2,
        "amounts": {"": PerPerson(fen=1)},
        "opens_on": date(2022, 2, 1),
        "closes_on": date(2022, 2, 28),
    }
    with pytest.raises(SubsidyError) as refused:
        open_fund(actor=demonstration_actor(city), **{**given, **wrong})  # type: ignore[arg-type]
    assert refused.value.code == "bad_fund"
    assert open_fund(actor=demonstration_actor(city), **given).terms.amounts == {"": PerPerson(fen=1)}  # type: ignore[arg-type]


def test_two_funds_of_one_code_or_one_place_in_the_order_of_use_are_refused(city: City) -> None:
    a_fund(city)
    for code, order in (("hope", 2), ("other", 1)):
        with pytest.raises(SubsidyError) as refused, transaction.atomic():
            a_fund(city, code, order=order)
        assert refused.value.code == "fund_exists"
    actor = demonstration_actor(city)
    with pytest.raises(SubsidyError, match="choose another code"):
        open_roster(actor=actor, code="poor", name_zh="一", name_en="One")
    with pytest.raises(SubsidyError, match="choose another code"):
        open_sponsor(actor=actor, code="of-hope", kind=SponsorKind.DEPARTMENT, name_zh="一", name_en="One")
    a_fund(city, "other", order=2)
    assert [fund.code for fund in all_funds(city)] == ["hope", "other"]


def test_a_fund_is_told_in_both_languages_with_its_sponsor(city: City) -> None:
    fund = a_fund(city)
    assert (fund.name("zh-hans"), fund.name("en"), fund.sponsor.name("en")) == (
        "爱心资金",
        "Fund of hope",
        "A foundation",
    )
    assert [one.code for one in all_funds(city, sponsor="of-hope")] == ["hope"]
    assert all_funds(city, sponsor="another") == []
    assert fund_by_code(city, "nobody") is None
    found = roster_by_code(city, "poor")
    assert found is not None
    assert found.name("zh-hans") == "困难群众名册"


def test_the_database_itself_refuses_a_part_below_zero(city: City) -> None:
    a_fund(city)
    part = FundPart.objects.of(city).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        FundPart.objects.of(city).filter(pk=part.pk).update(left_fen=-1)


def test_the_books_of_funds_are_computed_again_and_a_fen_that_vanished_is_named(city: City) -> None:
    a_fund(city)
    received(city, 100_00)
    assert verify_city(city).faults == []
    FundPart.objects.of(city).filter(number=0).update(left_fen=0)
    assert faults_of_funds(city) == [
        "fund:hope: 8750 fen are left by its parts; what came in less its open draws is 10000 fen"
    ]
    assert verify_city(city).faults == faults_of_funds(city)


def test_the_verification_counts_contributions(city: City) -> None:
    from huimin.platform.subsidies.verification import recompute_funds

    a_fund(city)
    received(city)
    result = Verification(city.code)
    (entry,) = recompute_funds(city, result)
    assert result.counts["contributions"] == 1
    assert [line.amount for line in entry.lines] == [100_00, -100_00]
