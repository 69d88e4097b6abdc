"""What the API gives of trials. Amounts are text in yuan with two decimals."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from huimin.platform.api.settlement_schemas import SettlementOut

__all__ = ["TrialOut"]


class LeftOut(Schema):
    """What the year leaves of a deductible or a limit that the bill meets: without the bill, and with it.

    `kind`: deductible or limit. `per`: year, month, day or life. `benefits` share it. What begins anew with each bill
    is not listed.
    """

    kind: str
    per: str
    benefits: list[str]
    names_zh: list[str]
    names_en: list[str]
    amount: Annotated[str, Field(description="the whole of it")]
    before: str
    after: str
    source: str


class TrialOut(Schema):
    """What a bill would be paid. It is no promise: `note_zh` and `note_en` say so, to be printed with it.

    `state`: `open`; `confirmed`; `cancelled`; `replaced` by another trial, since the year had changed; `settled_apart`
    where a bill of this id came by POST /settlements; `lapsed` after `valid_until`, when it can be confirmed all the
    same. `settlement` is the id under which the bill is settled, empty while it is not.
    """

    trial: str
    state: str
    computed_at: str
    valid_until: str
    settlement: str
    replaced_by: str
    would_answer: SettlementOut
    left: list[LeftOut]
    note_zh: str
    note_en: str
