"""Setting shares, and sharing money out to the fen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from huimin.errors import HuiminError
from huimin.money import BASIS, format_percent, share_out
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.models import Account
from huimin.platform.ledger.services import Entry, Line
from huimin.platform.pool.models import Insurer, Share
from huimin.platform.pool.selectors import shares_on

__all__ = ["Premium", "claim_entries", "premium_entries", "set_shares"]


@dataclass(frozen=True, slots=True)
class Premium:
    """A premium to share out: fen, for the policy `source`, by the shares of `day`."""

    source: str
    amount: int
    day: date


@transaction.atomic
def set_shares(
    *,
    city: City,
    plan_year: PlanYear,
    basis_points: Mapping[Insurer, int],
    lead: Insurer,
    from_day: date,
    actor: str,
) -> None:
    """Set the shares of a plan year from a day on. Refused unless they are positive, with the lead, and 100 %."""
    total = sum(basis_points.values())
    if total != BASIS or lead not in basis_points or min(basis_points.values()) <= 0:
        raise HuiminError(
            f"found shares of {format_percent(total)} in all; expected positive shares of 100%, the lead's among them",
            code="bad_shares",
        )
    Share.objects.bulk_create(
        Share(
            city=city,
            plan_year=plan_year,
            insurer=insurer,
            basis_points=share,
            is_lead=insurer == lead,
            from_day=from_day,
        )
        for insurer, share in basis_points.items()
    )
    record_audit(
        city=city, actor=actor, action="shares_set", subject=f"plan_year:{plan_year.pk}:{from_day}", at=now(city)
    )


def premium_entries(*, city: City, plan_year_id: int, cause: str, premiums: Sequence[Premium]) -> list[Entry]:
    """The entries that share premiums out, each by the shares in force on its day."""
    shares_by_day = {day: shares_on(city, plan_year_id, day) for day in {premium.day for premium in premiums}}
    entries = []
    for premium in premiums:
        shared = _shared(shares_by_day[premium.day], premium.amount, premium.source)
        lines = [Line(Account.PREMIUM_UNSHARED, premium.amount)]
        lines += [Line(Account.INSURER_PREMIUM, -part, insurer) for insurer, part in shared.items()]
        entries.append(Entry("premium_shared", premium.source, cause, lines))
    return entries


def claim_entries(
    *, plan_year_id: int, city: City, source: str, cause: str, payee: str, before: int, after: int, day: date
) -> list[Entry]:
    """The entries for a settlement whose payment goes from `before` to `after` fen.

    Each insurer's part is the difference of two sharings of the whole, so that a payment that goes back to zero takes
    back every fen from where it came. `day` is the settlement's own, so that both sharings use the same shares.
    """
    shares = shares_on(city, plan_year_id, day)
    old, new = (_shared(shares, amount, source) for amount in (before, after))
    change = after - before
    lines = [Line(Account.INSURER_CLAIMS, new[insurer] - old[insurer], insurer) for insurer in new]
    return [
        Entry(
            "claim_decided",
            source,
            cause,
            [Line(Account.CLAIMS_UNSHARED, change), Line(Account.CLAIM_PAYABLE, -change, payee)],
        ),
        Entry("claim_shared", source, cause, [*lines, Line(Account.CLAIMS_UNSHARED, -change)]),
    ]


def _shared(shares: Mapping[str, int], amount: int, source: str) -> dict[str, int]:
    """Parts by insurer code. Ties go by a fingerprint of source and insurer: over a year it favours nobody."""
    order = {insurer: hashlib.sha256(f"{source}\x1f{insurer}".encode()).digest() for insurer in shares}
    return share_out(amount, shares, order)
