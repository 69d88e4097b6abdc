"""Setting shares, and sharing money out to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from huimin.errors import HuiminError
from huimin.money import BASIS, format_percent
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.models import Account
from huimin.platform.ledger.services import Entry, Line
from huimin.platform.pool.models import Insurer, Share
from huimin.platform.pool.selectors import share_table
from huimin.platform.pool.sharing import shared_out

__all__ = ["Claim", "Owed", "Premium", "claim_entries", "premium_entries", "set_shares"]


@dataclass(frozen=True, slots=True)
class Premium:
    """A premium to share out: fen, for the policy `source`, by the shares of `day`."""

    source: str
    amount: int
    day: date


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed of one settlement, in fen: to its sender, and to the insured (below zero: by the insured)."""

    sender: int = 0
    insured: int = 0

    @property
    def total(self) -> int:
        return self.sender + self.insured


@dataclass(frozen=True, slots=True)
class Claim:
    """A settlement of which other amounts are owed than before; the shares are those of its own `day`.

    `sender` and `insured` are the parties of the accounts.
    """

    source: str
    sender: str
    insured: str
    before: Owed
    after: Owed
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
    table = share_table(city, plan_year_id)
    entries = []
    for premium in premiums:
        period = table.on(premium.day)
        shared = shared_out(city.code, period, premium.amount, premium.source)
        lines = [Line(Account.PREMIUM_UNSHARED, premium.amount)]
        lines += [Line(Account.INSURER_PREMIUM, -part, insurer) for insurer, part in shared.items()]
        entries.append(Entry("premium_shared", premium.source, cause, lines, period.label))
    return entries


def claim_entries(*, city: City, plan_year_id: int, cause: str, claims: Sequence[Claim]) -> list[Entry]:
    """The entries for settlements of which other amounts are owed.

    Each insurer's part is the difference of two sharings of the whole, so that a payment that goes back to zero takes
    back every fen from where it came. Who is owed it does not matter to the insurers.
    """
    table = share_table(city, plan_year_id)
    entries = []
    for claim in claims:
        period = table.on(claim.day)
        old, new = (shared_out(city.code, period, owed.total, claim.source) for owed in (claim.before, claim.after))
        change = claim.after.total - claim.before.total
        decided = [Line(Account.CLAIMS_UNSHARED, change), *_owed_lines(claim)]
        shared = [Line(Account.INSURER_CLAIMS, new[insurer] - old[insurer], insurer) for insurer in new]
        shared.append(Line(Account.CLAIMS_UNSHARED, -change))
        entries.append(Entry("claim_decided", claim.source, cause, decided))
        entries.append(Entry("claim_shared", claim.source, cause, shared, period.label))
    return entries


def _owed_lines(claim: Claim) -> list[Line]:
    """What changes for the sender and the insured. What the insured owe stands in an account of its own."""
    before, after = claim.before, claim.after
    to_insured = max(0, after.insured) - max(0, before.insured)
    by_insured = max(0, -after.insured) - max(0, -before.insured)
    return [
        Line(Account.CLAIM_PAYABLE, before.sender - after.sender, claim.sender),
        Line(Account.CLAIM_PAYABLE, -to_insured, claim.insured),
        Line(Account.OVERPAYMENT_RECEIVABLE, by_insured, claim.insured),
    ]
