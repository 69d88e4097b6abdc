"""The journal: balanced, append-only, shared to the fen, favouring nobody, and checked against the facts."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.demonstration.names import INSURERS
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AppendOnlyError, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.accounts import CLAIMS_UNSHARED, PREMIUM_UNSHARED
from huimin.platform.ledger.entries import Entry, Line, Owed
from huimin.platform.ledger.models import JournalEntry, Posting
from huimin.platform.ledger.parties import parse_party
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.services import UnbalancedEntryError, post
from huimin.platform.ledger.verification import verify_city
from huimin.platform.oversight.selectors import insurer_figures
from huimin.platform.pool.models import Insurer, Share
from huimin.platform.pool.selectors import share_table
from huimin.platform.pool.services import Claim, claim_entries, set_shares
from huimin.terms import load_plan_text
from platform_support import Caller, a_bill, without_triggers


def test_an_entry_that_does_not_balance_is_refused_and_nothing_is_posted(city: City) -> None:
    before = JournalEntry.objects.of(city).count()
    lines = [Line(PREMIUM_UNSHARED, 100), Line(CLAIMS_UNSHARED, -99)]
    with pytest.raises(UnbalancedEntryError):
        post(city=city, entries=[Entry("test", "s", "c", lines)], at=now(city))
    assert JournalEntry.objects.of(city).count() == before


def test_debits_equal_credits(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 77_777_77, 33_333_33))
    assert sum(balances(covered).values()) == 0
    assert balances(covered)["premium_unshared", ""] == balances(covered)["claims_unshared", ""] == 0


@pytest.mark.parametrize("model", [Posting, JournalEntry, SettlementFact, BenefitDecisionVersion])
def test_facts_can_neither_be_changed_nor_deleted(city: City, model: type[Posting]) -> None:
    row = model.objects.of(city).first()
    for attempt in (row.save, row.delete, model.objects.of(city).delete, lambda: model.objects.of(city).update(pk=1)):
        with pytest.raises(AppendOnlyError):
            attempt()
    for statement in ("DELETE FROM {} WHERE id = %s", "UPDATE {} SET city_id = city_id WHERE id = %s"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(model._meta.db_table), [row.pk])


def test_verification_finds_a_decision_that_was_tampered_with(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    assert verify_city(covered).faults == []
    with without_triggers("claims_benefitdecisionversion") as cursor:
        cursor.execute("UPDATE claims_benefitdecisionversion SET payable = payable + 1 WHERE payable > 0")
    assert any("settlement A, in_catalogue" in fault for fault in verify_city(covered).faults)


def test_verification_finds_a_fen_that_moved_between_insurers(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    with without_triggers("ledger_posting") as cursor:
        for party, fen in (("insurer:lead", 1), ("insurer:insurer-01", -1)):
            cursor.execute(
                "UPDATE ledger_posting SET amount = amount + %s WHERE id = (SELECT MAX(id) FROM ledger_posting "
                "WHERE party = %s AND account = 'insurer_claims')",
                [fen, party],
            )
    faults = verify_city(covered).faults
    assert len(faults) == 1
    assert faults[0].startswith("settlement:hospital-1:A")


def test_verification_finds_an_unbalanced_entry(city: City) -> None:
    with without_triggers("ledger_posting") as cursor:
        cursor.execute("UPDATE ledger_posting SET amount = amount + 1 WHERE id = (SELECT MAX(id) FROM ledger_posting)")
        cursor.execute("SELECT entry_id FROM ledger_posting WHERE id = (SELECT MAX(id) FROM ledger_posting)")
        ((entry,),) = cursor.fetchall()
    faults = verify_city(city).faults
    assert "debits and credits differ" in faults
    assert f"journal entry {entry} is not balanced" in faults


def test_a_payment_that_goes_up_and_down_ends_where_it_began(city: City) -> None:
    plan_year = PlanYear.objects.of(city).get()
    total: Counter[str] = Counter()
    for before, after in ((0, 1_234_567), (1_234_567, 7), (7, 999_999), (999_999, 0)):
        parties = parse_party("hospital:h"), parse_party("policy:1")
        claim = Claim("settlement:X", *parties, Owed(before), Owed(after), date(2022, 3, 1))
        for entry in claim_entries(table=share_table(city, plan_year.pk), city=city, cause="c", claims=[claim]):
            total.update({f"{line.account}{line.party}": line.amount for line in entry.lines})
    assert set(total.values()) == {0}


def test_shares_change_from_a_day_on_and_not_before(city: City) -> None:
    plan_year = PlanYear.objects.of(city).get()
    new = {"lead": 5_000, "insurer-01": 5_000}
    set_shares(
        plan_year=plan_year,
        basis_points=new,
        lead="lead",
        from_day=date(2022, 7, 1),
        actor=command_actor(city),
    )
    table = share_table(city, plan_year.pk)
    assert table.on(date(2022, 6, 30)).basis_points == {code: share for code, _, _, share in INSURERS}
    assert table.on(date(2022, 7, 1)).basis_points == {"lead": 5_000, "insurer-01": 5_000}


@pytest.mark.parametrize(
    "shares", [{"lead": 9_999}, {"lead": 10_001}, {"insurer-01": 10_000}, {"lead": 10_100, "insurer-01": -100}]
)
def test_shares_that_are_not_a_whole_are_refused(city: City, shares: dict[str, int]) -> None:
    count = Share.objects.of(city).count()
    with pytest.raises(HuiminError, match="100%"):
        set_shares(
            plan_year=PlanYear.objects.of(city).get(),
            basis_points=shares,
            lead="lead",
            from_day=date(2022, 7, 1),
            actor=command_actor(city),
        )
    assert Share.objects.of(city).count() == count


ALLOWANCE = """
[[benefit]]
id = "stay"
name = { zh = "住院津贴", en = "Hospital allowance" }
pays_for = { zh = "每次住院", en = "each stay" }
source = "agreement:inside_catalogue"
base = { allowance = { per = "settlement", yuan = "300.00", source = "agreement:inside_catalogue" } }
settings = ["inpatient"]
"""


@pytest.fixture
def with_allowance(city: City) -> None:
    """The city sells the plan with a lump sum for every stay."""
    plan_year = PlanYear.objects.of(city).get()
    source = load_plan_text(plan_year.plan_text, plan_year.sources_text).plan.benefit[0].source
    text = plan_year.plan_text + ALLOWANCE.replace("agreement:inside_catalogue", source)
    digest = load_plan_text(text, plan_year.sources_text).digest
    PlanYear.objects.of(city).update(plan_text=text, plan_digest=digest)
    forget_all()


@pytest.mark.usefixtures("with_allowance")
def test_an_allowance_is_owed_to_the_person_and_the_rest_to_the_hospital(api: Caller, covered: City) -> None:
    before = balances(covered)
    answer = api.settle(a_bill("A", "2022-04-18", 30_000_00)).json()
    assert answer["payable"] == "11300.00"  # (30,000 − 10,000) × 55 %, and 300
    assert answer["owed"] == {"sender": "11000.00", "insured": "300.00"}
    assert answer["explanation"]["beside"] == [{"benefit": "stay", "amount": "300.00"}]
    policy = f"policy:{answer['policy']}"

    def owed() -> dict[str, int]:
        after = balances(covered)
        payable = {party for account, party in after if account == "claim_payable"}
        found = {p: before.get(("claim_payable", p), 0) - after["claim_payable", p] for p in payable}
        return {party: fen for party, fen in found.items() if fen}

    assert owed() == {"hospital:hospital-1": 11_000_00, policy: 300_00}
    # Other bills are decided by the terms under which they were sold, which had no allowance.
    faults = verify_city(covered).faults
    assert not [fault for fault in faults if fault.startswith(("settlement:hospital-1:A", "allowances:hospital-1:A"))]
    api.settle(a_bill("R", "2022-04-18", 30_000_00, reverses="A"))
    assert owed() == {}


def test_shares_of_an_insurer_that_the_city_does_not_have_are_refused(city: City) -> None:
    count = Share.objects.of(city).count()
    with pytest.raises(HuiminError, match="found shares of nobody; expected insurers of the city") as caught:
        set_shares(
            actor=command_actor(city),
            plan_year=PlanYear.objects.of(city).get(),
            basis_points={"lead": 5_000, "nobody": 5_000},
            lead="lead",
            from_day=date(2022, 7, 1),
        )
    assert caught.value.code == "bad_shares"
    assert Share.objects.of(city).count() == count


def test_an_insurer_sees_the_money_of_one_plan_year_once_under_all_its_shares(api: Caller, covered: City) -> None:
    """Another plan year of the city is not in it, and two tables of shares are not two rows."""
    plan_year = PlanYear.objects.of(covered).get()
    before = {row.code: row for row in insurer_figures(covered, plan_year)}
    set_shares(
        plan_year=plan_year,
        basis_points={"lead": 5_000, "insurer-01": 5_000},
        lead="lead",
        from_day=date(2022, 4, 1),
        actor=command_actor(covered),
    )
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    after = {row.code: row for row in insurer_figures(covered, plan_year)}
    assert len(after) == len(before) == Insurer.objects.of(covered).count()
    assert [after[code].basis_points for code in ("lead", "insurer-01", "insurer-02")] == [5_000, 5_000, 0]
    assert after["lead"].claims - before["lead"].claims == 5_500_00 // 2
    assert after["insurer-02"].claims == before["insurer-02"].claims
    second = publish_plan_year(
        plan_text=plan_year.plan_text + "# another year",
        sources_text=plan_year.sources_text,
        window_first_day=date(2022, 10, 1),
        window_last_day=date(2022, 12, 31),
        actor=command_actor(covered),
    )
    set_shares(
        plan_year=second,
        basis_points={"lead": 10_000},
        lead="lead",
        from_day=date(2022, 1, 1),
        actor=command_actor(covered),
    )
    (only,) = insurer_figures(covered, second)
    assert (only.basis_points, only.premium, only.claims) == (10_000, 0, 0)
