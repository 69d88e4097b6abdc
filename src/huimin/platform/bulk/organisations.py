"""Organisations, and money that they pay in or get back: each transfer takes two people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from huimin.money import LARGEST_FEN
from huimin.platform.bulk.entries import deposit_entry, payout_entry
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.guard import money_of, move_money
from huimin.platform.bulk.models import Deposit, Organisation, OrganisationMoney, Payout
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.services import propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.api import post
from huimin.platform.tasks.api import enqueue
from huimin.settlement.credit_code import check_credit_code

__all__ = [
    "DEPOSIT",
    "ENROL_BULK",
    "PAYOUT",
    "enrol_later",
    "money_use_cases",
    "open_organisation",
    "propose_deposit",
    "propose_payout",
]

DEPOSIT, PAYOUT, ENROL_BULK = "organisation_deposit", "organisation_payout", "enrol_bulk"
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LONGEST_NAME, _LONGEST_BANK, _LONGEST_TRANSFER = 120, 40, 80


@transaction.atomic
def open_organisation(*, actor: Actor, code: str, name: str, credit_code: str) -> int:
    """Take an organisation in. Returns its number.

    Raises NotAllowed; InputError `bad_credit_code`; BulkError `bad_organisation`, `organisation_exists`.
    """
    authorise(actor, Action.OPEN_ORGANISATION)
    city, moment, name = actor.city, now(actor.city), name.strip()
    if not _CODE.fullmatch(code) or not 0 < len(name) <= _LONGEST_NAME:
        text = f"found the code {code!r} and a name of {len(name)} characters; expected small letters, digits, hyphens"
        raise BulkError(f"{text}, and a name of 1 to {_LONGEST_NAME}", code="bad_organisation")
    number = check_credit_code(credit_code)
    try:
        with transaction.atomic():
            row = Organisation.objects.create(
                city=city, code=code, name=name, credit_code=number, opened_by=actor.text, opened_at=moment
            )
    except IntegrityError as error:
        text = f"the code {code} or the credit code {number} belongs to an organisation already"
        raise BulkError(text, code="organisation_exists") from error
    OrganisationMoney.objects.create(city=city, organisation=row)
    _audit(actor, "organisation_opened", code)
    return int(row.pk)


def propose_deposit(
    *, actor: Actor, organisation: str, amount: int, bank: str, transfer: str, received_on: date
) -> Proposal:
    """One person has seen a transfer on the bank's statement; the money counts once another agrees.

    Raises NotAllowed; BulkError `bad_organisation_money`, `transfer_recorded`; ApprovalError.
    """
    arguments = {"amount": amount, "bank": bank.strip(), "transfer": transfer.strip(), "received_on": str(received_on)}
    return _propose(actor, DEPOSIT, organisation, arguments)


def propose_payout(*, actor: Actor, organisation: str, amount: int, bank: str, transfer: str, reason: str) -> Proposal:
    """Money that is left goes back to the organisation. Raises as `propose_deposit`; BulkError `organisation_short`."""
    arguments = {"amount": amount, "bank": bank.strip(), "transfer": transfer.strip()}
    return _propose(actor, PAYOUT, organisation, arguments, reason)


def _propose(
    actor: Actor, use_case: str, organisation: str, arguments: dict[str, object], reason: str = ""
) -> Proposal:
    authorise(actor, Action.RECORD_ORGANISATION_MONEY)
    said = reason or f"{arguments['bank']} {arguments['transfer']}"
    return propose(
        actor=actor, use_case=use_case, subject=Subject("organisation", organisation), arguments=arguments, reason=said
    )


def money_use_cases() -> tuple[UseCase, UseCase]:
    """What two people agree on, as the context registers it."""
    first, second = Action.RECORD_ORGANISATION_MONEY, Action.AGREE_TO_ORGANISATION_MONEY
    return UseCase(DEPOSIT, first, second, _prepare_deposit), UseCase(PAYOUT, first, second, _prepare_payout)


def _prepare_deposit(proposal: Proposal) -> Prepared:
    city, given = proposal.city, proposal.arguments
    row = _organisation(city, proposal.subject.id)
    day = date.fromisoformat(given["received_on"])
    _refuse_transfer(given)
    if day > today(city):
        raise BulkError(f"the transfer is dated {day}, after today", code="bad_organisation_money")
    if Deposit.objects.of(city).filter(bank=given["bank"], transfer=given["transfer"]).exists():
        raise BulkError(f"transfer {given['transfer']} is recorded already", code="transfer_recorded")

    def carry_out(actor: Actor) -> None:
        money_of(city, row.pk, lock=True)
        deposit = Deposit.objects.create(
            city=city,
            organisation=row,
            amount=given["amount"],
            bank=given["bank"],
            transfer=given["transfer"],
            received_on=day,
            proposed_by=proposal.proposed_by,
            agreed_by=actor.text,
            recorded_at=now(city),
        )
        move_money(city, row.pk, given["amount"])
        post(city=city, entries=[deposit_entry(row.code, deposit)], at=now(city))
        _audit(actor, "organisation_paid_in", row.code, given["amount"])
        enrol_later(city, row.pk)

    return Prepared({"organisation": row.code, "amount": given["amount"]}, carry_out)


def _prepare_payout(proposal: Proposal) -> Prepared:
    city, given = proposal.city, proposal.arguments
    row = _organisation(city, proposal.subject.id)
    _refuse_transfer(given)
    left = money_of(city, row.pk, lock=True)
    if given["amount"] > left:
        text = f"{given['amount']} fen would go back to {row.code}, which has {left} fen left"
        raise BulkError(text, code="organisation_short")
    if Payout.objects.of(city).filter(bank=given["bank"], transfer=given["transfer"]).exists():
        raise BulkError(f"transfer {given['transfer']} is recorded already", code="transfer_recorded")

    def carry_out(actor: Actor) -> None:
        payout = Payout.objects.create(
            city=city,
            organisation=row,
            amount=given["amount"],
            bank=given["bank"],
            transfer=given["transfer"],
            proposed_by=proposal.proposed_by,
            agreed_by=actor.text,
            recorded_at=now(city),
        )
        move_money(city, row.pk, -given["amount"])
        post(city=city, entries=[payout_entry(row.code, payout)], at=now(city))
        _audit(actor, "organisation_paid_out", row.code, given["amount"])

    return Prepared({"organisation": row.code, "amount": given["amount"]}, carry_out)


def enrol_later(city: City, organisation_id: int) -> None:
    """Have a worker enrol whom the organisation's money suffices for now."""
    enqueue(city=city, kind=ENROL_BULK, payload={"organisation": organisation_id})


def _organisation(city: City, code: str) -> Organisation:
    found: Organisation | None = Organisation.objects.of(city).filter(code=code).first()
    if found is None:
        raise BulkError(f"found no organisation {code!r} in this city", code="bad_organisation_money")
    return found


def _refuse_transfer(given: Mapping[str, Any]) -> None:
    amount, bank, transfer = (given[name] for name in ("amount", "bank", "transfer"))
    fits = len(bank) <= _LONGEST_BANK and len(transfer) <= _LONGEST_TRANSFER
    if not 0 < amount <= LARGEST_FEN or not bank or not transfer or not fits:
        text = f"found {amount} fen, transfer {transfer!r} at {bank!r}; expected an amount above 0"
        raise BulkError(f"{text}, a bank account and the transfer's number", code="bad_organisation_money")


def _audit(actor: Actor, action: str, code: str, amount: int | None = None) -> None:
    detail = {} if amount is None else {"amount": amount}
    subject = f"organisation:{code}"
    record_audit(city=actor.city, actor=actor.text, action=action, subject=subject, at=now(actor.city), detail=detail)
