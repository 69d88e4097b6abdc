"""Whether the process lives and whether it can serve, said to whoever asks, without a secret."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from huimin.platform.foundation import checks
from huimin.platform.foundation.models import City
from huimin.platform.tasks.models import Task
from huimin.platform.web import health

pytestmark = pytest.mark.django_db


def test_a_live_process_says_so_without_its_database(city: City) -> None:
    with patch("django.db.backends.base.base.BaseDatabaseWrapper.cursor", side_effect=AssertionError):
        assert Client().get("/health/live").content == b"live\n"


def test_a_server_that_can_serve_is_ready_and_tells_how_late_messages_are(city: City) -> None:
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["reasons"]) == (200, "ready", [])
    waiting = Task.objects.filter(finished_at=None).count()
    assert answer.json()["outbox"]["waiting"] == waiting
    assert answer.json()["jobs"] == {"waiting": 0, "oldest_seconds": 0, "given_up": 0}
    assert answer.json()["orders"] == {"waiting": 0, "oldest_seconds": 0, "given_up": 0}
    assert answer.json()["issuing"] == {"waiting": 0, "oldest_seconds": 0, "given_up": 0}
    assert set(answer.json()["outbox"]) == {"waiting", "oldest_seconds", "given_up"}


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "nobody.example"])
def test_a_load_balancer_may_ask_by_any_name(city: City, host: str) -> None:
    assert Client().get("/health/ready", headers={"Host": host}).status_code == 200
    assert Client().get("/", headers={"Host": host}).status_code == 400


def test_a_server_whose_tables_are_older_is_not_ready(city: City) -> None:
    health._up_to_date.clear()
    with patch.object(checks.MigrationExecutor, "migration_plan", return_value=["one"]):
        answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["migrations"])


def test_a_server_without_usable_keys_is_not_ready_and_tells_nothing_of_them(city: City, settings: Any) -> None:
    settings.PAYMENT_KEY = "a short secret"
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["keys"])
    assert b"short" not in answer.content


def test_a_server_whose_database_is_away_is_not_ready(city: City) -> None:
    away = OperationalError("host 10.1.2.3 refused")
    away.__cause__ = type("Lost", (Exception,), {"sqlstate": "08006"})()
    with patch.object(health, "_is_up_to_date", side_effect=away):
        answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["database_unavailable"])
    assert b"10.1.2.3" not in answer.content
    assert answer["Retry-After"] == "2"
