"""Writes that go to the database together, and rows that come by statements made once."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AppendOnlyError, AuditEvent, City, ask_together
from huimin.platform.foundation.services import writing_together
from huimin.platform.foundation.statements import QueuedModelError
from huimin.platform.ledger.models import JournalEntry, Posting
from huimin.platform.people.models import Resident
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from platform_support import Caller, a_bill

pytestmark = pytest.mark.django_db


def test_a_row_is_the_same_whichever_way_it_comes(covered: City, api: Caller) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    for model in (Policy, Resident, SettlementFact, BenefitDecisionVersion, Task):
        fetched = model.objects.fetch(covered, {}, order_by=("id",))
        ordinary = list(model.objects.of(covered).order_by("pk"))
        assert len(fetched) == len(ordinary) > 0
        for one, other in zip(fetched, ordinary, strict=True):
            for field in model._meta.concrete_fields:
                assert getattr(one, field.attname) == getattr(other, field.attname), field


def test_a_fetch_stays_inside_its_city(covered: City) -> None:
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    assert Policy.objects.fetch(other, {}) == []


def test_what_is_left_unread_is_read_when_asked_for(covered: City) -> None:
    (policy, *_) = Policy.objects.fetch(covered, {}, order_by=("id",), without=("number",))
    with CaptureQueriesContext(connection) as captured:
        assert policy.number.startswith("HM2022")
    assert len(captured) == 1


def test_facts_are_not_rewritten_by_the_short_way_either(covered: City) -> None:
    event = AuditEvent.objects.of(covered).first()
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.rewrite(event, "actor")
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.rewrite_each([event], "actor")


def test_queued_writes_are_all_there_or_none(covered: City) -> None:
    before = Task.objects.of(covered).count()

    def message(key: str) -> None:
        enqueue(city=covered, kind="notice", key=key, payload={})

    with writing_together():
        message("one")
        message("two")
    assert Task.objects.of(covered).count() == before + 2
    with pytest.raises(IntegrityError), writing_together():
        message("three")
        message("two")
    assert Task.objects.of(covered).count() == before + 2
    with pytest.raises(ZeroDivisionError), writing_together():
        message("four")
        raise ZeroDivisionError
    with writing_together():
        message("five")
    keys = set(Task.objects.of(covered).values_list("key", flat=True))
    assert {"one", "two", "five"} <= keys
    assert not {"three", "four"} & keys


def test_what_is_queued_goes_to_the_database_at_the_end_of_the_block(covered: City) -> None:
    messages = Task.objects.of(covered).filter(key__in=("one", "two", "three"))
    with writing_together():
        for key in ("one", "two", "three"):
            enqueue(city=covered, kind="notice", key=key, payload={})
        assert messages.count() == 0
    assert messages.count() == 3


def test_a_block_does_not_read_what_it_has_queued(covered: City) -> None:
    tasks, residents = Task.objects, Resident.objects
    with writing_together():
        assert tasks.fetch(covered, {"key": "one"}) == []
        enqueue(city=covered, kind="notice", key="one", payload={})
        for read in (
            lambda: tasks.of(covered),
            lambda: tasks.fetch(covered, {}),
            lambda: tasks.pick(covered, ("key",), {}),
            lambda: ask_together(residents.asking(covered, {}), tasks.asking(covered, {})),
        ):
            with pytest.raises(QueuedModelError, match="Task is read in a block that has written it"):
                read()
        assert residents.of(covered).exists()
    assert tasks.pick(covered, ("key",), {"key": "one"}) == [["one"]]


def test_a_rewritten_row_is_not_read_again_in_its_block(covered: City) -> None:
    with writing_together():
        task = Task.objects.fetch(covered, {}, order_by=("id",), lock=True)[0]
        Task.objects.rewrite(task, "attempts")
        with pytest.raises(QueuedModelError):
            Task.objects.fetch(covered, {"id": task.pk})


def test_several_questions_get_the_answers_that_each_alone_gets(covered: City) -> None:
    policies, residents = Policy.objects, Resident.objects
    with writing_together():
        found = ask_together(
            policies.asking(covered, {}, order_by=("id",)),
            residents.picking(covered, ("psn_no",), {}, ("id",)),
            policies.asking(covered, {"psn_no": "nobody"}),
        )
    assert found[0] == policies.fetch(covered, {}, order_by=("id",)) != []
    assert [psn_no for (psn_no,) in found[1]] == list(
        residents.of(covered).order_by("pk").values_list("psn_no", flat=True)
    )
    assert found[2] == []


def test_a_condition_says_values_several_values_and_nothing(covered: City) -> None:
    keys_of_test = ["one", "two", "three"]
    with writing_together():
        for key in keys_of_test:
            enqueue(city=covered, kind="notice", key=key, payload={}, nobody=key == "two")

    def keys(**where: object) -> list[str]:
        found = Task.objects.pick(covered, ("key",), {"kind": "notice", **where})
        return sorted(key for (key,) in found if key in keys_of_test)

    assert keys() == ["one", "three", "two"]
    assert keys(key="one") == ["one"]
    assert keys(key=["one", "two", "four"]) == ["one", "two"]
    assert keys(key=[]) == []
    assert keys(finished_at=None) == ["one", "three"]
    assert keys(finished_at=Task.objects.of(covered).get(key="two").finished_at) == ["two"]
    assert keys(kind="notice' OR '1'='1") == []


def test_a_condition_cannot_name_another_city(covered: City) -> None:
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    with pytest.raises(TypeError, match="does not name the city"):
        Policy.objects.fetch(other, {"city": covered})
    with pytest.raises(FieldDoesNotExist):
        Policy.objects.fetch(other, {"1=1 OR city_id": covered})


def test_many_rows_by_value_are_what_rows_by_object_are(covered: City) -> None:
    posted = ("city", "entry", "account", "party", "amount")
    entry = JournalEntry(city=covered, kind="k", source="s", cause="c", posted_at=now(covered))
    lines = [("insurer_claims", f"insurer-{n}", n + 1) for n in range(40)]
    with writing_together():
        JournalEntry.objects.queue([entry], keyed=True)
        Posting.objects.queue_values(posted, [(covered.pk, entry.pk, *line) for line in lines])
    rows = Posting.objects.of(covered).filter(entry=entry).order_by("amount")
    assert list(rows.values_list("account", "party", "amount")) == lines


def test_many_rows_by_object_go_whole_whatever_their_number(covered: City) -> None:
    count = 7_000
    with writing_together():
        JournalEntry.objects.queue(
            (
                JournalEntry(city=covered, kind="k", source=f"s{n}", cause="c", posted_at=now(covered))
                for n in range(count)
            ),
            keyed=True,
        )
    assert JournalEntry.objects.of(covered).filter(kind="k").count() == count


@pytest.mark.parametrize("amount", [1.5, "1", None])
def test_money_by_value_is_whole_fen_too(covered: City, amount: object) -> None:
    entry = JournalEntry.objects.of(covered).order_by("pk")[0]
    with pytest.raises((TypeError, IntegrityError)), writing_together():
        Posting.objects.queue_values(
            ("city", "entry", "account", "party", "amount"), [(covered.pk, entry.pk, "insurer_claims", "lead", amount)]
        )


def test_a_text_that_is_too_long_is_refused_in_many_rows_as_in_one(covered: City) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no lengths of texts")
    entry = JournalEntry.objects.of(covered).order_by("pk")[0]
    rows = [(covered.pk, entry.pk, "insurer_claims", party, 1) for party in ("lead", "p" * 61)]
    with pytest.raises(DataError), writing_together():
        Posting.objects.queue_values(("city", "entry", "account", "party", "amount"), rows)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no rounds")
def test_nothing_is_sent_before_the_end_of_a_round(covered: City) -> None:
    driver = connection.connection
    with connection.cursor() as one, connection.cursor() as other:
        with driver.one_round():
            one.execute("SELECT 1")
            other.execute("SELECT %s", ["two"])
            assert len(driver._pipeline.command_queue) == 2
        assert (one.fetchall(), other.fetchall()) == ([(1,)], [("two",)])
    with (
        pytest.raises(DataError),
        transaction.atomic(),
        connection.wrap_database_errors,
        driver.one_round(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 1 / %s", [0])
    assert Policy.objects.fetch(covered, {}) != []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no rounds")
def test_a_refusal_is_told_as_what_it_is_when_it_is_read_before_what_was_skipped(covered: City) -> None:
    # How much is read at once is chance: in forty rounds both ways come.
    for _ in range(40):
        with (
            pytest.raises(DataError, match="division by zero"),
            transaction.atomic(),
            connection.wrap_database_errors,
            connection.connection.one_round(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / %s", [0])
            for _ in range(20):
                cursor.execute("SELECT length(%s)", ["x" * 10_000])
    assert Policy.objects.fetch(covered, {}) != []
