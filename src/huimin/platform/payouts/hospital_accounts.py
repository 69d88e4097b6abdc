"""The bank accounts of hospitals and pharmacies: one person gives an account, another confirms it."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.approvals.services import answer_open, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note, writing_together
from huimin.platform.ledger.api import Party
from huimin.platform.payouts.failures import PayoutError
from huimin.platform.payouts.models import HospitalAccount

__all__ = [
    "HospitalAccountFacts",
    "agree_to_hospital_account",
    "hospital_account",
    "hospital_account_by_id",
    "hospital_account_use_case",
    "propose_hospital_account",
    "proposed_hospital_accounts",
]

_USE_CASE = SUBJECT = "hospital_account"
_DIGITS = re.compile(r"[0-9]{8,32}")
"""Accounts of companies have numbers of many lengths and no common check; the second person compares them."""
_LONGEST_BANK, _LONGEST_HOLDER = 40, 80
_CHANGED_WAITS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HospitalAccountFacts:
    """An account as it stands. `number` goes to the bank alone; `usable_from`: None until it is confirmed."""

    id: int
    party: str
    holder: str
    number: str = field(repr=False)
    last_four: str
    bank_name: str
    usable_from: date | None


def propose_hospital_account(
    *, actor: Actor, party: Party, holder: str, number: str, bank_name: str, note: str
) -> Proposal:
    """Give the account to which a hospital or pharmacy is paid; it counts once another person has confirmed it.

    The same account may be given again, as after a payout to it came back for a reason that has passed. Raises
    NotAllowed; PayoutError (`note_missing`, `bad_account_number`, `bank_missing`, `holder_missing`); ApprovalError
    `already_proposed`.
    """
    authorise(actor, Action.SET_HOSPITAL_ACCOUNT)
    refuse_without_note(note, PayoutError)
    digits, held_by, bank = _checked(number, holder, bank_name)
    city, moment = actor.city, now(actor.city)
    with writing_together():
        row = HospitalAccount(
            city=city,
            key=secrets.token_hex(12),
            party=party.text,
            holder=held_by,
            number=digits,
            last_four=digits[-4:],
            bank_name=bank,
            given_by=actor.text,
            given_at=moment,
        )
        HospitalAccount.objects.insert([row])
        record_audit(
            city=city, actor=actor.text, action="hospital_account_given", subject=_subject(party.text), at=moment
        )
        subject = Subject(SUBJECT, party.text)
        return propose(actor=actor, use_case=_USE_CASE, subject=subject, arguments={"account": row.pk}, reason=note)


def agree_to_hospital_account(*, actor: Actor, party: Party, agrees: bool, note: str) -> Answered:
    """Another person confirms the account, or sends it back.

    Raises NotAllowed; ApprovalError (`note_missing`, `nothing_to_agree`, `same_person`).
    """
    subject = Subject(SUBJECT, party.text)
    return answer_open(actor=actor, use_case=_USE_CASE, subject=subject, agrees=agrees, reason=note)


def hospital_account_use_case() -> UseCase:
    """What two people agree on, as `payouts` registers it."""
    return UseCase(_USE_CASE, Action.SET_HOSPITAL_ACCOUNT, Action.AGREE_TO_HOSPITAL_ACCOUNT, _prepare)


def hospital_account(city: City, party: Party) -> HospitalAccountFacts | None:
    """The account that counts, which may be usable from a later day; None where none is confirmed."""
    rows = HospitalAccount.objects.of(city).filter(party=party.text, confirmed_at__isnull=False)
    row = rows.order_by("-confirmed_at", "-pk").first()
    return None if row is None else _facts(row)


def hospital_account_by_id(city: City, account_id: int) -> HospitalAccountFacts:
    return _facts(HospitalAccount.objects.of(city).get(pk=account_id))


def proposed_hospital_accounts(
    city: City, parties: Collection[str]
) -> dict[str, tuple[Proposal, HospitalAccountFacts]]:
    """What waits for a second person, by party: the proposal and the account."""
    found = open_proposals_on(city, _USE_CASE, SUBJECT, list(parties))
    return {one.subject.id: (one, hospital_account_by_id(city, int(one.arguments["account"]))) for one in found}


def _checked(number: str, holder: str, bank_name: str) -> tuple[str, str, str]:
    """Number, holder and bank as they are kept."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number))
    if not _DIGITS.fullmatch(digits):
        raise PayoutError("expected the 8 to 32 digits of a bank account", code="bad_account_number")
    held_by, bank = holder.strip(), bank_name.strip()
    if not 1 <= len(held_by) <= _LONGEST_HOLDER:
        text = f"expected the name that the account is held in, of at most {_LONGEST_HOLDER} characters"
        raise PayoutError(text, code="holder_missing")
    if not 1 <= len(bank) <= _LONGEST_BANK:
        raise PayoutError(f"expected the bank's name, of at most {_LONGEST_BANK} characters", code="bank_missing")
    return digits, held_by, bank


def _prepare(proposal: Proposal) -> Prepared:
    where = {"id": int(proposal.arguments["account"])}
    (row,) = HospitalAccount.objects.fetch(proposal.city, where, lock=True)
    would_change = {"party": row.party, "holder": row.holder, "last_four": row.last_four, "bank": row.bank_name}
    return Prepared(would_change, lambda actor: _confirm(row, actor))


def _confirm(row: HospitalAccount, actor: Actor) -> None:
    city, moment = row.city, now(row.city)
    before = HospitalAccount.objects.of(city).filter(party=row.party, confirmed_at__isnull=False).exists()
    row.confirmed_by, row.confirmed_at = actor.text, moment
    row.usable_from = today(city) + (_CHANGED_WAITS if before else timedelta())
    HospitalAccount.objects.rewrite(row, "confirmed_by", "confirmed_at", "usable_from")
    subject = _subject(row.party)
    record_audit(city=city, actor=actor.text, action="hospital_account_confirmed", subject=subject, at=moment)


def _subject(party: str) -> str:
    return f"{SUBJECT}:{party}"


def _facts(row: HospitalAccount) -> HospitalAccountFacts:
    return HospitalAccountFacts(
        row.pk, row.party, row.holder, row.number, row.last_four, row.bank_name, row.usable_from
    )
