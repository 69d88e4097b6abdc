"""A desk with an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from files.clerks import Desk
from huimin.batch.job import small_jobs


@pytest.fixture(params=["bill by bill", "by column"])
def desk(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """The test runs twice: its small jobs are decided bill by bill and, then, by column as large ones are."""
    if request.param == "by column":
        monkeypatch.setattr(small_jobs, "MOST_BYTES", -1)
    return Desk(tmp_path, capsys)
