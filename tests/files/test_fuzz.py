"""Whatever bytes, cells, types and rows come: every row is accounted for, or a sentence says why the file is refused.

There is no third outcome. A short run is part of the ordinary tests; `make test-nightly` runs the same for long.
"""

from __future__ import annotations

import csv
import os
import re
import uuid
import warnings
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin.actuarial.reserving import bornhuetter_ferguson, chain_ladder
from huimin.actuarial.triangle_files import read_triangle, triangle_of_text
from huimin.adjudication import Program, compile_plan
from huimin.batch.decide.by_column import decide_columns
from huimin.batch.files.one_member import bills_around, members_named
from huimin.batch.files.sources import open_members, open_settlements, usable_rows
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.batch.table.rows import PLAIN, Rows
from huimin.errors import HuiminError
from huimin.settlement import AMOUNT_FIELDS
from huimin.settlement.reading import MEMBERS, SETTLEMENTS, member_from_row, settlement_from_row
from huimin.terms import find_plan, load_plan

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
few = settings(max_examples=5_000 if NIGHTLY else 60, deadline=None, suppress_health_check=list(HealthCheck))
"""Of each target: seconds with every test, an hour at night."""

LANGUAGE = Path(__file__).parents[2] / "conformance" / "language" / "plan.toml"
BILL_COLUMNS = sorted(SETTLEMENTS.known | {f"{name}_fen" for name in AMOUNT_FIELDS} | {"items_fen", "备注", ""})
MEMBER_COLUMNS = sorted(MEMBERS.known | {"paid_before_fen", "备注"})
ODD_TEXTS = [
    *("", " ", "0", "1", "-1", "1.0", "21", "21.0", "２１", "xyz", "P1", "P1 ", "\tP1", "P1\u200b", "P2", "S1", "S2"),
    *("2022-03-01", "2022-03-01 14:05:00", "2022-03-01 14+08:00", "2022-W10-1", "2022-02-30", "0001-01-01"),
    *("2022-03-01T14:05:00+08:00", "2022/3/1", "44621", "30000", "30000.00", "30000.0000", "1e5", "nan", "-0.00", "NA"),
    *("99999999999999", "3.2E+17", "#N/A", "=1+1", "'=1", "是", "否", "C34.900;I10;", "A=1.00;B=2", "A=1@2022-03-01#x"),
    *(
        "X=0.01#line:2",
        ";",
        ";;",
        "=",
        "@",
        "\x00",
        "\ud800",
        "\u2028",
        "x" * 70,
        "9" * 5000,
        "310",
        "plus",
        "9999-12-31",
    ),
    *("proton=1", "I10@2021-03-02;", "S1\n", "一级", "local", "特需", "F", "1.5", "H32010500001", "inf", "0.5 fen"),
]
texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=12)
rows_of_bills = st.dictionaries(st.sampled_from(BILL_COLUMNS), texts, max_size=12)


@cache
def programs() -> tuple[Program, ...]:
    names = ("jiangsu/yihuibao-1/2022", "shanghai/huhuibao/2025")
    return (compile_plan(load_plan(LANGUAGE).plan), *(compile_plan(find_plan(name).plan) for name in names))


PEOPLE = pa.table({"psn_no": ["P1", "P2"], "cover_from": ["2022-01-01"] * 2, "cover_to": ["2022-12-31"] * 2})


def decided(members: Rows, bills: Rows) -> None:
    """Every row of the bills is accounted for, under every plan, and columns and rows say the same of it."""
    people, facts = Members(members), Settlements(bills)
    for program in programs():
        found = decide_columns(program, people, facts)
        assert found.adjudicated + len(found.undecided) + found.cancelled + len(found.refused) == len(bills)
    alike(facts)


def alike(facts: Settlements) -> None:
    """What columns take for plain, rows take without a fault, and to the same amounts and moments."""
    for row, bill in enumerate(facts.read(np.arange(len(facts)))):
        if facts.unusable[row]:
            continue
        assert bool(facts.odd[row]) == (bill.fault is not None), bill
        if bill.fault is None:
            assert facts.time[row] == (bill.setl_time - datetime(1970, 1, 1)).total_seconds()
            found = {name: int(fen[row]) for name, (fen, state) in facts.amounts.items() if state[row] == PLAIN}
            assert found == dict(bill.amounts)


