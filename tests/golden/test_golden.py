"""What people read is what the script writes today: `make golden`, and read the difference."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).resolve().parent


def script() -> ModuleType:
    path = HOME.parents[1] / "scripts" / "golden.py"
    spec = importlib.util.spec_from_file_location("golden_script", path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


TEXTS = script().TEXTS


@pytest.mark.parametrize("name", TEXTS)
def test_what_people_read_is_what_stands_here(name: str) -> None:
    found = "\n".join(TEXTS[name]()).splitlines()
    assert found == (HOME / name).read_text("utf-8").splitlines()
