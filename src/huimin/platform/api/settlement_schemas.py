"""What the API takes and gives of settlements.

Amounts are text in yuan with two decimals; a number is refused, since JSON's numbers lose fen.
"""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from huimin.errors import InputError
from huimin.settlement import AMOUNT_FIELDS, CARE_COLUMNS
from huimin.settlement.normal import normal_code
from huimin.settlement.reading import KNOWN_SETTLEMENT_COLUMNS

__all__ = ["SettlementIn", "SettlementOut"]

Text = Annotated[str, StringConstraints(strict=True, max_length=200)]
Long = Annotated[str, StringConstraints(strict=True, max_length=20_000)]
_MOST_FIELDS, _LONGEST_NAME = 300, 60


class _SettlementBase(BaseModel):
    """A settlement by the national interface's names.

    More fields of that interface may be sent, as text: they are kept with the bill and are part of its content, so that
    the same `setl_id` with another value of one is a conflict. Values are taken in one normal form: blanks around them,
    characters that nobody sees and full-width digits are no part of them, and `30000.0` is `30000.00`. A known field
    under another spelling of its name (`REVERSES`, `charity_pay_fen`) is refused: nobody would read it.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Long | None]
    setl_id: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60)]
    psn_no: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=30)]
    setl_time: Annotated[Text, Field(examples=["2022-03-01 14:05:00"])]
    med_type: Annotated[Text, Field(examples=["21"])] = ""
    begndate: Text | None = None
    enddate: Text | None = None
    reverses: Annotated[Text | None, Field(description="the setl_id that this row cancels")] = None

    def sent(self) -> dict[str, str]:
        """Every field that was sent, those that we do not know too; null counts as not sent.

        Raises InputError (`bad_request`) for too many fields, for a name that is too long, and for a known field under
        another spelling of its name.
        """
        unknown = self.__pydantic_extra__ or {}
        if len(self.model_fields_set) > _MOST_FIELDS:
            message = f"found {len(self.model_fields_set)} fields; expected at most {_MOST_FIELDS}"
            raise InputError(message, code="bad_request")
        for name in unknown:
            _refuse_name(name)
        known = self.__dict__
        fields = {name: known[name] if name in known else unknown[name] for name in self.model_fields_set}
        return {name: value for name, value in fields.items() if value is not None}


def _refuse_name(name: str) -> None:
    """`REVERSES` or `charity_pay_fen` would be kept as fields that nobody reads, and the bill would be paid without."""
    if len(name) > _LONGEST_NAME:
        message = f"found a field name of {len(name)} characters; expected at most {_LONGEST_NAME}"
        raise InputError(message, code="bad_request")
    meant = normal_code(name).lower().removesuffix("_fen")
    if meant in KNOWN_SETTLEMENT_COLUMNS and name not in KNOWN_SETTLEMENT_COLUMNS:
        raise InputError(f"found the field {name!r}; expected {meant}, amounts of it in yuan", code="bad_request")


_optional_care: dict[str, Any] = {
    name: ((Long if name == "items" else Text) | None, Field(default=None)) for name in CARE_COLUMNS
}
_amounts: dict[str, Any] = {name: (Text | None, Field(default=None, examples=["115227.53"])) for name in AMOUNT_FIELDS}
SettlementIn = create_model("SettlementIn", __base__=_SettlementBase, **_amounts, **_optional_care)


class BenefitOut(Schema):
    benefit: str
    name_zh: str
    name_en: str
    base: str
    deductible_applied: str
    excess: str
    payable: str


class ChangedOut(Schema):
    setl_id: str
    before: str
    after: str


class UndecidedOut(Schema):
    """`term`: what is not known (terms, tiers, deductible, item_list, earlier_benefit); `reason`: why."""

    benefit: str
    name_zh: str
    name_en: str
    term: str
    reason: str


class FactOut(Schema):
    """A fact that had to hold for a reason to apply."""

    fact: str
    how: str
    values: list[Any]


class ReasonOut(Schema):
    """Why a step's number is not the one that stands first in the terms. Amounts in yuan, `points` in percent."""

    kind: str
    when: list[FactOut]
    amount: str
    used: str
    points: str
    source: str


class StepOut(Schema):
    """One line of the calculation: of `amount` the step pays `payment`, or takes it away where it is negative.

    `kind`: quantity, less_quantity, earlier_benefit, base, deductible, tier, cut or payable. `source` is the clause.
    """

    kind: str
    benefit: str
    amount: str
    payment: str
    rate: Annotated[str | None, Field(description="of a tier, such as 65%")]
    detail: str
    source: str
    reasons: list[ReasonOut]


class PartOut(Schema):
    """Who pays how much of the bill. `kind`: funds, hospital, payer_before, benefit, payer_beside or person."""

    kind: str
    benefit: str
    amount: str


class BesideOut(Schema):
    """An allowance that is owed beside the bill."""

    benefit: str
    amount: str


class ExplanationOut(Schema):
    """How the payment came about: `parts` divide `bill` among those who pay it, `steps` show each benefit's sum.

    `text_zh` and `text_en` are the same in words, line by line, as a resident reads them.
    """

    bill: str
    parts: list[PartOut]
    beside: list[BesideOut]
    steps: list[StepOut]
    text_zh: list[str]
    text_en: list[str]


class OwedOut(Schema):
    """How `payable` is divided: `sender` is what the sender credits the patient with at the counter; `insured` is what
    the plan pays to the insured directly: allowances, and all of a bill that was held and decided by a person later."""

    sender: str
    insured: str


class SettlementOut(Schema):
    """`status`: adjudicated, undecided, cancelled, reversal, or reversal_waiting for a bill that has not come yet.

    A bill is undecided where one of its benefits is: `payable` is then what the others pay. One to which no benefit
    applies is adjudicated, with the one benefit `not_covered`, whose name says why. `changed` are earlier bills of the
    same sender that are paid differently now: what is owed to the sender stays as it was answered (the insured and the
    plan settle the difference). `policy` is empty while a reversal waits for its bill.
    """

    setl_id: str
    policy: str
    status: str
    payable: str
    owed: OwedOut
    benefits: list[BenefitOut]
    undecided: Annotated[list[UndecidedOut], Field(description="benefits of which nobody can say what they pay")]
    excluded: Annotated[list[str], Field(description="exclusions of the plan that kept benefits from applying")]
    explanation: ExplanationOut | None
    changed: list[ChangedOut]