def outcome(act: Callable[[], None]) -> None:
    """Everything accounted for, or a sentence with a stable code: nothing else, and no warning either."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            act()
        except HuiminError as error:
            assert error.message.strip()
            assert error.code
            assert len(error.message) < 5_000


@few
@given(rows_of_bills, st.dictionaries(st.sampled_from(MEMBER_COLUMNS), texts, max_size=8))
def test_rows_of_any_texts_are_facts_with_or_without_a_fault(bill: dict[str, str], member: dict[str, str]) -> None:
    fact = settlement_from_row({"setl_id": "S1", "psn_no": "", "setl_time": ""} | bill)
    assert fact.fault is None or (fact.fault.code and fact.fault.reason)
    plain = {"psn_no": "P1", "cover_from": "2022-01-01", "cover_to": "2022-12-31"}
    outcome(lambda: void(member_from_row(plain | member)))


def void(_: object) -> None:
    """Nothing is done with it."""


CSV = (
    b"setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt,diag_codes,reverses\n"
    b'S1,P1,2022-03-01,21,30000.00,0.00,"C34.900;I10",\nS2,P2,2022-03-02 14:05:00,21,30000,0,,\n'
    b"S3,P2,2022-03-03,21,30000.00,0.00,,S2\nS4,P1,2022/3/4,14,1.5,0,E11,\n"
)
pieces = st.binary(max_size=6) | st.sampled_from(
    [
        b'"',
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"sep=;\n",
        b"'",
        b"=",
        b"\xca\xc2",
    ]
)
cuts = st.lists(st.tuples(st.integers(0, len(CSV)), st.integers(0, 12), pieces), max_size=6)


def mutated(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        content = content[:place] + piece + content[place + length :]
    return content


@few
@given(st.sampled_from([CSV, CSV.replace(b",", b";"), CSV.decode().encode("utf-16")]), cuts)
def test_any_bytes_in_a_csv_file_are_accounted_for_or_refused_with_a_sentence(
    content: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "s.csv")
        path.write_bytes(mutated(content, changes))
        outcome(lambda: decided(usable_rows("members", PEOPLE, MEMBERS), open_settlements(path).read()))
        outcome(lambda: void(bills_around(path, "S1")))
        outcome(lambda: void((open_members(path).read(), members_named(path, "P1"))))
        outcome(lambda: reserved(path))


@few
@given(
    st.lists(st.lists(texts, min_size=8, max_size=8), max_size=5), st.lists(st.sampled_from(BILL_COLUMNS), max_size=2)
)
def test_any_texts_in_the_cells_of_a_csv_file_are_accounted_for_or_refused_with_a_sentence(
    rows: list[list[str]], names: list[str]
) -> None:
    """The texts of a good bill, but for a few cells."""
    lines = CSV.decode().splitlines()
    good = next(csv.reader([lines[1]]))
    heads = [*lines[0].split(",")[: len(good) - len(names)], *names]
    with TemporaryDirectory() as folder:
        path = Path(folder, "s.csv")
        with path.open("w", encoding="utf-8", errors="ignore", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            for number, row in enumerate(rows):
                writer.writerow([cell if (n + number) % 3 == 0 else good[n] for n, cell in enumerate(row)])
        outcome(lambda: decided(usable_rows("members", PEOPLE, MEMBERS), open_settlements(path).read()))


cells = (
    st.none()
    | texts.map(lambda text: re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)[:300])
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.booleans()
    | st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(lambda moment: moment.replace(microsecond=0))
    | st.dates(date(1900, 3, 1))
    | st.just(time(14, 5))
    | st.just(timedelta(hours=30))
)
HEADS = ("setl_id", "psn_no", "setl_time", "med_type", "psn_part_amt", "fulamt_ownpay_amt_fen")


@few
@given(st.lists(st.lists(cells, max_size=7), max_size=6), st.lists(st.tuples(st.integers(0, 4000), pieces), max_size=2))
def test_any_cells_and_any_xml_in_an_excel_file_are_accounted_for_or_refused_with_a_sentence(
    rows: list[list[Any]], changes: list[tuple[int, bytes]]
) -> None:
    book = openpyxl.Workbook()
    for row in [HEADS, ("S1", "P1", "2022-03-01", 21, 30000, 0), *rows]:
        book.active.append(row)  # type: ignore[union-attr]
    with TemporaryDirectory() as folder:
        path = Path(folder, "s.xlsx")
        book.save(path)
        if changes:
            _spoil(path, changes)
        outcome(lambda: decided(usable_rows("members", PEOPLE, MEMBERS), open_settlements(path).read()))
        outcome(lambda: reserved(path))


def _spoil(path: Path, changes: list[tuple[int, bytes]]) -> None:
    """Change the XML of the first sheet."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for place, piece in changes:
        parts[sheet] = parts[sheet][:place] + piece + parts[sheet][place:]
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


