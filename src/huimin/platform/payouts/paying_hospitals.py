"""Paying a hospital or pharmacy what it credited at its counter, by one payout to its own account."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Party
from huimin.platform.payouts.failures import PayoutError
from huimin.platform.payouts.hospital_accounts import HospitalAccountFacts, hospital_account
from huimin.platform.payouts.making import make_payout
from huimin.platform.payouts.models import ClaimPayout, PayoutStatus

__all__ = ["account_to_pay", "pay_hospital"]


def account_to_pay(city: City, party: Party) -> HospitalAccountFacts | None:
    """The account to which it can be paid now: not one that the last payout came back from, before it is given anew."""
    account = hospital_account(city, party)
    if account is None:
        return None
    rows = ClaimPayout.objects.of(city).filter(hospital=party.text).order_by("-pk")
    last = rows.values_list("hospital_account", "status").first()
    return None if last == (account.id, PayoutStatus.RETURNED) else account


def pay_hospital(city: City, party: Party, owed: Mapping[str, int]) -> int:
    """Make one payout of these bills, in fen by their names in the journal; give its number.

    What the hospital owes back is below zero, and the sum above zero. Call it in a transaction that keeps others from
    paying the same bills. Raises PayoutError (`nothing_to_pay_out`, `no_account_to_pay`).
    """
    account = account_to_pay(city, party)
    if account is None or account.usable_from is None:
        raise PayoutError(f"{party} has no account to which it can be paid", code="no_account_to_pay")
    if sum(owed.values()) <= 0:
        raise PayoutError(f"nothing is left to pay to {party}", code="nothing_to_pay_out")
    to = {"hospital": party.text, "hospital_account_id": account.id}
    return make_payout(city, to, account.usable_from, {source: fen for source, fen in owed.items() if fen})
