"""What a day's comparison may find, and what a person may find out about it.

A payment company's differences are closed with a note. A bank's are answered by a finding: one of a few answers, with
its reason, so that what became of each fen can be counted.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from huimin.platform.payments.models import FOUND_ALONE, CaseKind

__all__ = ["ANSWERS", "DAY_KINDS", "DifferenceAnswer", "answers_to"]


class DifferenceAnswer(enum.StrEnum):
    """What is found about a difference with the bank."""

    ON_ANOTHER_DAY = "on_another_day"
    """The statement of another day has it."""
    NOT_PAID = "not_paid"
    """The bank never paid it: what it was for is owed as before."""
    BANK_TAKES_BACK = "bank_takes_back"
    """The bank booked it by mistake and books it back."""
    BANK_EVENS_OUT = "bank_evens_out"
    """The bank books the difference of the amounts."""
    WRITTEN_WRONGLY = "written_wrongly"
    """The money moved as we have it; only the statement is wrong."""
    NOT_FOR_CLAIMS = "not_for_claims"
    """Money of the account that has nothing to do with claims, such as a fee of the bank."""
    REPAYS = "repays"
    """It pays back what was paid too much on a policy, which the handler knows otherwise than by the remark."""
    NO_STATEMENT_THAT_DAY = "no_statement_that_day"
    """The bank wrote none: nothing moved on the account."""


ANSWERS: Mapping[CaseKind, Sequence[DifferenceAnswer]] = {
    CaseKind.BANK_NOT_BOOKED: (
        DifferenceAnswer.REPAYS,
        DifferenceAnswer.BANK_TAKES_BACK,
        DifferenceAnswer.WRITTEN_WRONGLY,
        DifferenceAnswer.NOT_FOR_CLAIMS,
    ),
    CaseKind.BANK_LACKS: (
        DifferenceAnswer.ON_ANOTHER_DAY,
        DifferenceAnswer.WRITTEN_WRONGLY,
        DifferenceAnswer.NOT_PAID,
    ),
    CaseKind.BANK_OTHER_AMOUNT: (DifferenceAnswer.BANK_EVENS_OUT, DifferenceAnswer.WRITTEN_WRONGLY),
    CaseKind.BANK_TWICE: (DifferenceAnswer.BANK_TAKES_BACK, DifferenceAnswer.WRITTEN_WRONGLY),
    CaseKind.BANK_NO_STATEMENT: (DifferenceAnswer.NO_STATEMENT_THAT_DAY,),
}
"""By kind, what answers it."""

DAY_KINDS = (
    CaseKind.MISSING_WITH_US,
    CaseKind.MISSING_WITH_THEM,
    CaseKind.FILE_OTHER_AMOUNT,
    CaseKind.FILE_TWICE,
    *FOUND_ALONE,
)


def answers_to(kind: str, ours: int, theirs: int) -> Sequence[DifferenceAnswer]:
    """What may be found about a case of this kind; nothing where a note closes it.

    `ours`, `theirs`: fen that we have booked, and that the statement has. Below zero money came in: of what we have as
    come in, that it was never paid answers nothing, and only what came in repays.
    """
    left_out = set()
    if ours <= 0:
        left_out.add(DifferenceAnswer.NOT_PAID)
    if theirs >= 0:
        left_out.add(DifferenceAnswer.REPAYS)
    return tuple(one for one in ANSWERS.get(CaseKind(kind), ()) if one not in left_out)
