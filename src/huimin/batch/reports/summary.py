"""summary.json: what a job read, decided and would pay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from huimin.adjudication import Program
from huimin.batch.decide.sums import Sums
from huimin.money import format_yuan
from huimin.terms.loading import LoadedPlan

if TYPE_CHECKING:
    from huimin.batch.files.excel import Sheets

__all__ = ["JobSummary", "summary_of"]


@dataclass(frozen=True)
class JobSummary:
    """The content of summary.json. Amounts in yuan with two decimals."""

    plan: str
    plan_digest: str
    program_digest: str
    engine: str
    rows_read: int
    adjudicated: int
    undecided: int
    cancelled: int
    refused: int
    refused_by_code: dict[str, int]
    members_decided_one_by_one: int
    """Members decided by the evaluator, because columns cannot hold their year; see beyond_columns."""
    not_covered: int
    """The adjudicated bills to which no benefit applies."""
    payable: str
    """What the decided benefits pay, on undecided bills too."""
    payable_by_benefit: dict[str, str]
    """By benefit, without those that are undecided on every bill that they concern."""
    undecided_by_benefit: dict[str, dict[str, int]]
    """By benefit, what is not known of it and why, with the number of bills."""
    not_of_bills: dict[str, str]
    """Benefits of unknown terms that are not claimed by a bill, and why; nothing above counts them."""
    ignored_columns: list[str]
    """Columns of the settlements file that are not used."""
    ignored_member_columns: list[str]
    sheets: dict[str, Any]
    """For members and settlements in Excel files: which sheet was read, and which were not."""


class FileRead(Protocol):
    """What the summary says about a file: the columns that are not used and, for an Excel file, its sheets."""

    @property
    def ignored(self) -> tuple[str, ...]: ...
    @property
    def sheets(self) -> Sheets | None: ...


def summary_of(
    plan: LoadedPlan, program: Program, engine: str, rows_read: int, sums: Sums, members: FileRead, bills: FileRead
) -> JobSummary:
    found = {name: (fen, lines) for (_, name), [fen, lines] in sums.payable.items()}
    unknown: dict[str, dict[str, int]] = {}
    for (name, why), [bills_undecided] in sorted(sums.unknown.items()):
        unknown.setdefault(name, {})[why] = bills_undecided
    named = [benefit.id for benefit in program.benefits if benefit.unknown is None]
    payable = {name: found[name][0] if name in found else 0 for name in named if _has_sum(name, found, unknown)}
    sheets = {"members": members.sheets, "settlements": bills.sheets}
    return JobSummary(
        plan=program.plan,
        plan_digest=plan.digest,
        program_digest=program.digest,
        engine=engine,
        rows_read=rows_read,
        adjudicated=sums.adjudicated,
        undecided=sums.undecided,
        cancelled=sums.cancelled,
        refused=sums.refused.total(),
        refused_by_code=dict(sorted(sums.refused.items())),
        members_decided_one_by_one=sums.one_by_one,
        not_covered=sums.not_covered,
        payable=format_yuan(sum(payable.values())),
        payable_by_benefit={name: format_yuan(fen) for name, fen in payable.items()},
        undecided_by_benefit=unknown,
        not_of_bills=dict(program.claimed_apart),
        ignored_columns=list(bills.ignored),
        ignored_member_columns=list(members.ignored),
        sheets={name: asdict(one) for name, one in sheets.items() if one is not None},
    )


def _has_sum(name: str, found: Mapping[str, tuple[int, int]], unknown: Collection[str]) -> bool:
    """Whether the benefit has a sum to show: it is decided on some bill, or not undecided on any."""
    return name not in unknown or found.get(name, (0, 0))[1] > 0
