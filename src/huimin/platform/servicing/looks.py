"""Consequences on which only a person can decide: why, and what each is about."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ToLook"]


@dataclass(frozen=True, slots=True)
class ToLook:
    """`why` is a code; `named` are numbers of records, amounts in fen or codes: no personal data."""

    why: str
    named: tuple[str, ...] = ()
