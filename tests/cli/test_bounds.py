"""Every number and day that a command takes has bounds: beyond them a sentence and exit status 2, never a traceback."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from cast import JIANGSU
from huimin.cli import _parser, main

CALCULATE = ["calculate", JIANGSU, "--self-paid", "30000"]


def refused(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    try:
        status = main(command)
    except SystemExit as left:
        status = int(left.code or 0)
    said = capsys.readouterr().err
    assert (status, "Traceback" in said) == (2, False)
    return said


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([*CALCULATE, "--age", "3000"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--age", "-5"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--age", "131"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--age", "4.5"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--age", "9" * 5000], "a whole number from 0 to 130"),
        ([*CALCULATE, "--age", "１"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--continuous-years", "-1"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--claim-free-years", "-1"], "a whole number from 0 to 130"),
        ([*CALCULATE, "--charity=-1"], "an amount in yuan that is not negative"),
        ([*CALCULATE, "--day", "2022-W10-1"], "a day such as 2022-03-01"),
        ([*CALCULATE, "--day", "20220301"], "a day such as 2022-03-01"),
        ([*CALCULATE, "--day", "9999-12-31"], "a day from 1900-01-01 to 2200-12-31"),
        (["calculate", JIANGSU, "--self-funded=-30000"], "an amount in yuan that is not negative"),
        (["city", "--people", "1000", "--seed", "-1", "--out", "out"], "a whole number from 0 to"),
        (["city", "--people", "1000", "--seed", str(2**63), "--out", "out"], "a whole number from 0 to"),
        (["city", "--people", "0", "--out", "out"], "a whole number from 1 to 20,000,000"),
        (["city", "--people", "999", "--out", "out"], "expected 1,000 to 20,000,000"),
        (["city", "--people", "1000", "--years", "21", "--out", "out"], "a whole number from 1 to 20"),
        (["city", "--people", "1000", "--first-day", "2024-02-29", "--out", "out"], "a day that every year has"),
        (["price", JIANGSU, "--city", "-1"], "a whole number from 1 to"),
        (["price", JIANGSU, "--city", "1000", "--seed", "1e3"], "a whole number from 0 to"),
        (["price", JIANGSU, "--city", "1000", "--insured", "0"], "a whole number from 1 to"),
        (["price", JIANGSU, "--city", "1000", "--trend", "-100"], "from -99.99% to 1000%"),
        (["price", JIANGSU, "--city", "1000", "--deductible-step=-1"], "not negative"),
        (["renew", JIANGSU, "--price", "nan", "--take-up", "50", "--out", "out"], "a number from 0 to 1,000,000"),
        (["renew", JIANGSU, "--price", "1e400", "--take-up", "50", "--out", "out"], "a number from 0 to 1,000,000"),
        (["renew", JIANGSU, "--price", "100", "--take-up", "50", "--years", "0", "--out", "out"], "from 1 to 50"),
        (["renew", JIANGSU, "--price", "100", "--take-up", "50", "--selection=inf", "--out", "out"], "from -10 to 10"),
        (["design", JIANGSU, "--designs", "0", "--out", "out"], "a whole number from 1 to 100,000"),
        (["design", JIANGSU, "--fixed=-1", "--out", "out"], "a number from 0 to"),
        (["lookback", JIANGSU, "--basis-seed", "-1", "--out", "out"], "a whole number from 0 to"),
        (["lookback", JIANGSU, "--valued-on", "2022-02-30", "--out", "out"], "a day such as 2022-03-01"),
        (["lookback", JIANGSU, "--premium=-1", "--out", "out"], "not negative"),
        (["reserve", "t.csv", "--expected=-1"], "not negative"),
        (["quote", JIANGSU, "--age", "-1"], "a whole number from 0 to 130"),
        (["quote", JIANGSU, "--joins", "0001-01-01"], "a day from 1900-01-01"),
        (["serve", "--port", "70000"], "a whole number from 1 to 65,534"),
        (["serve", "--workers", "0"], "a whole number from 1 to 256"),
    ],
)
def test_a_number_beyond_its_bounds_is_refused_with_them(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expected in refused(arguments, capsys)


@pytest.mark.parametrize("arguments", [["--age", "0"], ["--age", "130"], ["--continuous-years", "130"]])
def test_the_ends_of_the_bounds_are_within_them(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CALCULATE, *arguments]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("memory", ["0GB", "-1GB", "4", "GB", "9" * 5000 + "GB", "1.5GB", "１GB"])
def test_an_amount_of_memory_that_is_none_is_refused(memory: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--members", "m.csv", "--settlements", "s.csv", "--out", "out"]
    assert "expected an amount of memory such as 800MB" in refused(
        ["adjudicate", JIANGSU, *files, f"--memory={memory}"], capsys
    )


def test_no_argument_takes_a_number_or_a_day_without_bounds() -> None:
    """int, float and date.fromisoformat know no bounds, and the last also takes 2022-W10-1."""
    bare = [
        f"{parser.prog} {action.dest}"
        for parser in parsers(_parser())
        for action in parser._actions
        if (action.type in (int, float) and action.choices is None)
        or getattr(action.type, "__name__", "") == "fromisoformat"
    ]
    assert bare == []


def parsers(one: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    found = [one]
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found += parsers(below)
    return found


def test_each_place_that_is_no_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = tmp_path / "none.csv"
    files = ["--members", f"{members}", "--settlements", f"{members}"]
    assert "none.csv: No such file" in refused(["explain", JIANGSU, *files, "--settlement", "S1"], capsys)
