"""To whom an invoice is made out (抬头): the payer by name, or an organisation with its taxpayer number."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from huimin.platform.invoicing.failures import InvoiceError
from huimin.settlement.credit_code import check_credit_code

__all__ = ["Title", "as_text", "of_organisation", "of_person"]

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Title:
    """`number`: the taxpayer number of an organisation; empty for a person."""

    name: str = field(repr=False)
    number: str = field(default="", repr=False)

    @property
    def is_organisation(self) -> bool:
        return bool(self.number)


def of_person(name: str) -> Title:
    """The payer themself, as the register writes the name: nobody is asked to type it."""
    return Title(name)


def of_organisation(name: str, number: str) -> Title:
    """Raises InvoiceError (`bad_invoice_title`); InputError (`bad_credit_code`)."""
    name = " ".join(name.split())
    if not 1 < len(name) <= _LONGEST or not name.isprintable():
        text = f"found a name of {len(name)} characters; expected the organisation's whole name, 2 to {_LONGEST}"
        raise InvoiceError(text, code="bad_invoice_title")
    return Title(name, check_credit_code(number))


def as_text(title: Title) -> str:
    return json.dumps(asdict(title), ensure_ascii=False)
