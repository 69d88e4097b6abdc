"""How histories and approvals name a payout."""

from __future__ import annotations

from huimin.platform.foundation.events import Subject

__all__ = ["LARGE_PAYOUT", "SUBJECT", "subject_of"]

SUBJECT = "payout"
LARGE_PAYOUT = "large_payout"
"""The use case that two people agree on."""


def subject_of(payout_id: int) -> Subject:
    return Subject(SUBJECT, str(payout_id))
