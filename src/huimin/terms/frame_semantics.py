"""Faults in the parts of a plan around its benefits: premium, enrolment, history, exclusions and the pool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from huimin.errors import Fault
from huimin.money import BASIS, format_percent
from huimin.terms.model import Plan
from huimin.terms.pool import PoolShares

__all__ = ["frame_faults"]


def frame_faults(plan: Plan) -> Iterator[Fault]:
    yield from _window_faults(plan)
    yield from _premium_faults(plan)
    yield from _withdrawal_faults(plan)
    yield from _history_faults(plan)
    yield from _exclusion_faults(plan)
    yield from _pool_faults(plan)


def _window_faults(plan: Plan) -> Iterator[Fault]:
    window = plan.enrolment
    known = window.first_day is not None and window.last_day is not None
    if known == (window.unknown is not None):
        yield Fault(
            "enrolment", "both days and unknown, or a day missing without it", "both days, or unknown = why not"
        )
    if window.first_day and window.last_day and window.last_day < window.first_day:
        yield Fault("enrolment.last_day", str(window.last_day), f"a day not before {window.first_day}")
    if window.late and window.last_day is None:
        yield Fault("enrolment.late", "late joining beside a window that is not known", "the window's last day")
    for index, late in enumerate(window.late):
        if window.last_day is not None and not window.last_day < late.last_day <= plan.cover.last_day:
            yield Fault(
                f"enrolment.late[{index}].last_day",
                str(late.last_day),
                f"a day after the window's last, {window.last_day}, and not after the last of cover",
            )


def _premium_faults(plan: Plan) -> Iterator[Fault]:
    premium = plan.premium
    if (premium.fen is None) == (premium.unknown is None):
        yield Fault("premium", "both or neither of yuan and unknown", "exactly one of them")
    for index, part in enumerate(premium.parts):
        place = f"premium.parts[{index}]"
        if (part.fen is None) == (part.basis_points is None):
            yield Fault(place, "both or neither of yuan and percent", "exactly one of them")
        if part.payer != "personal_account":
            for key, value in (("balance_above_yuan", part.balance_above_fen), ("most_people", part.most_people)):
                if value is not None:
                    yield Fault(f"{place}.{key}", f"payer = {part.payer!r}", "personal_account: others have none")


def _withdrawal_faults(plan: Plan) -> Iterator[Fault]:
    rule = plan.withdrawal
    if rule is None:
        return
    if (rule.after is None) == (rule.unknown is None):
        yield Fault("withdrawal", "both or neither of after and unknown", "exactly one of them")
    if rule.keeps_basis_points is not None and "days_left" not in (rule.after, rule.on_death):
        yield Fault("withdrawal.keeps_percent", "no part for days left to keep it of", 'after = "days_left"')


def _history_faults(plan: Plan) -> Iterator[Fault]:
    if plan.pre_existing is not None:
        known = {group.id for group in plan.disease_group if group.unknown is None}
        yield from _name_faults(
            "pre_existing.groups", plan.pre_existing.groups, known, "a disease_group whose codes are known"
        )
    if plan.claim_free is not None:
        yield from _benefit_name_faults(plan, "claim_free.benefits", plan.claim_free.benefits)
    for index, reward in enumerate(plan.reward):
        if not reward.when.demands():
            yield Fault(f"reward[{index}].when", "no condition", "at least one fact of the member")


def _exclusion_faults(plan: Plan) -> Iterator[Fault]:
    benefits = {benefit.id for benefit in plan.benefit}
    for index, exclusion in enumerate(plan.exclusion):
        place = f"exclusion[{index}]"
        if exclusion.id in benefits:
            yield Fault(f"{place}.id", repr(exclusion.id), "an id that no benefit has")
        if not exclusion.when.demands():
            yield Fault(f"{place}.when", "no condition", "at least one fact of the member or bill")
        for number, exception in enumerate(exclusion.exceptions):
            if exclusion.when.narrows(exception):
                yield Fault(
                    f"{place}.exceptions[{number}]", "an exception that always holds", "one that some bills do not meet"
                )
            if not exclusion.when.can_hold_with(exception):
                yield Fault(
                    f"{place}.exceptions[{number}]", "an exception that never holds", "one that some bills do meet"
                )
        yield from _benefit_name_faults(plan, f"{place}.benefits", exclusion.benefits)
    for index, listing in enumerate(plan.hospital_list):
        if bool(listing.codes) == (listing.unknown is not None):
            yield Fault(f"hospital_list[{index}]", "both or neither of codes and unknown", "exactly one of them")


def _pool_faults(plan: Plan) -> Iterator[Fault]:
    if plan.pool is None:
        return
    for index, shares in enumerate(plan.pool.shares):
        yield from _share_faults(plan, f"pool.shares[{index}]", shares)
    for one, other in combinations(plan.pool.shares, 2):
        # Shares for named benefits may be given beside the shares for all; they take their place for these benefits.
        if one.from_day == other.from_day and (
            {*one.benefits} & {*other.benefits} or not one.benefits + other.benefits
        ):
            yield Fault("pool.shares", f"two shares from {one.from_day} of one benefit", "one")
    starts = [shares.from_day for shares in plan.pool.shares if not shares.benefits]
    if plan.pool.shares and min(starts, default=plan.cover.last_day) > plan.cover.first_day:
        yield Fault("pool.shares", "no shares of all benefits on the first day of cover", f"{plan.cover.first_day}")
    for index, fee in enumerate(plan.pool.fees):
        if (fee.basis_points is None) == (fee.fen is None):
            yield Fault(f"pool.fees[{index}]", "both or neither of percent and yuan", "exactly one of them")


def _share_faults(plan: Plan, place: str, shares: PoolShares) -> Iterator[Fault]:
    total = sum(share.basis_points for share in shares.share)
    if total != BASIS:
        yield Fault(f"{place}.share", f"{format_percent(total)} in all", "100%")
    leads = sum(share.lead for share in shares.share)
    if leads != 1:
        yield Fault(f"{place}.share", f"{leads} insurers that lead", "one")
    for name, count in Counter(share.insurer for share in shares.share).items():
        if count > 1:
            yield Fault(f"{place}.share", f"{name!r} {count} times", "each insurer once")
    yield from _benefit_name_faults(plan, f"{place}.benefits", shares.benefits)


def _benefit_name_faults(plan: Plan, place: str, names: Iterable[str]) -> Iterator[Fault]:
    yield from _name_faults(place, names, {benefit.id for benefit in plan.benefit}, "the id of a benefit")


def _name_faults(place: str, names: Iterable[str], known: set[str], expected: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield Fault(place, repr(name), expected)
