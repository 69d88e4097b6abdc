"""What comes back of the premium of a policy that is given up, or whose insured has died."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from huimin.errors import InputError
from huimin.money import BASIS, divide_half_up

if TYPE_CHECKING:
    from huimin.terms.model import Plan

__all__ = ["PremiumBack", "premium_back", "premium_back_on_death"]


@dataclass(frozen=True, slots=True)
class PremiumBack:
    """`fen` of the premium come back; `ends_on` is the first day without cover.

    `rule`: `before_cover`, `cooling_off`, `days_left` or `nothing`. By the first two cover is as if it had never been.
    """

    fen: int
    ends_on: date
    rule: str


def premium_back(
    plan: Plan, *, price: int, cover: tuple[date, date], issued_on: date, day: date, bills: int, paid: int
) -> PremiumBack:
    """What comes back to whoever gives the policy up on `day`. `cover`: first and last day, both included.

    `bills`: how many have come for the policy; `paid`: fen that the plan pays on them. Raises InputError:
    `withdrawal_not_possible`, `withdrawal_not_in_terms`, `claims_on_policy`, `cover_over`.
    """
    first, last = cover
    if day < first:
        return PremiumBack(price, first, "before_cover")
    if day >= last:
        raise InputError(f"cover has ended, or ends today: {last}", code="cover_over")
    rule = plan.withdrawal
    cooling_off = rule.cooling_off_days if rule is not None else None
    if cooling_off is not None and day <= issued_on + timedelta(days=cooling_off):
        _refuse_claims(bills)
        return PremiumBack(price, first, "cooling_off")
    if rule is None or rule.after is None:
        text = f"the terms of {plan.id} do not say what comes back once cover has begun"
        raise InputError(text, code="withdrawal_not_in_terms")
    if rule.after == "not_possible":
        text = f"by the terms of {plan.id} a policy cannot be given up once cover has begun, on {first}"
        raise InputError(text, code="withdrawal_not_possible")
    _refuse_claims(paid)
    ends_on = day + timedelta(days=1)
    return PremiumBack(_of_days_left(plan, price, cover, ends_on), ends_on, "days_left")


def premium_back_on_death(plan: Plan, *, price: int, cover: tuple[date, date], died_on: date, paid: int) -> PremiumBack:
    """What comes back where the insured died on `died_on`: the whole where cover had not begun; else by the terms.

    Where something was paid, nothing comes back. Raises InputError `withdrawal_not_in_terms`.
    """
    first, last = cover
    if died_on < first:
        return PremiumBack(price, first, "before_cover")
    rule = plan.withdrawal
    if rule is None or rule.on_death is None:
        text = f"the terms of {plan.id} do not say what comes back on the insured's death"
        raise InputError(text, code="withdrawal_not_in_terms")
    ends_on = died_on + timedelta(days=1)
    if rule.on_death == "nothing" or paid or died_on >= last:
        return PremiumBack(0, ends_on, "nothing")
    return PremiumBack(_of_days_left(plan, price, cover, ends_on), ends_on, "days_left")


def _of_days_left(plan: Plan, price: int, cover: tuple[date, date], ends_on: date) -> int:
    """The part of the price for the days from `ends_on` to the last, less what the plan keeps, half-up to the fen."""
    first, last = cover
    left, whole = (last - ends_on).days + 1, (last - first).days + 1
    kept = plan.withdrawal.keeps_basis_points if plan.withdrawal is not None else None
    return divide_half_up(price * left * (BASIS - (kept or 0)), whole * BASIS)


def _refuse_claims(found: int) -> None:
    if found:
        raise InputError("bills have come for this policy", code="claims_on_policy")
