"""Which bills are drawn: by a keyed fingerprint, which nobody outside can foresee and anybody with the key can check.

Drawn are bills that were decided without a person: those that were held, and reversals, are not among them. A
correction is held itself; the content that it corrects was decided before, and may be drawn.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from huimin.money import BASIS
from huimin.platform.claims.models import ReviewItem, SampledBill, SampleDrawn, SettlementFact
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import City, CityQuerySet
from huimin.platform.tasks.api import Attempt

__all__ = ["SHARE", "automatic", "draw", "draw_sample", "drawn"]

SHARE = 200
"""Basis points of the bills: two in a hundred."""
_CHUNK = 1_000


def drawn(city_code: str, sender: str, setl_id: str, content_digest: str, share: int = SHARE) -> bool:
    """Whether chance draws this bill. The same bill always has the same luck, whenever it is asked."""
    content = "\x1f".join((city_code, sender, setl_id, content_digest)).encode()
    fingerprint = hmac.digest(purpose_key("claims sample"), content, "sha256")
    # Of 2^64 values the last few thousand are left over: a bias that no sample could show.
    return int.from_bytes(fingerprint[:8], "big") % BASIS < share


def automatic(city: City) -> CityQuerySet[SettlementFact]:
    """Every bill whose content was decided without a person."""
    names = ("client", "setl_id", "content_digest")
    held = ReviewItem.objects.of(city).filter(**{name: OuterRef(name) for name in names})
    bills = SettlementFact.objects.of(city).filter(reverses=None, withdrawn=False, decided_afterwards=False)
    found: CityQuerySet[SettlementFact] = bills.exclude(policy=None).filter(~Exists(held))
    return found


def draw_sample(attempt: Attempt) -> None:
    """A worker's, each night: draw from the bills that came since. Safe to run twice, and to be stopped at any time."""
    done = 0
    while count := draw(attempt.task.city):
        done += count
        attempt.progress(done, done, "drawing")


def draw(city: City, share: int = SHARE) -> int:
    """Draw from the next thousand facts in the order of arrival. Returns how many there were; 0 also where another
    worker draws from them at this moment.
    """
    try:
        with transaction.atomic():
            return _draw(city, share)
    except IntegrityError:
        return 0


def _draw(city: City, share: int) -> int:
    through = SampleDrawn.objects.of(city).aggregate(last=Max("through"))["last"] or 0
    following = SettlementFact.objects.of(city).filter(pk__gt=through).order_by("pk")
    keys: Sequence[int] = list(following.values_list("pk", flat=True)[:_CHUNK])
    if not keys:
        return 0
    moment = now(city)
    SampleDrawn.objects.insert([SampleDrawn(city=city, through=keys[-1], at=moment)])
    bills = automatic(city).filter(pk__in=keys).select_related("client").defer("body", "care").order_by("pk")
    SampledBill.objects.insert(
        SampledBill(city=city, settlement=bill, recorded_at=moment)
        for bill in bills
        if drawn(city.code, bill.client.code, bill.setl_id, bill.content_digest, share)
    )
    return len(keys)
