"""An explanation as pages show it: the bill as one bar, and the steps in words."""

from __future__ import annotations

from typing import Any

from huimin.adjudication import Explanation, render

__all__ = ["explanation_context"]


def explanation_context(explanation: Explanation, names: dict[str, str], language: str) -> dict[str, Any]:
    """`parts` for the bar and its legend, `steps` for the table."""
    lines = render(explanation, names, language)
    steps = [line for line in lines if line.kind != "bill" and not line.kind.startswith("part")]
    undecided = [names[name] for name in explanation.undecided]
    return {"steps": steps, "parts": _bar(explanation, names), "undecided": undecided}


def _bar(explanation: Explanation, names: dict[str, str]) -> list[dict[str, str | int]]:
    """The bill as one bar: who pays, where the piece starts and how long it is, in fen. Empty pieces are left out."""
    pieces: list[dict[str, str | int]] = []
    start, benefits = 0, 0
    for part in explanation.parts:
        benefits += part.kind == "benefit"
        if part.amount:
            name, shade = names.get(part.benefit, ""), f"{part.kind} n{benefits}"
            piece: dict[str, str | int] = {
                "kind": part.kind,
                "shade": shade,
                "name": name,
                "start": start,
                "amount": part.amount,
            }
            pieces.append(piece)
            start += part.amount
    return pieces
