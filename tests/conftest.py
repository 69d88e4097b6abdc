"""What every test may use. Hypothesis runs few examples here and many in `make test-nightly`."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("mutation", max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long proofs are left to the nightly target, unless they are asked for by marker."""
    if "nightly" in config.getoption("-m"):
        return
    deselected = [item for item in items if item.get_closest_marker("nightly")]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Each test's rows are its own: a process must not remember those of the test before."""
    remembered = sys.modules.get("huimin.platform.foundation.remembered")
    if remembered is not None:
        remembered.forget_all()
