"""The worked notebooks say what their code says today."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_is_one_for_each_command_of_the_desk() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["city", "design", "lookback", "price", "renew", "reserve"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_says_what_its_code_says(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    sys.modules.pop("notebooks", None)
    from notebooks import outputs_of

    notebook = json.loads(path.read_text("utf-8"))
    written = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert outputs_of(notebook) == written
