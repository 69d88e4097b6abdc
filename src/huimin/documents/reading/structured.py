"""Structured files: the fiscal e-bill in the vocabulary of the Ministry of Finance, and tax invoices."""

from __future__ import annotations

from huimin.documents.opening.markup import Node
from huimin.documents.paper import Confidence, Origin, PaperKind, Place, Row, Unread
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.names import FISCAL_TAGS, TAX_TAGS
from huimin.documents.reading.values import plain, written_fen

__all__ = ["read_structured"]

_BREAKDOWNS = {"fundpayamountinfo", "otherpayamountinfo", "ownpayamountinfo"}
_ROWS = {"item": ("itemname", "itemamount"), "goodsinfo": ("item", "amount")}
"""Elements that are a row of a bill or of an invoice, with where its name and its amount stand."""


def read_structured(root: Node, file: str, into: Gathering) -> bool:
    """Add what a structured file says; False where it is neither kind of paper. `file` begins each place's path."""
    names = {node.name.lower() for node in root.walk()}
    if {"einvoicecode", "einvoicenumber"} <= names:
        kind, tags = PaperKind.MEDICAL_BILL, FISCAL_TAGS
    elif "invoiceno" in names and "taxinclusivetotalamount" in names:
        kind, tags = PaperKind.TAX_INVOICE, TAX_TAGS
    else:
        return False
    into.kind = kind if into.kind is PaperKind.UNKNOWN else into.kind
    for node in root.walk():
        name, place = node.name.lower(), Place(f"{file}#{node.path}" if file else node.path)
        if name in tags and not node.children:
            into.add(tags[name], node.text, Origin.XML, place, Confidence.NAMED)
        elif name in _BREAKDOWNS and node.text:
            into.texts.append((plain(node.text), place))
    into.add_rows(_rows(root, file, into))
    return True


def _rows(root: Node, file: str, into: Gathering) -> list[Row]:
    found: list[Row] = []
    for node in root.walk():
        inner = {child.name.lower(): child.text for child in node.children}
        name, amount = _ROWS.get(node.name.lower(), ("", ""))
        if amount in inner:
            place = Place(f"{file}#{node.path}" if file else node.path)
            fen = written_fen(inner[amount])
            if fen is None:
                into.unread.setdefault(f"row {len(found) + 1}", Unread("row", plain(inner[amount])[:80], place))
            else:
                found.append(Row(plain(inner.get(name, "")), fen, place))
    return found
