"""Opening sponsors, rosters and funds, and recording what was paid in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from huimin.money import LARGEST_FEN, format_yuan
from huimin.platform.catalogue.api import plan_year_by_id, terms_of
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.api import post
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.entries import contribution_entry
from huimin.platform.subsidies.facts import FundFacts, Named, named
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.guard import PARTS, put_in
from huimin.platform.subsidies.models import (
    Contribution,
    Fund,
    FundAmount,
    FundPart,
    Roster,
    Sponsor,
    SponsorKind,
)
from huimin.platform.subsidies.reasons import Reason
from huimin.platform.subsidies.selectors import fund_by_code

__all__ = ["open_fund", "open_roster", "open_sponsor", "pay_in"]

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@transaction.atomic
def open_sponsor(*, actor: Actor, code: str, kind: SponsorKind, name_zh: str, name_en: str) -> Named:
    """A donor or department from which funds come. Raises NotAllowed; SubsidyError (`bad_fund`, `fund_exists`)."""
    authorise(actor, Action.OPEN_FUND)
    _refuse_names(code, name_zh, name_en)
    if Sponsor.objects.of(actor.city).filter(code=code).exists():
        raise SubsidyError(f"the sponsor {code} is there already; choose another code", code="fund_exists")
    row = Sponsor.objects.create(
        city=actor.city, code=code, kind=kind, name_zh=name_zh, name_en=name_en, opened_at=now(actor.city)
    )
    _audit(actor, "sponsor_opened", f"sponsor:{code}")
    return named(row)


@transaction.atomic
def open_roster(*, actor: Actor, code: str, name_zh: str, name_en: str) -> Named:
    """A roster that has nobody yet. Raises NotAllowed; SubsidyError (`bad_fund`, `fund_exists`)."""
    authorise(actor, Action.OPEN_FUND)
    _refuse_names(code, name_zh, name_en)
    if Roster.objects.of(actor.city).filter(code=code).exists():
        raise SubsidyError(f"the roster {code} is there already; choose another code", code="fund_exists")
    row = Roster.objects.create(city=actor.city, code=code, name_zh=name_zh, name_en=name_en, opened_at=now(actor.city))
    _audit(actor, "roster_opened", f"roster:{code}")
    return named(row)


@transaction.atomic
def open_fund(
    *,
    actor: Actor,
    code: str,
    name_zh: str,
    name_en: str,
    sponsor: str,
    roster: str,
    plan_year_id: int,
    use_order: int,
    amounts: Mapping[str, PerPerson],
    opens_on: date,
    closes_on: date,
    backs: str = "",
) -> FundFacts:
    """A fund without money yet. `sponsor` and `roster` by code; `amounts` by reason, "" for every other reason.

    Raises NotAllowed; SubsidyError: `bad_fund` with what does not fit, `fund_exists`.
    """
    authorise(actor, Action.OPEN_FUND)
    city = actor.city
    _refuse_names(code, name_zh, name_en)
    _refuse_amounts(amounts)
    if closes_on < opens_on:
        raise _bad(f"the fund closes on {closes_on}, before it opens on {opens_on}")
    _refuse_payer(city, plan_year_id, backs)
    from_whom = Sponsor.objects.of(city).filter(code=sponsor).first()
    for_whom = Roster.objects.of(city).filter(code=roster).first()
    if from_whom is None or for_whom is None:
        raise _bad(f"found the sponsor {sponsor!r} and the roster {roster!r}; expected one of each that is there")
    taken = Fund.objects.of(city).filter(code=code) | Fund.objects.of(city).filter(
        plan_year=plan_year_id, use_order=use_order
    )
    if taken.exists():
        text = f"the code {code} or the place {use_order} in the order of use is another fund's; choose another"
        raise SubsidyError(text, code="fund_exists")
    row = Fund.objects.create(
        city=city,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        sponsor=from_whom,
        plan_year_id=plan_year_id,
        roster=for_whom,
        use_order=use_order,
        backs=backs,
        opens_on=opens_on,
        closes_on=closes_on,
        opened_by=actor.text,
        opened_at=now(city),
    )
    _write_terms(city, row, amounts)
    _audit(actor, "fund_opened", f"fund:{code}")
    found = fund_by_code(city, code)
    assert found is not None  # noqa: S101 - it was written above
    return found


def _write_terms(city: City, row: Fund, amounts: Mapping[str, PerPerson]) -> None:
    FundAmount.objects.bulk_create(
        FundAmount(city=city, fund=row, reason=reason, amount=one.fen, leaves=one.leaves, recorded_at=row.opened_at)
        for reason, one in amounts.items()
    )
    FundPart.objects.bulk_create(FundPart(city=city, fund=row, number=number) for number in range(PARTS))


@transaction.atomic
def pay_in(*, actor: Actor, fund: str, amount: int, bank: str, transfer: str, received_on: date) -> None:
    """Record that `amount` fen came to a bank account of the pool for a fund.

    The same transfer entered twice is one contribution. Raises NotAllowed; SubsidyError: `bad_contribution`,
    `contribution_differs` where the same transfer was recorded with another amount or fund.
    """
    authorise(actor, Action.RECORD_CONTRIBUTION)
    city, moment = actor.city, now(actor.city)
    found = fund_by_code(city, fund)
    if found is None or not 0 < amount <= LARGEST_FEN or not bank.strip() or not transfer.strip():
        text = (
            f"found {amount} fen for the fund {fund!r}, transfer {transfer!r} to {bank!r}; expected an amount above 0"
        )
        raise SubsidyError(
            f"{text}, a fund that is there, a bank account and the transfer's number", code="bad_contribution"
        )
    if received_on > moment.date():
        text = f"the transfer is dated {received_on}, after today; expected the day on which it came"
        raise SubsidyError(text, code="bad_contribution")
    before = Contribution.objects.of(city).filter(bank=bank, transfer=transfer).first()
    if before is not None:
        if (before.fund_id, before.amount) != (found.id, amount):
            text = f"transfer {transfer} is recorded with {format_yuan(before.amount)} yuan for another entry already"
            raise SubsidyError(text, code="contribution_differs")
        return
    row = Contribution.objects.create(
        city=city,
        fund_id=found.id,
        amount=amount,
        bank=bank,
        transfer=transfer,
        received_on=received_on,
        recorded_by=actor.text,
        recorded_at=moment,
    )
    put_in(city, found.id, amount)
    post(city=city, entries=[contribution_entry(found.code, row)], at=moment)
    _audit(actor, "contribution_recorded", f"fund:{found.code}", {"amount": amount, "contribution": row.pk})


def _refuse_names(code: str, name_zh: str, name_en: str) -> None:
    if not _CODE.fullmatch(code):
        raise _bad(
            f"found the code {code!r}; expected small letters, digits and hyphens, at most 40, such as hope-2022"
        )
    if not name_zh.strip() or not name_en.strip():
        raise _bad("a name is missing; expected one in each language")


def _refuse_amounts(amounts: Mapping[str, PerPerson]) -> None:
    unknown = sorted(set(amounts) - {"", *Reason.values})
    if not amounts or unknown:
        raise _bad(f"found amounts for {unknown or 'nobody'}; expected at least one, for reasons of the list")


def _refuse_payer(city: City, plan_year_id: int, backs: str) -> None:
    """A fund can back only a payer of whom the plan's own terms speak."""
    payers = {part.payer for part in terms_of(plan_year_by_id(city, plan_year_id)).plan.premium.parts}
    if backs and backs not in payers:
        raise _bad(f"found the payer {backs!r}; expected one of the plan's terms: {sorted(payers) or 'it has none'}")


def _bad(text: str) -> SubsidyError:
    return SubsidyError(text, code="bad_fund")


def _audit(actor: Actor, action: str, subject: str, detail: Mapping[str, int] | None = None) -> None:
    record_audit(city=actor.city, actor=actor.text, action=action, subject=subject, at=now(actor.city), detail=detail)
