"""Identities among a paper's amounts. One is tried where all that it needs was read, and proves these if it holds.

That a sum holds by chance, with a figure that was misread, needs a second error of exactly the same size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from huimin.documents.paper import Paper, PaperKind
from huimin.documents.proofs.capitals import capitals_fen
from huimin.documents.proofs.findings import Proof

__all__ = ["identities"]

_PAYERS = ("fund_paid", "account_paid", "other_paid", "cash_paid")
_TWO = 2


def identities(paper: Paper) -> Iterator[Proof]:
    """Every identity that can be tried on what was read, whether or not it holds."""
    total = paper.fen("total")
    if total is not None:
        yield from _of_total(paper, total)
    if paper.kind is PaperKind.MEDICAL_BILL:
        yield from _of_deposit(paper)


def _of_total(paper: Paper, total: int) -> Iterator[Proof]:
    capitals = capitals_fen(paper.text("total_in_capitals") or "")
    if capitals is not None:
        yield Proof("capitals", capitals, total, ("total",))
    taxed, tax = paper.fen("before_tax"), paper.fen("tax")
    if taxed is not None and tax is not None:
        yield _sum("tax", (taxed, tax), total, ("before_tax", "tax", "total"))
    if paper.rows and not (paper.kind is PaperKind.TAX_INVOICE and taxed is None):
        whole, name = (taxed, "before_tax") if taxed is not None else (total, "total")
        yield _sum("rows", [row.fen for row in paper.rows], whole, ("rows", name))
    payers = {name: fen for name in _PAYERS if (fen := paper.fen(name)) is not None}
    if len(payers) > 1:
        yield _sum("payers", payers.values(), total, (*payers, "total"))
    inside, outside = _named(paper, "in_scope"), _named(paper, "out_of_scope")
    if inside is not None and outside is not None:
        yield _sum("scope", (inside, outside), total, ("in_scope", "out_of_scope", "total"))


def _sum(name: str, parts: Collection[int], whole: int, proves: tuple[str, ...]) -> Proof:
    return Proof(name, sum(parts), whole, proves, repeats=sum(part != 0 for part in parts) < _TWO)


def _of_deposit(paper: Paper) -> Iterator[Proof]:
    """Deposit and what was topped up, less what was returned, is what the person paid in cash."""
    deposit, returned, cash = (paper.fen(name) for name in ("deposit", "returned", "cash_paid"))
    if deposit and cash is not None:
        held = [name for name in ("deposit", "topped_up", "returned", "cash_paid") if paper.fen(name) is not None]
        yield _sum("deposit", (deposit, paper.fen("topped_up") or 0, -(returned or 0)), cash, tuple(held))


def _named(paper: Paper, meaning: str) -> int | None:
    """The amount under a meaning; None where none was read, or several differ."""
    found = {one.fen for one in paper.named if one.meaning == meaning}
    return found.pop() if len(found) == 1 else None
