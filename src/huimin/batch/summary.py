"""summary.json: what a job read, decided and would pay."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from huimin.adjudication import Program
from huimin.batch.parts import Sums
from huimin.batch.sources import Source
from huimin.money import format_yuan
from huimin.terms.loading import LoadedPlan

__all__ = ["JobSummary", "summary_of"]


@dataclass(frozen=True)
class JobSummary:
    """What summary.json holds. Amounts in yuan with two decimals."""

    plan: str
    plan_digest: str
    program_digest: str
    engine: str
    rows_read: int
    adjudicated: int
    cancelled: int
    refused: int
    refused_by_code: dict[str, int]
    members_decided_one_by_one: int
    """Those whose year no column holds; see putting_aside.beyond_columns."""
    payable: str
    payable_by_benefit: dict[str, str]
    ignored_columns: list[str]
    """Of the settlements; columns that nobody reads."""
    ignored_member_columns: list[str]
    sheets: dict[str, Any]
    """Of Excel files, for members and settlements: which sheet was read, and which were not."""


def summary_of(
    plan: LoadedPlan, program: Program, engine: str, rows_read: int, sums: Sums, members: Source, bills: Source
) -> JobSummary:
    found = {name: fen for (_, name), [fen] in sums.payable.items()}
    payable = {benefit.id: found.get(benefit.id, 0) for benefit in program.benefits}
    sheets = {"members": members.sheets, "settlements": bills.sheets}
    return JobSummary(
        plan=program.plan,
        plan_digest=plan.digest,
        program_digest=program.digest,
        engine=engine,
        rows_read=rows_read,
        adjudicated=sums.adjudicated,
        cancelled=sums.cancelled,
        refused=sums.refused.total(),
        refused_by_code=dict(sorted(sums.refused.items())),
        members_decided_one_by_one=sums.one_by_one,
        payable=format_yuan(sum(payable.values())),
        payable_by_benefit={name: format_yuan(fen) for name, fen in payable.items()},
        ignored_columns=list(bills.ignored),
        ignored_member_columns=list(members.ignored),
        sheets={name: asdict(one) for name, one in sheets.items() if one is not None},
    )
