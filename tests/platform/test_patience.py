"""A request waits for its database so long and no longer; what runs outside a request waits as long as it takes."""

from __future__ import annotations

import time

import pytest
from django.db import OperationalError, connection

from huimin.platform.foundation.patience import longest_wait, patience, waited
from huimin.platform.foundation.unavailable import trouble_of

pytestmark = pytest.mark.django_db(transaction=False)


def test_all_waits_of_a_request_come_out_of_one_limit() -> None:
    assert longest_wait() is None
    with patience(2.0):
        waited(0.5)
        assert longest_wait() == 1.5
        with patience(20.0):
            assert longest_wait() == 20.0
        assert longest_wait() == 1.5
        waited(5.0)
        assert longest_wait() == 0.01
    waited(1.0)
    assert longest_wait() is None


def slowly(seconds: float) -> float:
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])
    return time.monotonic() - begun


@pytest.fixture
def _postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite runs in the process: nothing waits for it but for a lock")


@pytest.fixture
def other() -> object:
    """A connection beside the test's own, which it may lose."""
    found = connection.copy("other")
    yield found
    found.close()


@pytest.mark.usefixtures("_postgresql")
def test_a_statement_that_takes_longer_than_the_request_may_wait_is_given_up(other: object) -> None:
    begun = time.monotonic()
    with pytest.raises(OperationalError) as caught, patience(0.3), other.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - begun < 5
    trouble = trouble_of(caught.value)
    assert trouble is not None
    assert trouble.code == "database_slow"


@pytest.mark.usefixtures("_postgresql")
def test_many_statements_are_given_up_when_they_take_too_long_together(other: object) -> None:
    with pytest.raises(OperationalError), patience(0.5), other.cursor() as cursor:  # type: ignore[attr-defined]
        for _ in range(20):
            cursor.execute("SELECT pg_sleep(0.1)")


@pytest.mark.usefixtures("_postgresql")
def test_outside_a_request_a_statement_may_take_its_time() -> None:
    assert slowly(0.5) >= 0.5
