"""The columns of a list of people to enrol, and the pure checks of one row: what it says alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from huimin.batch.files.people_tables import PeopleColumns, RowFault, as_faults, fault_of_name, fault_of_number
from huimin.errors import InputError
from huimin.money import parse_yuan
from huimin.platform.foundation.relations import Relation
from huimin.settlement.documents import parse_document

__all__ = ["COLUMNS", "MOST_ROWS", "Read", "read_row"]

MOST_ROWS = 500_000
COLUMNS = PeopleColumns(
    {
        "reference": ("编号", "人员编号", "工号", "reference"),
        "name": ("姓名", "被保险人姓名", "name"),
        "id_number": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "被保险人证件号码", "id_number"),
        "relation": ("与投保人关系", "关系", "relation"),
        "holder_name": ("投保人姓名", "holder_name"),
        "holder_id_number": ("投保人证件号码", "投保人身份证号", "holder_id_number"),
        "edition": ("版本", "投保版本", "edition"),
        "amount": ("保费", "金额", "保费（元）", "amount"),
    },
    required=("name", "id_number"),
)
_RELATIONS = {
    **{"": Relation.SELF, "本人": Relation.SELF, "self": Relation.SELF},
    **{"配偶": Relation.SPOUSE, "spouse": Relation.SPOUSE},
    **{"子女": Relation.CHILD, "儿子": Relation.CHILD, "女儿": Relation.CHILD, "child": Relation.CHILD},
    **dict.fromkeys(("父母", "父亲", "母亲", "parent"), Relation.PARENT),
}
_LONGEST_REFERENCE, _LONGEST_EDITION = 60, 40


@dataclass(frozen=True, slots=True)
class Read:
    """A row without a fault of its own. The holder is the person where the row names no other."""

    number: int
    reference: str
    person: tuple[str, str]
    """Number of the paper, and name."""
    holder: tuple[str, str] | None
    relation: Relation
    edition: str
    amount: int | None
    """Fen that the sender expects to pay; None where the row says nothing."""


def read_row(number: int, cells: Mapping[str, str]) -> tuple[Read | None, list[RowFault]]:
    """The row as read, or everything that is wrong with it by itself."""
    relation = _RELATIONS.get(cells["relation"].lower())
    faults = [*_faults_of_people(number, cells), *_faults_of_relation(number, cells, relation)]
    amount: int | None = None
    if cells["amount"]:
        try:
            amount = parse_yuan(cells["amount"].replace(",", "").removeprefix("¥").removesuffix("元"))
        except InputError:
            faults.append(RowFault(number, "amount", "amount_unreadable", cells["amount"][:20]))
    if len(cells["reference"]) > _LONGEST_REFERENCE:
        faults.append(RowFault(number, "reference", "reference_too_long", str(len(cells["reference"]))))
    if len(cells["edition"]) > _LONGEST_EDITION:
        faults.append(RowFault(number, "edition", "edition_unknown", cells["edition"][:20]))
    if faults or relation is None:
        return None, sorted(faults)
    holder = (cells["holder_id_number"], cells["holder_name"]) if cells["holder_id_number"] else None
    person = (cells["id_number"], cells["name"])
    return Read(number, cells["reference"], person, holder, relation, cells["edition"], amount), []


def _faults_of_people(number: int, cells: Mapping[str, str]) -> Iterator[RowFault]:
    found = [
        ("name", fault_of_name(cells["name"])),
        ("id_number", fault_of_number(cells["id_number"], parse_document)),
    ]
    if cells["holder_name"] or cells["holder_id_number"]:
        found += [
            ("holder_name", fault_of_name(cells["holder_name"])),
            ("holder_id_number", fault_of_number(cells["holder_id_number"], parse_document)),
        ]
    return as_faults(number, found)


def _faults_of_relation(number: int, cells: Mapping[str, str], relation: Relation | None) -> Iterator[RowFault]:
    if relation is None:
        yield RowFault(number, "relation", "relation_unknown", cells["relation"][:20])
    elif relation is not Relation.SELF and not cells["holder_id_number"]:
        yield RowFault(number, "holder_id_number", "holder_missing")
