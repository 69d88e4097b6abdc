"""What a bill says of itself that a person must see: reversed, paid by the plan already, zeros that are none."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.documents.paper import NamedAmount, Paper
from huimin.documents.proofs.findings import Question
from huimin.money import format_yuan

__all__ = ["ask_of_contradictions"]

_YES = frozenset({"true", "1", "y", "yes", "是", "已冲红"})
_SHOWS_OWN_PART = {
    "printed_self_paid": ("in_scope_self_paid", "first_self_pay", "deductible"),
    "printed_self_funded": ("out_of_scope", "over_limit"),
}
"""Named amounts that cannot be above zero where the printed field is truly zero."""


def ask_of_contradictions(paper: Paper) -> Iterator[Question]:
    yield from _reversal(paper)
    for one in paper.named:
        if one.meaning == "city_plan_paid" and one.fen:
            yield Question("plan_paid_at_counter", one.place, {"amount": format_yuan(one.fen), "text": one.name})
    for name, meanings in _SHOWS_OWN_PART.items():
        printed = paper.field(name)
        shown = next((one for one in paper.named if one.meaning in meanings and one.fen > 0), None)
        if printed is not None and printed.value == 0 and shown is not None:
            yield Question("printed_zero_contradicted", printed.place, _values(name, shown))


def _reversal(paper: Paper) -> Iterator[Question]:
    reverses = [one for name in ("reverses_code", "reverses_number") if (one := paper.field(name)) is not None]
    total = paper.field("total")
    if reverses or (total is not None and isinstance(total.value, int) and total.value < 0):
        shown = next(one for one in (*reverses, total) if one is not None)
        yield Question("red_bill", shown.place, {"text": " ".join(str(one.value) for one in reverses) or "-"})
    mark = paper.field("reversed_mark")
    if mark is not None and str(mark.value).lower() in _YES and not reverses:
        yield Question("reversed_without_number", mark.place)


def _values(name: str, shown: NamedAmount) -> dict[str, str]:
    return {"name": name, "amount": format_yuan(shown.fen), "text": shown.name}