MOMENTS = [datetime(2022, 3, 1), datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)]
MOMENTS += [datetime(2022, 3, 1, 14, 5, 1, 500), None]
SMALL = (pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32())
VALUES: dict[pa.DataType, list[Any]] = {
    pa.null(): [None],
    pa.string(): [*(text for text in ODD_TEXTS if text.isprintable()), "\x00", None],
    pa.large_string(): ["P1", "21", None],
    pa.string_view(): ["P1", "21", None],
    pa.dictionary(pa.int8(), pa.string()): ["P1", "2022-03-01", None],
    pa.dictionary(pa.int32(), pa.int64()): [1, 21, None],
    pa.bool_(): [True, False, None],
    **{kind: [0, 1, 21, 100, None] for kind in SMALL},
    pa.int64(): [0, 21, -1, 2**63 - 1, -(2**63), 10**13, 10**13 + 1, None],
    pa.uint64(): [0, 21, 2**64 - 1, None],
    pa.float16(): [np.float16(1), None],
    pa.float32(): [1.0, 0.1, float("nan"), None],
    pa.float64(): [0.0, -0.0, 21.0, 0.1, 30000.3, 3e17, 1e300, float("nan"), float("inf"), 2.0**53, 10.0**13, None],
    pa.decimal128(5, 2): [Decimal("1.00"), Decimal("21.00"), Decimal("0.5"), None],
    pa.decimal128(38, 0): [Decimal(10**37), Decimal(-1), Decimal(21), None],
    pa.decimal128(38, 10): [Decimal("1.0000000001"), Decimal("30000"), None],
    pa.decimal256(70, 4): [Decimal("30000.0000"), Decimal("0.0001"), Decimal(10**60), None],
    pa.date32(): [date(2022, 3, 1), date(1, 1, 1), date(9999, 12, 31), None],
    pa.date64(): [date(2022, 3, 1), None],
    **{pa.timestamp(unit): MOMENTS for unit in ("s", "ms", "us")},
    pa.timestamp("ns"): [datetime(2022, 3, 1), datetime(2022, 3, 1, 14, 5, 1, 500), None],
    **{pa.timestamp("us", zone): MOMENTS for zone in ("UTC", "Asia/Shanghai", "-11:00")},
    pa.time32("s"): [time(1), None],
    pa.time64("us"): [time(1), None],
    pa.duration("us"): [timedelta(1), None],
    pa.month_day_nano_interval(): [(1, 1, 1), None],
    **{kind: [b"S1", None] for kind in (pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(2))},
    pa.list_(pa.string()): [["x"], None],
    pa.struct([("a", pa.int64())]): [{"a": 1}, None],
    pa.map_(pa.string(), pa.int64()): [[("a", 1)], None],
}


