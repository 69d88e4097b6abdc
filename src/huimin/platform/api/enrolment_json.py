"""What the API answers of enrolment, as JSON: the plan in words, an order, a policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huimin.money import format_yuan
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.api import OrderedCover, OrderFacts, PolicyFacts
from huimin.platform.servicing.api import PolicyStory
from huimin.terms import Plan, key_terms, summarise, words_digest

__all__ = ["order_json", "plan_json", "policy_json"]


def plan_json(plan_year: PlanYearFacts, plan: Plan, language: str) -> dict[str, Any]:
    words, shown = summarise(plan, language), key_terms(plan, language)
    return {
        "plan": plan_year.plan_id,
        "name": words.name,
        "price": format_yuan(words.price_fen),
        "other_prices": words.other_prices,
        "cover": words.cover,
        "window_first_day": str(plan_year.window_first_day),
        "window_last_day": str(plan_year.window_last_day),
        "eligibility": words.eligibility,
        "headlines": words.headlines,
        "benefits": [
            {"id": benefit.id, "name": benefit.name, "pays_for": benefit.pays_for, "terms": benefit.terms}
            for benefit in words.benefits
        ],
        "good_to_know": words.good_to_know,
        "key_terms": [{"key": one.id, "title": one.title, "lines": one.lines} for one in shown],
        "key_terms_digest": words_digest(shown),
    }


def order_json(
    order: OrderFacts, pay_at: str, covers: Sequence[OrderedCover], policies: Sequence[PolicyFacts] = (), back: int = 0
) -> dict[str, Any]:
    """`back`: fen that were received for the order and are owed back."""
    return {
        "reference": order.reference,
        "status": order.status,
        "total": format_yuan(sum(cover.to_company for cover in covers)),
        "pay_at": pay_at,
        "insured": [_cover(cover) for cover in covers],
        "policies": [
            {"number": p.number, "cover_from": str(p.member.cover_from), "cover_to": str(p.member.cover_to)}
            for p in policies
        ],
        "owed_back": format_yuan(back),
    }


def _cover(cover: OrderedCover) -> dict[str, Any]:
    return {
        "relation": cover.relation,
        "edition": cover.edition,
        "price": format_yuan(cover.price),
        "to_pay": format_yuan(cover.own_part),
        "paid_by": [{"payer": payer, "amount": format_yuan(fen)} for payer, fen in cover.paid_by.items()],
        "cover_from": str(cover.cover_from) if cover.cover_from else None,
        "cover_to": str(cover.cover_to) if cover.cover_to else None,
        "refused": cover.refused,
    }


def policy_json(story: PolicyStory, reference: str) -> dict[str, Any]:
    """`reference`: of the policy's order."""
    first, last = story.policy.cover_sold
    return {
        "number": story.policy.number,
        "reference": reference,
        "cover_from": str(first),
        "cover_to": str(last),
        "price": format_yuan(story.policy.price),
        "statuses": [{"status": one.status, "since": str(one.day)} for one in story.stands],
    }
