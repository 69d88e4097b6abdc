"""Whole fen in any column of an amount, of every format, by column and one by one: the same result as in yuan."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from files.clerks import BILL, HEADS, Desk
from huimin.settlement import AMOUNT_FIELDS

LANGUAGE = str(Path(__file__).parents[2] / "conformance" / "language" / "plan.toml")
HEADS_FEN = (*HEADS[:4], "psn_part_amt_fen", "fulamt_ownpay_amt_fen")
BILL_FEN = (*BILL[:4], "3000000", "0")

WHOLE_LANGUAGE = {
    "setl_id": "S1",
    "psn_no": "P1",
    "setl_time": "2024-05-10",
    "med_type": "21",
    "begndate": "2024-05-01",
    "enddate": "2024-05-09",
    "psn_part_amt": "30000.00",
    "fulamt_ownpay_amt": "10000.00",
    "ward": "ordinary",
    "place": "local",
    "fixmedins_code": "H1",
    "diag_codes": "C34.900",
    "items": "X=1.00",
    "accident": "0",
}
"""A bill that every list and condition of the language's plan asks something of."""
PERSON = "psn_no,cover_from,cover_to,insutype,edition,pre_existing,paid_before\nP1,2024-01-01,2024-12-31,310,plus,0,"
ONE_BY_ONE = f"{PERSON}proton=10.00\n"
"""Payments of earlier years: no column holds what is left of the limit for life."""


def csv_of(row: dict[str, str]) -> str:
    return f"{','.join(row)}\n{','.join(row.values())}\n"


def in_fen(row: dict[str, str]) -> dict[str, str]:
    return {
        f"{name}_fen" if name in AMOUNT_FIELDS else name: str(int(Decimal(text) * 100))
        if name in AMOUNT_FIELDS
        else text
        for name, text in row.items()
    }


def a_csv(desk: Desk, cells: tuple[str, ...]) -> Path:
    return desk.bills(f"{','.join(HEADS_FEN)}\n{','.join(cells)}\n")


def an_excel_file(desk: Desk, cells: tuple[str, ...]) -> Path:
    return desk.sheets("s.xlsx", {"1": [HEADS_FEN, (*cells[:4], *map(int, cells[4:]))]})


def a_parquet_file(of: Callable[[int], Any], kind: pa.DataType) -> Callable[[Desk, tuple[str, ...]], Path]:
    def write(desk: Desk, cells: tuple[str, ...]) -> Path:
        amounts = [pa.array([of(int(cell))], kind) for cell in cells[4:]]
        return desk.parquet(dict(zip(HEADS_FEN, [*([cell] for cell in cells[:4]), *amounts], strict=True)))

    return write


