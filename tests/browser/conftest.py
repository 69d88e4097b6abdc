"""A small demonstration city for pages that are rendered here and measured in a browser; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from huimin.platform.demonstration.load import load_demonstration


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the city once."""
    with django_db_blocker.unblock():
        load_demonstration(residents=80, orders=12, bills=12)


@pytest.fixture(scope="module")
def served() -> Iterator[Any]:
    """The demonstration, served as `make run` serves it, for the tests of a module."""
    from browser_support import served_city

    with served_city() as city:
        yield city


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from browser_support import browser

    with browser() as one:
        yield one
