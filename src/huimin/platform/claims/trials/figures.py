"""What a confirmation compares: the figures of an answer, by name, and the lines in which two answers differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huimin.platform.claims.answers import SettlementAnswer

__all__ = ["Changed", "Figures", "changed_lines_of", "figures_of"]

Figures = Mapping[str, int | str]
"""Amounts are fen. A name says what it is, and after a blank of which benefit, as in `payable in_catalogue`."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that is another now; what one of the two answers does not have is empty there."""

    what: str
    """status, policy, owed_sender, owed_insured, payable, deductible_applied, excess, undecided or excluded."""
    benefit: str
    """Empty for what is of the whole bill."""
    before: int | str
    after: int | str


def figures_of(answer: SettlementAnswer) -> Figures:
    """The figures of this bill that the sender goes by.

    Left out is what a bill of somebody else may change without any effect on this one: the words of the explanation,
    and which other bills of the sender are paid differently.
    """
    found: dict[str, int | str] = {
        "status": str(answer.status),
        "policy": answer.policy_number,
        "owed_sender": answer.owed.sender,
        "owed_insured": answer.owed.insured,
    }
    if answer.decision is None:
        return found
    for line in answer.decision.lines:
        found[f"payable {line.benefit}"] = line.payable
        found[f"deductible_applied {line.benefit}"] = line.deductible_applied
        found[f"excess {line.benefit}"] = line.excess
    for one in answer.decision.undecided:
        found[f"undecided {one.benefit}"] = one.term
    return {**found, "excluded": ", ".join(answer.decision.excluded)}


def changed_lines_of(before: Figures, after: Figures) -> list[Changed]:
    """The lines in which the answers differ, in their order."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        Changed(*_parts(name), before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _parts(name: str) -> tuple[str, str]:
    what, _, benefit = name.partition(" ")
    return what, benefit
