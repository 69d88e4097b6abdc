"""The queue of work: what is taken, in which order, how often it is tried, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.services import writing_together
from huimin.platform.tasks import attempts, kinds
from huimin.platform.tasks.attempts import Attempt, NotNowError, TryAgainError
from huimin.platform.tasks.holding import MOST_LOSSES, finish, take
from huimin.platform.tasks.kinds import Kind, Lane, function_of, kind_named, kinds_of, register_kinds
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.schedules import Monthly, Nightly
from huimin.platform.tasks.selectors import View, counts, figures, tasks
from huimin.platform.tasks.services import cancel_task, enqueue, plan_ahead, retry_task, stop
from huimin.platform.tasks.worker import once
from work_support import a_worker, due_now, work_off

pytestmark = pytest.mark.django_db
Doing = Callable[[Attempt], Any]
_doing: list[Doing] = []


def do_what_the_test_says(attempt: Attempt) -> Any:
    return _doing[-1](attempt)


@pytest.fixture
def kind(city: City, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what is done with tasks of the kind `sums`, the only one with tasks; and how the kind is."""
    Task.objects.of(city).filter(finished_at=None).update(status=Status.DONE, finished_at=timezone.now())
    monkeypatch.setattr(attempts, "_SAID_EVERY", 0)

    def given(doing: Doing, **fields: Any) -> None:
        fields = {"lane": Lane.JOBS, "silent": timedelta(minutes=5), **fields}
        monkeypatch.setitem(kinds._kinds, "sums", Kind("sums", f"{__name__}:do_what_the_test_says", **fields))
        _doing[:] = [doing]

    given(lambda attempt: None)
    return given


def asked(city: City, key: str = "", **fields: Any) -> Task:
    task = enqueue(city=city, kind="sums", key=key)
    Task.objects.of(city).filter(pk=task.pk).update(**fields)
    return read(task)


def read(task: Task) -> Task:
    found: Task = Task.objects.get(pk=task.pk)
    return found


class TestAsking:
    def test_a_task_waits_with_its_payload_and_is_done_once(self, city: City, kind: Any) -> None:
        seen = []
        kind(lambda attempt: seen.append(json.loads(attempt.task.payload)))
        task = enqueue(city=city, kind="sums", payload={"study": 7})
        assert read(task).status == Status.WAITING
        assert work_off() == 1
        assert (seen, read(task).status, read(task).attempts) == ([{"study": 7}], Status.DONE, 1)

    def test_a_kind_that_nobody_registered_is_refused_when_it_is_asked_for(self, city: City) -> None:
        with pytest.raises(LookupError, match="found the kind of work 'sumz'"):
            enqueue(city=city, kind="sumz")

    def test_two_kinds_of_one_name_are_refused(self) -> None:
        known = kind_named("notice")
        register_kinds(known)
        with pytest.raises(ValueError, match="two kinds of work are named 'notice'"):
            register_kinds(Kind("notice", "elsewhere:function", Lane.JOBS, silent=timedelta(1)))

    def test_every_kind_that_is_registered_has_its_function(self) -> None:
        assert set(kinds_of(Lane)) >= {"message", "notice", "study", "recalculation"}
        for found in kinds_of(Lane).values():
            assert callable(function_of(found)), found.name

    def test_one_key_is_one_task_of_its_kind(self, city: City, kind: Any) -> None:
        enqueue(city=city, kind="sums", key="May")
        with pytest.raises(IntegrityError):
            enqueue(city=city, kind="sums", key="May")

    def test_what_a_task_is_asked_for_in_is_undone_with_it(self, city: City, kind: Any) -> None:
        with pytest.raises(ZeroDivisionError), writing_together():
            enqueue(city=city, kind="sums", key="May")
            raise ZeroDivisionError
        assert not Task.objects.filter(key="May").exists()

    def test_asking_inside_a_block_of_writes_takes_one_statement(self, city: City, kind: Any) -> None:
        with CaptureQueriesContext(connection) as captured, writing_together():
            enqueue(city=city, kind="sums", payload={})
        assert sum("tasks_task" in query["sql"] for query in captured) == 1


