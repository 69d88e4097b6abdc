"""Triangles as people have them: what is no line of a triangle is named, and nothing is left out silently."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from files.clerks import Desk
from huimin.actuarial.triangle_files import read_triangle, triangle_of_text
from huimin.cli import main
from huimin.errors import InputError

HEADS = "period,0,1,2,3"
ROWS = ["2018,1000,1500,1700,1750", "2019,1100,1700,1900", "2020,1200,1800", "2021,1300"]
WIDE = "\n".join([HEADS, *ROWS, ""])
LONG = [(row.split(",")[0], age, int(amount)) for row in ROWS for age, amount in enumerate(row.split(",")[1:])]


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as found:
        triangle_of_text(text, "t.csv")
    return found.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_triangle_is_read_in_every_encoding_with_every_separator(desk: Desk, encoding: str, mark: str) -> None:
    path = desk.text("t.csv", WIDE.replace("period", "事故年").replace(",", mark), encoding)
    triangle = read_triangle(path)
    assert triangle.periods == ("2018", "2019", "2020", "2021")
    assert triangle.latest.tolist() == [1750, 1900, 1800, 1300]


def test_reserve_reads_excel_and_parquet_too(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [[cell if n == 0 else float(cell) for n, cell in enumerate(row.split(","))] for row in ROWS]
    book = desk.sheets("t.xlsx", {"三角形": [HEADS.split(","), [], *cells], "旧": [["x"]]})
    full = [row + [None] * (5 - len(row)) for row in cells]
    table = desk.parquet(dict(zip(HEADS.split(","), zip(*full, strict=True), strict=True)), "t.parquet")
    for path in (book, table, desk.text("t.csv", WIDE)):
        assert main(["reserve", str(path)]) == 0
        shown = capsys.readouterr()
        assert shown.out.splitlines()[-1].split()[:4] == ["total", "6,750", "1,322", "71"]
        assert ("the sheet 三角形 was read; not read: 旧" in shown.err) == (path == book)


def test_a_triangle_in_long_form_is_the_same_triangle(desk: Desk) -> None:
    wide = triangle_of_text(WIDE)
    long = [("origin", "age", "amount"), *reversed(LONG), ("2021", 1, "NA"), ("2020", 3, "")]
    text = "\n".join(",".join(map(str, row)) for row in long)
    assert triangle_of_text(text).digest == wide.digest
    table = pa.table({name: [str(row[n]) for row in LONG] for n, name in enumerate(("Origin", "AGE", "amount"))})
    assert read_triangle(desk.parquet(dict(zip(table.column_names, table.columns, strict=True)))).digest == wide.digest


@pytest.mark.parametrize("empty", ["-", "NA", '""', "#N/A", "n/a", "NULL", "nan", "—", " "])
def test_what_other_programs_write_into_an_empty_cell_is_empty(empty: str) -> None:
    rows = [HEADS, *(row + f",{empty}" * n for n, row in enumerate(ROWS))]
    assert triangle_of_text("\n".join(rows)).digest == triangle_of_text(WIDE).digest
    hole = refused(WIDE.replace("1700,1750", f"{empty},1750"))
    assert (hole.code, "the amount after 2 periods is missing" in hole.message) == ("holes", True)


@pytest.mark.parametrize("first", ["2018,1000,1500,1700,1750", "2018,1000,2000,3000,4000", "1,1000,2000,3000,4000"])
def test_a_triangle_without_heads_does_not_lose_its_first_period(first: str) -> None:
    found = refused("\n".join([first, *ROWS[1:]]))
    assert found.code == "bad_triangle"
    assert "line 1 has amounts where the heads should be" in found.message
    assert "period,0,1,2,3" in found.message


@pytest.mark.parametrize("heads", ["period,0,1,2,3", "period,1,2,3,4", ",12,24,36,48", "起期,第0年,第1年,第2年,第3年"])
def test_heads_that_name_ages_are_heads(heads: str) -> None:
    assert triangle_of_text("\n".join([heads, *ROWS])).size == 4


def test_a_title_and_totals_are_named_as_what_they_are() -> None:
    assert (
        "line 1 says only '已决赔款流量三角形(单位:元)', a title perhaps"
        in refused(f"已决赔款流量三角形（单位：元）\n{WIDE}").message
    )
    total = refused(f"{WIDE}合计,4600,5000,3600,1750\n")
    assert (total.code, "line 6 is a total ('合计'), and no period; delete it" in total.message) == (
        "bad_triangle",
        True,
    )
    both = refused("\n".join([f"{HEADS},Total", *ROWS, "Total,1"])).message
    assert "column 6 is a total ('Total'), and no age; delete it" in both
    assert "line 6 is a total ('Total')" in both


def test_a_period_without_a_name_or_with_that_of_another_is_refused() -> None:
    assert "line 3 has amounts and no period" in refused(WIDE.replace("2019", "")).message
    assert "line 3 gives the period '2018' again" in refused(WIDE.replace("2019", "2018")).message


def test_a_last_age_of_zero_is_refused_with_the_reason(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Its factor would be 0: outstanding of −5,000, and −inf beside it."""
    path = desk.text("t.csv", WIDE.replace("1750", "0"))
    assert main(["reserve", str(path), "--expected", "2000"]) == 2
    said = capsys.readouterr().err
    assert "period 2018: found 0 paid so far after 3 periods, and 1,700 one period earlier" in said
    assert "Leave it empty where it is not known yet" in said
    assert triangle_of_text(WIDE.replace("2018,1000", "2018,0")).size == 4


