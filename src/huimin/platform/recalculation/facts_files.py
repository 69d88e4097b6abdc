"""The members and bills of a plan year as the files that the job reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Set
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from huimin.adjudication.admission import as_the_plan_asks
from huimin.adjudication.program import Program
from huimin.money import format_yuan
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.claims.api import FactOfYear, all_facts, ids_of_several_senders
from huimin.platform.enrolment.api import PolicyFacts, all_policies
from huimin.platform.foundation.models import City
from huimin.platform.people.api import areas
from huimin.settlement import AMOUNT_FIELDS, CARE_COLUMNS
from huimin.settlement.reading import KNOWN_MEMBER_COLUMNS, LONGEST_ID, member_to_row

__all__ = ["write_members", "write_settlements"]

_CHUNK = 50_000
_TEXTS = ("setl_id", "psn_no", "setl_time", "med_type", "begndate", "enddate", "reverses", *CARE_COLUMNS)
_MEMBERS = pa.schema([(name, pa.string()) for name in sorted(KNOWN_MEMBER_COLUMNS)])
_BILLS = pa.schema([*((name, pa.string()) for name in _TEXTS), *((f"{x}_fen", pa.int64()) for x in AMOUNT_FIELDS)])

Row = dict[str, str | int | None]


def write_members(path: Path, city: City, plan_year: PlanYearFacts) -> None:
    """Write a member for each policy, under the policy's number, since a person has one policy in a plan year."""
    program = terms_of(plan_year).program
    codes = {area.id: area.code for area in areas(city)}
    policies = all_policies(city, plan_year, _CHUNK)
    _write(path, _MEMBERS, (_member(program, policy, codes[policy.area_id]) for policy in policies))


def _member(program: Program, policy: PolicyFacts, area: str) -> Row:
    member = as_the_plan_asks(program, policy.member)
    return {
        **member_to_row(member),
        "psn_no": policy.number,
        "area": area,
        "premium": format_yuan(policy.price),
    }


def write_settlements(path: Path, city: City, plan_year: PlanYearFacts) -> None:
    shared = ids_of_several_senders(city, plan_year)
    _write(path, _BILLS, (_bill(fact, shared) for fact in all_facts(city, plan_year, _CHUNK)))


def _bill(fact: FactOfYear, shared: Set[str]) -> Row:
    return {
        "setl_id": _id_in_file(fact.setl_id, fact.sender, shared),
        "psn_no": fact.policy_number,
        # Cover days are local days.
        "setl_time": timezone.make_naive(fact.setl_time).isoformat(" ", "seconds"),
        "med_type": fact.med_type,
        "begndate": None if fact.admission is None else str(fact.admission),
        "enddate": None if fact.discharge is None else str(fact.discharge),
        "reverses": fact.reverses and _id_in_file(fact.reverses, fact.payee, shared),
        **fact.care,
        **{f"{name}_fen": fen for name, fen in fact.amounts.items()},
    }


def _id_in_file(setl_id: str, sender: str, shared: Set[str]) -> str:
    """The id for the file, in which ids have no sender: if several senders used the id, the sender's code is
    appended.
    """
    if setl_id not in shared:
        return setl_id
    name = f"{setl_id}~{sender}"
    return name if len(name) <= LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()[:LONGEST_ID]


def _write(path: Path, schema: pa.Schema, rows: Iterable[Row]) -> None:
    """Write the file completely or not at all. A file that already exists is left unchanged."""
    if path.exists():
        return
    beside, rest = path.with_suffix(".part"), iter(rows)
    with pq.ParquetWriter(beside, schema) as writer:
        for chunk in _chunks(rest):
            writer.write_table(pa.Table.from_pylist(chunk, schema))
    beside.replace(path)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk
