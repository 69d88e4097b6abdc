"""An installation that migrates keeps its books: receipts, cases, ties and what guards the facts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "script", ["migrating_money.py", "migrating_claims.py", "migrating_work.py", "migrating_cases.py"]
)
def test_an_installation_of_before_gets_what_is_new_and_nothing_is_lost(
    empty_database: dict[str, str], script: str
) -> None:
    environment = {**os.environ, **empty_database, "DJANGO_SETTINGS_MODULE": "huimin.platform.settings"}
    done = subprocess.run(
        [sys.executable, str(HERE / script)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith("migrated"), done.stderr[-3000:]
