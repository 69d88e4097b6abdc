"""`make notebooks`: runs the code of docs/notebooks again and writes down what it says; a test runs it and compares.

Notebooks are plain nbformat 4 JSON, run here without Jupyter: code cells print text, nothing else.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parent.parent / "docs" / "notebooks"


def outputs_of(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """What the code cells print, in order, all in one namespace."""
    names: dict[str, Any] = {"__name__": "notebook"}
    found = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec("".join(cell["source"]), names)  # noqa: S102 - the project's own notebooks
        text = said.getvalue()
        lines = text.splitlines(keepends=True)
        found.append([{"name": "stdout", "output_type": "stream", "text": lines}] if text else [])
    return found


def main() -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for number, (cell, outputs) in enumerate(zip(code, outputs_of(notebook), strict=True), 1):
            cell["outputs"], cell["execution_count"] = outputs, number
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
