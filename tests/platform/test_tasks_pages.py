"""The queue on the administrator's page and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from huimin.cli import main
from huimin.platform.foundation.actors import queue_actor, staff_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AuditEvent, City, User
from huimin.platform.ledger import tasks as checking
from huimin.platform.ledger.books_check import ask_for_check, books_check
from huimin.platform.ledger.verification import Verification
from huimin.platform.pool import tasks as closing
from huimin.platform.seals.services import seal_waiting
from huimin.platform.seals.verification import SealVerification
from huimin.platform.tasks.kinds import Lane, kind_named, kinds_of, scheduled
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.schedules import Monthly, Nightly
from huimin.platform.tasks.services import enqueue, plan_ahead
from platform_support import logged_in
from work_support import work_off

pytestmark = pytest.mark.django_db
Made = Callable[..., Task]
PAGE = "/staff/administration/tasks/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def task(city: City) -> Made:
    """Makes the city's only notices, each in the state that is asked for."""
    Task.objects.of(city).filter(finished_at=None).update(status=Status.DONE, finished_at=timezone.now())

    def made(key: str, **state: object) -> Task:
        found = enqueue(city=city, kind="notice", key=key, payload={"template": "secret words"})
        if state.get("status", Status.WAITING) not in (Status.WAITING, Status.RUNNING):
            state["finished_at"] = timezone.now()
        Task.objects.of(city).filter(pk=found.pk).update(**state)
        return found

    return made


def seen(client: Client, query: str = "") -> str:
    return client.get(f"{PAGE}{query}").content.decode()


def administration(client: Client) -> str:
    return client.get("/staff/administration/").content.decode()


class TestPage:
    def test_what_failed_is_shown_first_with_its_reason_and_not_what_it_says(self, city: City, task: Made) -> None:
        task("key-1", status=Status.FAILED, fault_code="names_nobody", attempts=24)
        page = seen(logged_in("admin"))
        assert "通知短信" in page
        assert "收件人不在名册中" in page
        assert "key-1" in page
        assert "secret words" not in page
        english = seen(logged_in("admin", "en"))
        assert "Notice to a resident" in english
        assert "The person is not in the register" in english

    def test_where_nothing_failed_what_is_open_is_shown(self, city: City, task: Made) -> None:
        task("key-2", status=Status.RUNNING, progress={"done": 1, "of": 4, "step": ""})
        page = seen(logged_in("admin"))
        assert "key-2" in page
        assert "25%" in page

    @pytest.mark.parametrize(
        ("code", "words"), [("refused_503", "网关没有接收（503）"), ("worker_lost", "计算进程中断了 5 次，不再重试")]
    )
    def test_reasons_are_words(self, city: City, task: Made, code: str, words: str) -> None:
        task("key", status=Status.FAILED, fault_code=code, fault_values={"times": "5"})
        assert words in seen(logged_in("admin"))

    def test_a_view_or_kind_that_does_not_exist_shows_all_the_same(self, city: City, task: Made) -> None:
        task("key-3", status=Status.FAILED)
        assert "key-3" in seen(logged_in("admin"), "?view=nothing&kind=nothing&page=x")
        assert "key-3" not in seen(logged_in("admin"), "?view=failed&kind=study")

    def test_fifty_stand_on_a_page(self, city: City, task: Made) -> None:
        for number in range(51):
            task(f"key-{number}", status=Status.CANCELLED)
        assert seen(logged_in("admin"), "?view=cancelled").count("/retry/") == 50
        assert seen(logged_in("admin"), "?view=cancelled&page=2").count("/retry/") == 1

    def test_the_buttons_cancel_and_repeat_and_the_audit_says_who(self, city: City, task: Made) -> None:
        waiting = task("waits")
        admin = logged_in("admin")
        answer = admin.post(f"{PAGE}{waiting.pk}/cancel/", follow=True)
        assert "已取消。" in answer.content.decode()
        assert Task.objects.get(pk=waiting.pk).status == Status.CANCELLED
        assert "这一件已经结束，不能取消。" in admin.post(f"{PAGE}{waiting.pk}/cancel/", follow=True).content.decode()
        assert "已重新排队。" in admin.post(f"{PAGE}{waiting.pk}/retry/", follow=True).content.decode()
        assert Task.objects.get(pk=waiting.pk).status == Status.WAITING
        assert "这一件已经处理过了。" in admin.post(f"{PAGE}{waiting.pk}/retry/", follow=True).content.decode()
        events = AuditEvent.objects.of(city).filter(subject=f"task:{waiting.pk}").order_by("pk")
        actor = f"staff:{User.objects.get(username='admin').pk}"
        assert [(event.action, event.actor) for event in events] == [("task_cancelled", actor), ("task_retried", actor)]

    def test_buttons_are_pressed_and_not_opened(self, city: City, task: Made) -> None:
        waiting = task("waits")
        for button in ("cancel", "retry"):
            assert logged_in("admin").get(f"{PAGE}{waiting.pk}/{button}/").status_code == 405

    @pytest.mark.parametrize("name", ["handler", "insurer", "bureau"])
    def test_it_is_the_administrators_alone(self, city: City, task: Made, name: str) -> None:
        waiting = task("waits")
        assert logged_in(name).get(PAGE).status_code == 403
        for button in ("cancel", "retry"):
            assert logged_in(name).post(f"{PAGE}{waiting.pk}/{button}/").status_code == 403
        assert Task.objects.get(pk=waiting.pk).status == Status.WAITING

    def test_another_citys_tasks_are_neither_shown_nor_touched(self, city: City, task: Made) -> None:
        other = City.objects.create(code="other", name_zh="他市", name_en="Other")
        theirs = enqueue(city=other, kind="notice", key="theirs")
        assert "theirs" not in seen(logged_in("admin"), "?view=open")
        logged_in("admin").post(f"{PAGE}{theirs.pk}/cancel/")
        assert Task.objects.get(pk=theirs.pk).status == Status.WAITING