class TestOrder:
    def test_the_greater_priority_comes_first_and_then_what_was_due_first(self, city: City, kind: Any) -> None:
        done: list[str] = []
        kind(lambda attempt: done.append(attempt.task.key))
        moment = timezone.now() - timedelta(minutes=1)
        for key, priority, seconds in (("late", 0, 2), ("early", 0, 1), ("urgent", 5, 9), ("not urgent", -5, 0)):
            asked(city, key, priority=priority, due_at=moment + timedelta(seconds=seconds))
        assert work_off() == 4
        assert done == ["urgent", "early", "late", "not urgent"]

    def test_a_code_is_sent_before_a_notice(self) -> None:
        assert kind_named("message").priority > kind_named("notice").priority

    def test_what_is_not_due_yet_waits(self, city: City, kind: Any) -> None:
        task = asked(city, due_at=timezone.now() + timedelta(minutes=1))
        assert work_off() == 0
        due_now(task)
        assert work_off() == 1

    def test_a_worker_leaves_other_lanes_alone(self, city: City, kind: Any) -> None:
        asked(city)
        assert work_off(Lane.MESSAGES) == 0
        assert work_off(Lane.JOBS) == 1

    def test_what_waits_in_another_lane_by_the_thousand_is_not_looked_at(self, city: City, kind: Any) -> None:
        """The index begins with the lane and goes on as tasks are taken: the database reads what it gives."""
        (index,) = [one for one in Task._meta.indexes if one.name == "tasks_open"]
        assert index.fields == ["lane", "-priority", "due_at", "id"]
        assert asked(city).lane == Lane.JOBS
        assert enqueue(city=city, kind="notice").lane == Lane.MESSAGES

    def test_kinds_that_need_the_same_party_rest_together(self, city: City, kind: Any) -> None:
        worker = a_worker(Lane.MESSAGES)
        worker.rests[kind_named("notice").function] = (10.0, 10.0)
        worker.clock = lambda: 9.0
        code = enqueue(city=city, kind="message", payload={})
        assert not once(worker)
        assert read(code).status == Status.WAITING

    def test_a_round_that_finds_nothing_takes_no_lock(self, city: City, kind: Any) -> None:
        worker = a_worker(Lane.JOBS)
        with CaptureQueriesContext(connection) as captured:
            assert not once(worker)
        assert len(captured) == 1


class TestBatches:
    def test_several_are_taken_at_once_where_the_kind_says_so(self, city: City, kind: Any) -> None:
        kind(lambda attempt: None, batch=3)
        for _ in range(4):
            asked(city)
        assert len(take([Lane.JOBS], kinds_of([Lane.JOBS]), "one")) == 3
        assert len(take([Lane.JOBS], kinds_of([Lane.JOBS]), "two")) == 1
        assert take([Lane.JOBS], kinds_of([Lane.JOBS]), "three") == []

    @pytest.mark.parametrize("before", [{"attempts": 1}, {"losses": 1}])
    def test_what_was_tried_before_is_taken_alone(self, city: City, kind: Any, before: dict[str, int]) -> None:
        kind(lambda attempt: None, batch=3)
        asked(city, "first", due_at=timezone.now() - timedelta(minutes=1), **before)
        asked(city)
        assert [task.key for task in take([Lane.JOBS], kinds_of([Lane.JOBS]), "one")] == ["first"]

    @pytest.mark.parametrize("before", [{"attempts": 1}, {"losses": 1}])
    def test_and_is_not_taken_with_others_either(self, city: City, kind: Any, before: dict[str, int]) -> None:
        kind(lambda attempt: None, batch=3)
        asked(city, "first", due_at=timezone.now() - timedelta(minutes=1))
        asked(city, "tried", **before)
        assert [task.key for task in take([Lane.JOBS], kinds_of([Lane.JOBS]), "one")] == ["first"]


