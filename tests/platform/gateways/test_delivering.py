"""Messages of the outbox and a gateway that goes wrong: each reaches its telephone once, or a person hears why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from door_support import Played, played
from huimin.platform.foundation.models import City
from huimin.platform.outbox.delivering import End, deliver
from huimin.platform.people.models import Resident
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.services import enqueue
from served import free_port
from work_support import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    Task.objects.of(city).update(status=Status.DONE, finished_at=timezone.now())
    with played(settings) as found:
        yield found


def a_message(city: City, key: str = "one", **more: Any) -> Task:
    """A message at its first attempt."""
    resident = Resident.objects.of(city).order_by("pk").first()
    payload = {"resident": resident.pk, "template": "claim_decided", **more}
    enqueue(city=city, kind="notice", key=key, payload=payload)
    found: Task = Task.objects.of(city).get(key=key)
    found.attempts = 1
    return found


def texts(sandbox: Played) -> list[str]:
    return list(sandbox.sandbox.gateway.texts)


def calls(sandbox: Played) -> list[str]:
    """What the gateway was asked, in order."""
    return [seen.method for seen in reversed(sandbox.sandbox.parties["message-gateway"].seen)]


def test_a_message_reaches_the_telephone_that_its_resident_has_now(city: City, sandbox: Played) -> None:
    message = a_message(city)
    assert deliver(message).end is End.DELIVERED
    (text,) = sandbox.sandbox.gateway.texts.values()
    assert text.telephone == Resident.objects.of(city).order_by("pk").first().telephone


@pytest.mark.parametrize("kind", ["lose_answer", "slow", "dribble", "fault", "garble", "forge", "contradict", "repeat"])
def test_where_the_answer_is_lost_the_receipt_tells_that_it_is_there(city: City, sandbox: Played, kind: str) -> None:
    sandbox.behaviour("message-gateway").press(kind)
    assert deliver(a_message(city)).end is End.DELIVERED
    assert (len(texts(sandbox)), calls(sandbox)) == (1, ["POST", "GET"])


def test_where_the_request_is_lost_the_next_attempt_asks_for_the_receipt_first(city: City, sandbox: Played) -> None:
    message = a_message(city)
    sandbox.behaviour("message-gateway").press("lose_request")
    outcome = deliver(message)
    assert (outcome.end, outcome.code) == (End.NOT_TAKEN, "unclear_broken_off")
    assert texts(sandbox) == []
    message.fault_code, message.attempts = outcome.code, 2
    assert deliver(message).end is End.DELIVERED
    assert calls(sandbox) == ["POST", "GET", "GET", "POST"]


def test_a_message_whose_worker_ended_before_it_could_say_so_is_not_sent_twice(city: City, sandbox: Played) -> None:
    message = a_message(city)
    deliver(message)
    message.attempts = 2
    assert deliver(message).end is End.DELIVERED
    assert calls(sandbox) == ["POST", "GET"]


@pytest.mark.parametrize(
    ("kind", "end", "code"),
    [
        ("busy", End.UNREACHABLE, "busy"),
        ("refuse", End.NOT_TAKEN, "refused_refused_on_purpose"),
        ("undelivered", End.HOPELESS, "not_received"),
    ],
)
def test_what_the_gateway_says_decides_what_follows(
    city: City, sandbox: Played, kind: str, end: End, code: str
) -> None:
    sandbox.behaviour("message-gateway").press(kind)
    outcome = deliver(a_message(city))
    assert (outcome.end, outcome.code) == (end, code)


def test_nobody_at_the_gateways_address_is_unreachable(city: City, sandbox: Played, settings: Any) -> None:
    settings.MESSAGE_GATEWAY = f"http://127.0.0.1:{free_port()}"
    outcome = deliver(a_message(city))
    assert (outcome.end, outcome.code) == (End.UNREACHABLE, "no_connection")


def test_a_message_without_a_template_is_hopeless(city: City, sandbox: Played) -> None:
    message = a_message(city)
    message.payload = '{"telephone": "139"}'
    assert (deliver(message).code, deliver(message).end) == ("unreadable", End.HOPELESS)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_however_badly_the_gateway_behaves_each_message_is_there_once_or_given_up_with_its_reason(
    city: City, sandbox: Played, seed: int
) -> None:
    keys = [f"m-{number}" for number in range(12)]
    for key in keys:
        a_message(city, key)
    sandbox.behaviour("message-gateway").sow(seed, 50)
    rows = Task.objects.of(city).filter(key__in=keys)
    for _ in range(60):
        rows.filter(finished_at=None).update(due_at=timezone.now() - timedelta(seconds=1))
        work_off(Lane.MESSAGES)
        if not rows.filter(finished_at=None).exists():
            break
    given_up = {row.key: row.fault_code for row in rows.filter(status=Status.FAILED)}
    assert set(given_up.values()) <= {"not_received"}
    assert sorted(texts(sandbox)) == sorted(f"{city.pk}:notice:{key}" for key in keys)
    undelivered = [key for key, text in sandbox.sandbox.gateway.texts.items() if text.state == "failed"]
    assert sorted(undelivered) == sorted(f"{city.pk}:notice:{key}" for key in given_up)
