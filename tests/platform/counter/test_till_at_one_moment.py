"""One till at one moment: real threads, each with a connection of its own, on PostgreSQL."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from counter_support import ordered, serving
from huimin.platform.counter.cash import take_cash
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.tills import close_till, in_till
from huimin.platform.demonstration.load import load_demonstration
from huimin.platform.foundation.models import City
from subsidies_support import uncovered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="nothing runs side by side on SQLite"),
]
_TIMES = 4


def test_a_till_that_is_counted_several_times_at_one_moment_is_counted_once(transactional_db: None) -> None:
    load_demonstration(residents=80, orders=4, bills=4)
    city, barrier = City.objects.get(code="demo"), threading.Barrier(_TIMES)
    (person,) = uncovered(city, 1)
    before = in_till(city, serving(city).key)
    fen = take_cash(actor=serving(city), order=ordered(city, person).order.reference) + before

    def count(_place: int) -> str:
        barrier.wait(10)
        try:
            close_till(actor=serving(city), counted=fen)
        except CounterError as error:
            return error.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(_TIMES) as pool:
        answers = sorted(pool.map(count, range(_TIMES)))
    assert answers == ["", *["till_empty"] * (_TIMES - 1)]
    assert in_till(city, serving(city).key) == 0