class TestTrying:
    def test_attempts_follow_after_one_two_four_seconds_and_an_hour_at_most(self, city: City, kind: Any) -> None:
        def refused(attempt: Attempt) -> None:
            raise TryAgainError("refused_503")

        kind(refused, most_attempts=100)
        task = asked(city)
        for made, seconds in ((0, 1), (1, 2), (2, 4), (10, 1024), (11, 2048), (12, 3600), (50, 3600)):
            Task.objects.filter(pk=task.pk).update(attempts=made, due_at=timezone.now())
            before = timezone.now()
            assert work_off() == 1
            found = read(task)
            assert timedelta() <= found.due_at - before - timedelta(seconds=seconds) < timedelta(seconds=30)
            assert (found.attempts, found.status, found.fault_code) == (made + 1, Status.WAITING, "refused_503")

    def test_the_last_attempt_ends_it_with_its_reason(self, city: City, kind: Any) -> None:
        def refused(attempt: Attempt) -> None:
            raise TryAgainError("refused_503")

        kind(refused, most_attempts=3)
        task = asked(city, attempts=1)
        work_off()
        assert read(task).status == Status.WAITING
        due_now(task)
        work_off()
        assert (read(task).status, read(task).fault_code) == (Status.FAILED, "refused_503")
        assert read(task).fault == "3 attempts failed, the last with refused_503"
        assert read(task).finished_at is not None
        due_now(task)
        assert work_off() == 0

    def test_an_attempt_that_succeeds_leaves_no_fault_behind(self, city: City, kind: Any) -> None:
        task = asked(city, attempts=1, fault_code="refused_503")
        work_off()
        assert (read(task).status, read(task).fault_code) == (Status.DONE, "")

    def test_a_fault_that_we_foresaw_ends_it_with_its_code_and_values(self, city: City, kind: Any) -> None:
        def thin(attempt: Attempt) -> None:
            raise HuiminError("found 3 members", code="thin_data", values={"found": "3"})

        kind(thin)
        task, other = asked(city), asked(city)
        work_off()
        found = read(task)
        told = (found.status, found.fault, found.fault_code, found.fault_values)
        assert told == (Status.FAILED, "found 3 members", "thin_data", {"found": "3"})
        assert read(other).status == Status.FAILED

    def test_a_fault_of_ours_ends_the_task_and_not_the_worker(self, city: City, kind: Any) -> None:
        kind(lambda attempt: 1 // 0)
        task = asked(city)
        work_off()
        assert (read(task).status, read(task).fault_code) == (Status.FAILED, "internal_error")
        assert "ZeroDivisionError" in read(task).fault

    def test_a_party_that_is_away_counts_against_no_task_and_the_kind_rests(self, city: City, kind: Any) -> None:
        def away(attempt: Attempt) -> None:
            raise NotNowError("URLError")

        kind(away, batch=3)
        all_three, now = [asked(city) for _ in range(3)], [0.0]
        worker = a_worker(Lane.JOBS)
        worker.clock = lambda: now[0]
        assert once(worker)
        assert not once(worker)
        for task in all_three:
            assert (read(task).status, read(task).attempts, read(task).losses) == (Status.WAITING, 0, 0)
        kind(lambda attempt: None, batch=3)
        now[0] = 1.0
        assert once(worker)
        assert {read(task).status for task in all_three} == {Status.DONE}

    def test_a_party_may_ask_for_a_longer_rest_and_is_not_believed_for_ever(self, city: City, kind: Any) -> None:
        for asked_for, rest in ((0.5, 1), (30.0, 30), (10_000.0, 600)):
            worker, error = a_worker(Lane.JOBS), NotNowError("busy", asked_for)
            worker.clock = lambda: 0.0

            def away(attempt: Attempt, error: NotNowError = error) -> None:
                raise error

            kind(away)
            Task.objects.filter(kind="sums").delete()
            asked(city)
            once(worker)
            assert worker.rests[kind_named("sums").function] == (rest, 1)

    def test_a_batch_that_takes_long_is_given_back_before_it_counts_as_lost(self, city: City, kind: Any) -> None:
        now = [0.0]

        def slow(attempt: Attempt) -> None:
            now[0] += 31

        kind(slow, batch=5, silent=timedelta(seconds=120))
        all_five, worker = [asked(city) for _ in range(5)], a_worker(Lane.JOBS)
        worker.clock = lambda: now[0]
        assert once(worker)
        assert [read(task).status for task in all_five].count(Status.DONE) == 2
        assert {read(task).attempts for task in all_five if read(task).status == Status.WAITING} == {0}


class Gone(Exception):
    sqlstate = "57P01"


class TestTroubleWithTheDatabase:
    def test_it_counts_against_no_task_and_the_others_of_the_batch_go_back_too(self, city: City, kind: Any) -> None:
        lost = OperationalError("gone")
        lost.__cause__ = Gone()
        raised = [lost]

        def in_trouble(attempt: Attempt) -> None:
            if raised:
                raise raised.pop()

        kind(in_trouble, batch=2)
        both = [asked(city), asked(city)]
        worker = a_worker(Lane.JOBS)
        with pytest.raises(OperationalError):
            once(worker)
        assert {read(task).status for task in both} == {Status.RUNNING}
        assert once(worker)
        for task in both:
            assert (read(task).status, read(task).attempts, read(task).losses) == (Status.DONE, 1, 0)


class TestLosing:
    def test_a_task_whose_worker_is_silent_is_taken_up_and_the_loss_counts(self, city: City, kind: Any) -> None:
        task = asked(city)
        (held,) = take([Lane.JOBS], kinds_of([Lane.JOBS]), "lost")
        assert take([Lane.JOBS], kinds_of([Lane.JOBS]), "other") == []
        due_now(task)
        assert [one.pk for one in take([Lane.JOBS], kinds_of([Lane.JOBS]), "other")] == [task.pk]
        assert (read(task).worker, read(task).losses) == ("other", 1)
        # The first comes back: the task is another's, and what it did is not written.
        written: list[str] = []
        assert not finish(held, lambda: written.append("by the first"))
        assert (read(task).status, written) == (Status.RUNNING, [])

    @pytest.mark.parametrize(("losses", "status"), [(MOST_LOSSES - 2, "done"), (MOST_LOSSES - 1, "failed")])
    def test_a_task_that_ended_five_workers_is_not_taken_up_again(
        self, city: City, kind: Any, losses: int, status: str
    ) -> None:
        other = asked(city, due_at=timezone.now())
        gone = {"status": Status.RUNNING, "worker": "lost", "attempts": losses + 1, "losses": losses}
        task = asked(city, due_at=timezone.now() - timedelta(seconds=1), **gone)
        while work_off():
            pass
        assert read(task).status == status
        assert (read(task).fault_code == "worker_lost") == (status == "failed")
        assert read(other).status == Status.DONE

    def test_who_says_how_far_it_is_keeps_the_task(self, city: City, kind: Any) -> None:
        task = asked(city)
        (held,) = take([Lane.JOBS], kinds_of([Lane.JOBS]), "one")
        due_now(task)
        Attempt(held, kind_named("sums")).progress(3, 4, "deciding")
        assert take([Lane.JOBS], kinds_of([Lane.JOBS]), "other") == []
        assert (read(task).progress, read(task).percent_done) == ({"done": 3, "of": 4, "step": "deciding"}, 75)

    def test_progress_reaches_the_database_twice_a_second(
        self, city: City, kind: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attempts, "_SAID_EVERY", 0.5)
        asked(city)
        (held,) = take([Lane.JOBS], kinds_of([Lane.JOBS]), "one")
        moments = iter([100.0, 100.0, 100.4, 100.6, 100.6])
        monkeypatch.setattr(attempts, "time", SimpleNamespace(monotonic=lambda: next(moments)))
        attempt = Attempt(held, kind_named("sums"))
        with CaptureQueriesContext(connection) as captured:
            for _ in range(3):
                attempt.progress(1, 2)
        assert len(captured) == 2


class TestResults:
    def test_what_came_of_it_is_written_with_the_mark_or_not_at_all(self, city: City, kind: Any) -> None:
        def fails() -> None:
            City.objects.create(code="half", name_zh="半", name_en="Half")
            raise ZeroDivisionError

        kind(lambda attempt: fails)
        task = asked(city)
        work_off()
        assert (read(task).status, read(task).fault_code) == (Status.FAILED, "internal_error")
        assert not City.objects.filter(code="half").exists()


class TestCancelling:
    def test_one_that_waits_is_not_done(self, city: City, kind: Any) -> None:
        task = asked(city)
        cancel_task(task_id=task.pk, actor=command_actor(city))
        assert work_off() == 0
        assert read(task).status == Status.CANCELLED
        event = AuditEvent.objects.of(city).get(action="task_cancelled")
        assert (event.subject, event.actor) == (f"task:{task.pk}", "command")

    def test_one_that_is_being_done_stops_when_it_next_says_how_far_it_is(self, city: City, kind: Any) -> None:
        seen: list[int] = []

        def slow(attempt: Attempt) -> Any:
            for step in range(5):
                seen.append(step)
                if step == 2:
                    cancel_task(task_id=attempt.task.pk, actor=command_actor(city))
                attempt.progress(step, 5)
            raise AssertionError("it was not stopped")

        kind(slow)
        task = asked(city)
        assert work_off() == 1
        assert (read(task).status, seen) == (Status.CANCELLED, [0, 1, 2])

    def test_what_came_of_one_that_was_cancelled_meanwhile_is_not_written(self, city: City, kind: Any) -> None:
        written: list[str] = []

        def cancelled(attempt: Attempt) -> Any:
            stop(city=city, task_id=attempt.task.pk)
            return lambda: written.append("result")

        kind(cancelled)
        task = asked(city)
        work_off()
        assert (read(task).status, written) == (Status.CANCELLED, [])

    def test_one_that_failed_may_be_left_and_nobody_has_to_look_at_it_any_more(self, city: City, kind: Any) -> None:
        task = asked(city, status=Status.FAILED, finished_at=timezone.now(), fault_code="thin_data")
        assert figures([Lane.JOBS]).failed == 1
        cancel_task(task_id=task.pk, actor=command_actor(city))
        assert (read(task).status, read(task).fault_code) == (Status.CANCELLED, "thin_data")
        assert figures([Lane.JOBS]).failed == 0
        assert AuditEvent.objects.of(city).get(action="task_cancelled").subject == f"task:{task.pk}"

    @pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
    def test_one_that_has_ended_stays_as_it_is(self, city: City, kind: Any, status: Status) -> None:
        task = asked(city, status=status, finished_at=timezone.now())
        with pytest.raises(HuiminError) as refused:
            cancel_task(task_id=task.pk, actor=command_actor(city))
        assert refused.value.code == "not_open"
        assert read(task).status == status
        assert not AuditEvent.objects.of(city).filter(action="task_cancelled").exists()


class TestTryingAgain:
    @pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
    def test_what_ended_so_is_done_afresh(self, city: City, kind: Any, status: Status) -> None:
        task = asked(city, status=status, finished_at=timezone.now(), attempts=24, losses=4)
        retry_task(task_id=task.pk, actor=command_actor(city))
        assert (read(task).attempts, read(task).losses, read(task).finished_at) == (0, 0, None)
        assert work_off() == 1
        assert read(task).status == Status.DONE
        assert AuditEvent.objects.of(city).get(action="task_retried").subject == f"task:{task.pk}"

    @pytest.mark.parametrize("status", [Status.WAITING, Status.RUNNING, Status.DONE])
    def test_nothing_else_is(self, city: City, kind: Any, status: Status) -> None:
        task = asked(city, status=status, finished_at=timezone.now() if status == Status.DONE else None)
        with pytest.raises(HuiminError) as refused:
            retry_task(task_id=task.pk, actor=command_actor(city))
        assert (refused.value.code, read(task).status) == ("not_failed", status)

    def test_nobody_cancels_or_repeats_another_citys_task(self, city: City, kind: Any) -> None:
        other = City.objects.create(code="other", name_zh="他市", name_en="Other")
        waiting, failed = asked(city), asked(city, status=Status.FAILED, finished_at=timezone.now())
        with pytest.raises(HuiminError):
            cancel_task(task_id=waiting.pk, actor=command_actor(other))
        with pytest.raises(HuiminError):
            retry_task(task_id=failed.pk, actor=command_actor(other))
        assert (read(waiting).status, read(failed).status) == (Status.WAITING, Status.FAILED)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestSchedules:
    @pytest.mark.parametrize(
        ("now", "key", "due"),
        [
            ("2026-11-27T01:59:59", "2026-11-27", "2026-11-27T02:00:00"),
            ("2026-11-27T02:00:00", "2026-11-28", "2026-11-28T02:00:00"),
            ("2026-12-31T23:00:00", "2027-01-01", "2027-01-01T02:00:00"),
        ],
    )
    def test_a_nightly_task_is_next_due_at_its_hour_that_is_still_to_come(self, now: str, key: str, due: str) -> None:
        assert Nightly(hour=2).next_after(at(now)) == (key, at(due))

    @pytest.mark.parametrize(
        ("now", "key", "due"),
        [
            ("2026-11-02T02:59:59", "2026-11", "2026-11-02T03:00:00"),
            ("2026-11-02T03:00:00", "2026-12", "2026-12-02T03:00:00"),
            ("2026-12-31T23:00:00", "2027-01", "2027-01-02T03:00:00"),
            ("2027-01-31T12:00:00", "2027-02", "2027-02-02T03:00:00"),
        ],
    )
    def test_a_monthly_task_is_next_due_on_its_day_that_is_still_to_come(self, now: str, key: str, due: str) -> None:
        assert Monthly(day=2, hour=3).next_after(at(now)) == (key, at(due))

    def test_each_city_gets_its_next_one_once_however_often_it_is_planned(self, city: City, kind: Any) -> None:
        other = City.objects.create(code="other", name_zh="他市", name_en="Other")
        planned = [(kind_named("sums"), Nightly(hour=2))]
        for _ in range(3):
            plan_ahead([city, other], planned)
        for one in (city, other):
            (task,) = Task.objects.of(one).filter(kind="sums")
            assert timezone.now() < task.due_at <= timezone.now() + timedelta(days=1)
            assert (task.key, task.status) == (f"{timezone.localtime(task.due_at):%Y-%m-%d}", Status.WAITING)
        assert work_off() == 0

    def test_one_that_failed_does_not_keep_the_next_from_being_planned(self, city: City, kind: Any) -> None:
        asked(city, "2020-01-01", status=Status.FAILED, finished_at=timezone.now())
        plan_ahead([city], [(kind_named("sums"), Nightly(hour=2))])
        assert Task.objects.of(city).filter(kind="sums", status=Status.WAITING).count() == 1

    def test_a_worker_plans_when_it_starts_and_once_an_hour(self, city: City, kind: Any) -> None:
        kind(lambda attempt: None, schedule=Nightly(hour=2))
        worker, now = a_worker(Lane.MESSAGES), [50.0]
        worker.clock, worker.next_plan = lambda: now[0], 0.0
        rows = Task.objects.of(city).filter(kind="sums")
        for moment, planned in ((50.0, 1), (3649.0, 0), (3650.0, 1)):
            now[0] = moment
            once(worker)
            assert rows.count() == planned
            rows.delete()


class TestReading:
    def test_figures_count_what_may_be_done_now_and_not_what_is_planned(self, city: City, kind: Any) -> None:
        moment = timezone.now()
        asked(city, created_at=moment - timedelta(minutes=10))
        asked(city, due_at=moment + timedelta(hours=1), created_at=moment - timedelta(days=9))
        asked(city, due_at=moment + timedelta(hours=1), attempts=3, created_at=moment - timedelta(minutes=20))
        asked(city, status=Status.RUNNING)
        asked(city, status=Status.FAILED, finished_at=moment)
        found = figures([Lane.JOBS])
        assert (found.waiting, found.running, found.failed) == (2, 1, 1)
        assert timedelta(minutes=20) <= found.oldest < timedelta(minutes=30)
        assert figures([Lane.MESSAGES]).running == 0

    def test_what_whoever_asked_for_it_sees_fail_is_not_counted_for_others(self, city: City, kind: Any) -> None:
        asked(city, status=Status.FAILED, finished_at=timezone.now())
        assert figures([Lane.JOBS]).failed == 1
        kind(lambda attempt: None, seen_by_asker=True)
        assert figures([Lane.JOBS]).failed == 0
        assert kind_named("study").seen_by_asker
        assert not kind_named("check_books").seen_by_asker

    def test_a_page_has_fifty_tasks_and_never_reads_what_they_say(self, city: City, kind: Any) -> None:
        for _ in range(51):
            asked(city)
        page = tasks(city, View.OPEN)
        assert (len(page), page.pages, page.total) == (50, 2, 51)
        assert "payload" in page.rows[0].get_deferred_fields()
        assert len(tasks(city, View.OPEN, 2)) == 1

    def test_each_view_has_its_own(self, city: City, kind: Any) -> None:
        moment = timezone.now()
        before = counts(city)
        asked(city)
        for status in (Status.DONE, Status.FAILED, Status.CANCELLED):
            asked(city, status=status, finished_at=moment)
        asked(city, status=Status.FAILED, finished_at=moment - timedelta(days=400))
        asked(city, status=Status.CANCELLED, finished_at=moment - timedelta(days=400))
        grown = {view: number - before[view] for view, number in counts(city).items()}
        # What failed is shown until somebody has looked at it, however long ago that was.
        assert grown == {View.OPEN: 1, View.DONE: 1, View.FAILED: 2, View.CANCELLED: 1}
        assert tasks(city, View.DONE, kind="sums").total == 1
        assert tasks(city, View.FAILED, kind="study").total == 0
