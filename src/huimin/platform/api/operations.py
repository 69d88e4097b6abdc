"""What the OpenAPI document says of each address beyond its schemas: who signs, and which problems can come.

A test sends the examples and compares the answers. Another compares every problem that the platform's tests meet with
these lists, so that an answer that is not listed fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ALWAYS", "OPERATIONS", "Described"]

ALWAYS = (
    *("bad_host", "duplicate_header", "header_too_long", "too_many_requests", "overloaded", "unavailable"),
    *("database_unavailable", "database_busy", "database_slow", "storage_full", "internal_error"),
)
"""Problems that any address may answer."""

_SIGNED = ("bad_signature", "not_allowed")
_BODY = ("broken_json", "unsupported_media_type", "request_too_large", "request_too_slow", "bad_request", "bad_text")
_AMOUNTS = (
    *("bad_amount", "negative_amount", "missing_amount", "unbalanced_scope", "unbalanced_total", "unbalanced_funds"),
    *("unbalanced_personal", "self_funded_above_personal", "other_payers_above_personal"),
)
_PLACE = (
    *("unknown_member", "uncovered_date", "two_policies", "settlement_in_future", "bad_date", "missing_date"),
    *("missing_id", "missing_member", "spoilt_id"),
)
_CARE = ("missing_med_type", "unknown_med_type", "unknown_terms", "missing_fact", "missing_items", "bad_care")
_REVERSING = (
    *("reverses_reversal", "reverses_other_member", "reverses_of_other_sender", "reverses_ambiguous"),
    *("already_reversed", "not_a_reversal"),
)
_CANNOT_BE_DECIDED = (*_PLACE, *_AMOUNTS, *_CARE, *_REVERSING, "conflicting_duplicate", "refused_on_review")
_OF_THE_BUREAU = ("not_a_reversal", "reverses_ambiguous")
"""What only the bureau's channel can meet; it tries no bills."""
_NO_BODY = ("unsupported_media_type", "request_too_large", "request_too_slow", "bad_request")
_PEOPLE = ("not_found", "not_in_register", "bad_identity_number", "bad_name", "too_many_lookups")


@dataclass(frozen=True, slots=True)
class Described:
    """One operation. `problems` are codes beside those of ALWAYS; `repeat`: what sending it twice does."""

    name: str
    summary: str
    problems: tuple[str, ...]
    repeat: str
    signed: bool = True
    signer: str = "provider"
    """Of one that no client signs: the scheme of whoever does."""


