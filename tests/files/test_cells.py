"""Cells that others open: no text of ours is a formula there, numbers are numbers, and we read what we wrote."""

from __future__ import annotations

import ast
import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import huimin
from cast import JIANGSU
from files.clerks import HEADS, Desk
from huimin.actuarial.lookback import Lookback
from huimin.actuarial.lookback.workbook import write_workbook
from huimin.batch.table.column_kinds import neutral_texts
from huimin.cli import main
from huimin.settlement.cells import csv_pieces, neutral, original, read_csv, write_csv
from huimin.settlement.normal import normal_code

LIVE = ["=1+1", '=HYPERLINK("http://x","y")', "+1+1", "-1-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "＋cmd|' /C calc'!A0"]
ROW_OF = "S1,P1,2022-03-01,21,30000.00,0.00"


@pytest.mark.parametrize("text", LIVE)
def test_a_text_that_a_spreadsheet_would_run_is_written_as_text(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert original(neutral(text)) == text


@pytest.mark.parametrize("text", ["", "-12.50", "+5", "1e5", "C34.900", "0-9", "'quoted'", "张三", "a=b", " =1"])
def test_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == original(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n＝0123.eE aé")))
def test_what_was_written_is_read_as_it_was(text: str) -> None:
    assert original(neutral(text)) == text
    buffer = io.StringIO(newline="")
    write_csv(buffer, [[text, "x"]])
    buffer.seek(0)
    assert list(read_csv(buffer)) == [[text, "x"]]


def test_no_cell_of_a_jobs_results_is_live_and_a_comparison_reads_them_again(desk: Desk) -> None:
    names = [text for text in LIVE if text == normal_code(text)]
    people = [["psn_no", "cover_from", "cover_to", "area"]]
    people += [[name, "2022-01-01", "2022-12-31", name] for name in names]
    bills = [[*HEADS]] + [[f"={n}", name, "2022-03-01", "21", "30000.00", "0.00"] for n, name in enumerate(names)]
    bills += [["@refused", "nobody", "2022-03-01", "21", "30000.00", "0.00"]]
    paths = [desk.home / "m.csv", desk.home / "s.csv"]
    for path, rows in zip(paths, (people, bills), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    for command in ("adjudicate", "account"):
        files = ["--members", f"{paths[0]}", "--settlements", f"{paths[1]}", "--out", f"{desk.out}"]
        assert main([command, JIANGSU, *files, *(["--compare", JIANGSU] if command == "adjudicate" else [])]) == 3
        for path in desk.out.glob("*.csv"):
            for row in csv.reader(path.read_text("utf-8").splitlines()):
                assert [cell for cell in row if cell[:1] in "=+@＝＋＠\t\r" and cell] == [], path.name
    with (desk.out / "decisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(read_csv(file))
    assert {row[1] for row in rows[1:]} == set(names)
    assert {row[0] for row in rows[1:]} == {f"={n}" for n in range(len(names))}
    compared = ["compare", f"{desk.out}", f"{desk.out}", "--members", f"{paths[0]}", "--out", f"{desk.home}/compared"]
    assert main(compared) == 0


def test_the_workbook_of_a_look_back_runs_no_name_of_a_plan(year_found: Lookback) -> None:
    found = replace(year_found, plan='=HYPERLINK("http://x","y")')
    benefit = next(one.value for one in found.comparisons if one.by == "benefit")
    book = io.BytesIO()
    write_workbook(found, book, "zh", {benefit: '=HYPERLINK("http://x","y")'})
    cells = [cell for sheet in openpyxl.load_workbook(book) for row in sheet.rows for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert formulas
    assert not [one for one in formulas if "HYPERLINK" in str(one)]
    assert [cell.value for cell in cells if str(cell.value).startswith("'=HYPERLINK")]


@pytest.fixture(scope="module")
def year_found() -> Lookback:
    from actuarial.test_lookback import claims, seen

    return seen(claims(40_000, 5), claims(40_000, 6), date(2022, 9, 30))


def test_texts_of_a_table_are_made_harmless_and_numbers_stay() -> None:
    table = pa.table({"a": pa.array(["=1", None, "x"]).dictionary_encode(), "b": [-1, 2, 3]})
    assert neutral_texts(table).to_pydict() == {"a": ["'=1", None, "x"], "b": [-1, 2, 3]}


def test_pieces_of_a_file_are_the_file_whatever_their_number_of_rows() -> None:
    for count in (0, 1, 500, 501, 1_000):
        rows = [[place, "=1+1", "甲,乙"] for place in range(count)]
        whole = io.StringIO()
        write_csv(whole, rows)
        pieces = list(csv_pieces(rows, before="|"))
        assert "".join(pieces) == ("|" if rows else "") + whole.getvalue()
        assert len(pieces) == -(-count // 500)


def test_cells_are_written_in_one_place() -> None:
    """Whoever writes cells calls settlement.cells, and the workbook's one function, which calls it."""
    root = Path(huimin.__file__).parent
    allowed = {"settlement/cells.py", "actuarial/city/files.py"}
    found = []
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes_cells(node.func):
                found.append(path.relative_to(root).as_posix())
    assert {place for place in found if place not in allowed} == set()
    workbook = (root / "actuarial" / "lookback" / "workbook.py").read_text("utf-8")
    assert workbook.count("sheet.cell(") == 2, "both of them in _put"


def _writes_cells(call: ast.Attribute) -> bool:
    of: Any = call.value
    owner = of.id if isinstance(of, ast.Name) else ""
    return (owner, call.attr) in {
        ("csv", "writer"),
        ("csv", "DictWriter"),
        ("pa_csv", "write_csv"),
        ("csv", "write_csv"),
    }
