"""Sets shares, and shares money out to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from huimin.errors import HuiminError
from huimin.money import BASIS, format_percent
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.cleaning import refuse_unclean
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.api import (
    Entry,
    Owed,
    Party,
    claim_decided,
    claim_shared,
    overpayment_waived,
    premium_shared,
)
from huimin.platform.pool.models import Insurer, Share
from huimin.platform.pool.selectors import ShareTable, share_table
from huimin.platform.pool.sharing import shared_out

__all__ = [
    "Claim",
    "Premium",
    "claim_entries",
    "premium_change",
    "premium_entries",
    "register_insurer",
    "set_shares",
    "waiver_entries",
]


@dataclass(frozen=True, slots=True)
class Premium:
    """A premium to share out: in fen, for the policy `source`, by the shares in force on `day`."""

    source: str
    amount: int
    day: date
    cause: str = ""
    """What brought it about, where that is not the same for all that are shared out together."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A settlement for which other amounts are owed than before; the shares are those in force on its own `day`.

    `sender` is the hospital or pharmacy that sent it, `insured` the policy.
    """

    source: str
    sender: Party
    insured: Party
    before: Owed
    after: Owed
    day: date


@transaction.atomic
def register_insurer(*, actor: Actor, code: str, name_zh: str, name_en: str) -> None:
    """An insurer that may have a share in the city's plan years.

    Raises NotAllowed; InputError (`bad_insurer`) for a code with other characters than a-z, 0-9, - and _, or no name;
    HuiminError (`insurer_known`) where the city has one with this code.
    """
    authorise(actor, Action.SET_UP)
    city = actor.city
    if Insurer.objects.of(city).filter(code=code).exists():
        raise HuiminError(f"the city has an insurer {code!r} already", code="insurer_known")
    row = Insurer(city=city, code=code, name_zh=name_zh, name_en=name_en)
    refuse_unclean(row, f"the insurer {code!r}", "bad_insurer")
    row.save()
    subject = f"insurer:{code}"
    record_audit(city=city, actor=actor.text, action="insurer_registered", subject=subject, at=now(city))


@transaction.atomic
def set_shares(
    *,
    actor: Actor,
    plan_year: PlanYearFacts,
    basis_points: Mapping[str, int],
    lead: str,
    from_day: date,
) -> None:
    """Set the shares of a plan year from a day on, by insurer code.

    They must be positive, include the lead, add up to 100 %, and be of insurers of the city.

    Raises NotAllowed; HuiminError `bad_shares`.
    """
    authorise(actor, Action.SET_SHARES)
    city = actor.city
    total = sum(basis_points.values())
    if total != BASIS or lead not in basis_points or min(basis_points.values()) <= 0:
        raise HuiminError(
            f"found shares of {format_percent(total)} in all; expected positive shares of 100%, the lead's among them",
            code="bad_shares",
        )
    keys = dict(Insurer.objects.of(city).filter(code__in=list(basis_points)).values_list("code", "pk"))
    unknown = sorted(set(basis_points) - set(keys))
    if unknown:
        raise HuiminError(f"found shares of {', '.join(unknown)}; expected insurers of the city", code="bad_shares")
    Share.objects.bulk_create(
        Share(
            city=city,
            plan_year_id=plan_year.id,
            insurer_id=keys[insurer],
            basis_points=share,
            is_lead=insurer == lead,
            from_day=from_day,
        )
        for insurer, share in basis_points.items()
    )
    record_audit(
        city=city, actor=actor.text, action="shares_set", subject=f"plan_year:{plan_year.id}:{from_day}", at=now(city)
    )


def premium_entries(*, city: City, plan_year_id: int, cause: str, premiums: Sequence[Premium]) -> list[Entry]:
    """The entries that share premiums out, each by the shares in force on its day."""
    table = share_table(city, plan_year_id)
    entries = []
    for premium in premiums:
        period = table.on(premium.day)
        parts = shared_out(city.code, period, premium.amount, premium.source)
        said = premium.cause or cause
        entries.append(premium_shared(source=premium.source, cause=said, parts=parts, sharing=period.label))
    return entries


def premium_change(
    *, city: City, plan_year_id: int, cause: str, source: str, day: date, before: int, after: int
) -> Entry:
    """The entry by which insurers get more (less: give back) of a premium that was `before` fen and is `after` now.

    It is the difference of two sharings of the whole, so that nothing is left of a premium that comes back whole.
    """
    period = share_table(city, plan_year_id).on(day)
    old, new = (shared_out(city.code, period, fen, source) for fen in (before, after))
    parts = {insurer: new[insurer] - part for insurer, part in old.items()}
    return premium_shared(source=source, cause=cause, parts=parts, sharing=period.label)


def claim_entries(*, city: City, table: ShareTable, cause: str, claims: Sequence[Claim]) -> list[Entry]:
    """Two entries for each settlement for which other amounts are owed: what is owed, and who bears it.

    For the insurers it does not matter to whom an amount is owed: the whole is shared.
    """
    entries = []
    for claim in claims:
        source, period = claim.source, table.on(claim.day)
        old, new = (shared_out(city.code, period, owed.total, source) for owed in (claim.before, claim.after))
        decided = claim_decided(
            source=source,
            cause=cause,
            sender=claim.sender,
            insured=claim.insured,
            before=claim.before,
            after=claim.after,
        )
        shared = claim_shared(source=source, cause=cause, before=old, after=new, sharing=period.label)
        entries += [decided, shared]
    return entries


def waiver_entries(
    *, city: City, table: ShareTable, cause: str, source: str, insured: Party, day: date, before: int, after: int
) -> list[Entry]:
    """Two entries where what is waived of an overpayment for a bill changes from `before` to `after` fen: what the
    insured need not pay back, and which insurers bear it.

    It is shared by itself, beside the bill: so it can be taken back whole, whatever became of the bill meanwhile.
    """
    period, own = table.on(day), f"waived:{source}"
    old, new = (shared_out(city.code, period, fen, own) for fen in (before, after))
    waived = overpayment_waived(source=source, cause=cause, insured=insured, amount=after - before)
    return [waived, claim_shared(source=source, cause=cause, before=old, after=new, sharing=period.label)]
