"""The monthly list of an area's agency: what it is asked to approve, as it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import begin_of, month_after, now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import content_digest, record_audit, writing_together
from huimin.platform.payments.personal_account.life import lock_lines, move
from huimin.platform.payments.personal_account.models import AccountLine, AccountList, AccountListRow, LineState
from huimin.platform.payments.personal_account.rules import Mode

__all__ = ["digest_of", "make_list", "waiting_to_be_listed"]


def make_list(*, actor: Actor, area: str, month: date) -> int:
    """Send the agency of an area what was paid from its accounts and no list has yet, to the end of a month.

    What comes later is in a later version of the month's list; a list never changes. Returns the list's number. Raises
    NotAllowed; HuiminError (`nothing_to_list`).
    """
    authorise(actor, Action.MAKE_ACCOUNT_LIST, owner=f"area:{area}")
    city, moment, first = actor.city, now(actor.city), month.replace(day=1)
    with writing_together():
        lines = lock_lines(city, [line.key for line in waiting_to_be_listed(city, area, first)])
        lines = [line for line in lines if line.state == LineState.HELD]
        if not lines:
            raise HuiminError(
                f"found nothing of area {area} to list for {first:%Y-%m}; expected a payment that is held",
                code="nothing_to_list",
                values={"area": area, "month": f"{first:%Y-%m}"},
            )
        found = AccountList(
            city=city,
            area=area,
            month=first,
            version=1 + AccountList.objects.of(city).filter(area=area, month=first).count(),
            digest=digest_of(area, first, lines),
            rows=len(lines),
            amount=sum(line.amount for line in lines),
            made_by=actor.text,
            made_at=moment,
        )
        AccountList.objects.insert([found])
        rows = [
            AccountListRow(city=city, account_list=found, number=number, line=line, amount=line.amount)
            for number, line in enumerate(lines, start=1)
        ]
        AccountListRow.objects.insert(rows)
        move(city, lines, "listed", by=actor.text, at=moment, data={"list": found.pk}, listed=found)
        record_audit(
            city=city,
            actor=actor.text,
            action="account_list_made",
            subject=f"account_list:{found.pk}",
            at=moment,
            detail={"rows": found.rows, "amount": found.amount},
        )
    return found.pk


def digest_of(area: str, month: date, lines: Sequence[AccountLine]) -> str:
    """SHA-256 of what a list says: area, month, and of each row its key, payer, insured and fen, in their order."""
    rows = [[line.key, line.payer_id, line.insured_id, line.insured_area, line.amount] for line in lines]
    return content_digest({"area": area, "month": f"{month:%Y-%m}", "rows": rows})


def waiting_to_be_listed(city: City, area: str, month: date) -> list[AccountLine]:
    """Payments from accounts of the area that no list has, of policies issued until the end of the month."""
    end = begin_of(month_after(month))
    rows = AccountLine.objects.of(city).filter(payer_area=area, state=LineState.HELD, used_at__lt=end)
    return list(rows.exclude(mode=Mode.REAL_TIME).order_by("pk"))
