"""What the documents tell a reader to type works, and says what they show."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.blocks import ROOT, blocks_of, run

ALONE = (
    *("docs/tutorial/first-bill.md", "docs/how-to/plan.md", "docs/how-to/year-of-files.md", "docs/how-to/signing.md"),
    *("docs/how-to/city.md", "docs/explanation/money.md", "docs/tutorial/first-bill.zh-CN.md"),
    *("docs/zh/handler.md", "docs/zh/operator.md"),
)
"""Documents that need nothing but the command."""
WITH_A_SERVER = ("docs/how-to/hospital.md", "docs/how-to/channel.md")
"""Documents whose calls need a city that is served: tests/processes/test_integration.py runs them."""
TYPED_ELSEWHERE = {
    "README.md": "its commands install; what it shows is held by tests/cli/test_readme.py",
    "README.zh-CN.md": "as README.md",
    "docs/operations.md": "its commands install, serve and audit",
    "docs/terms.md": "its commands are for the reader's own plan; docs/how-to/plan.md runs the like of them",
    "docs/actuary.md": "its Python takes minutes; the notebooks run it",
}
"""Documents with blocks that are not run, and why."""


@pytest.mark.parametrize("document", ALONE)
def test_every_block_of_the_document_runs_and_says_what_is_shown(document: str, tmp_path: Path) -> None:
    assert run(ROOT / document, tmp_path) > 0


def test_no_document_has_a_block_that_nobody_runs() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        if "_build" not in path.parts and any(block.language in ("sh", "python") for block in blocks_of(path))
    }
    assert found == {*ALONE, *WITH_A_SERVER, *TYPED_ELSEWHERE}


def test_a_block_that_says_something_else_than_is_shown_is_noticed(tmp_path: Path) -> None:
    document = tmp_path / "wrong.md"
    document.write_text("```sh\necho one\n```\n```text\ntwo\n```\n")
    with pytest.raises(AssertionError, match=r"wrong.md, line 1: says\none"):
        run(document, tmp_path)


def test_a_block_that_fails_is_noticed(tmp_path: Path) -> None:
    document = tmp_path / "wrong.md"
    document.write_text("```sh\nfalse\n```\n")
    with pytest.raises(AssertionError, match="false"):
        run(document, tmp_path)
