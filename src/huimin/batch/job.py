"""`huimin adjudicate`: files in; decisions, refusals and a summary out.

Always: rows read = adjudicated + cancelled + refused.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from huimin.adjudication import Decision, Program, adjudicate, compile_plan
from huimin.errors import InputError, Refusal
from huimin.money import format_yuan
from huimin.settlement import Settlement, resolve
from huimin.settlement.reading import MemberFile, read_members, read_settlements
from huimin.terms.loading import LoadedPlan

__all__ = ["JobSummary", "adjudicate_files"]

DECISION_COLUMNS = ("setl_id", "psn_no", "benefit", "base", "deductible_applied", "excess", "payable")
REFUSED_COLUMNS = ("setl_id", "code", "reason")


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
    payable: str
    payable_by_benefit: dict[str, str]
    ignored_columns: list[str]


def adjudicate_files(loaded: LoadedPlan, members_path: Path, settlements_path: Path, out: Path) -> JobSummary:
    """Decide every settlement of a file and write the three results into `out`, each whole or not at all."""
    program = compile_plan(loaded.plan)
    members = read_members(members_path)
    file = read_settlements(settlements_path)
    resolution = resolve(file.settlements)
    decisions, refused = _decide_all(program, members, resolution.active)
    refused = [*file.unusable, *resolution.refused, *refused]
    totals: Counter[str] = Counter({benefit.id: 0 for benefit in program.benefits})
    for decision in decisions:
        for line in decision.benefits:
            totals[line.benefit] += line.payable
    summary = JobSummary(
        plan=program.plan,
        plan_digest=loaded.digest,
        program_digest=program.digest,
        engine="local",
        rows_read=file.rows_read,
        adjudicated=len(decisions),
        cancelled=len(resolution.cancelled),
        refused=len(refused),
        refused_by_code=dict(sorted(Counter(refusal.code for refusal in refused).items())),
        payable=format_yuan(sum(totals.values())),
        payable_by_benefit={benefit: format_yuan(total) for benefit, total in totals.items()},
        ignored_columns=list(file.ignored_columns),
    )
    _write_results(out, decisions, refused, summary)
    return summary


def _decide_all(
    program: Program, members: MemberFile, active: Iterable[Settlement]
) -> tuple[list[Decision], list[Refusal]]:
    by_member: dict[str, list[Settlement]] = defaultdict(list)
    for settlement in active:
        by_member[settlement.psn_no].append(settlement)
    decisions: list[Decision] = []
    refused: list[Refusal] = []
    for psn_no, settlements in sorted(by_member.items()):
        member = members.members.get(psn_no)
        if psn_no in members.faulty:
            refused += [Refusal(s.setl_id, "faulty_member", members.faulty[psn_no]) for s in settlements]
        elif member is None:
            reason = f"the members file has no psn_no {psn_no!r}"
            refused += [s.fault or Refusal(s.setl_id, "unknown_member", reason) for s in settlements]
        else:
            year = adjudicate(program, member, settlements)
            decisions += year.decisions
            refused += year.refused
    return decisions, refused


def _write_results(out: Path, decisions: list[Decision], refused: list[Refusal], summary: JobSummary) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write_csv(out / "decisions.csv", DECISION_COLUMNS, (row for d in decisions for row in _decision_rows(d)))
        _write_csv(out / "refused.csv", REFUSED_COLUMNS, ((r.setl_id, r.code, r.reason) for r in refused))
        text = json.dumps(asdict(summary), indent=2, ensure_ascii=False) + "\n"
        _write_whole(out / "summary.json", text)
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}; expected a directory to write to", code="unusable_out") from error


def _decision_rows(decision: Decision) -> Iterable[tuple[str, ...]]:
    for line in decision.benefits:
        amounts = (line.base, line.deductible_applied, line.excess, line.payable)
        yield (
            decision.settlement.setl_id,
            decision.settlement.psn_no,
            line.benefit,
            *(format_yuan(amount) for amount in amounts),
        )


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as buffer:
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        buffer.seek(0)
        _write_whole(path, buffer.read())


def _write_whole(path: Path, text: str) -> None:
    """Write beside the file and move into place, so that a reader sees the old file or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
