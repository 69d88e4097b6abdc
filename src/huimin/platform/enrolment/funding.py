"""What funds pay of the prices of an order's people, and the money that is set aside for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from huimin.platform.enrolment.means import OtherMeans
from huimin.platform.enrolment.offers import Offer
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import MeansKind
from huimin.platform.subsidies.api import Priced, Wanted, fund_code, reserve, shares_of

__all__ = ["set_aside", "with_funds"]


def with_funds(city: City, plan_year_id: int, offers: Mapping[int, Offer], day: date) -> dict[int, Offer]:
    """The offers with what each fund pays, by resident. No statement where the city has no fund open that day."""
    priced = [Priced(resident, offer.price, offer.paid_by) for resident, offer in offers.items()]
    shares = shares_of(city, plan_year_id, priced, day)
    found = dict(offers)
    for resident, share in shares.items():
        by_terms = {payer: fen for payer, fen in share.parts.paid_by.items() if fund_code(payer) is None}
        found[resident] = replace(
            offers[resident], paid_by=by_terms, by_funds=share.parts.draws, entries=dict(share.entries)
        )
    return found


def set_aside(city: City, offers: Mapping[int, Offer], keep_until: datetime | None = None) -> list[OtherMeans]:
    """Reserve what funds pay, by resident, and give it as means of paying the order. `keep_until`: as of `reserve`.

    Raises SubsidyError (`fund_used_up`): let it end the transaction.
    """
    wanted = [
        Wanted(code, resident, offer.entries[code], fen)
        for resident, offer in offers.items()
        for code, fen in offer.by_funds.items()
    ]
    return [
        OtherMeans(one.resident_id, MeansKind.SUBSIDY, one.fund, one.fen, reference, sure=True)
        for one, reference in zip(wanted, reserve(city, wanted, keep_until), strict=True)
    ]
