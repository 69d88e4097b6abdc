"""The care that a bill is for: where, in which ward, for which diagnoses, with which drugs. What was not reported is
None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.settlement.days import parse_day
from huimin.settlement.vocabulary import HOSPITAL_LEVELS, PLACE_WORDS, WARD_WORDS, YES_NO

__all__ = [
    "CARE_COLUMNS",
    "CHANNELS",
    "DIAGNOSIS",
    "PLACES",
    "WARDS",
    "Care",
    "Item",
    "care_from_row",
    "care_to_row",
    "item_codes",
    "listed",
    "says_none",
]

CARE_COLUMNS = ("fixmedins_code", "hosp_lv", "place", "ward", "insu_settled", "accident", "diag_codes", "items")
"""The columns in which a settlement may say something of its care: see care_from_row."""

PLACES = ("local", "referred", "elsewhere")
"""In the city; outside it with a referral or filing (转诊、备案); outside it without."""
WARDS = ("ordinary", "special")
"""Special: international, VIP and the like (特需)."""
CHANNELS = ("hospital", "dual_channel", "direct")
"""Where a drug is bought: in the hospital, at a designated pharmacy (双通道), or from the plan's own supplier."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a bill: a drug, an implant or a consumable, in fen."""

    code: str
    amount: int
    day: date | None = None
    """When it was dispensed; the bill's own day where it is not given."""
    indication: str | None = None
    line: int | None = None
    """Line of therapy: 1 is the first."""
    gene_test: str | None = None
    """What a gene test found, as the plan's list writes it."""
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """Facts of a bill that terms may ask for."""

    hospital: str | None = None
    """The institution's national code (fixmedins_code)."""
    hospital_level: int | None = None
    """1, 2 or 3 (一级、二级、三级)."""
    place: str | None = None
    ward: str | None = None
    settled_by_basic_insurance: bool | None = None
    accident: bool | None = None
    diagnoses: tuple[str, ...] | None = None
    """ICD-10 codes, as reported."""
    items: tuple[Item, ...] | None = None


T = TypeVar("T")
DIAGNOSIS = r"[A-Z][0-9]{2}[0-9A-Za-z.+*]{0,9}"
"""An ICD-10 code as bills write it."""
_ITEM = re.compile(r"(?P<code>[A-Za-z0-9._-]{1,60})=(?P<amount>[^@#]+)(@(?P<day>[^#]+))?(?P<more>(#[^#]+)*)")


def care_from_row(row: Mapping[str, str]) -> Care:
    """Named columns, as text; empty or absent means not reported. Raises InputError (`bad_care`).

    hosp_lv, place, ward, insu_settled, accident: words of settlement.vocabulary. diag_codes: ICD-10 codes. diag_codes
    and items: `none` or `无` says that there are none; an empty cell says nothing. items: `CODE=YUAN`, then
    `@YYYY-MM-DD`, `#indication`, `#line:1`, `#gene:EGFR`, `#channel:hospital` where they are known. Several are
    separated by `;`. fixmedins_code: the institution's code.
    """

    def read(column: str, parse: Callable[[str], T]) -> T | None:
        text = row.get(column, "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            message = f"{column}: found {text!r}; expected {_EXPECTED[column]}"
            raise InputError(message, code="bad_care", values={"field": column}) from error

    return Care(
        hospital=read("fixmedins_code", lambda text: text),
        hospital_level=read("hosp_lv", HOSPITAL_LEVELS.read),
        place=read("place", PLACE_WORDS.read),
        ward=read("ward", WARD_WORDS.read),
        settled_by_basic_insurance=read("insu_settled", YES_NO.read),
        accident=read("accident", YES_NO.read),
        diagnoses=read("diag_codes", lambda text: tuple(map(_diagnosis, listed(text)))),
        items=read("items", lambda text: tuple(map(_item, listed(text)))),
    )


_EXPECTED = {
    "hosp_lv": HOSPITAL_LEVELS.known,
    "place": PLACE_WORDS.known,
    "ward": WARD_WORDS.known,
    "insu_settled": YES_NO.known,
    "accident": YES_NO.known,
    "diag_codes": "ICD-10 codes such as C34.900;I10, or none",
    "items": "items such as A01=1200.00@2022-03-01#lung#line:2;A02=80.00, or none",
}


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise ValueError(text)
    return text


def says_none(text: str) -> bool:
    """Whether a cell says by `none` or `无` that a bill has no listed items, or no diagnoses."""
    return text.strip().casefold() in _NONE


_NONE = ("none", "无")


def _diagnosis(text: str) -> str:
    if not re.fullmatch(DIAGNOSIS, text):
        raise ValueError(text)
    return text


def item_codes(text: str) -> list[str]:
    """The codes of the items in a text that can be read."""
    return [part.partition("=")[0] for part in listed(text)]


def listed(text: str) -> tuple[str, ...]:
    """The parts of a cell, which are separated by `;`; no parts where the cell says `none`.

    One `;` after the last part is allowed.
    """
    if says_none(text):
        return ()
    return tuple(part.strip() for part in text.strip().removesuffix(";").split(";"))


def _item(text: str) -> Item:
    found = _ITEM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    amount = parse_yuan(found["amount"])
    if amount < 0:
        raise ValueError(text)
    told: dict[str, str] = {}
    for part in found["more"].split("#")[1:]:
        name, colon, value = part.partition(":")
        key, value = (name, value) if colon and name in ("line", "gene", "channel") else ("indication", part)
        if key in told or not value:
            raise ValueError(text)
        told[key] = value
    return Item(
        code=found["code"],
        amount=amount,
        day=parse_day(found["day"]) if found["day"] else None,
        indication=told.get("indication"),
        line=_line(told["line"]) if "line" in told else None,
        gene_test=told.get("gene"),
        channel=_one_of(told["channel"], CHANNELS) if "channel" in told else None,
    )


def _line(text: str) -> int:
    return int(_one_of(text, tuple("123456789")))


def care_to_row(care: Care) -> dict[str, str]:
    """The columns that care_from_row reads as this care; what was not reported is left out."""
    level = None if care.hospital_level is None else str(care.hospital_level)
    flags = {"insu_settled": care.settled_by_basic_insurance, "accident": care.accident}
    texts = {"fixmedins_code": care.hospital, "hosp_lv": level, "place": care.place, "ward": care.ward}
    row = {column: text for column, text in texts.items() if text is not None}
    row |= {column: str(int(flag)) for column, flag in flags.items() if flag is not None}
    if care.diagnoses is not None:
        row["diag_codes"] = ";".join(care.diagnoses) or _NONE[0]
    if care.items is not None:
        row["items"] = ";".join(map(_item_text, care.items)) or _NONE[0]
    return row


def _item_text(item: Item) -> str:
    facts = [item.indication, item.line and f"line:{item.line}", item.gene_test and f"gene:{item.gene_test}"]
    facts.append(item.channel and f"channel:{item.channel}")
    day = f"@{item.day}" if item.day is not None else ""
    return f"{item.code}={format_yuan(item.amount)}{day}{''.join(f'#{fact}' for fact in facts if fact)}"
