"""Seals: whatever is changed, deleted or slipped in behind the platform's back is named by the verification."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from cast import FATHER
from huimin.cli import main
from huimin.errors import InputError
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City, User
from huimin.platform.foundation.services import record_audit
from huimin.platform.foundation.triggers import expiring_tables, protected_tables
from huimin.platform.ledger.models import JournalEntry, Posting
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import PaymentCase
from huimin.platform.seals import selectors, services
from huimin.platform.seals.frontier import GAP_KEPT_SECONDS, Frontier
from huimin.platform.seals.merkle import merkle_root
from huimin.platform.seals.models import SealBlock, SealFrontier
from huimin.platform.seals.rows import moment_column, sealed_models
from huimin.platform.seals.selectors import Head, head_of, head_text, read_head
from huimin.platform.seals.services import seal_waiting
from huimin.platform.seals.verification import verify_seals
from huimin.platform.seals.waiting import LONGEST_WAIT, minute
from huimin.platform.seals.worker import keep_heads
from platform_support import Caller, a_bill, logged_in
from tampering import behind_the_triggers


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def sealed(api: Caller, covered: City, home: Path) -> City:
    """Bills that pay something and nothing, one that is held, all sealed in the first block."""
    api.settle(a_bill("PAYS", "2022-04-18", 20_000_00))
    api.settle(a_bill("ZERO", "2022-04-17", 1_00))
    api.settle(a_bill("HELD", "2022-04-18", 20_000_00, psn_no="NOBODY"))
    seal_waiting()
    assert verify_seals(covered).faults == []
    return covered


def tamper(table: str, change: str, where: str, *params: Any) -> None:
    """What one does who may write to the database: the triggers are put aside and brought back."""
    with behind_the_triggers(table) as cursor:
        cursor.execute(f"UPDATE {table} SET {change} WHERE {where}", params)  # noqa: S608
        assert cursor.rowcount == 1


def remove(table: str, where: str, *params: Any) -> None:
    with behind_the_triggers(table) as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {where}", params)  # noqa: S608
        assert cursor.rowcount == 1


def faults(city: City, *heads: Head) -> list[str]:
    return verify_seals(city, *heads).faults


def fact(city: City, setl_id: str) -> SettlementFact:
    return SettlementFact.objects.of(city).get(setl_id=setl_id)


def test_a_decisions_change_and_base_that_were_altered_are_named(sealed: City) -> None:
    decision = BenefitDecisionVersion.objects.of(sealed).filter(settlement__setl_id="PAYS").first()
    for column in ("change", "base"):
        tamper("claims_benefitdecisionversion", f'"{column}" = "{column}" + 1', "id = %s", decision.pk)
        assert faults(sealed) == [f"BenefitDecisionVersion {decision.pk}, sealed in block 1, was changed"]
        tamper("claims_benefitdecisionversion", f'"{column}" = "{column}" - 1', "id = %s", decision.pk)
        assert faults(sealed) == []


def test_a_fact_that_pays_nothing_is_missed_and_a_change_to_it_seen(sealed: City) -> None:
    row = fact(sealed, "ZERO").pk
    tamper("claims_settlementfact", "med_type = '11'", "id = %s", row)
    assert faults(sealed) == [f"SettlementFact {row}, sealed in block 1, was changed"]
    with behind_the_triggers("claims_benefitdecisionversion") as cursor:
        cursor.execute("DELETE FROM claims_benefitdecisionversion WHERE %s IN (settlement_id, cause_id)", [row])
    remove("claims_settlementfact", "id = %s", row)
    assert f"SettlementFact {row}, sealed in block 1, is gone" in faults(sealed)


def test_a_policys_dates_that_were_moved_are_named(sealed: City) -> None:
    policy = Policy.objects.of(sealed).get(psn_no=FATHER)
    tamper("enrolment_policy", "cover_from = '2022-01-01'", "id = %s", policy.pk)
    assert faults(sealed) == [f"Policy {policy.pk}, sealed in block 1, was changed"]


def test_a_review_that_was_deleted_is_missed(sealed: City) -> None:
    review = ReviewItem.objects.of(sealed).get(setl_id="HELD")
    remove("claims_reviewitem", "id = %s", review.pk)
    assert faults(sealed) == [f"ReviewItem {review.pk}, sealed in block 1, is gone"]


@pytest.mark.parametrize("changes", [{"code": "uncovered_date"}, {"reason": "another"}, {"amount": 1}])
def test_what_a_bill_was_held_for_cannot_be_changed_unseen(sealed: City, changes: dict[str, Any]) -> None:
    ReviewItem.objects.of(sealed).filter(setl_id="HELD").update(**changes)
    (fault,) = faults(sealed)
    assert fault.startswith("ReviewItem") and fault.endswith("was changed")


def test_a_review_that_is_closed_is_no_tampering(sealed: City) -> None:
    ReviewItem.objects.of(sealed).filter(setl_id="HELD").update(closed_at=now(sealed), outcome="refused", note="x")
    assert faults(sealed) == []


def test_an_audit_row_that_was_changed_is_named(sealed: City) -> None:
    event = AuditEvent.objects.of(sealed).order_by("pk").first()
    tamper("foundation_auditevent", "actor = 'nobody'", "id = %s", event.pk)
    assert faults(sealed) == [f"AuditEvent {event.pk}, sealed in block 1, was changed"]


def test_two_postings_that_balance_when_both_are_altered_are_named(sealed: City) -> None:
    entry = JournalEntry.objects.of(sealed).order_by("-pk").first()
    debit, credit = Posting.objects.of(sealed).filter(entry=entry).order_by("amount")[:2]
    tamper("ledger_posting", "amount = amount + 5", "id = %s", debit.pk)
    tamper("ledger_posting", "amount = amount - 5", "id = %s", credit.pk)
    assert set(faults(sealed)) == {f"Posting {row.pk}, sealed in block 1, was changed" for row in (debit, credit)}


def test_a_row_that_was_slipped_in_where_no_more_can_come_is_named(sealed: City) -> None:
    event = AuditEvent.objects.of(sealed).order_by("pk").first()
    SealFrontier.objects.filter(table="foundation_auditevent").update(gaps=[])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_auditevent (id, city_id, at, actor, action, subject, detail) "
            "SELECT -1, city_id, at, actor, action, subject, detail FROM foundation_auditevent WHERE id = %s",
            [event.pk],
        )
    assert faults(sealed) == ["AuditEvent -1 was never sealed, though rows after it were"]


def test_a_block_that_was_changed_is_named_and_so_is_one_made_without_the_key(sealed: City) -> None:
    tamper("seals_sealblock", "sealed_at = '2020-01-01 00:00:00+00:00'", "city_id = %s AND number = 1", sealed.pk)
    assert "seals: block 1 was changed, or made without the key" in faults(sealed)
    block = SealBlock.objects.of(sealed).get(number=1)
    tamper("seals_sealblock", "digest = %s", "id = %s", block.computed_digest(), block.pk)
    assert "seals: block 1 was changed, or made without the key" in faults(sealed)


def test_digests_that_were_exchanged_with_the_row_do_not_fit_the_root(sealed: City) -> None:
    event = AuditEvent.objects.of(sealed).order_by("pk").first()
    tamper("foundation_auditevent", "actor = 'nobody'", "id = %s", event.pk)
    block = SealBlock.objects.of(sealed).get(number=1)
    (fresh,) = [
        digest
        for _key, digest in services.digests(AuditEvent, block.tables["foundation_auditevent"]["columns"], [event.pk])
    ]
    blob = bytes(block.leaves)
    place = blob.index(event.pk.to_bytes(8, "big"))
    tamper("seals_sealblock", "leaves = %s", "id = %s", blob[: place + 8] + fresh + blob[place + 40 :], block.pk)
    assert "seals: the digests of block 1 are not those that were sealed" in faults(sealed)


def more(city: City, subject: str) -> None:
    record_audit(city=city, actor="test", action="test", subject=subject, at=now(city))
    seal_waiting()


def test_a_block_that_was_deleted_in_the_middle_is_named(sealed: City) -> None:
    more(sealed, "second")
    more(sealed, "third")
    remove("seals_sealblock", "city_id = %s AND number = 2", sealed.pk)
    found = faults(sealed)
    assert "seals: block 2 of the chain is gone" in found
    assert any("was never sealed" in fault for fault in found)


def test_a_tail_that_was_deleted_is_named_by_what_was_kept_outside(sealed: City, home: Path) -> None:
    more(sealed, "second")
    kept = head_of(sealed)
    assert kept is not None
    assert kept.block == 2
    remove("seals_sealblock", "city_id = %s AND number = 2", sealed.pk)
    remove("foundation_auditevent", "subject = 'second'")
    assert faults(sealed) == [], "a chain and its rows that were cut at one place look whole from inside"
    (said,) = faults(sealed, kept)
    assert said.startswith("seals: block 2 of ")
    assert said.endswith("is gone; the chain ends at block 1")


def test_the_worker_keeps_the_head_beside_the_database_and_verification_asks_it(sealed: City, home: Path) -> None:
    more(sealed, "second")
    keep_heads()
    remove("seals_sealblock", "city_id = %s AND number = 2", sealed.pk)
    remove("foundation_auditevent", "subject = 'second'")
    (said,) = faults(sealed)
    assert "kept outside the database, is gone" in said


def test_a_kept_head_is_not_replaced_by_that_of_a_chain_that_was_begun_anew(
    sealed: City, home: Path, caplog: Any
) -> None:
    more(sealed, "second")
    keep_heads()
    kept = selectors.kept_head(sealed)
    with behind_the_triggers("seals_sealblock") as cursor:
        cursor.execute("DELETE FROM seals_sealblock")
    SealFrontier.objects.all().delete()
    for _ in range(3):
        seal_waiting()
        keep_heads()
        record_audit(city=sealed, actor="t", action="t", subject="t", at=datetime.now(tz=UTC))
    assert selectors.kept_head(sealed) == kept
    assert "does not go on from the head kept in" in caplog.text
    assert faults(sealed) == ["seals: block 2 is another than the one whose digest was kept outside"]


def test_a_kept_head_goes_on_with_its_chain(sealed: City, home: Path) -> None:
    for subject in ("second", "third"):
        keep_heads()
        more(sealed, subject)
    keep_heads()
    assert selectors.kept_head(sealed) == head_of(sealed)


def test_a_file_of_a_kept_head_that_cannot_be_read_is_a_fault_and_stays(sealed: City, home: Path) -> None:
    path = selectors.head_path(sealed.code)
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    (fault,) = faults(sealed)
    assert fault.startswith("seals: the file that keeps the head of demo cannot be read: ")
    keep_heads()
    assert path.read_text() == "{}"


def test_a_chain_that_was_made_anew_is_another_than_the_one_kept_outside(sealed: City, home: Path) -> None:
    kept = head_of(sealed)
    assert kept is not None
    other = Head(kept.city, kept.block, "0" * 64, kept.sealed_at)
    assert faults(sealed, other) == ["seals: block 1 is another than the one whose digest was kept outside"]


def test_what_came_since_the_last_round_waits_and_is_no_fault(sealed: City) -> None:
    record_audit(city=sealed, actor="t", action="t", subject="t", at=datetime.now(tz=UTC))
    result = verify_seals(sealed)
    assert (result.waiting, result.faults) == (1, [])
    assert seal_waiting() == 1
    assert verify_seals(sealed).waiting == 0
    assert seal_waiting() == 0


def a_real_city(age: timedelta) -> City:
    """A city without a calendar of its own, and one row that was written so long ago."""
    city = City.objects.create(code="real", name_zh="实市", name_en="Real")
    record_audit(city=city, actor="t", action="t", subject="t", at=datetime.now(tz=UTC) - age)
    return city


def test_rows_that_waited_a_few_minutes_for_their_seal_are_a_fault_that_says_since_when(home: Path, db: None) -> None:
    city = a_real_city(LONGEST_WAIT - timedelta(seconds=30))
    assert (verify_seals(city).waiting, verify_seals(city).faults) == (1, [])
    at = datetime.now(tz=UTC) - LONGEST_WAIT - timedelta(seconds=1)
    record_audit(city=city, actor="t", action="t", subject="old", at=at)
    result = verify_seals(city)
    assert (result.waiting, result.waiting_since) == (2, at)
    (fault,) = result.faults
    assert fault.startswith(f"seals: this city has no block at all and 2 rows, the oldest of {minute(at)};")
    assert "`huimin serve`" in fault
    assert seal_waiting() > 0
    result = verify_seals(city)
    assert (result.waiting, result.waiting_since, result.faults) == (0, None, [])
    record_audit(city=city, actor="t", action="t", subject="late", at=at)
    (fault,) = verify_seals(city).faults
    assert fault.startswith(f"seals: 1 rows wait for a block, the oldest of {minute(at)};")


def test_a_city_whose_seals_are_all_gone_is_no_city_in_order(home: Path, db: None, capsys: Any) -> None:
    city = a_real_city(timedelta(days=1))
    seal_waiting()
    assert main(["ledger", "verify"]) == 0
    said = capsys.readouterr().out
    assert "1 rows in 1 blocks compared with their seals, made from " in said
    assert "0 rows wait for the next block\n" in said
    event = AuditEvent.objects.of(city).get()
    tamper("foundation_auditevent", "actor = 'nobody'", "id = %s", event.pk)
    with behind_the_triggers("seals_sealblock") as cursor:
        cursor.execute("DELETE FROM seals_sealblock")
    SealFrontier.objects.all().delete()
    for command in (["ledger", "verify"], ["seals", "verify"]):
        assert main(command) == 1
        said = capsys.readouterr().out
        assert "0 rows in 0 blocks compared with their seals; 1 rows wait for the next block, the oldest of " in said
        assert "! seals: this city has no block at all and 1 rows, the oldest of " in said


def test_a_demonstration_city_without_any_block_is_judged_by_the_age_of_its_accounts(city: City, home: Path) -> None:
    people = User.objects.filter(staff_member__city=city)
    people.update(date_joined=datetime.now(tz=UTC))
    assert verify_seals(city).faults == []
    people.update(date_joined=datetime.now(tz=UTC) - LONGEST_WAIT - timedelta(seconds=1))
    (fault,) = verify_seals(city).faults
    assert fault.startswith("seals: this city has no block at all")
    seal_waiting()
    assert verify_seals(city).faults == []


def test_every_sealed_table_says_when_a_row_was_written_but_those_written_with_another() -> None:
    without = {table for table, model in sealed_models().items() if moment_column(model) is None}
    assert without == {"ledger_posting", "enrolment_orderline", "payments_accountlistrow", "clearing_statementline"}
    assert moment_column(SettlementFact) == moment_column(ReviewItem) == "received_at"


def test_a_payment_case_that_was_deleted_is_missed_and_one_that_is_closed_is_not(sealed: City) -> None:
    case = PaymentCase.objects.create(city=sealed, kind="paid_again", key="k", amount=1, opened_at=now(sealed))
    seal_waiting()
    PaymentCase.objects.filter(pk=case.pk).update(closed_at=now(sealed), closed_by="x", note="paid back")
    assert faults(sealed) == []
    remove("payments_paymentcase", "id = %s", case.pk)
    assert faults(sealed) == [f"PaymentCase {case.pk}, sealed in block 2, is gone"]


def test_each_city_has_a_chain_of_its_own(sealed: City) -> None:
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other")
    record_audit(city=other, actor="t", action="t", subject="t", at=datetime.now(tz=UTC))
    seal_waiting()
    assert SealBlock.objects.of(other).get().number == 1
    assert verify_seals(other).rows == 1
    assert verify_seals(sealed).faults == verify_seals(other).faults == []


def test_a_long_backlog_becomes_several_blocks(api: Caller, covered: City, home: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "_MOST_ROWS", 7)
    count = seal_waiting()
    result = verify_seals(covered)
    assert (result.rows, result.faults, result.waiting) == (count, [], 0)
    assert result.blocks > 3


def test_a_column_that_is_added_later_leaves_older_seals_whole(
    api: Caller, covered: City, home: Path, monkeypatch: Any
) -> None:
    """The first block is sealed as before facts had a column for the kind of care."""
    columns = services.columns_of
    with monkeypatch.context() as earlier:
        earlier.setattr(services, "columns_of", lambda model: [name for name in columns(model) if name != "med_type"])
        api.settle(a_bill("OLD", "2022-04-18", 20_000_00))
        seal_waiting()
    api.settle(a_bill("NEW", "2022-04-18", 20_000_00))
    seal_waiting()
    blocks = SealBlock.objects.of(covered).order_by("number")
    assert ["med_type" in block.tables["claims_settlementfact"]["columns"] for block in blocks] == [False, True]
    assert faults(covered) == []
    old, new = fact(covered, "OLD").pk, fact(covered, "NEW").pk
    tamper("claims_settlementfact", "med_type = '14'", "id = %s", old)
    assert faults(covered) == [], "nothing was sealed of a column that was not there"
    tamper("claims_settlementfact", "med_type = '14'", "id = %s", new)
    assert faults(covered) == [f"SettlementFact {new}, sealed in block 2, was changed"]
    tamper("claims_settlementfact", "psn_no = 'other'", "id = %s", old)
    assert f"SettlementFact {old}, sealed in block 1, was changed" in faults(covered)


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite has one writer at a time, in order")
@pytest.mark.django_db(transaction=True)
def test_a_row_with_a_lower_key_that_is_committed_later_is_sealed_in_a_later_block(home: Path) -> None:
    seal_waiting()
    city = City.objects.create(code="late", name_zh="晚", name_en="Late")
    at = datetime.now(tz=UTC)
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                record_audit(city=city, actor="slow", action="t", subject="low", at=at)
                written.set()
                assert go_on.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    record_audit(city=city, actor="fast", action="t", subject="high", at=at)
    assert seal_waiting() == 1
    go_on.set()
    thread.join(20)
    low, high = (AuditEvent.objects.of(city).get(subject=name).pk for name in ("low", "high"))
    assert low < high
    assert verify_seals(city).waiting == 1
    assert seal_waiting() == 1
    result = verify_seals(city)
    assert (result.rows, result.blocks, result.waiting, result.faults) == (2, 2, 0, [])


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite has no TRUNCATE")
def test_postgresql_refuses_to_truncate_what_is_kept(city: City) -> None:
    for table in protected_tables():
        refused = pytest.raises(DatabaseError, match="keeps its rows")
        with refused, connection.cursor() as cursor, transaction.atomic():
            cursor.execute(f'TRUNCATE "{table}" CASCADE')


def test_facts_of_every_table_that_has_some_refuse_to_be_changed_or_deleted_after_all_migrations(sealed: City) -> None:
    checked = []
    for table, facts_only in protected_tables().items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} LIMIT 1")  # noqa: S608
            row = cursor.fetchone()
        if row is None:
            continue
        checked.append(table)
        verbs = [f"DELETE FROM {table} WHERE id = %s"]  # noqa: S608
        verbs += [f"UPDATE {table} SET city_id = city_id WHERE id = %s"] if facts_only else []  # noqa: S608
        for text in verbs:
            with pytest.raises(DatabaseError, match=r"append-only|keeps its rows"), transaction.atomic():
                connection.cursor().execute(text, [row[0]])
    assert len(checked) >= 14


@pytest.mark.parametrize(("table", "facts_only"), protected_tables().items())
def test_every_protected_table_has_its_triggers_after_all_migrations(city: City, table: str, facts_only: bool) -> None:
    """Of a table without rows, too, which the test above cannot try."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            expected = {"no_delete", "no_update"} if facts_only else {"no_delete"}
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
            expected = {"append_only", "no_truncate"} if facts_only else {"no_delete", "no_truncate"}
            # Rows that may go after their years are kept from deletion by a trigger of its own.
            expected |= {"no_delete"} if table in expiring_tables() else set()
        found = {name for (name,) in cursor.fetchall()}
    assert found == {f"{table}_{what}" for what in expected}


