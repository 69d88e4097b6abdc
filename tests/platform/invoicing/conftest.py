"""The sandbox's invoice platform over HTTP, and an insurer that issues invoices by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from door_support import Played, played
from huimin.platform.foundation.models import City
from invoicing_support import an_issuer
from served import free_port


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        an_issuer(city)
        yield found
