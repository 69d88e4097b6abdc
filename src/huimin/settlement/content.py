"""The content of a message about a bill, in a form that is equal for all messages that say the same.

Two messages of one sender under one id are a *repeat* if their contents are equal, and a *conflict* if they differ.
Files compare the settlements that were read from them, which comes to the same for the columns that files have.
"""

from __future__ import annotations

from collections.abc import Mapping

from huimin.errors import InputError
from huimin.settlement.reading import KNOWN_SETTLEMENT_COLUMNS, LONGEST_ID, normal_row, settlement_to_row
from huimin.settlement.record import Settlement

__all__ = ["bill_content", "refuse_what_cannot_be_kept"]


def bill_content(settlement: Settlement, message: Mapping[str, str]) -> dict[str, str]:
    """The content of a message that was read as this settlement, field by field.

    Amounts have two decimals, days and words have one spelling, and empty fields are left out, so that `30000.0` equals
    `30000.00`. Fields that bills do not have are kept as they came, in normal form; so are all fields of a message that
    could not be read.
    """
    if settlement.fault is not None:
        return {name: text for name, text in normal_row(message).items() if text}
    extra = {name: text for name, text in message.items() if name not in KNOWN_SETTLEMENT_COLUMNS}
    return {**{name: text for name, text in normal_row(extra).items() if text}, **settlement_to_row(settlement)}


def refuse_what_cannot_be_kept(settlement: Settlement) -> None:
    """Raise InputError for a bill that cannot even be kept for a person to look at.

    `missing_id`: there is no id to keep it under. `bad_text`: a field holds a character that no text may hold, or the
    number of a person or a bill is too long.
    """
    if not 0 < len(settlement.setl_id) <= LONGEST_ID:
        found = f"{len(settlement.setl_id)} characters" if settlement.setl_id else "nothing"
        raise InputError(f"setl_id: found {found}; expected an id of 1 to {LONGEST_ID} characters", code="missing_id")
    if settlement.fault is not None and settlement.fault.code == "bad_text":
        raise InputError(settlement.fault.reason, code="bad_text")
