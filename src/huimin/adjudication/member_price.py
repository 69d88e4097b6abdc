"""What a plan year costs a member, and who pays how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin.adjudication.compiling import compile_condition, compile_prices
from huimin.adjudication.condition_facts import UnknownFactError, holds, member_facts
from huimin.errors import InputError
from huimin.money import BASIS, divide_half_up
from huimin.settlement import Member

if TYPE_CHECKING:
    from huimin.terms.model import Plan

__all__ = ["premium_parts", "price_for"]


def price_for(plan: Plan, member: Member) -> int | None:
    """The price for the cover year in fen: the narrowest price whose condition the member meets.

    None where the plan's premium is not known. Raises InputError (`missing_fact`).
    """
    facts = member_facts(plan.cover.first_day, member)
    try:
        return next(price for when, price in compile_prices(plan) if holds(when, facts))
    except UnknownFactError as error:
        message = f"the price depends on {error.fact}, which is not known of this member"
        raise InputError(message, code="missing_fact") from error


def premium_parts(
    plan: Plan, member: Member, price: int, asked: frozenset[str] = frozenset(), balance: int | None = None
) -> list[tuple[str, int]]:
    """(payer, fen) in the plan's order, the insured's part last. The parts add up to `price`.

    A percentage is of the whole price, rounded half-up to the fen; nobody pays more than what is left. Optional payers
    pay only if they are in `asked`. A personal account pays from its `balance` (fen), less what the plan lets it keep.
    Raises InputError: `missing_fact`, `missing_balance`.
    """
    facts = member_facts(plan.cover.first_day, member)
    left, parts = price, []
    for part in plan.premium.parts:
        if part.optional and part.payer not in asked:
            continue
        try:
            if not holds(compile_condition(part.when), facts):
                continue
        except UnknownFactError as error:
            message = f"what the {part.payer} pays depends on {error.fact}, which is not known of this member"
            raise InputError(message, code="missing_fact") from error
        pays = part.fen if part.fen is not None else divide_half_up(price * (part.basis_points or 0), BASIS)
        if part.balance_above_fen is not None:
            if balance is None:
                raise InputError("the account's balance is not known", code="missing_balance")
            pays = min(pays, max(0, balance - part.balance_above_fen))
        pays = min(pays, left)
        left -= pays
        parts.append((part.payer, pays))
    return [*parts, ("insured", left)]