@st.composite
def columns(draw: st.DrawFn, length: int) -> pa.Array:
    kind = draw(st.sampled_from([*VALUES, "uuid", "runs", "far days"]))
    if kind == "uuid":
        ids = [draw(st.sampled_from([uuid.UUID(int=1).bytes, None])) for _ in range(length)]
        return pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16)))
    if kind == "runs":
        return pa.RunEndEncodedArray.from_arrays([length], ["P1"])
    if kind == "far days":
        days = [draw(st.sampled_from([10**7, -(10**7), 19052])) for _ in range(length)]
        return pa.array(days, pa.int32()).cast(pa.date32())
    return pa.array([draw(st.sampled_from(VALUES[kind])) for _ in range(length)], kind)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Bills with a few columns of any types; what is not drawn is plain."""
    length = draw(st.integers(1, 4))
    plain: dict[str, Any] = {
        "setl_id": [f"S{n}" for n in range(length)],
        "psn_no": ["P1"] * length,
        "setl_time": ["2022-03-01"] * length,
        "med_type": ["21"] * length,
        "psn_part_amt": ["30000.00"] * length,
        "fulamt_ownpay_amt": ["0.00"] * length,
    }
    for name in draw(st.lists(st.sampled_from([name for name in BILL_COLUMNS if name]), max_size=2, unique=True)):
        plain.pop(name.removesuffix("_fen"), None)
        plain[name] = draw(columns(length))
    return pa.table(plain)


@few
@given(tables(), st.booleans())
def test_tables_of_any_types_are_accounted_for_or_refused_with_a_sentence(table: pa.Table, to_disk: bool) -> None:
    members = usable_rows("members", PEOPLE, MEMBERS)
    if not to_disk:
        outcome(lambda: decided(members, usable_rows("settlements", table, SETTLEMENTS)))
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, "s.parquet")
        try:
            pq.write_table(table, path)
        except (pa.ArrowException, OverflowError):
            return  # Parquet has no such type
        outcome(lambda: decided(members, open_settlements(path).read()))
        outcome(lambda: void(bills_around(path, "S1")))


@pytest.mark.parametrize("name", [name for name in BILL_COLUMNS if name])
def test_each_value_of_a_type_is_accounted_for_or_refused_in_each_column(name: str) -> None:
    """All of them at night; else one of forty, and always the texts that are no texts or too long."""
    pairs = [(kind, value) for kind, values in VALUES.items() for value in values]
    always = [(pa.string(), "\x00"), (pa.string(), "x" * 70), (pa.string(), "9" * 5000)]
    for kind, value in pairs if NIGHTLY else [*pairs[len(name) :: 40], *always]:
        outcome(partial(one_value, name, kind, value))


def one_value(name: str, kind: pa.DataType, value: Any) -> None:
    plain = {head: [cell] for head, cell in zip(HEADS, ("S1", "P1", "2022-03-01", "21", "1.00", "0"), strict=True)}
    plain.pop(name.removesuffix("_fen"), None)
    plain.pop(f"{name}_fen", None)
    table = pa.table(plain | {name: pa.array([value], kind)})
    decided(usable_rows("members", PEOPLE, MEMBERS), usable_rows("settlements", table, SETTLEMENTS))


@few
@given(st.data())
def test_members_of_any_types_are_read_or_refused_with_a_sentence(data: st.DataObject) -> None:
    plain: dict[str, Any] = dict(zip(PEOPLE.column_names, PEOPLE.columns, strict=True))
    for name in data.draw(st.lists(st.sampled_from(sorted(MEMBERS.known)), max_size=3, unique=True)):
        plain[name] = data.draw(columns(2))
    bills = {"setl_id": ["S1", "S2"], "psn_no": ["P1", "P2"], "setl_time": ["2022-03-01"] * 2, "med_type": ["21"] * 2}
    facts = pa.table(bills | {"psn_part_amt_fen": [3000000] * 2, "fulamt_ownpay_amt_fen": [0] * 2})
    outcome(lambda: decided(usable_rows("m", pa.table(plain), MEMBERS), usable_rows("s", facts, SETTLEMENTS)))


TRIANGLE = "period,0,1,2,3\n2018,1000,1500,1700,1750\n2019,1100,1700,1900\n2020,1200,1800\n2021,1300\n"
LONG = "origin,age,amount\n2018,0,1000\n2018,1,1500\n2018,2,1700\n2019,0,1100\n2019,1,1700\n2020,0,1200\n"
bits = st.sampled_from(
    ["", "0", "-", "NA", "\t", ";", ",", '"', "\n", "1e9", "1e13", "合计", "-5", "1,000", "x", "\x00", "0.001"]
)
edits = st.lists(st.tuples(st.integers(0, len(TRIANGLE)), st.integers(0, 8), bits | st.text(max_size=3)), max_size=5)


def reserved(path: Path) -> None:
    finite(read_triangle(path))


def finite(triangle: Any) -> None:
    ladder = chain_ladder(triangle)
    ferguson = bornhuetter_ferguson(triangle, [2000.0] * triangle.size)
    for amounts in (ladder.outstanding, ladder.errors, ladder.factors, ferguson.outstanding):
        assert np.isfinite(amounts).all()
    assert (ladder.factors > 0).all()


@few
@given(st.sampled_from([TRIANGLE, LONG]), edits)
def test_triangles_of_any_cells_give_finite_reserves_or_are_refused_with_a_sentence(
    text: str, changes: list[tuple[int, int, str]]
) -> None:
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    outcome(lambda: finite(triangle_of_text(text)))


NOTHING = [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\n\n", b'"', b"sep=;", b"sep=;\n", b"PK\x03\x04", b"\0"]


@pytest.mark.parametrize("content", NOTHING)
@pytest.mark.parametrize("name", ["s.csv", "s.xlsx", "s.parquet"])
def test_files_of_next_to_nothing_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for read in (lambda: open_settlements(path).read(), lambda: reserved(path), lambda: bills_around(path, "S1")):
        with pytest.raises(HuiminError):
            read()


def test_the_files_that_are_changed_are_good_ones_before() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "s.csv")
        path.write_bytes(CSV)
        decided(usable_rows("members", PEOPLE, MEMBERS), open_settlements(path).read())
        assert len(open_settlements(path).read()) == 4
    for text in (TRIANGLE, LONG):
        finite(triangle_of_text(text))
