"""What every test may use. Hypothesis runs few examples here and many in `make test-nightly`."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from served import remove_prepared_home

settings.register_profile("default", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("mutation", max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long, and what needs something installed apart, is left to its target, which asks by marker."""
    asked = config.getoption("-m")
    left = [name for name in ("nightly", "oracles", "slow", "spark") if name not in asked]
    deselected = [item for item in items if any(item.get_closest_marker(name) for name in left)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]


def pytest_sessionfinish() -> None:
    """The process that started the others removes what they shared."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        remove_prepared_home()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Each test's rows are its own: a process must not remember those of the test before, nor its reader's language."""
    remembered = sys.modules.get("huimin.platform.foundation.remembered")
    if remembered is not None:
        remembered.forget_all()
    translation = sys.modules.get("django.utils.translation")
    if translation is not None:
        translation.deactivate()
