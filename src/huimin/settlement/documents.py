"""The papers by which people are known, with the check of each: an ID number is one of several.

What is typed says by its form which paper it is. Where a paper has a check character it must be right; the others are
held to their form alone, and the bureau says whether they are somebody's.

What each form rests on, read in stored copies unless it says otherwise:

- identity card: GB 11643-1999, MOD 11-2; residence card of residents of Hong Kong, Macau and Taiwan: the same, with the
  area codes 810000, 820000 and 830000 (Measures of 2018);
- foreigners' card since 2023-12-01: the same, beginning with 9 (rules of the 2023 card, National Immigration
  Administration); before: three letters and twelve digits by the same rules. That its last digit is a check by weights
  7, 3, 1 no stored rule says; two public programs compute it so, and a sample of one is among the tests;
- Hong Kong and Macau permit: H or M, eight digits of the holder for life, two that count renewals (Ministry of Public
  Security, 2010-03-10); that cards since 2013 leave the two out is from memory;
- Taiwan permit: eight digits of the holder for life (since 2008-09-25, and on the card of 2015); older booklets
  have two more that count how often it was issued;
- birth certificate: a letter and nine digits, up to the seventh edition of 2023;
- military cards: **uncertain**. No rule is published, and programs differ (a character or two, 字第, four to eight
  digits).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from huimin.errors import InputError
from huimin.settlement.identity_number import parse_identity_number

__all__ = ["Document", "DocumentKind", "parse_document"]

_ID_LENGTH, _TELEPHONE_LENGTH = 18, 11
_FOREIGN = "9"
_TERRITORIES = ("810000", "820000", "830000")
"""Area codes of Hong Kong, Macau and Taiwan residents' cards (Measures of 2018, article 5)."""


class DocumentKind(StrEnum):
    IDENTITY_CARD = "identity_card"
    RESIDENCE_CARD = "residence_card"
    """Of residents of Hong Kong, Macau and Taiwan (港澳台居民居住证): built as an ID number."""
    PERMANENT_RESIDENT_CARD = "permanent_resident_card"
    """Of foreigners (外国人永久居留身份证): since December 2023 built as an ID number that begins with 9."""
    PERMANENT_RESIDENT_CARD_BEFORE = "permanent_resident_card_before"
    """Of before: three letters of the country and twelve digits, the last a check digit."""
    HONG_KONG_MACAU_PERMIT = "hong_kong_macau_permit"
    """来往内地通行证: H or M and eight digits; two more count how often it was renewed."""
    TAIWAN_PERMIT = "taiwan_permit"
    """来往大陆通行证: eight digits; two more count how often it was renewed."""
    MILITARY_CARD = "military_card"
    """军官证、士兵证: a character or two, 字第, four to eight digits."""
    BIRTH_CERTIFICATE = "birth_certificate"
    """出生医学证明: a letter and nine digits, for a child that has no ID number yet."""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper whose form is right. `birth_date` and `sex` are there where the number says them."""

    kind: DocumentKind
    number: str
    birth_date: date | None = None
    sex: str | None = None


_FORMS: Mapping[DocumentKind, re.Pattern[str]] = {
    DocumentKind.PERMANENT_RESIDENT_CARD_BEFORE: re.compile(r"[A-Z]{3}\d{12}"),
    DocumentKind.HONG_KONG_MACAU_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
    DocumentKind.TAIWAN_PERMIT: re.compile(r"\d{8}(\d{2})?"),
    DocumentKind.MILITARY_CARD: re.compile(r"[一-鿿]{1,2}字第\d{4,8}号?"),
    DocumentKind.BIRTH_CERTIFICATE: re.compile(r"[A-Z]\d{9}"),
}


def parse_document(text: str) -> Document:
    """The paper that a number belongs to, as typed: spaces and width are evened out, small letters accepted.

    Raises InputError (`bad_identity_number`), with a sentence that does not repeat the number.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(number) == _ID_LENGTH:
        return _built_as_id_number(number)
    for kind, form in _FORMS.items():
        if form.fullmatch(number):
            return _checked(kind, number)
    if len(number) == _TELEPHONE_LENGTH and number.isdigit():
        raise InputError("this looks like a telephone number; expected an ID number", code="bad_identity_number")
    raise InputError(
        f"an ID number has {_ID_LENGTH} characters; found {len(number)}, which no other document has",
        code="bad_identity_number",
    )


def _built_as_id_number(number: str) -> Document:
    found = parse_identity_number(number)
    kind = DocumentKind.IDENTITY_CARD
    if number.startswith(_FOREIGN):
        kind = DocumentKind.PERMANENT_RESIDENT_CARD
    elif number.startswith(_TERRITORIES):
        kind = DocumentKind.RESIDENCE_CARD
    return Document(kind, found.number, found.birth_date, found.sex)


def _checked(kind: DocumentKind, number: str) -> Document:
    if kind is DocumentKind.PERMANENT_RESIDENT_CARD_BEFORE and _check_digit(number[:-1]) != number[-1]:
        raise InputError("the number of the card is mistyped: its check digit is wrong", code="bad_identity_number")
    if kind is DocumentKind.MILITARY_CARD:
        number = number.rstrip("号")
    return Document(kind, number)


def _check_digit(first_14: str) -> str:
    """Weights 7, 3, 1 over the characters, letters from A = 10, as machine-readable travel documents have them."""
    weights = (7, 3, 1)
    values = (int(one, 36) for one in first_14)
    return str(sum(value * weights[place % 3] for place, value in enumerate(values)) % 10)
