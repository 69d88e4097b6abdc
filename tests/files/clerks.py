"""Small files as clerks send them, and what a job says of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cast import JIANGSU
from huimin.cli import main

HEADS = ("setl_id", "psn_no", "setl_time", "med_type", "psn_part_amt", "fulamt_ownpay_amt")
BILL = ("S1", "P1", "2022-03-01", "21", "30000.00", "0.00")
"""13,000.00 under Jiangsu 2022: half of what is above 4,000.00."""
PEOPLE = "psn_no,cover_from,cover_to\nP1,2022-01-01,2022-12-31\nP2,2022-01-01,2022-12-31\n"


def a_bill(**changes: str) -> dict[str, str]:
    return dict(zip(HEADS, BILL, strict=True)) | changes


class Desk:
    """Runs the command on files of one folder."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.out = home, home / "out"
        self._capsys = capsys
        self.members = self.text("members.csv", PEOPLE)
        self.said = ""

    def text(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.home / name
        path.write_bytes(text.encode(encoding))
        return path

    def bills(self, text: str, encoding: str = "utf-8") -> Path:
        return self.text("settlements.csv", text, encoding)

    def sheets(self, name: str, sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> Path:
        """An Excel file of these sheets."""
        book = openpyxl.Workbook()
        book.remove(book.active)  # type: ignore[arg-type]
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
            sheet.sheet_state = "hidden" if title in hidden else "visible"
        book.save(self.home / name)
        return self.home / name

    def parquet(self, columns: Mapping[str, Any], name: str = "settlements.parquet") -> Path:
        pq.write_table(pa.table(dict(columns)), self.home / name)
        return self.home / name

    def adjudicate(self, settlements: Path, members: Path | None = None, plan: str = JIANGSU) -> int:
        """The exit status; what was said is in `said`, all of it."""
        files = ["--members", f"{members or self.members}", "--settlements", f"{settlements}", "--out", f"{self.out}"]
        status = main(["adjudicate", plan, *files])
        caught = self._capsys.readouterr()
        self.said = caught.out + caught.err
        return status

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.out / "summary.json").read_text("utf-8"))  # type: ignore[no-any-return]

    @property
    def refused(self) -> list[tuple[str, str]]:
        with (self.out / "refused.csv").open(encoding="utf-8", newline="") as file:
            return [(row["setl_id"], row["code"]) for row in csv.DictReader(file)]

    @property
    def reasons(self) -> list[str]:
        with (self.out / "refused.csv").open(encoding="utf-8", newline="") as file:
            return [row["reason"] for row in csv.DictReader(file)]


def with_xml(path: Path, part: str, before: str, after: str) -> Path:
    """An Excel file whose XML another program wrote: `before` stands as `after` in a part of the archive."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    assert before in text
    parts[part] = text.replace(before, after).encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