@pytest.mark.parametrize("cell", ["many", "1,2", "1.5.6", "12%", "(1000)", "１０a", "1_000", "inf", "1e400", "9" * 20])
def test_a_cell_that_is_no_amount_is_shown_with_its_line(cell: str) -> None:
    found = refused(WIDE.replace("1900", f'"{cell}"'))
    assert found.code == "bad_amount"
    assert found.message.startswith("t.csv: line 3: found ")
    assert "expected amounts in yuan" in found.message


@pytest.mark.parametrize("cell", ["1900", "1,900", "¥1,900.00", "￥1900", "1.9e3", "１９００"])
def test_an_amount_as_a_spreadsheet_shows_it_is_the_amount(cell: str) -> None:
    assert triangle_of_text(WIDE.replace("1900", f'"{cell}"')).digest == triangle_of_text(WIDE).digest


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2018,0,1", "2018,0,2"], "twice"),
        (["2018,x,1"], "line 2: found the age 'x'"),
        (["2018,-1,1"], "found the age '-1'"),
        (["2018"], "line 2: found the age ''"),
        (["2018,0,1", "2018,2,3", "2019,0,1", "2019,1,1", "2020,0,1"], "is missing"),
    ],
)
def test_a_long_form_with_something_twice_or_missing_is_refused(rows: list[str], words: str) -> None:
    assert words in refused("\n".join(["origin,age,amount", *rows])).message


def test_files_that_are_none_are_refused_with_a_sentence(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 200_000
    (desk.home / "folder").mkdir()
    for path, words in (
        (desk.text("long.csv", f"{HEADS}\n{long},1\n"), "line 2: a cell has more than 131,072 characters"),
        (desk.text("open.csv", f'{HEADS}\n"2018,1\n'), "a quotation mark is opened and never closed"),
        (desk.text("bad.xlsx", "x"), "cannot be read as an Excel file"),
        (desk.text("bad.parquet", "x"), "cannot be read as Parquet"),
        (desk.home / "none.csv", "No such file"),
        (desk.home / "folder", "Is a directory"),
        (
            desk.sheets("f.xlsx", {"1": [HEADS.split(","), ["2018", "=1+1"]]}),
            "cell B2: a formula without a stored value",
        ),
        (desk.text("empty.csv", ""), "found 0 periods"),
    ):
        assert main(["reserve", str(path)]) == 2
        assert words in capsys.readouterr().err


def test_what_was_not_available_in_excel_is_not_known(desk: Desk) -> None:
    cells = [[*row.split(","), *["#N/A"] * n] for n, row in enumerate(ROWS)]
    path: Path = desk.sheets("t.xlsx", {"1": [HEADS.split(","), *cells]})
    assert read_triangle(path).digest == triangle_of_text(WIDE).digest
