"""A mistyped command, option, choice or plan is answered with the one that was probably meant, and exit status 2."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from cast import JIANGSU
from huimin import __version__
from huimin.cli import _parser, main
from huimin.errors import did_you_mean

BILL = ["calculate", JIANGSU]


def refused(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    try:
        status = main(command)
    except SystemExit as left:
        status = int(left.code or 0)
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    return said.err


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        (["adjudcate", JIANGSU], "found 'adjudcate'. Did you mean adjudicate? Expected one of: adjudicate, account,"),
        (["plan", "list"], "found 'plan'. Did you mean plans?"),
        (["plans", "lst"], "found 'lst'. Did you mean list? Expected one of: list, show, compare"),
        (["ledger", "verfy"], "found 'verfy'. Did you mean verify?"),
        (
            [*BILL, "--selfpaid", "100"],
            "found --selfpaid, which is not an option of `huimin calculate`. Did you mean --self-",
        ),
        (
            [*BILL, "--self-payed=100"],
            "found --self-payed, which is not an option of `huimin calculate`. Did you mean --self-",
        ),
        (
            ["adjudicate", JIANGSU, "--membrs", "m.csv"],
            "found --membrs, which is not an option of `huimin adjudicate`. Did",
        ),
        (["--verison"], "found --verison, which is not an option of `huimin`. Did you mean --version?"),
        (["plans", "show", JIANGSU, "--langauge", "en"], "Did you mean --language?"),
        ([*BILL, "--setting", "inpatent"], "found 'inpatent'. Did you mean inpatient?"),
        (
            ["calculate", "jiangsu/yihuibao1/2022"],
            f"Did you mean {JIANGSU}? Expected the path of a plan file or one of",
        ),
        (["calculate", "Yihuibao-1/2022"], f"Did you mean {JIANGSU}?"),
        (["plans", "show", "jiangsu"], f"Did you mean {JIANGSU}?"),
        (["errors", "uncoverd_date"], "Did you mean uncovered_date?"),
    ],
)
def test_what_was_probably_meant_is_named(command: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert meant in refused(command, capsys)


@pytest.mark.parametrize("command", [["xyzzy"], [*BILL, "--xyzzy"], ["calculate", "xyzzy"]])
def test_nothing_is_suggested_where_nothing_is_near(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(command, capsys)
    assert "Did you mean" not in said
    assert "xyzzy" in said


@pytest.mark.parametrize(
    ("command", "code"), [(["xyzzy"], "bad_usage"), (["calculate", "xyzzy"], "no_such_plan"), ([], "bad_usage")]
)
def test_every_refusal_ends_with_its_code(command: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(command, capsys).endswith(f"[{code}]\n")


def test_the_beginning_of_an_option_is_enough_where_no_other_begins_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BILL, "--self-pa", "30000", "--lang", "en"]) == 0
    assert "13,000.00" in capsys.readouterr().out


def test_what_stands_after_two_dashes_is_no_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(["calculate", "--", "--odd-name"], capsys)
    assert "found no plan '--odd-name'" in said


def test_a_word_of_two_letters_is_not_looked_for_within_others() -> None:
    assert did_you_mean("li", ["plans list"]) == ""
    assert did_you_mean("lis", ["plans list"]) == "Did you mean plans list?"


@pytest.mark.parametrize("flag", ["--version"])
def test_the_version_is_said(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([flag])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"huimin {__version__}\n"


def every_command(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [words]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found += every_command(inner, (*words, name))
    return found


@pytest.mark.parametrize("command", every_command(_parser()), ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    assert f"usage: huimin {' '.join(command)}".rstrip() in capsys.readouterr().out
