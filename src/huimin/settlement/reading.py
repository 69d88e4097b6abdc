"""Settlement and member files as facts. A row that cannot be read keeps its place and says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from huimin.errors import InputError, Refusal
from huimin.money import format_yuan, parse_yuan
from huimin.settlement.amounts import parse_amount
from huimin.settlement.care import CARE_COLUMNS, DIAGNOSIS, care_from_row, care_to_row, listed
from huimin.settlement.days import parse_day, parse_time
from huimin.settlement.ids import id_fault
from huimin.settlement.layout import Layout
from huimin.settlement.member import ANY_GROUP, Member
from huimin.settlement.normal import break_within, control_character, normal_code, normal_text
from huimin.settlement.record import AMOUNT_FIELDS, NOT_REPORTED, Settlement
from huimin.settlement.vocabulary import INSUTYPE_WORDS, MED_TYPE_WORDS, SEX_WORDS, YES_NO, Vocabulary

__all__ = [
    "FREE_TEXT",
    "KNOWN_MEMBER_COLUMNS",
    "KNOWN_SETTLEMENT_COLUMNS",
    "LONGEST_ID",
    "LONGEST_PSN_NO",
    "MEMBERS",
    "SETTLEMENTS",
    "MemberFile",
    "member_from_row",
    "member_to_row",
    "members_from_rows",
    "missing_id",
    "normal_row",
    "parse_day",
    "parse_groups",
    "parse_history",
    "parse_time",
    "settlement_from_row",
    "settlement_to_row",
    "text_fault",
]

SETTLEMENTS = Layout(
    required=("setl_id", "psn_no", "setl_time"),
    ids=frozenset({"setl_id", "psn_no", "reverses"}),
    codes=frozenset({"med_type", *CARE_COLUMNS}),
    days=frozenset({"setl_time", "begndate", "enddate"}),
    amounts=frozenset(AMOUNT_FIELDS),
    listing_yuan=frozenset({"items"}),
)
"""The columns of a settlements file. Other columns are ignored, and the summary names them."""
_HISTORY = ("continuous_years", "claim_free_years", "pre_existing", "diag_history", "paid_before")
MEMBERS = Layout(
    required=("psn_no", "cover_from", "cover_to"),
    ids=frozenset({"psn_no"}),
    codes=frozenset({"sex", "insutype", "edition", "area", *_HISTORY}),
    days=frozenset({"cover_from", "cover_to", "birth_date"}),
    amounts=frozenset({"premium"}),
    listing_yuan=frozenset({"paid_before"}),
)
"""The columns of a members file. No decision uses `area` and `premium`: accounts and look-backs are split by them."""
KNOWN_SETTLEMENT_COLUMNS, KNOWN_MEMBER_COLUMNS = SETTLEMENTS.known, MEMBERS.known
LONGEST_ID = 60
LONGEST_PSN_NO = 30
FREE_TEXT = frozenset({"items"})
"""Columns that hold words, whose full-width forms are kept as written. Every other known column holds codes."""
_CODES = (KNOWN_SETTLEMENT_COLUMNS | KNOWN_MEMBER_COLUMNS) - FREE_TEXT

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MemberFile:
    """Members by number. `faulty` has, also by number, why the bills of a member cannot be decided."""

    members: Mapping[str, Member]
    faulty: Mapping[str, str]


def missing_id(place: str, setl_id: str) -> Refusal:
    """The refusal of a row without an id, or with one that is too long. `place` says where in the file it is."""
    return Refusal(setl_id[:LONGEST_ID], "missing_id", f"{place}: expected setl_id with 1 to {LONGEST_ID} characters")


def members_from_rows(rows: Iterable[Mapping[str, str]]) -> MemberFile:
    """Read rows as members. A member with a faulty row, or with rows that contradict each other, is kept as faulty."""
    members: dict[str, Member] = {}
    faulty: dict[str, str] = {}
    for row in rows:
        psn_no = normal_code(row["psn_no"])
        try:
            member = member_from_row(row)
        except InputError as error:
            faulty[psn_no] = f"the members file says of {psn_no}: {error.message}"
            continue
        if members.setdefault(psn_no, member) != member:
            faulty[psn_no] = f"the members file gives {psn_no} again with other facts"
    return MemberFile(members, faulty)


def normal_row(row: Mapping[str, str]) -> dict[str, str]:
    """A row's cells in their normal form (settlement.normal): codes as codes, words and unknown columns as text."""
    return {
        name: text.strip() if text.isascii() else normal_code(text) if name in _CODES else normal_text(text)
        for name, text in row.items()
    }


