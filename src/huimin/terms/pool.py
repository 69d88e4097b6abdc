"""Who bears the risk and what the plan costs to run: shares by period, and fees."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from huimin.terms.conditions import Identifier, YesOrNo
from huimin.terms.values import Bilingual, Fen, Rate, Sourced, Strict

__all__ = ["Fee", "Pool", "PoolShare", "PoolShares"]


class PoolShare(Strict):
    insurer: Identifier
    name: Bilingual
    basis_points: Rate = Field(alias="percent")
    lead: YesOrNo = False


class PoolShares(Sourced):
    """The shares of premium and claims from a day on; of all benefits, or of those named."""

    from_day: date
    benefits: tuple[Identifier, ...] = ()
    share: Annotated[tuple[PoolShare, ...], Field(min_length=1)]


class Fee(Sourced):
    """What is taken of each premium before it is shared: a percentage of it, or a sum for each policy."""

    kind: Literal["platform", "operation", "broker", "third_party_administrator", "promotion"]
    basis_points: Rate | None = Field(None, alias="percent")
    fen: Fen | None = Field(None, alias="yuan")


class Pool(Strict):
    shares: tuple[PoolShares, ...] = ()
    fees: tuple[Fee, ...] = ()
