"""Whether everything odd that a provider said of money was put before a person, from the notices alone."""

from __future__ import annotations

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import PaymentCase, PaymentNotice
from huimin.platform.payments.notices import FOR_A_PERSON, case_key, moved_no_money

__all__ = ["faults_of_cases"]


def faults_of_cases(city: City) -> list[str]:
    """A sentence for each notice that has no case, though it was not simply matched with a payment."""
    there = {*PaymentCase.objects.of(city).values_list("kind", "key")}
    odd = PaymentNotice.objects.of(city).filter(verdict__in=FOR_A_PERSON).order_by("pk")
    # Notices without a provider are from before there were cases.
    return [
        f"payments: {notice.provider} {notice.transaction}, {notice.amount} fen, came in as {notice.verdict} "
        "and has no case for a person to look at"
        for notice in odd.exclude(provider="").iterator()
        if not moved_no_money(notice) and (notice.verdict, case_key(notice)) not in there
    ]
