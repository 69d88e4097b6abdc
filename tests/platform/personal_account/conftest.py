"""The sandbox's bureau over HTTP, for what workers ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from door_support import Played, played


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found