OPERATIONS: Mapping[str, Described] = {
    "post /settlements": Described(
        "post_settlement",
        "Settle a bill, or reverse one",
        (*_SIGNED, *_BODY, *_CANNOT_BE_DECIDED),
        "The settlement's own id decides, whatever the key and however late: the same content gets the first answer "
        "again, computed from the facts known then; other content is `conflicting_duplicate`.",
    ),
    "post /settlements/trials": Described(
        "post_trial",
        "Ask what a bill would be paid, and settle nothing",
        (
            *(*_SIGNED, *_BODY, *(one for one in _CANNOT_BE_DECIDED if one not in _OF_THE_BUREAU)),
            *("bill_settled", "idempotency_key_reused", "trial_too_old", "too_many_trials"),
        ),
        "The Idempotency-Key decides: the same content gets the first statement again, with its state as it is now; "
        "other content is `idempotency_key_reused`. With another key it is another trial, and counts among those that "
        "one institution may make for one person in a day.",
    ),
    "post /settlements/trials/{trial}/confirm": Described(
        "post_trial_confirm",
        "Settle the bill of a trial",
        (
            *(*_SIGNED, *_NO_BODY, "not_found", "trial_outdated", "trial_cancelled", "conflicting_duplicate"),
            *("refused_on_review", "unknown_member", "uncovered_date", "two_policies", "missing_fact"),
            *("reverses_reversal", "reverses_other_member", "reverses_of_other_sender", "already_reversed"),
        ),
        "The trial decides, whatever the key: once it is confirmed, the first answer comes again, however late; once "
        "another took its place, `trial_outdated` comes again and names the same new trial.",
    ),
    "post /settlements/trials/{trial}/cancel": Described(
        "post_trial_cancel",
        "Withdraw a trial",
        (*_SIGNED, *_NO_BODY, "not_found", "bill_settled", "trial_outdated"),
        "A trial that is cancelled stays so; the answer is the same.",
    ),
    "get /settlements/trials/{trial}": Described(
        "get_trial",
        "A trial that this client made, and how it stands",
        (*_SIGNED, "not_found"),
        "Reading changes nothing.",
    ),
    "get /settlements/{setl_id}": Described(
        "get_settlement",
        "The answer to a settlement that this client sent",
        (*_SIGNED, "not_found"),
        "Reading changes nothing.",
    ),
    "get /hospital-statements": Described(
        "get_statements", "Your monthly statements", (*_SIGNED, "bad_request"), "Reading changes nothing."
    ),
    "get /hospital-statements/{month}/sheet": Described(
        "get_statement_sheet",
        "A statement as an Excel file, to be answered",
        (*_SIGNED, "not_found"),
        "Reading changes nothing. What was answered before stands in the file.",
    ),
    "get /hospital-statements/{month}": Described(
        "get_statement",
        "A statement and its lines",
        (*_SIGNED, "not_found", "bad_request"),
        "Reading changes nothing. The lines never change; how they stand does.",
    ),
    "post /hospital-statements/{month}/answers": Described(
        "post_answers",
        "Agree to lines of a statement, or dispute them",
        (*_SIGNED, *_BODY, "not_found", "answers_refused"),
        "The same answers again change nothing. A line that was agreed to is not disputed any more; one that was "
        "disputed may be agreed to until it is decided. No key is needed.",
    ),
    "post /hospital-statements/{month}/sheet": Described(
        "post_statement_sheet",
        "Answer a statement by its Excel file",
        (*_SIGNED, *_BODY, "not_found", "answers_refused"),
        "As for answers that are sent one by one. No key is needed.",
    ),
    "get /plan": Described(
        "get_plan", "The plan on sale, in words", (*_SIGNED, "not_found", "bad_request"), "Reading changes nothing."
    ),
    "post /eligibility": Described(
        "post_eligibility",
        "Whether a person may join today",
        (*_SIGNED, *_BODY, *_PEOPLE),
        "Asking only counts people who were looked up in vain. No key is needed.",
    ),
    "post /orders": Described(
        "post_order",
        "Order cover for a resident and family",
        (
            *(*_SIGNED, *_BODY, *_PEOPLE, "terms_not_opened", "not_eligible", "person_twice", "nothing_to_pay"),
            "relation_impossible",
            "idempotency_key_reused",
        ),
        "The Idempotency-Key decides, for as long as the city keeps the order: the same content gets the first answer "
        "again, as it was then; other content is `idempotency_key_reused`. A request that was refused is not kept, so "
        "that the key may be used again once it is corrected.",
    ),
    "get /orders/{reference}": Described(
        "get_order", "An order, with its policies once it is paid", (*_SIGNED, "not_found"), "Reading changes nothing."
    ),
    "get /policies/{number}": Described(
        "get_policy",
        "A policy that this channel sold, and how it stands",
        (*_SIGNED, "not_found"),
        "Reading changes nothing.",
    ),
    "get /policies/{number}/document": Described(
        "get_policy_document",
        "The e-policy as PDF",
        (*_SIGNED, "not_found"),
        "Reading changes nothing. The same policy gives the same bytes until something happens to it.",
    ),
    "post /bulk-files": Described(
        "post_bulk_file",
        "Announce a list of people to enrol",
        (
            *(*_SIGNED, *_BODY, "not_found", "bad_bulk_file", "bulk_file_known", "too_many_bulk_files"),
            "idempotency_key_reused",
        ),
        "The bytes decide: a list of the same size and digest that this channel announced before is the same file, and "
        "the answer says which parts are still missing. The same Idempotency-Key with other content is "
        "`idempotency_key_reused`.",
    ),
    "post /bulk-files/{file}/parts": Described(
        "post_bulk_part",
        "Send one part of a list",
        (*_SIGNED, *_BODY, "not_found", "bad_bulk_part", "bulk_part_differs", "bulk_file_not_open"),
        "The place decides: the same bytes again change nothing; others are `bulk_part_differs`. No key is needed.",
    ),
    "get /bulk-files/{file}": Described(
        "get_bulk_file",
        "How a list stands",
        (*_SIGNED, "not_found", "bad_request"),
        "Reading changes nothing.",
    ),
    "get /bulk-files/{file}/result": Described(
        "get_bulk_result",
        "What came of each row, as CSV",
        (*_SIGNED, "not_found", "bad_request"),
        "Reading changes nothing. Rows go on from waiting to enrolled or refused.",
    ),
    "post /messages/{city_code}/replies": Described(
        "post_reply",
        "What somebody replied to a text message",
        ("not_found", "bad_signature", "bad_reply", "request_too_large", "request_too_slow", "bad_text"),
        "The first answer to a question stands: the same reply again changes nothing.",
        signed=False,
        signer="gateway",
    ),
    "post /payments/{city_code}/{provider_code}/notices": Described(
        "post_payment_notice",
        "What a payment company says of a payment",
        (
            *("not_found", "unknown_provider", "bad_signature", "bad_notice"),
            *("request_too_large", "request_too_slow", "bad_text"),
        ),
        "The transaction decides: each counts once, whatever the notice_id and however late.",
        signed=False,
    ),
    "post /payments/{city_code}/{provider_code}/agreements": Described(
        "post_agreement_notice",
        "What a payment company says of an agreement to take premiums",
        (
            *("not_found", "unknown_provider", "agreement_not_known", "bad_signature", "bad_notice"),
            *("request_too_large", "request_too_slow", "bad_text"),
        ),
        "A repeat changes nothing. An agreement that is over stays so, whatever comes after it.",
        signed=False,
    ),
}
"""By method and path under /api/v1."""
