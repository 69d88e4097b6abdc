"""Both ways in which a job on this machine is done."""

from __future__ import annotations

import pytest

from huimin.batch.job import small_jobs


@pytest.fixture(params=["bill by bill", "by column"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs twice: its small jobs are decided bill by bill and, then, by column as large ones are."""
    if request.param == "by column":
        monkeypatch.setattr(small_jobs, "MOST_BYTES", -1)
