"""The look-back for programs: one document of plain numbers, amounts in fen where the name says so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from huimin.actuarial.lookback.review import Lookback

__all__ = ["lookback_document"]


def lookback_document(found: Lookback) -> dict[str, Any]:
    ladder = found.ladder
    return {
        "plan": found.plan,
        "valued_on": str(found.valuation.day),
        "digests": dict(found.digests),
        "undecided_bills": found.undecided,
        "left_out": [asdict(one) for one in found.left_out],
        "members": found.members,
        "written_fen": found.written,
        "earned_fen": found.earned,
        "decided_fen": found.decided,
        "paid_fen": found.paid,
        "outstanding_fen": None if found.too_thin else found.outstanding,
        "too_thin": found.too_thin or None,
        "payout_ratio": found.payout_ratio,
        "decided_ratio": found.decided_ratio,
        "paid_ratio": found.paid_ratio,
        "deficiency_fen": found.deficiency,
        "chain_ladder_error": None if ladder is None else ladder.total_error,
        "reserves": {one.method: one.total for one in found.reserves},
        "bridge_fen": None
        if found.bridge is None
        else {"opening": found.bridge.opening, **{step.name: step.change for step in found.bridge.steps}},
        "comparisons": [
            {"by": one.by, "value": one.value, "actual": round(one.actual, 2), "expected": round(one.expected, 2)}
            for one in found.comparisons
        ],
    }
