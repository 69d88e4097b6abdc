"""A hospital that has bills of April."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from clearing_support import a_hospital
from door_support import Played, played
from huimin.platform.foundation.models import ApiClient, City


@pytest.fixture
def hospital(covered: City) -> ApiClient:
    return a_hospital(covered)


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found