def test_the_commands_print_the_head_and_name_what_was_changed(sealed: City, home: Path, capsys: Any) -> None:
    assert main(["seals", "head"]) == 0
    line = capsys.readouterr().out
    assert read_head(line) == head_of(sealed)
    (home / "heads").write_text(line)
    assert main(["seals", "verify", "--heads", str(home / "heads")]) == 0
    assert "every row that is sealed is as it was sealed" in capsys.readouterr().out
    event = AuditEvent.objects.of(sealed).order_by("pk").first()
    tamper("foundation_auditevent", "actor = 'nobody'", "id = %s", event.pk)
    for command in (["seals", "verify"], ["ledger", "verify"]):
        assert main(command) == 1
        assert f"! AuditEvent {event.pk}, sealed in block 1, was changed" in capsys.readouterr().out


def test_a_file_that_holds_no_head_is_refused_with_a_sentence(home: Path, capsys: Any) -> None:
    (home / "heads").write_text("{}")
    assert main(["seals", "verify", "--heads", str(home / "nothing")]) == 2
    assert "no such file" in capsys.readouterr().err
    with pytest.raises(InputError, match="expected a line that `huimin seals head` printed"):
        read_head("{}")


def test_the_bureau_and_the_administrator_see_the_head(sealed: City, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    head = head_of(sealed)
    assert head is not None
    for name, address in (("bureau", "/staff/bureau/"), ("admin", "/staff/administration/")):
        assert head.grouped in logged_in(name).get(address).content.decode()


def test_the_head_is_kept_as_one_line_of_json(sealed: City, home: Path) -> None:
    head = head_of(sealed)
    assert head is not None
    assert json.loads(head_text(head))["digest"] == head.digest
    assert len(head.digest) == 64
    assert timedelta(0) <= datetime.now(tz=UTC) - head.moment < timedelta(minutes=5)
    assert selectors.kept_head(sealed) is None
    keep_heads()
    assert selectors.head_path(sealed.code).read_text("utf-8") == head_text(head) + "\n"
    assert head_text(head).count("\n") == 0


def test_the_verified_books_of_a_sealed_city_stay_verified(sealed: City) -> None:
    assert verify_city(sealed).faults == []


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_any_change_to_any_leaf_or_their_order_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    root = merkle_root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[index] = bytes([changed[index][0] ^ 1]) + changed[index][1:]
    assert merkle_root(changed) != root
    assert merkle_root([*leaves, leaves[-1]]) != root
    if leaves != leaves[::-1]:
        assert merkle_root(leaves[::-1]) != root


@given(st.permutations(range(1, 13)), st.lists(st.integers(1, 4), min_size=3, max_size=12))
def test_whatever_the_order_of_commits_every_row_is_looked_for_until_it_came(
    order: list[int], sizes: list[int]
) -> None:
    """Rows with keys 1 … 12 are committed in any order; after each round the frontier still holds those to come."""
    frontier, left = Frontier(), [*order]
    for second, size in enumerate(sizes):
        came, left = left[:size], left[size:]
        assert all(frontier.holds(key) for key in came)
        frontier = frontier.after(came, second)
        assert all(frontier.holds(key) for key in left)
        assert not any(frontier.holds(key) for key in {*order} - {*left})


def test_a_gap_is_looked_for_a_day_and_no_longer() -> None:
    frontier = Frontier().after([1, 3], 0)
    assert frontier.gaps == ((2, 2, 0),)
    assert frontier.after([4], GAP_KEPT_SECONDS - 1).holds(2)
    assert not frontier.after([4], GAP_KEPT_SECONDS).holds(2)
