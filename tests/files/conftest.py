"""A desk with an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from files.clerks import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)
