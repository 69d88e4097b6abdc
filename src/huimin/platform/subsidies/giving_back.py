"""What goes back to funds when policies end: the whole of a draw, or a part of it, posted and computed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, fund_party, post, subsidy_returned
from huimin.platform.subsidies.drawing import of_references, return_to_funds
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.grant_models import Returned
from huimin.platform.subsidies.guard import put_back
from huimin.platform.subsidies.selectors import fund_codes

__all__ = ["give_back", "returned_entry"]


def give_back(city: City, fen: Mapping[str, int], cause: str, at: datetime) -> None:
    """These fen, by the reference of an order's means, go back to the funds. Call it where the policy ends.

    Raises SubsidyError (`not_secured`) for a draw that did not pay, or for more than is left of it.
    """
    codes = fund_codes(city)
    draws = of_references(city, fen)
    whole = [reference for reference, amount in fen.items() if amount == draws[reference].amount]
    done = {one.reference for one in return_to_funds(city, whole, "policy_ended", at)}
    rows = []
    for reference, amount in fen.items():
        draw = draws[reference]
        before = sum(one.amount for one in Returned.objects.of(city).filter(draw=draw.pk))
        paid = reference in done or (draw.status == "committed" and draw.claim == reference)
        if not paid or before + amount > draw.amount:
            text = f"{amount} fen of the draw {reference} of {draw.amount} fen cannot go back; {before} did already"
            raise SubsidyError(text, code="not_secured")
        if amount and reference not in done:
            put_back(city, draw.fund_id, amount)
        if amount:
            rows.append(Returned(city=city, draw_id=draw.pk, amount=amount, cause=cause, recorded_at=at))
    Returned.objects.insert(rows)
    codes_of = {draw.pk: codes[draw.fund_id] for draw in draws.values()}
    post(city=city, entries=[returned_entry(codes_of[row.draw_id], row) for row in rows], at=at)


def returned_entry(fund: str, row: Returned) -> Entry:
    source = f"draw:{row.draw_id}"
    return subsidy_returned(source=source, cause=row.cause, fund=fund_party(fund), amount=row.amount)
