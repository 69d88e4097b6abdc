"""A claim goes from one state to the next: its row, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.quick_claims.models import QuickClaim, QuickClaimState

__all__ = ["SUBJECT", "move", "subject_of"]

SUBJECT = "quick_claim"
_LAST = (QuickClaimState.ANSWERED, QuickClaimState.WITHDRAWN)


def move(
    claim: QuickClaim, state: QuickClaimState, *, by: str, reason: str = "", data: Mapping[str, Any] | None = None
) -> None:
    """Call it in a transaction, with the claim locked. `reason`: a code."""
    moment = now(claim.city)
    claim.state, claim.fault = state, reason
    claim.ended_at = moment if state in _LAST else None
    QuickClaim.objects.rewrite(claim, "state", "fault", "ended_at")
    said = {**(data or {}), **({"code": reason} if reason else {})}
    history_of(claim.city, subject_of(claim.pk)).append(state.value, actor=by, at=moment, data=said)


def subject_of(claim_id: int) -> Subject:
    return Subject(SUBJECT, str(claim_id))