class TestCommands:
    def test_list_says_how_the_queue_stands_and_what_failed(
        self, city: City, task: Made, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["work", "list"]) == 0
        assert "messages: 0 waiting, the oldest for 0 minutes; 0 being done; 0 failed" in capsys.readouterr().out
        failed = task("key-4", status=Status.FAILED, fault_code="refused_404", attempts=24)
        assert main(["work", "list"]) == 1
        shown = capsys.readouterr().out
        assert f"demo {failed.pk}: notice key-4, failed, 24 attempts, refused_404" in shown
        assert main(["work", "list", "--view", "open"]) == 1
        assert "key-4" not in capsys.readouterr().out
        assert main(["outbox", "list"]) == 1

    def test_retry_and_cancel_change_one_task(self, city: City, task: Made) -> None:
        failed = task("key-5", status=Status.FAILED)
        assert main(["work", "retry", "demo", str(failed.pk)]) == 0
        assert Task.objects.get(pk=failed.pk).status == Status.WAITING
        assert main(["work", "cancel", "demo", str(failed.pk)]) == 0
        assert Task.objects.get(pk=failed.pk).status == Status.CANCELLED
        assert main(["outbox", "again", "demo", str(failed.pk)]) == 0
        assert set(AuditEvent.objects.of(city).filter(subject=f"task:{failed.pk}").values_list("actor", flat=True)) == {
            "command"
        }

    def test_what_cannot_be_done_is_said(self, city: City, task: Made, capsys: pytest.CaptureFixture[str]) -> None:
        done = task("key-6", status=Status.DONE)
        assert main(["work", "cancel", "demo", str(done.pk)]) == 2
        assert "neither waits, nor is being done, nor has failed" in capsys.readouterr().err
        assert main(["work", "retry", "nowhere", "1"]) == 2
        assert "found no city 'nowhere'" in capsys.readouterr().err


