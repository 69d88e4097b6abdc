"""An explanation prepared for pages: the bill as one bar, and the steps in words."""

from __future__ import annotations

from typing import Any

from huimin.adjudication import Explanation, Names, render

__all__ = ["explanation_context"]


def explanation_context(explanation: Explanation, names: Names, language: str) -> dict[str, Any]:
    """`parts` for the bar and its legend, `steps` for the table, `beside` and `notes` for the lines below."""
    lines = render(explanation, names, language)
    parts = [line.text for line in lines if line.kind.startswith("part")]
    return {
        "steps": [
            line for line in lines if line.kind not in ("bill", "note", "beside") and not line.kind.startswith("part")
        ],
        "parts": _bar(explanation, parts),
        "beside": [line for line in lines if line.kind == "beside"],
        "notes": [line.text for line in lines if line.kind == "note"],
    }


def _bar(explanation: Explanation, names: list[str]) -> list[dict[str, str | int]]:
    """The bill as one bar: who pays, where the piece starts and how long it is, in fen. Empty pieces are left out."""
    pieces: list[dict[str, str | int]] = []
    start, benefits = 0, 0
    for part, name in zip(explanation.parts, names, strict=True):
        benefits += part.kind == "benefit"
        if part.amount:
            piece: dict[str, str | int] = {
                "shade": f"{part.kind} n{benefits}",
                "name": name,
                "start": start,
                "amount": part.amount,
            }
            pieces.append(piece)
            start += part.amount
    return pieces
