"""Members, settlements and decisions as plain JSON values, for the conformance set and for evaluators written by
others.

Programs have a format of their own: `program_json`.

Amounts are integers of fen, days `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MM:SS`. A key that is absent is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from huimin.adjudication.decisions import MemberYear
from huimin.settlement import Care, Item, Member, Settlement

__all__ = ["member_from_json", "member_to_json", "settlement_from_json", "settlement_to_json", "year_to_json"]

_MEMBER_DAYS = ("cover_from", "cover_to", "birth_date")
_SETTLEMENT_DAYS = ("admission", "discharge")


def member_to_json(member: Member) -> dict[str, Any]:
    known = _known(asdict(member))
    return {**known, "pre_existing": sorted(member.pre_existing)}


def member_from_json(document: Mapping[str, Any]) -> Member:
    days = {key: date.fromisoformat(document[key]) for key in _MEMBER_DAYS if key in document}
    paid = {"paid_before": tuple(map(tuple, document["paid_before"]))} if "paid_before" in document else {}
    if "diagnosed" in document:
        paid["diagnosed"] = tuple((code, date.fromisoformat(day)) for code, day in document["diagnosed"])
    return Member(**{**document, **days, **paid, "pre_existing": frozenset(document.get("pre_existing", ()))})


def settlement_to_json(settlement: Settlement) -> dict[str, Any]:
    """Raises ValueError for a row that could not be read: it has no portable form."""
    if settlement.fault is not None:
        raise ValueError(f"settlement {settlement.setl_id} could not be read: {settlement.fault.reason}")
    document = _known(asdict(settlement))
    care = _known(document.pop("care"))
    if "items" in care:
        care["items"] = [_known(item) for item in care["items"]]
    return {**document, "care": care} if care else document


def settlement_from_json(document: Mapping[str, Any]) -> Settlement:
    days = {key: date.fromisoformat(document[key]) for key in _SETTLEMENT_DAYS if key in document}
    care = dict(document.get("care", {}))
    if "diagnoses" in care:
        care["diagnoses"] = tuple(care["diagnoses"])
    if "items" in care:
        care["items"] = tuple(_item(item) for item in care["items"])
    moment = datetime.fromisoformat(document["setl_time"])
    return Settlement(**{**document, **days, "setl_time": moment, "care": Care(**care)})


def year_to_json(year: MemberYear) -> dict[str, Any]:
    """The result that an evaluator must reach: decisions in adjudication order, cancelled bills, refused bills and
    why.
    """
    return {
        "decisions": [
            {
                "setl_id": decision.settlement.setl_id,
                "benefits": [
                    {
                        "benefit": line.benefit,
                        "base": line.base,
                        "deductible_applied": line.deductible_applied,
                        "excess": line.excess,
                        "payable": line.payable,
                    }
                    for line in decision.lines
                ],
                "undecided": [one._asdict() for one in decision.undecided],
                "excluded": list(decision.excluded),
            }
            for decision in year.decisions
        ],
        "cancelled": [settlement.setl_id for settlement in year.cancelled],
        "refused": [{"setl_id": refusal.setl_id, "code": refusal.code} for refusal in year.refused],
    }


def _item(document: Mapping[str, Any]) -> Item:
    day = {"day": date.fromisoformat(document["day"])} if "day" in document else {}
    return Item(**{**document, **day})


def _known(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not None, with days and moments as text and tuples as lists."""
    return {key: _plain(value) for key, value in document.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
