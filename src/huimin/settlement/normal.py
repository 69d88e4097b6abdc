"""The one normal form of a cell, in which two spellings of one value are equal. Files and the API both use it.

Blanks around a value, invisible characters and full-width digits come from copying, from Chinese keyboards and from
programs that pad. Nobody means them, so two ids that differ only by them are one id.
"""

from __future__ import annotations

import unicodedata

__all__ = ["break_within", "control_character", "normal_code", "normal_text"]

_INVISIBLE = (
    frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0")
    | {chr(code) for code in range(0x180B, 0x1810)}
    | {chr(code) for code in range(0xFE00, 0xFE10)}
    | {chr(code) for code in range(0xFFF0, 0xFFF9)}
    | {chr(code) for code in range(0xE0000, 0xE1000)}
)
"""Fillers, joiners and variation selectors: invisible, but not among Unicode's format characters (category Cf).

They are the characters that Unicode calls Default_Ignorable_Code_Point outside category Cf, and the blank of Braille.
"""
_LINE = "\t\n\r"


def normal_text(text: str) -> str:
    """Free text without blanks around it and without format characters such as zero-width spaces.

    >>> normal_text("\\u3000肺癌（晚期）\\u200b ")
    '肺癌（晚期）'
    """
    if text.isascii():
        return text.strip()
    return "".join(character for character in text if unicodedata.category(character) != "Cf").strip()


def normal_code(text: str) -> str:
    """An id, a code, a day or an amount: as normal_text, with full-width forms as the plain ones (NFKC).

    >>> normal_code("\\tX1\\u200b"), normal_code("２１"), normal_code(" 30000.00 ")
    ('X1', '21', '30000.00')
    """
    if text.isascii():
        return text.strip()
    plain = normal_text(unicodedata.normalize("NFKC", text))
    return "".join(character for character in plain if character not in _INVISIBLE).strip()


def control_character(text: str) -> str | None:
    """The name, such as U+0000, of the first character that no text may hold; None where there is none.

    Databases refuse NUL, and half of a surrogate pair is not a character. Tabs and line ends are allowed.
    """
    if text.isprintable():
        return None
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in _LINE:
            return f"U+{ord(character):04X}"
    return None


def break_within(text: str) -> str | None:
    """The name, such as U+000A, of the first tab or line end in an id; None where there is none.

    Free text may have them. An id may not, since lists have one id a line and an address is one line.

    >>> break_within("A\\nB"), break_within("A B")
    ('U+000A', None)
    """
    if text.isprintable():
        return None
    for character in text:
        if character in _LINE or unicodedata.category(character) in ("Zl", "Zp"):
            return f"U+{ord(character):04X}"
    return None
