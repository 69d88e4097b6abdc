"""A test run copies what an earlier one migrated only where nothing has changed that says what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import migrated
from migrated import digest_of_schema


def test_models_migrations_and_what_they_are_made_with_change_the_digest_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    monkeypatch.setattr(migrated, "_PLATFORM", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "test.txt").write_text("django==5\n")
    known = {digest_of_schema()}
    for name in ("pool/models.py", "pool/migrations/0001.py", "foundation/triggers.py", "settings.py", "pool/apps.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
        assert digest_of_schema() not in known, name
        known.add(digest_of_schema())
        path.write_text("two")
        assert digest_of_schema() not in known, name
        known.add(digest_of_schema())
    (tmp_path / "pool" / "services.py").write_text("anything")
    assert digest_of_schema() in known