def settlement_from_row(row: Mapping[str, str]) -> Settlement:
    """Read named fields, all text, as a settlement. The first thing wrong with them becomes its `fault`.

    The row must have the keys `setl_id`, `psn_no` and `setl_time`, and `setl_id` must not be empty. Cells are brought
    to their normal form first.
    """
    row = normal_row(row)
    setl_id = row["setl_id"]
    faults = [fault for fault in (text_fault(setl_id, row),) if fault is not None]

    def attempt(column: str, code: str, parse: Callable[[str], T], otherwise: T) -> T:
        try:
            return parse(row[column])
        except InputError as error:
            values = {"field": column, "found": row[column][:LONGEST_ID]}
            faults.append(Refusal(setl_id, code, f"{column}: {error.message}", values))
            return otherwise

    setl_time = attempt("setl_time", "bad_date", parse_time, datetime.min)
    reported = [name for name in AMOUNT_FIELDS if row.get(name, "") != ""]
    try:
        amounts = {name: parse_amount(row[name]) for name in reported}
    except InputError:
        amounts = {name: attempt(name, "bad_amount", parse_amount, 0) for name in reported}
    days = {
        column: attempt(column, "bad_date", lambda text: parse_time(text).date(), None)
        for column in ("begndate", "enddate")
        if row.get(column, "") != ""
    }
    care = NOT_REPORTED
    try:
        if any(map(row.get, CARE_COLUMNS)):
            care = care_from_row(row)
    except InputError as error:
        faults.append(Refusal(setl_id, error.code, error.message, error.values))
    med_type = row.get("med_type", "")
    if med_type:
        med_type = attempt("med_type", "unknown_med_type", MED_TYPE_WORDS.read, "")
    if not row["psn_no"]:
        faults.append(Refusal(setl_id, "missing_member", "psn_no is empty; expected the member's number"))
    return Settlement(
        setl_id=setl_id,
        psn_no=row["psn_no"],
        setl_time=setl_time,
        med_type=med_type,
        amounts=amounts,
        admission=days.get("begndate"),
        discharge=days.get("enddate"),
        reverses=row.get("reverses") or None,
        care=care,
        fault=faults[0] if faults else None,
    )


def text_fault(setl_id: str, row: Mapping[str, str]) -> Refusal | None:
    """The refusal of a bill with a character that no text may hold, or an id that is too long or has several lines."""
    plain = "".join(row.values()).isprintable()  # for most rows this one test of all fields together is enough
    for name, text in () if plain else row.items():
        character = control_character(text)
        if character is not None:
            return Refusal(setl_id, "bad_text", f"{name[:LONGEST_ID]!r} holds the character {character}; expected text")
    for name, longest in (("psn_no", LONGEST_PSN_NO), ("reverses", LONGEST_ID), ("fixmedins_code", LONGEST_ID)):
        length = len(row.get(name, ""))
        if length > longest:
            return Refusal(setl_id, "bad_text", f"{name} has {length} characters; expected at most {longest}")
    for name in ("setl_id", "psn_no", "reverses"):
        fault = _break_fault(row.get(name, ""))
        if fault is not None:
            return Refusal(setl_id, "bad_text", f"{name}: {fault}")
        fault = id_fault(row.get(name, ""))
        if fault is not None:
            return Refusal(setl_id, "spoilt_id", f"{name}: {fault}")
    return None


def _break_fault(text: str) -> str | None:
    """What is wrong with an id that holds a tab or the end of a line, or None."""
    found = break_within(text)
    return None if found is None else f"found {found}, a tab or the end of a line, inside; expected an id on one line"


def member_from_row(row: Mapping[str, str]) -> Member:
    """Read named fields, all text, as a member. Cells are brought to their normal form first. Raises InputError."""
    row = normal_row(row)
    if not row["psn_no"]:
        raise InputError("psn_no is empty; expected the member's number")
    fault = _break_fault(row["psn_no"]) or id_fault(row["psn_no"])
    if fault is not None:
        raise InputError(f"psn_no: {fault}")
    cover_from, cover_to = parse_day(row["cover_from"]), parse_day(row["cover_to"])
    if cover_to < cover_from:
        raise InputError(f"found cover_to {cover_to}; expected a day not before cover_from, {cover_from}")
    birth_date = row.get("birth_date", "")
    return Member(
        psn_no=row["psn_no"],
        cover_from=cover_from,
        cover_to=cover_to,
        birth_date=parse_day(birth_date) if birth_date else None,
        sex=_word(row, "sex", SEX_WORDS),
        insutype=_word(row, "insutype", INSUTYPE_WORDS),
        edition=row.get("edition") or None,
        continuous_years=_years(row, "continuous_years"),
        claim_free_years=_years(row, "claim_free_years"),
        pre_existing=parse_groups(row.get("pre_existing", "")),
        diagnosed=parse_history(row["diag_history"]) if row.get("diag_history") else None,
        paid_before=parse_paid_before(row["paid_before"]) if row.get("paid_before") else None,
    )


