"""People's names as typed: any script and every rare character is a name; a telephone number is none."""

from __future__ import annotations

import unicodedata

from huimin.errors import InputError

__all__ = ["check_name", "plain_name"]

_LONGEST = 60
_DOTS = dict.fromkeys(map(ord, "•・･‧∙⋅．"), "·")
_BETWEEN = "·'’-. "
_VARIATION = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
"""They choose between two drawings of one character, and belong to no name."""


def plain_name(name: str) -> str:
    """For comparing: without spaces and variation selectors, one width, one dot between the parts of a name."""
    text = unicodedata.normalize("NFKC", name.translate(_DOTS)).translate(_DOTS)
    return "".join(one for one in text if not one.isspace() and ord(one) not in _VARIATION)


def check_name(name: str) -> str:
    """The name without blanks at its ends. Raises InputError (`bad_name`), and does not repeat what is no name."""
    found = name.strip()
    plain = plain_name(found)
    if not plain or len(found) > _LONGEST:
        raise InputError(f"found a name of {len(found)} characters; expected 1 to {_LONGEST}", code="bad_name")
    if any(one.isdigit() for one in plain):
        raise InputError("found digits in a name, as in a telephone number; expected none", code="bad_name")
    if not any(unicodedata.category(one).startswith("L") for one in plain):
        raise InputError("found no letter or character in a name", code="bad_name")
    strange = [one for one in plain if unicodedata.category(one)[0] not in "LM" and one not in _BETWEEN]
    if strange:
        raise InputError(f"found U+{ord(strange[0]):04X} in a name; expected characters of a script", code="bad_name")
    return found
