"""A renewal goes from one status to another: its row, its history, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.renewal.automatic.announcing import subject_of, told_residents
from huimin.platform.renewal.automatic.models import Renewal, RenewalStatus
from huimin.platform.tasks.api import enqueue

__all__ = ["locked", "move", "tell"]


def locked(city: City, renewal_id: int) -> Renewal | None:
    """The renewal, locked: of two who act on it at once the second sees what the first did."""
    found: Renewal | None = Renewal.objects.fetch_one(city, {"id": renewal_id}, lock=True)
    return found


def move(
    renewal: Renewal, status: RenewalStatus, *, by: str, reason: str = "", data: Mapping[str, Any] | None = None
) -> None:
    """Call it in the transaction of what it reports, with the row locked. `reason`: a code."""
    renewal.status, renewal.reason = status, reason
    Renewal.objects.rewrite(renewal, "status", "reason", "order_reference")
    history = history_of(renewal.city, subject_of(renewal))
    said = {**(data or {}), **({"code": reason} if reason else {})}
    history.append(status.value, actor=by, at=now(renewal.city), data=said)


def tell(renewal: Renewal, template: str) -> None:
    """Payer and insured."""
    for resident_id in told_residents(renewal):
        message = {"template": template, "resident": resident_id, "renewal": renewal.pk}
        enqueue(city=renewal.city, kind="notice", key=f"{template}-{renewal.pk}-{resident_id}", payload=message)
