"""A message or a job that would fail for ever is given up with its reason, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform import outbox
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.desk.models import Study
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.leaving import given_up, send_again
from huimin.platform.foundation.models import City, OutboxMessage, User
from huimin.platform.foundation.services import enqueue
from huimin.platform.foundation.working import MOST_ATTEMPTS, keep_working
from huimin.platform.people.models import Resident
from huimin.platform.recalculation import worker
from huimin.platform.recalculation.models import Recalculation
from served import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.fixture
def three(city: City) -> list[OutboxMessage]:
    """Three messages that wait, for one resident, and no others."""
    OutboxMessage.objects.of(city).update(delivered_at=timezone.now())
    resident = Resident.objects.of(city).order_by("pk").first()
    for key in ("first", "second", "third"):
        enqueue(
            city=city,
            topic="notice",
            key=key,
            payload={"resident": resident.pk, "template": "claim_decided"},
            at=now(city),
        )
    moment = timezone.now() - timedelta(seconds=5)
    rows = OutboxMessage.objects.of(city).filter(key__in=("first", "second", "third"))
    rows.update(next_attempt_at=moment, created_at=moment)
    return list(rows.order_by("pk"))


def spoil(message: OutboxMessage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_outboxmessage SET payload = %s WHERE id = %s", [b"\x02nothing", message.pk])


def rename(message: OutboxMessage) -> None:
    message.payload = '{"resident": 999999999}'
    message.save()


def garble(message: OutboxMessage) -> None:
    message.payload = "no JSON"
    message.save()


def misdirect(message: OutboxMessage) -> None:
    said = message.payload
    message.topic, message.payload = "telegram", said
    message.save()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [(spoil, "unreadable"), (garble, "unreadable"), (rename, "names_nobody"), (misdirect, "unknown_topic")],
)
def test_a_message_that_nobody_can_get_is_given_up_and_the_others_go(
    three: list[OutboxMessage], harm: Any, reason: str, sandbox: Played
) -> None:
    harm(three[1])
    assert outbox.deliver_waiting() == 2
    assert outbox.deliver_waiting() == 0
    found = OutboxMessage.objects.get(pk=three[1].pk)
    assert (found.failure, found.delivered_at) == (reason, None)
    assert found.given_up_at is not None


def test_a_message_is_given_up_with_the_last_of_its_refusals_and_not_before(
    three: list[OutboxMessage], sandbox: Played
) -> None:
    rows = OutboxMessage.objects.filter(pk=three[0].pk)
    OutboxMessage.objects.filter(pk__in=[three[1].pk, three[2].pk]).update(delivered_at=timezone.now())
    for attempts, ended in ((outbox.MOST_REFUSALS - 2, False), (outbox.MOST_REFUSALS - 1, True)):
        rows.update(attempts=attempts, next_attempt_at=timezone.now())
        sandbox.behaviour("message-gateway").press("refuse")
        assert outbox.deliver_waiting() == 0
        assert (rows.get().failure, rows.get().given_up_at is not None) == ("refused_refused_on_purpose", ended)


def test_a_gateway_that_is_away_counts_against_no_message(
    three: list[OutboxMessage], sandbox: Played, settings: Any
) -> None:
    there, settings.MESSAGE_GATEWAY = settings.MESSAGE_GATEWAY, f"http://127.0.0.1:{free_port()}"
    with pytest.raises(outbox.GatewayDownError):
        outbox.deliver_waiting()
    attempts = OutboxMessage.objects.filter(pk__in=[message.pk for message in three])
    assert [message.attempts for message in attempts] == [0, 0, 0]
    settings.MESSAGE_GATEWAY = there
    assert outbox.deliver_waiting() == 3


def test_a_message_that_was_given_up_is_shown_and_sent_again(
    city: City, three: list[OutboxMessage], settings: Any, sandbox: Played
) -> None:
    settings.SECOND_FACTOR = False
    rename(three[0])
    outbox.deliver_waiting()
    client = Client()
    client.force_login(User.objects.get(username="admin"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/staff/administration/messages/").content.decode()
    assert "notice first" in page
    assert "收件人不在名册中" in page
    three[0].payload = '{"telephone": "1", "template": "claim_decided"}'
    three[0].save()
    assert client.post(f"/staff/administration/messages/{three[0].pk}/again/").status_code == 302
    assert given_up(city).total == 0
    assert outbox.deliver_waiting() == 1
    with pytest.raises(HuiminError, match="not among those"):
        send_again(city=city, message_id=three[0].pk, actor="test")


def test_nobody_sends_another_citys_message_again(city: City, three: list[OutboxMessage]) -> None:
    OutboxMessage.objects.filter(pk=three[0].pk).update(given_up_at=timezone.now())
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    with pytest.raises(HuiminError, match="not among those"):
        send_again(city=other, message_id=three[0].pk, actor="test")


def a_recalculation(city: City, **fields: Any) -> Recalculation:
    year = plan_on_sale(city)
    found: Recalculation = Recalculation.objects.create(
        city=city,
        plan_year=year,
        plan_digest=year.plan_digest,
        plan_text=year.plan_text,
        sources_text=year.sources_text,
        requested_by="test",
        requested_at=now(city),
        **fields,
    )
    return found


def test_a_recalculation_that_meets_a_fault_of_ours_is_marked_and_the_worker_goes_on(city: City) -> None:
    job = a_recalculation(city)
    with patch.object(worker, "_run", side_effect=ZeroDivisionError):
        assert worker.recalculate_waiting()
        assert not worker.recalculate_waiting()
    job.refresh_from_db()
    assert job.status == "failed"
    assert "ZeroDivisionError" in job.fault


def test_a_recalculation_that_loses_its_database_stays_and_is_taken_up_again(city: City) -> None:
    job = a_recalculation(city)
    lost = OperationalError("gone")
    lost.__cause__ = ConnectionLost()
    with patch.object(worker, "_run", side_effect=lost), pytest.raises(OperationalError):
        worker.recalculate_waiting()
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("running", 1)


class ConnectionLost(Exception):
    sqlstate = "57P01"


@pytest.mark.parametrize(("attempts", "status"), [(MOST_ATTEMPTS - 1, "done"), (MOST_ATTEMPTS, "failed")])
def test_a_job_that_ended_its_worker_each_time_is_not_taken_up_for_ever(city: City, attempts: int, status: str) -> None:
    silent = timezone.now() - timedelta(hours=1)
    job = a_recalculation(city, status="running", attempts=attempts, heard_at=silent)
    while worker.recalculate_waiting():
        pass
    job.refresh_from_db()
    assert job.status == status
    assert not Study.objects.exists()


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

    with patch("huimin.platform.foundation.working.connections"):
        keep_working(once, 0.5, lambda: not rounds, pauses.append)
    assert pauses == [1.0, 2.0, 4.0, 0.5, 0.0, 0.5]


def test_a_helper_ends_on_what_is_not_the_databases_fault() -> None:
    with pytest.raises(ZeroDivisionError):
        keep_working(lambda: bool(1 // 0), 0.5, lambda: False)
