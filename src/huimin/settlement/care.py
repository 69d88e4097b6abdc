"""How a bill came about: where, in which ward, for which diagnoses, with which drugs. What was not reported is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["PLACES", "WARDS", "Care", "Item"]

PLACES = ("local", "referred", "elsewhere")
"""In the city; outside it with a referral or filing (转诊、备案); outside it without."""
WARDS = ("ordinary", "special")
"""Special: international, VIP and the like (特需)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a bill: a drug, an implant or a consumable, in fen."""

    code: str
    amount: int
    day: date | None = None
    """When it was dispensed; the bill's own day where it is not given."""
    indication: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """Facts of a bill that terms may ask for."""

    hospital_level: int | None = None
    """1, 2 or 3 (一级、二级、三级)."""
    place: str | None = None
    ward: str | None = None
    settled_by_basic_insurance: bool | None = None
    accident: bool | None = None
    diagnoses: tuple[str, ...] | None = None
    """ICD-10 codes, as reported."""
    items: tuple[Item, ...] | None = None