FORMATS = {
    "csv": a_csv,
    "excel": an_excel_file,
    "parquet of text": a_parquet_file(str, pa.string()),
    "parquet of int32": a_parquet_file(int, pa.int32()),
    "parquet of uint64": a_parquet_file(int, pa.uint64()),
    "parquet of double": a_parquet_file(float, pa.float64()),
    "parquet of DECIMAL(18,0)": a_parquet_file(Decimal, pa.decimal128(18, 0)),
    "parquet of DECIMAL(38,4)": a_parquet_file(Decimal, pa.decimal128(38, 4)),
    "parquet of DECIMAL(50,2)": a_parquet_file(Decimal, pa.decimal256(50, 2)),
    "parquet of a dictionary": a_parquet_file(str, pa.dictionary(pa.int8(), pa.string())),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_whole_fen_are_read_from_every_format(desk: Desk, kind: str) -> None:
    assert desk.adjudicate(FORMATS[kind](desk, BILL_FEN)) == 0
    assert desk.summary["payable"] == "13000.00"
    assert desk.summary["ignored_columns"] == []


@pytest.mark.parametrize("people", ["by column", "one by one"])
def test_fen_and_yuan_of_one_bill_pay_the_same_by_column_and_one_by_one(desk: Desk, people: str) -> None:
    text = ONE_BY_ONE if people == "one by one" else ONE_BY_ONE.replace("proton=10.00", "")
    members = desk.text("members.csv", text)
    found = []
    for row in (WHOLE_LANGUAGE, in_fen(WHOLE_LANGUAGE)):
        assert desk.adjudicate(desk.bills(csv_of(row)), members, LANGUAGE) == 0
        found.append((desk.summary["payable"], desk.summary["members_decided_one_by_one"]))
    assert found[0] == found[1] == ("16380.00", 1 if people == "one by one" else 0)


def test_what_a_charity_paid_counts_in_fen_too(desk: Desk) -> None:
    row = WHOLE_LANGUAGE | {"charity_pay": "25000.00"}
    members = desk.text("members.csv", ONE_BY_ONE.replace("proton=10.00", ""))
    for one in (row, WHOLE_LANGUAGE | {"charity_pay_fen": "2500000"}):
        assert desk.adjudicate(desk.bills(csv_of(one)), members, LANGUAGE) == 0
        assert desk.summary["payable"] == "5480.00"


@pytest.mark.parametrize("name", AMOUNT_FIELDS)
def test_every_amount_has_a_column_in_fen(desk: Desk, name: str) -> None:
    """A part of a fen shows that the column was read: the row is refused for what stands in it."""
    row = dict(zip(HEADS[:4], BILL[:4], strict=True)) | {"psn_part_amt": "1.00", "fulamt_ownpay_amt": "0.00"}
    row.pop(name, None)
    bad = row | {f"{name}_fen": "0.5"}
    assert desk.adjudicate(desk.bills(csv_of(bad))) == 3
    assert desk.refused == [("S1", "bad_amount")]
    assert desk.reasons == [f"{name}: found '0.5 fen'; expected whole fen, such as 3000000 for 30,000.00 yuan"]


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(18, 1), pa.string()])
def test_parts_of_a_fen_refuse_their_row_and_no_other(desk: Desk, kind: pa.DataType) -> None:
    values = {pa.string(): ["3000000", "3000000.5"]}.get(kind, [Decimal("3000000"), Decimal("3000000.5")])
    amounts = pa.array([float(x) for x in values] if kind == pa.float64() else values, kind)
    people = {"setl_id": ["S1", "S2"], "psn_no": ["P1", "P2"], "setl_time": ["2022-03-01"] * 2, "med_type": ["21"] * 2}
    path = desk.parquet(people | {"psn_part_amt_fen": amounts, "fulamt_ownpay_amt_fen": [0, 0]})
    assert desk.adjudicate(path) == 3
    assert desk.refused == [("S2", "bad_amount")]
    assert desk.summary["payable"] == "13000.00"


@pytest.mark.parametrize("head", ["psn_part_amt", "psn_part_amt_fen"])
@pytest.mark.parametrize("kind", [pa.float32(), pa.float16(), pa.bool_(), pa.date32(), pa.binary(), pa.duration("s")])
def test_a_type_that_cannot_hold_every_amount_is_refused_by_column_and_type(
    desk: Desk, head: str, kind: pa.DataType
) -> None:
    given = dict(zip(HEADS[:4], [[cell] for cell in BILL[:4]], strict=True))
    assert desk.adjudicate(desk.parquet(given | {head: pa.array([None], kind)})) == 2
    assert f"the column {head} holds" in desk.said
    assert str(pa.field("x", kind).type) in desk.said


@pytest.mark.parametrize(
    ("texts", "fen"),
    [
        (["10000000000000", "1"], [10**13, 1]),
        (["-5", "", "5.000"], [-5, None, 5]),
    ],
)
def test_columns_and_rows_read_the_same_fen(texts: list[str], fen: list[int | None]) -> None:
    from huimin.batch.table.rows import MISSING, Rows
    from huimin.settlement.amounts import parse_amount

    rows = Rows(pa.table({"psn_part_amt_fen": texts}))
    values, states = rows.fen("psn_part_amt")
    assert [None if state == MISSING else int(value) for value, state in zip(values, states, strict=True)] == fen
    by_row = [rows.text(n)["psn_part_amt"] for n in range(len(rows))]
    assert [parse_amount(text) if text else None for text in by_row] == fen


def test_an_amount_above_all_bounds_is_refused_in_fen_as_in_yuan(desk: Desk) -> None:
    for head, cell in (("psn_part_amt_fen", "10000000000001"), ("psn_part_amt", "100000000000.01")):
        row = dict(zip(HEADS, BILL, strict=True))
        row.pop("psn_part_amt")
        assert desk.adjudicate(desk.bills(csv_of(row | {head: cell}))) == 3
        assert "expected at most 100000000000.00 yuan" in desk.reasons[0]
