"""A message that would fail for ever is given up with its reason, and the others go on; so does a helper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.worker_rounds import keep_working
from huimin.platform.people.models import Resident
from huimin.platform.tasks.kinds import Lane, kind_named
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.services import enqueue, retry_task
from huimin.platform.tasks.worker import once
from platform_support import logged_in
from served import free_port
from work_support import a_worker, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.fixture
def three(city: City) -> list[Task]:
    """Three messages that wait, for one resident, and no others."""
    Task.objects.of(city).update(status=Status.DONE, finished_at=timezone.now())
    resident = Resident.objects.of(city).order_by("pk").first()
    for key in ("first", "second", "third"):
        enqueue(city=city, kind="notice", key=key, payload={"resident": resident.pk, "template": "claim_decided"})
    moment = timezone.now() - timedelta(seconds=5)
    rows = Task.objects.of(city).filter(key__in=("first", "second", "third"))
    rows.update(due_at=moment, created_at=moment)
    return list(rows.order_by("pk"))


def spoil(message: Task) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tasks_task SET payload = %s WHERE id = %s", [b"\x02nothing", message.pk])


def rename(message: Task) -> None:
    message.payload = '{"resident": 999999999}'
    message.save()


def garble(message: Task) -> None:
    message.payload = "no JSON"
    message.save()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [(spoil, "unreadable"), (garble, "unreadable"), (rename, "names_nobody")],
)
def test_a_message_that_nobody_can_get_is_given_up_and_the_others_go(
    three: list[Task], harm: Any, reason: str, sandbox: Played
) -> None:
    harm(three[1])
    work_off(Lane.MESSAGES)
    found = Task.objects.get(pk=three[1].pk)
    assert (found.fault_code, found.status) == (reason, Status.FAILED)
    assert {task.status for task in Task.objects.filter(pk__in=[three[0].pk, three[2].pk])} == {Status.DONE}


def test_a_message_is_given_up_with_the_last_of_its_refusals_and_not_before(three: list[Task], sandbox: Played) -> None:
    rows, most = Task.objects.filter(pk=three[0].pk), kind_named("notice").most_attempts
    Task.objects.filter(pk__in=[three[1].pk, three[2].pk]).update(status=Status.DONE, finished_at=timezone.now())
    for attempts, status in ((most - 2, Status.WAITING), (most - 1, Status.FAILED)):
        rows.update(attempts=attempts, due_at=timezone.now())
        sandbox.behaviour("message-gateway").press("refuse")
        assert once(a_worker(Lane.MESSAGES))
        assert (rows.get().fault_code, rows.get().status) == ("refused_refused_on_purpose", status)


def test_a_gateway_that_is_away_counts_against_no_message_and_is_asked_ever_more_rarely(
    three: list[Task], sandbox: Played, settings: Any
) -> None:
    now, worker = [0.0], a_worker(Lane.MESSAGES)
    worker.clock = lambda: now[0]
    there, settings.MESSAGE_GATEWAY = settings.MESSAGE_GATEWAY, f"http://127.0.0.1:{free_port()}"
    rests = []
    for _ in range(8):
        assert once(worker)
        # While the kind rests, nothing is taken.
        assert not once(worker)
        rests.append(worker.rests[kind_named("notice").function][0] - now[0])
        now[0] = worker.rests[kind_named("notice").function][0]
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60]
    for message in Task.objects.filter(pk__in=[message.pk for message in three]):
        assert (message.attempts, message.status, message.fault_code) == (0, Status.WAITING, "")
    settings.MESSAGE_GATEWAY = there
    assert once(worker)
    assert not Task.objects.filter(pk__in=[message.pk for message in three], finished_at=None).exists()


def test_a_gateway_that_answers_again_is_not_left_alone_any_more(three: list[Task], sandbox: Played) -> None:
    worker = a_worker(Lane.MESSAGES)
    worker.rests[kind_named("notice").function] = (0.0, 32.0)
    assert once(worker)
    assert worker.rests == {}


def test_a_message_that_was_given_up_is_shown_and_sent_again(
    city: City, three: list[Task], settings: Any, sandbox: Played
) -> None:
    settings.SECOND_FACTOR = False
    rename(three[0])
    work_off(Lane.MESSAGES)
    client = logged_in("admin")
    page = client.get("/staff/administration/messages/", follow=True).content.decode()
    assert "通知短信" in page
    assert "收件人不在名册中" in page
    three[0].payload = '{"telephone": "1", "template": "claim_decided"}'
    three[0].save(update_fields=["payload"])
    assert client.post(f"/staff/administration/tasks/{three[0].pk}/retry/").status_code == 302
    assert work_off(Lane.MESSAGES) == 1
    assert Task.objects.get(pk=three[0].pk).status == Status.DONE
    with pytest.raises(HuiminError, match="not among those") as refused:
        retry_task(task_id=three[0].pk, actor=command_actor(city))
    assert refused.value.code == "not_failed"


def test_nobody_sends_another_citys_message_again(city: City, three: list[Task]) -> None:
    Task.objects.filter(pk=three[0].pk).update(status=Status.FAILED, finished_at=timezone.now())
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    with pytest.raises(HuiminError, match="not among those"):
        retry_task(task_id=three[0].pk, actor=command_actor(other))


class ConnectionLost(Exception):
    sqlstate = "57P01"


def test_a_helper_outlives_a_database_that_is_away_and_tries_ever_more_rarely() -> None:
    lost = OperationalError("gone")
    lost.__cause__ = ConnectionLost()
    rounds: list[Any] = [lost, lost, lost, False, True, StopIteration]
    pauses: list[float] = []

    def once() -> bool:
        found = rounds.pop(0)
        if found is StopIteration:
            return False
        if isinstance(found, Exception):
            raise found
        return bool(found)

    with patch("huimin.platform.foundation.worker_rounds.connections"):
        keep_working(once, 0.5, lambda: not rounds, pauses.append)
    assert pauses == [1.0, 2.0, 4.0, 0.5, 0.0, 0.5]


def test_a_helper_ends_on_what_is_not_the_databases_fault() -> None:
    with pytest.raises(ZeroDivisionError):
        keep_working(lambda: bool(1 // 0), 0.5, lambda: False)