def parse_paid_before(text: str) -> tuple[tuple[str, int], ...]:
    """(pool, fen) from `POOL=YUAN`, several separated by `;`, or from `0` where nothing was paid. Raises InputError."""
    if text == "0":
        return ()
    pairs = [part.partition("=") for part in listed(text)]
    if not all(pool and equals for pool, equals, _ in pairs):
        raise InputError(
            f"found {text!r} in paid_before; expected 0, or what limits for life paid: POOL=YUAN;POOL=YUAN"
        )
    return tuple((pool, parse_yuan(yuan)) for pool, _, yuan in pairs)


def parse_history(text: str) -> tuple[tuple[str, date], ...]:
    """Earlier diagnoses from `CODE@YYYY-MM-DD`, several separated by `;`, or from `none`. Raises InputError."""
    found = []
    for part in listed(text):
        code, _, day = part.partition("@")
        if not re.fullmatch(DIAGNOSIS, code):
            raise InputError(f"found {part!r}; expected an earlier diagnosis such as C34.900@2019-05-01")
        found.append((code, parse_day(day)))
    return tuple(found)


def _years(row: Mapping[str, str], column: str) -> int:
    text = row.get(column, "") or "0"
    found = _YEARS.fullmatch(text)
    if found is None:
        raise InputError(f"found {text!r} in {column}; expected a number of years such as 0 or 2")
    return int(found[1])


_YEARS = re.compile(r"0*(\d{1,3})(?:\.0+)?", re.ASCII)
"""Whole years, also written 1.0 as by programs that know only decimals."""


def _word(row: Mapping[str, str], column: str, words: Vocabulary[str]) -> str | None:
    """The column's word by its vocabulary; None where nothing was reported."""
    text = row.get(column, "")
    if not text:
        return None
    try:
        return words.read(text)
    except InputError as error:
        raise InputError(f"{column}: {error.message}") from error


def parse_groups(text: str) -> frozenset[str]:
    """Pre-existing groups: a yes or no in any usual spelling, or ids of the plan's groups separated by `;`.

    Whether the plan has these groups is checked where the plan is known (adjudication.admission).
    """
    try:
        return frozenset({ANY_GROUP}) if text and YES_NO.read(text) else frozenset()
    except InputError:
        return frozenset(filter(None, listed(text)))


def settlement_to_row(settlement: Settlement) -> dict[str, str]:
    """The row that settlement_from_row reads as this settlement; what was not reported is left out."""
    row = {"setl_id": settlement.setl_id, "psn_no": settlement.psn_no, "med_type": settlement.med_type}
    row["setl_time"] = settlement.setl_time.isoformat(" ", "seconds")
    days = {"begndate": settlement.admission, "enddate": settlement.discharge}
    row |= {column: str(day) for column, day in days.items() if day is not None}
    row |= {name: format_yuan(fen) for name, fen in settlement.amounts.items()}
    if settlement.reverses is not None:
        row["reverses"] = settlement.reverses
    return row | care_to_row(settlement.care)


def member_to_row(member: Member) -> dict[str, str]:
    """The row that member_from_row reads as this member; what is not known is left out."""
    row = {"psn_no": member.psn_no, "cover_from": str(member.cover_from), "cover_to": str(member.cover_to)}
    texts = {"sex": member.sex, "insutype": member.insutype, "edition": member.edition}
    row |= {column: text for column, text in texts.items() if text is not None}
    row |= {name: str(getattr(member, name)) for name in ("continuous_years", "claim_free_years")}
    row["pre_existing"] = ";".join("1" if group == ANY_GROUP else group for group in sorted(member.pre_existing))
    if member.birth_date is not None:
        row["birth_date"] = str(member.birth_date)
    if member.diagnosed is not None:
        row["diag_history"] = ";".join(f"{code}@{day}" for code, day in member.diagnosed) or "none"
    if member.paid_before is not None:
        row["paid_before"] = ";".join(f"{pool}={format_yuan(fen)}" for pool, fen in member.paid_before) or "0"
    return row
