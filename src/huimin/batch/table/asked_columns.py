"""Which columns of a file hold the facts that a plan's terms ask for, and which of these columns a file lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from huimin.adjudication.admission import PRE_EXISTING_FACTS
from huimin.adjudication.program import BenefitProgram, Program
from huimin.settlement.layout import FEN
from huimin.settlement.record import OTHER_PAYERS, QUANTITIES

__all__ = ["BILL_COLUMNS", "MEMBER_COLUMNS", "lacking_columns"]

MEMBER_COLUMNS = {
    "birth_date": frozenset({"age"}),
    "insutype": frozenset({"basic_insurance"}),
    "edition": frozenset({"edition"}),
    "continuous_years": frozenset({"continuous_years"}),
    "claim_free_years": frozenset({"claim_free_years"}),
    "pre_existing": PRE_EXISTING_FACTS,
    "diag_history": PRE_EXISTING_FACTS,
}
"""The facts of a member that each column holds."""
BILL_COLUMNS = {
    "hospital_level": "hosp_lv",
    "hospital_list": "fixmedins_code",
    "place": "place",
    "ward": "ward",
    "settled_by_basic_insurance": "insu_settled",
    "accident": "accident",
    "disease": "diag_codes",
    "related_pre_existing": "diag_codes",
}
"""The column that holds each fact of a bill."""
_UNKNOWN_WHERE_ABSENT = ("birth_date", "insutype", "edition")
"""Columns of members whose absence means that the fact is not known. The absence of any other column means no, or 0."""


def lacking_columns(program: Program, members: Collection[str], bills: Collection[str]) -> list[str]:
    """A sentence for each column that the terms ask for and the file lacks, with the consequence. It is said before the
    job begins.

    `members` and `bills` are the columns of the files; amounts may stand in fen.
    """
    found = []
    for what, names, asked in (
        ("settlements", bills, _asked_of_bills(program)),
        ("members", members, _asked_of_members(program)),
    ):
        have = {name.removesuffix(FEN) for name in names}
        found += [
            f"The {what} have no column {column}, for which {_by(program, askers)} ask: bills on which it matters will "
            f"be refused ({code})."
            for (column, code), askers in asked.items()
            if column not in have
        ]
    return found


Asked = dict[tuple[str, str], list[str]]
"""The benefits that ask for a column, by column and by the code with which bills are refused. Empty: the plan as a
whole asks.
"""


def _asked_of_bills(program: Program) -> Asked:
    asked: Asked = defaultdict(list)
    asked["med_type", "missing_med_type"] = []
    day = {"admission": "begndate", "discharge": "enddate"}.get(program.bill_date)
    if day is not None:
        asked[day, "missing_date"] = []
    for benefit in program.benefits:
        for key in _asked_by(program, benefit):
            asked[key].append(benefit.id)
    for fact in sorted(program.facts_asked_for):
        if fact in BILL_COLUMNS:
            asked[BILL_COLUMNS[fact], "missing_fact"] = []
    return asked


def _asked_by(program: Program, benefit: BenefitProgram) -> Iterator[tuple[str, str]]:
    fields = {field for quantity in benefit.needed for _, field in QUANTITIES[quantity]}
    yield from ((field, "missing_amount") for field in sorted(fields.difference(OTHER_PAYERS)))
    if benefit.items_on is not None and dict(program.item_lists)[benefit.items_on] is not None:
        yield "items", "missing_items"
    if benefit.allowance is not None and benefit.allowance.per == "day":
        yield "begndate", "missing_date"
        yield "enddate", "missing_date"


def _asked_of_members(program: Program) -> Asked:
    asked = program.facts_asked_for
    return {(column, "missing_fact"): [] for column in _UNKNOWN_WHERE_ABSENT if MEMBER_COLUMNS[column] & asked}


def _by(program: Program, benefits: Collection[str]) -> str:
    return f"the benefits {', '.join(benefits)}" if benefits else f"the terms of {program.plan}"
