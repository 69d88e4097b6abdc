"""What the API takes and gives of enrolment: the plan, people, orders and policies.

Amounts are text in yuan with two decimals.
"""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from huimin.platform.api.shown import ShownIn
from huimin.platform.foundation.relations import Relation

__all__ = [
    "EligibilityIn",
    "EligibilityOut",
    "IdempotencyKey",
    "OrderIn",
    "OrderOut",
    "PlanOut",
    "PolicyStandsOut",
]

Text = Annotated[str, StringConstraints(strict=True, max_length=200)]
IdempotencyKey = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[\x21-\x7e]+$")]
"""What a client calls one write of its own: 1 to 120 printable ASCII characters without blanks."""


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class PersonIn(_Strict):
    id_number: Text
    name: Text


class EligibilityIn(PersonIn):
    """`edition`: the one that is asked about, where the plan has editions."""

    edition: Text = ""


class OtherCoverOut(Schema):
    """Cover that the person has already for the same days: the plan pays nothing of a bill that it pays."""

    plan: str
    first_day: str
    last_day: str


class EligibilityOut(Schema):
    """`reasons` against joining, as codes; price and days where there are none. Show `other_cover` before the payer
    pays."""

    eligible: bool
    reasons: list[str]
    price: str | None
    cover_from: str | None
    cover_to: str | None
    other_cover: list[OtherCoverOut]


class BenefitInWords(Schema):
    id: str
    name: str
    pays_for: str
    terms: list[str]


class KeyTermOut(Schema):
    key: Annotated[str, Field(description="not_covered, deductible, one_year, indemnity or history")]
    title: str
    lines: list[str]


class PlanOut(Schema):
    """The plan on sale, computed from its terms, in the language that was asked for.

    `key_terms` have to be shown on a page of their own, and confirmed there, before anybody pays. `key_terms_digest`
    names these words, so that a channel can tell later which ones it showed.
    """

    plan: Annotated[str, Field(description="the plan's id")]
    name: str
    price: str
    other_prices: list[str]
    cover: str
    window_first_day: str
    window_last_day: str
    eligibility: str
    headlines: list[str]
    benefits: list[BenefitInWords]
    good_to_know: list[str]
    key_terms: list[KeyTermOut]
    key_terms_digest: Annotated[str, Field(description="SHA-256 of the words")]


class InsuredIn(EligibilityIn):
    """`history_consent`: the person's own, a guardian's for a minor, that the bureau tells five years of diagnoses."""

    relation: Relation
    history_consent: bool = False


class OrderIn(_Strict):
    """`terms_opened`: the channel showed what the plan covers and what not, and the applicant opened it.

    `shown`: the pages that it showed. They are kept for five years after the cover, beside what our own pages show.
    """

    applicant: PersonIn
    insured: Annotated[list[InsuredIn], Field(min_length=1, max_length=10)]
    terms_opened: bool
    shown: Annotated[tuple[ShownIn, ...], Field(max_length=30)] = ()


class PolicyOut(Schema):
    number: str
    cover_from: str
    cover_to: str


class StandsOut(Schema):
    """`status`: not_yet, in_force, expired, cancellation_pending, cancelled, died, refund_due, refunded; several at
    once. Others may be added."""

    status: str
    since: str


class PolicyStandsOut(PolicyOut):
    """A policy today. The days are those of the cover as it was sold; `statuses` say what became of it."""

    reference: Annotated[str, Field(description="of its order")]
    price: str
    statuses: list[StandsOut]


class PaidByOut(Schema):
    payer: str
    amount: str


class CoverOut(Schema):
    """One person of an order. Until it is paid, the days of cover are those of somebody who pays today."""

    relation: str
    edition: str
    price: Annotated[str, Field(description="the whole premium, whoever pays it")]
    to_pay: Annotated[str, Field(description="what the order's payer pays of it")]
    paid_by: Annotated[
        list[PaidByOut], Field(description="what others pay of it, by the terms and by funds (fund:CODE)")
    ]
    cover_from: str | None
    cover_to: str | None
    refused: Annotated[str, Field(description="why there is no cover: a code, empty where there is")]


class OrderOut(Schema):
    """`status`: asking the bureau, and nothing can be paid yet; waiting for its payment, and for about a second after
    it for its policies; refused, with a reason beside each person; issued; failed where others do not pay; refund_due
    where it was paid and nobody could be covered."""

    reference: str
    status: str
    total: str
    pay_at: str
    insured: list[CoverOut]
    policies: list[PolicyOut]
    owed_back: Annotated[str, Field(description="received for this order and owed back")] = "0.00"
