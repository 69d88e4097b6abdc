"""Bills of people whom the members file does not have."""

from __future__ import annotations

from huimin.errors import Refusal

__all__ = ["unknown_member"]


def unknown_member(setl_id: str, psn_no: str) -> Refusal:
    return Refusal(setl_id, "unknown_member", f"the members file has no psn_no {psn_no!r}")
