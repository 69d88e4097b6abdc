"""What rounding leaves between insurers is evened out each month, and the books say so to the fen."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.cli import main
from huimin.money import BASIS
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.accounts import INSURER_CLAIMS, INSURER_PREMIUM
from huimin.platform.ledger.entries import Entry, Line
from huimin.platform.ledger.models import JournalEntry
from huimin.platform.ledger.parties import insurer
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.services import post
from huimin.platform.ledger.verification import verify_city
from huimin.platform.pool.models import RoundingStatement
from huimin.platform.pool.rounding import drift_of, evened_out
from huimin.platform.pool.selectors import Period, share_table
from huimin.platform.pool.sharing import shared_out
from huimin.platform.pool.statements import close_months, statement_faults
from huimin.platform.seals.services import seal_waiting
from platform_support import Caller, a_bill, logged_in, without_triggers

SHARES = {"lead": 5_550, "second": 3_000, "third": 1_450}


def shared_in_all(amounts: list[int], shares: dict[str, int]) -> dict[str, int]:
    period = Period(1, date(2022, 1, 1), shares)
    total: Counter[str] = Counter(dict.fromkeys(shares, 0))
    for number, amount in enumerate(amounts):
        total.update(shared_out("demo", period, amount, f"policy:{number}"))
    return dict(total)


def test_premiums_of_one_price_drift_steadily_and_one_entry_evens_them_out() -> None:
    """158.01 yuan give the lead 87.6956, the second 47.403 and the third 22.9115 each time: 0.44 fen too much for the
    lead, 0.30 too little for the second, 0.15 too little for the third. It is no chance, and it grows with each."""
    shared = shared_in_all([158_01] * 1_000, SHARES)
    off = drift_of(shared, SHARES)
    assert off == {"lead": Fraction(445), "second": Fraction(-300), "third": Fraction(-145)}
    change = evened_out(shared, SHARES, {name: name for name in SHARES})
    assert change == {"lead": -445, "second": 300, "third": 145}


amounts = st.lists(st.integers(-(10**9), 10**9), max_size=30)
weights = st.lists(st.integers(1, 1_999), min_size=1, max_size=5)
"""Of all but the lead, who has the rest."""


@given(amounts, weights)
def test_after_evening_nobody_is_off_by_a_fen_and_nothing_is_made_or_lost(
    amounts: list[int], weights: list[int]
) -> None:
    shares = {f"insurer-{place}": weight for place, weight in enumerate(weights)}
    shares["lead"] = BASIS - sum(weights)
    shared = shared_in_all(amounts, shares)
    change = evened_out(shared, shares, {name: name for name in shares})
    assert sum(change.values()) == 0
    after = {name: shared[name] + change[name] for name in shares}
    assert all(abs(fen) < 1 for fen in drift_of(after, shares).values())
    assert set(evened_out(after, shares, {name: name for name in shares}).values()) == {0}


def on(city: City, day: str) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


def drift_of_accounts(city: City) -> dict[str, set[bool]]:
    """By account, whether each insurer is off by less than a fen."""
    (period,) = share_table(city, PlanYear.objects.of(city).get().pk).periods
    found = {}
    for name in (INSURER_PREMIUM.code, INSURER_CLAIMS.code):
        sums = balances(city).items()
        shared = {party.removeprefix("insurer:"): fen for (account, party), fen in sums if account == name}
        found[name] = {abs(fen) < 1 for fen in drift_of(shared, period.basis_points).values()}
    return found


def test_months_that_are_over_are_closed_in_order_and_once(api: Caller, covered: City) -> None:
    random = Random(7)
    for number in range(20):
        day = f"2022-0{random.randint(3, 4)}-{random.randint(1, 18):02d}"
        api.settle(a_bill(f"B{number}", day, random.randint(1_000_000, 9_000_000), 1))
    on(covered, "2022-04-30")
    closed = close_months(actor=command_actor(covered))
    assert [row.month for row in closed] == [date(2021, 12, 1), date(2022, 1, 1), date(2022, 2, 1), date(2022, 3, 1)]
    assert close_months(actor=command_actor(covered)) == []
    on(covered, "2022-05-01")
    assert close_months(actor=command_actor(covered)) == []  # what was begun before midnight may not be posted yet
    on(covered, "2022-05-02")
    assert [row.month for row in close_months(actor=command_actor(covered))] == [date(2022, 4, 1)]
    assert drift_of_accounts(covered) == {"insurer_premium": {True}, "insurer_claims": {True}}
    assert JournalEntry.objects.of(covered).filter(kind="rounding_evened").exists()
    assert verify_city(covered).faults == []


def test_what_is_posted_after_a_month_was_closed_is_in_the_next(api: Caller, covered: City) -> None:
    on(covered, "2022-05-02")
    close_months(actor=command_actor(covered))
    first = RoundingStatement.objects.of(covered).count()
    api.settle(a_bill("LATE", "2022-04-18", 7_654_321, 1))
    assert verify_city(covered).faults == []
    on(covered, "2022-06-02")
    close_months(actor=command_actor(covered))
    assert RoundingStatement.objects.of(covered).count() == first + 1
    assert drift_of_accounts(covered)["insurer_claims"] == {True}
    assert verify_city(covered).faults == []


def test_a_reversal_after_the_closing_takes_back_every_fen(api: Caller, covered: City) -> None:
    before = balances(covered)
    api.settle(a_bill("A", "2022-04-18", 7_654_321, 1))
    on(covered, "2022-05-02")
    close_months(actor=command_actor(covered))
    api.settle(a_bill("R", "2022-04-18", 7_654_321, 1, reverses="A"))
    on(covered, "2022-06-02")
    close_months(actor=command_actor(covered))
    after = balances(covered)
    claims = {key: fen for key, fen in after.items() if key[0] == "insurer_claims"}
    assert sum(claims.values()) == sum(fen for key, fen in before.items() if key[0] == "insurer_claims")
    assert drift_of_accounts(covered)["insurer_claims"] == {True}
    assert verify_city(covered).faults == []


def test_verification_finds_a_statement_or_its_entry_that_is_not_what_the_journal_gives(
    api: Caller, covered: City
) -> None:
    on(covered, "2022-05-02")
    close_months(actor=command_actor(covered))
    assert statement_faults(covered)[0] == []
    source = JournalEntry.objects.of(covered).filter(kind="rounding_evened").order_by("pk")[0].source
    lines = [Line(INSURER_PREMIUM, 1, insurer("lead")), Line(INSURER_PREMIUM, -1, insurer("insurer-01"))]
    row = RoundingStatement.objects.of(covered).order_by("-month")[0]
    post(city=covered, entries=[Entry("rounding_evened", source, "by hand", lines)], at=row.closed_at)
    assert any(fault.startswith(source) for fault in verify_city(covered).faults)
    with without_triggers("pool_roundingstatement") as cursor:
        cursor.execute("UPDATE pool_roundingstatement SET lines = '[]'")
    assert any("the statement says []" in fault for fault in verify_city(covered).faults)


def test_the_calendar_of_a_demonstration_does_not_go_back_into_a_closed_month(
    api: Caller, covered: City, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    on(covered, "2022-05-02")
    close_months(actor=command_actor(covered))
    browser = logged_in("admin")
    page = browser.post("/staff/administration/calendar/", {"day": "2022-04-30"}).content.decode()
    assert "已经结平" in page
    browser.post("/staff/administration/calendar/", {"day": "2022-05-01"})
    covered.refresh_from_db()
    assert covered.demonstration_day == date(2022, 5, 1)


def test_a_statement_is_neither_changed_nor_deleted(covered: City) -> None:
    on(covered, "2022-05-02")
    close_months(actor=command_actor(covered))
    rows = RoundingStatement.objects.of(covered)
    row = rows.first()
    for act in (row.save, row.delete, rows.delete, lambda: rows.update(lines=[])):
        with pytest.raises(TypeError, match="append-only"):
            act()


def test_the_command_closes_the_months_of_every_city_and_says_what_it_posted(
    covered: City, capsys: pytest.CaptureFixture[str]
) -> None:
    on(covered, "2022-05-02")
    assert main(["ledger", "even"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("demo: 5 months closed\n  2021-12 insurer_premium ")
    assert main(["ledger", "even"]) == 0
    assert capsys.readouterr().out == "demo: 0 months closed\n"
    seal_waiting()
    assert main(["ledger", "verify"]) == 0


def test_an_insurer_that_has_got_nothing_yet_is_given_its_whole_share() -> None:
    halves = {"first": BASIS // 2, "second": BASIS // 2}
    assert drift_of({"first": 101}, halves) == {"first": Fraction(101, 2), "second": Fraction(-101, 2)}
    assert evened_out({"first": 100}, halves, {"first": 0, "second": 1}) == {"first": -50, "second": 50}