class TestWhatIsScheduled:
    def test_what_is_done_each_night_and_each_month_is_done_by_the_calendar_at_its_hour(self) -> None:
        found = {kind.name: schedule for kind, schedule in scheduled()}
        nightly = {
            "finish_grants": 1,
            "check_books": 2,
            "count_years": 2,
            "announce_renewals": 5,
            "check_proofs": 6,
            "begin_renewals": 9,
            "check_cases": 3,
            "draw_sample": 6,
            "remove_old_sessions": 4,
            "reconcile": 10,
            "due_payouts": 8,
            "pay_hospitals": 7,
            "remind_of_overpayments": 8,
            "remind_people": 8,
            "bank_statement": 9,
            "sweep_invoices": 5,
        }
        monthly = {
            "account_lists": Monthly(day=1, hour=4),
            "even_out": Monthly(day=2, hour=3),
            "hospital_statements": Monthly(day=3, hour=5),
        }
        assert found == {**monthly, **{name: Nightly(hour=hour) for name, hour in nightly.items()}}
        # Nobody waits for the check: what somebody asked for is done first.
        assert kind_named("check_books").priority < kind_named("study").priority
        assert {kind_named(name).lane for name in found} == {Lane.JOBS}

    def test_evening_out_closes_the_months_that_are_over(self, city: City) -> None:
        enqueue(city=city, kind="even_out", key="2026-12")
        with patch.object(closing, "close_months") as close:
            assert work_off() == 1
        close.assert_called_once_with(actor=queue_actor(city))

    def test_books_that_agree_with_the_facts_end_the_check_well(self, city: City) -> None:
        seal_waiting()  # as `huimin serve` does every minute: rows that wait longer than five are a fault
        found = enqueue(city=city, kind="check_books")
        assert work_off() == 1
        task = Task.objects.get(pk=found.pk)
        assert (task.status, task.fault) == (Status.DONE, "")
        said = books_check(city)
        assert (said.faults, said.shown, said.under_way) == (0, [], False)
        page = administration(logged_in("admin"))
        assert "账实相符" in page
        assert f"{said.counts['policies']} 张保单" in page

    def test_whoever_asks_for_a_check_sees_that_it_is_under_way_and_no_second_one_is_queued(self, city: City) -> None:
        client = logged_in("admin")
        assert "还没有核对过" in administration(client)
        for _ in range(2):
            assert client.post("/staff/administration/verify/").status_code == 302
        assert Task.objects.of(city).filter(kind="check_books", finished_at=None).count() == 1
        assert AuditEvent.objects.of(city).filter(action="books_check_asked").count() == 1
        page = administration(client)
        assert "正在核对" in page
        assert "现在核对" not in page
        assert work_off() == 1
        assert "现在核对" in administration(client)

    def test_a_check_planned_for_the_night_is_not_under_way(self, city: City) -> None:
        plan_ahead([city], scheduled())
        assert not books_check(city).under_way

    def test_only_those_whom_the_table_names_may_ask_for_a_check(self, city: City) -> None:
        with pytest.raises(NotAllowed):
            ask_for_check(actor=staff_actor(city, 1, ["handler"]))
        assert ask_for_check(actor=staff_actor(city, 1, ["administrator"]))

    @pytest.mark.parametrize(("faults", "sealed", "more"), [(1, 0, ""), (20, 0, ""), (20, 1, "… and 1 more")])
    def test_books_that_do_not_are_a_failed_task_that_says_how_many_places(
        self, city: City, faults: int, sealed: int, more: str
    ) -> None:
        books = Verification("demo", faults=[f"fault {number}" for number in range(faults)])
        seals = SealVerification(faults=["a row is gone"] * sealed)
        found = enqueue(city=city, kind="check_books")
        with (
            patch.object(checking, "verify_city", return_value=books),
            patch.object(checking, "verify_seals", return_value=seals),
        ):
            assert work_off() == 1
        task = Task.objects.get(pk=found.pk)
        told = (task.status, task.fault_code, task.fault_values)
        assert told == (Status.FAILED, "books_differ", {"count": str(faults + sealed)})
        assert task.fault.endswith(more or f"fault {faults - 1}")
        assert f"有 {faults + sealed} 处与事实不符" in seen(logged_in("admin"))
        page = administration(logged_in("admin"))
        assert f"账实不符：{faults + sealed} 处" in page
        assert "<li>fault 0</li>" in page

    def test_the_kinds_of_the_queue_have_words_on_the_page(self) -> None:
        from huimin.platform.web.task_words import KIND_WORDS

        assert set(KIND_WORDS) == set(kinds_of(Lane))
