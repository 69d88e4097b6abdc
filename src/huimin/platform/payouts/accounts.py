"""Giving the account to which one's claims are paid."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.payouts.account_numbers import card_number
from huimin.platform.payouts.failures import PayoutError
from huimin.platform.payouts.models import PayeeAccount
from huimin.platform.people.api import check_code, lock_persons, send_own_code
from huimin.platform.tasks.api import enqueue

__all__ = ["AccountFacts", "account_by_id", "accounts_of", "ask_for_account_code", "check_account", "give_account"]

PURPOSE = "payout_account"
_CHANGED_WAITS = timedelta(days=1)
_LONGEST_BANK = 40


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as it stands. `number` goes to the bank alone."""

    id: int
    resident_id: int
    number: str = field(repr=False)
    last_four: str
    bank_name: str
    usable_from: date
    given_at: datetime


def ask_for_account_code(*, actor: Actor, resident_id: int) -> int:
    """Send a code to the resident's own telephone: whoever sits at their page may be somebody else.

    Returns the number of the check. Raises NotAllowed; IdentityError `too_many_codes`.
    """
    authorise(actor, Action.GIVE_ACCOUNT, owner=f"resident:{resident_id}")
    return send_own_code(city=actor.city, resident_id=resident_id, purpose=PURPOSE)


def give_account(
    *, actor: Actor, resident_id: int, number: str, bank_name: str, check_id: int, code: str
) -> AccountFacts:
    """From now on claims are paid to this account, in the resident's own name. A changed one counts from tomorrow.

    Raises NotAllowed; PayoutError (`bad_card_number`, `bank_missing`, `same_account`); IdentityError (`wrong_code`,
    `code_expired`).
    """
    authorise(actor, Action.GIVE_ACCOUNT, owner=f"resident:{resident_id}")
    digits, bank = check_account(actor.city, resident_id, number, bank_name)
    person = check_code(city=actor.city, check_id=check_id, code=code, purpose=PURPOSE)
    if person.id != resident_id:
        raise PayoutError("the code was sent to somebody else", code="wrong_code")
    return _kept(actor, resident_id, digits, bank)


def check_account(city: City, resident_id: int, number: str, bank_name: str) -> tuple[str, str]:
    """Number and bank as they are kept. Raises PayoutError (`bad_card_number`, `bank_missing`, `same_account`)."""
    digits, bank = card_number(number), bank_name.strip()
    if not 1 <= len(bank) <= _LONGEST_BANK:
        raise PayoutError(f"expected the bank's name, of at most {_LONGEST_BANK} characters", code="bank_missing")
    before = accounts_of(city, [resident_id]).get(resident_id)
    if before is not None and (before.number, before.bank_name) == (digits, bank):
        raise PayoutError("this is the account that is known already", code="same_account")
    return digits, bank


@transaction.atomic
def _kept(actor: Actor, resident_id: int, digits: str, bank: str) -> AccountFacts:
    city, moment = actor.city, now(actor.city)
    lock_persons(city, [resident_id])
    before = accounts_of(city, [resident_id]).get(resident_id)
    row = PayeeAccount(
        city=city,
        key=secrets.token_hex(12),
        resident_id=resident_id,
        number=digits,
        last_four=digits[-4:],
        bank_name=bank,
        usable_from=today(city) + (_CHANGED_WAITS if before is not None else timedelta()),
        given_at=moment,
        given_by=actor.text,
    )
    PayeeAccount.objects.insert([row])
    subject = f"resident:{resident_id}"
    record_audit(city=city, actor=actor.text, action="payout_account_given", subject=subject, at=moment)
    message = {"template": "payout_account_given", "resident": resident_id, "last_four": row.last_four}
    enqueue(city=city, kind="notice", key=f"payout-account-{row.pk}", payload=message)
    enqueue(city=city, kind="pay_claims", key=f"account-{row.pk}", payload={"resident": resident_id})
    return _facts(row)


def accounts_of(city: City, resident_ids: Collection[int]) -> dict[int, AccountFacts]:
    """The account that counts of each resident who gave one. One statement."""
    rows = PayeeAccount.objects.of(city).filter(resident__in=list(resident_ids)).order_by("pk")
    return {row.resident_id: _facts(row) for row in rows}


def account_by_id(city: City, account_id: int) -> AccountFacts:
    return _facts(PayeeAccount.objects.of(city).get(pk=account_id))


def _facts(row: PayeeAccount) -> AccountFacts:
    given_at = timezone.localtime(row.given_at)
    return AccountFacts(row.pk, row.resident_id, row.number, row.last_four, row.bank_name, row.usable_from, given_at)
