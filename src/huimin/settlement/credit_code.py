"""The unified social credit code (统一社会信用代码), by which organisations are known: their taxpayer number too."""

from __future__ import annotations

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from huimin.errors import InputError

__all__ = ["check_credit_code"]


def check_credit_code(text: str) -> str:
    """The 18 characters, spaces and width evened out, of a code whose check character is right (GB 32100-2015).

    Raises InputError (`bad_credit_code`), with a sentence that does not repeat the code.
    """
    code = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    try:
        return str(uscc.validate(code))
    except ValidationError as error:
        text = f"found {len(code)} characters; expected the 18 of a unified social credit code, the last one a check"
        raise InputError(text, code="bad_credit_code") from error
