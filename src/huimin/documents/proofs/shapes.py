"""The shapes of a bill's numbers, and the key that makes it this bill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from huimin.documents.paper import Paper, PaperKind
from huimin.documents.proofs.findings import BillKey, Question

__all__ = ["ask_of_keys", "ask_of_shapes", "key_of"]

_OF_MEDICAL_BILL = {
    "bill_code": (r"\d{8}", "8 digits", "8 位数字"),
    "bill_number": (r"\d{10}", "10 digits, leading zeros included", "10 位数字，含前导零"),
    "check_code": (r"[0-9a-z]{6}", "6 small letters or digits", "6 位小写字母或数字"),
}
_OF_TAX_INVOICE = {"bill_number": (r"\d{20}|\d{8}", "20 digits, or 8 with a code", "20 位数字，或附代码的 8 位数字")}


def ask_of_shapes(paper: Paper) -> Iterator[Question]:
    """A question for each number that is missing, or has a shape that it cannot have."""
    shapes = {PaperKind.MEDICAL_BILL: _OF_MEDICAL_BILL, PaperKind.TAX_INVOICE: _OF_TAX_INVOICE}.get(paper.kind, {})
    for name, (shape, expected, expected_zh) in shapes.items():
        found = paper.field(name)
        if found is None:
            yield Question("number_missing", values={"name": name})
        elif not re.fullmatch(shape, str(found.value), re.ASCII):
            values = {"name": name, "text": str(found.value), "expected": expected, "expected_zh": expected_zh}
            yield Question("odd_shape", found.place, values)


def key_of(paper: Paper) -> BillKey | None:
    """The key of a bill or invoice; None where its number was not read. Later electronic invoices have no code: ""."""
    code, number = paper.text("bill_code") or "", paper.text("bill_number")
    if number is None or (paper.kind is PaperKind.MEDICAL_BILL and not code):
        return None
    return BillKey(code, number, paper.text("check_code"), paper.fen("total"))


def ask_of_keys(paper: Paper, known: Iterable[BillKey]) -> Iterator[Question]:
    """Whether a bill of the same key came before: the same again, or one that says otherwise, which is suspicious."""
    key = key_of(paper)
    for other in known:
        if key is None or (key.bill_code, key.bill_number) != (other.bill_code, other.bill_number):
            continue
        differing = [
            name
            for name in ("check_code", "total")
            if None not in (getattr(key, name), getattr(other, name)) and getattr(key, name) != getattr(other, name)
        ]
        for name in differing:
            found = paper.field(name)
            if found is not None:
                yield Question("same_key_other_content", found.place, {"name": name})
        if not differing:
            yield Question("same_bill_again")
