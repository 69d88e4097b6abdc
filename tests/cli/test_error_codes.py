"""`huimin errors` says what a code means."""

from __future__ import annotations

import pytest

from huimin.cli import main
from huimin.error_catalogue import error_catalogue


@pytest.mark.parametrize(("language", "begins"), [("zh", "按条款确定的账单日期"), ("en", "The day by which the plan")])
def test_a_code_is_explained_in_the_language_that_was_asked_for(
    capsys: pytest.CaptureFixture[str], language: str, begins: str
) -> None:
    assert main(["errors", "uncovered_date", "--language", language]) == 0
    said = capsys.readouterr().out
    assert said.startswith(begins)
    assert error_catalogue()["uncovered_date"].words(language)[1] in said


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["errors"]) == 0
    said = capsys.readouterr().out
    assert [code for code in error_catalogue() if f"  {code} " not in said] == []


def test_a_code_that_nobody_gives_is_refused_with_the_way_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["errors", "no_such_code"]) == 2
    assert "`huimin errors` lists" in capsys.readouterr().err
