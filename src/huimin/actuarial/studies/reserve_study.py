"""What is still to be paid of a run-off triangle, by chain ladder and two methods that rest on an expectation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huimin.actuarial.pages.reserve_page import reserve_page
from huimin.actuarial.reserving import ChainLadder, Reserve, bornhuetter_ferguson, chain_ladder, expected_loss
from huimin.actuarial.triangles import Triangle

__all__ = ["ReserveStudy", "study_reserve"]


@dataclass(frozen=True, slots=True)
class ReserveStudy:
    triangle: Triangle
    ladder: ChainLadder
    others: list[Reserve]

    def page(self, language: str) -> str:
        periods = self.triangle.periods
        said = [f"{self.triangle.size} × {self.triangle.size}, {periods[0]} – {periods[-1]}", self.triangle.digest]
        return reserve_page(self.triangle, self.ladder, self.others, said, language)

    def document(self) -> dict[str, Any]:
        """Yuan by period."""
        methods = {
            one.method: {"ultimate": one.ultimate.tolist(), "outstanding": one.outstanding.tolist(), "total": one.total}
            for one in (self.ladder, *self.others)
        }
        return {
            "digest": self.triangle.digest,
            "periods": list(self.triangle.periods),
            "paid": [[value for value in row if value == value] for row in self.triangle.paid.tolist()],  # noqa: PLR0124 - NaN
            "factors": self.ladder.factors.tolist(),
            "errors": self.ladder.errors.tolist(),
            "total_error": self.ladder.total_error,
            "methods": methods,
        }


def study_reserve(triangle: Triangle, expected: float | None = None) -> ReserveStudy:
    """`expected`: yuan of each period, which the further two methods rest on; without it there is the ladder alone."""
    ladder = chain_ladder(triangle)
    if expected is None:
        return ReserveStudy(triangle, ladder, [])
    prior = [expected] * triangle.size
    return ReserveStudy(triangle, ladder, [bornhuetter_ferguson(triangle, prior), expected_loss(triangle, prior)])
