"""Every field of a message about a bill, those that we do not know too: they are kept with the bill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huimin.errors import InputError
from huimin.settlement.normal import normal_code
from huimin.settlement.reading import KNOWN_SETTLEMENT_COLUMNS

__all__ = ["sent_fields"]

_MOST_FIELDS, _LONGEST_NAME, _LONGEST_TEXT = 300, 60, 20_000


def sent_fields(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a message, a JSON object whose known fields were checked, as text; null is left out.

    The schema drops fields that it does not know, so that they are read here. Raises InputError (`bad_request`) for a
    value that is no text, for a name or a text that is too long, for too many fields, and for a known field under
    another spelling of its name.
    """
    fields = {name: value for name, value in body.items() if value is not None}
    if len(fields) > _MOST_FIELDS:
        raise InputError(f"found {len(fields)} fields; expected at most {_MOST_FIELDS}", code="bad_request")
    for name, value in fields.items():
        if len(name) > _LONGEST_NAME:
            message = f"found a field name of {len(name)} characters; expected at most {_LONGEST_NAME}"
            raise InputError(message, code="bad_request")
        _refuse_almost_known(name)
        if not isinstance(value, str):
            raise InputError(f"{name} is not text; expected every field as text", code="bad_request")
        if len(value) > _LONGEST_TEXT:
            message = f"{name} has {len(value)} characters; expected at most {_LONGEST_TEXT}"
            raise InputError(message, code="bad_request")
    return fields


def _refuse_almost_known(name: str) -> None:
    """`REVERSES` or `charity_pay_fen` would be kept as fields that nobody reads, and the bill would be paid without."""
    if name in KNOWN_SETTLEMENT_COLUMNS:
        return
    meant = normal_code(name).lower().removesuffix("_fen")
    if meant in KNOWN_SETTLEMENT_COLUMNS:
        raise InputError(f"found the field {name!r}; expected {meant}, amounts of it in yuan", code="bad_request")
