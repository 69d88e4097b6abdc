"""An installation that migrates keeps its books: receipts, cases, ties and what guards the facts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation of its own, on the same kind of database."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield {"HUIMIN_HOME": str(tmp_path)}
        return
    import psycopg

    name = "huimin_migrating_money"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {"HUIMIN_HOME": str(tmp_path), "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("script", ["migrating_money.py", "migrating_claims.py"])
def test_an_installation_of_before_gets_what_is_new_and_nothing_is_lost(
    empty_database: dict[str, str], script: str
) -> None:
    keys = {f"HUIMIN_{name}_KEY": value * 32 for name, value in (("SECRET", "s"), ("DATA", "5a"), ("PAYMENT", "p"))}
    environment = {**os.environ, **keys, **empty_database, "DJANGO_SETTINGS_MODULE": "huimin.platform.settings"}
    done = subprocess.run(
        [sys.executable, str(HERE / script)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith("migrated"), done.stderr[-3000:]
