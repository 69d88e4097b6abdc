"""A cover year that is over, or partly over, beside what was expected of it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from huimin.actuarial.history import History
from huimin.actuarial.lookback import Claims, Lookback, Valuation, claims_of, look_back
from huimin.actuarial.lookback.document import lookback_document
from huimin.actuarial.lookback.workbook import write_workbook
from huimin.actuarial.outcomes import invented_people
from huimin.actuarial.pages.lookback_page import lookback_page
from huimin.adjudication import Program
from huimin.terms.loading import LoadedPlan

__all__ = ["LookbackStudy", "study_year"]


@dataclass(frozen=True, slots=True)
class LookbackStudy:
    loaded: LoadedPlan
    found: Lookback
    invented: bool
    """Whether the year, or what was expected of it, is of an invented city."""

    def notice(self, language: str) -> list[str]:
        return invented_people(self.loaded.plan.id, language) if self.invented else []

    def page(self, language: str) -> str:
        return lookback_page(self.found, language, self.loaded.plan.benefit_names(language), self.notice(language))

    def workbook(self, language: str) -> bytes:
        """An Excel file with formulas."""
        book = BytesIO()
        names = self.loaded.plan.benefit_names(language)
        write_workbook(self.found, book, language, names, self.notice(language))
        return book.getvalue()

    def document(self) -> dict[str, Any]:
        said = [f"{self.loaded.plan.id} {self.loaded.digest}"]
        return {"notice": self.notice("en"), "said": said, **lookback_document(self.found)}


def study_year(
    loaded: LoadedPlan,
    program: Program,
    history: History,
    actual: Claims,
    basis: History,
    valuation: Valuation,
    *,
    invented: bool,
) -> LookbackStudy:
    """`actual`: the claims of `history`, with the days of payment where they are known; `basis`: the year expected."""
    digests = (("plan", loaded.digest), ("year", history.digest), ("basis", basis.digest))
    found = look_back(program, actual, claims_of(program, basis), valuation, digests)
    return LookbackStudy(loaded, found, invented)
