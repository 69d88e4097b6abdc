"""What the platform answers about a settlement: computed from facts alone, so that a repeat gets the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huimin.adjudication import Decision, Explanation, MemberYear, explain, render
from huimin.money import format_percent, format_yuan
from huimin.platform.catalogue.selectors import Terms
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.models import Policy

__all__ = ["answer", "answer_as_of", "explanation_of"]


def answer_as_of(terms: Terms, policy: Policy, facts: Sequence[SettlementFact], fact: SettlementFact) -> dict[str, Any]:
    """The answer that was given when `fact` arrived: later facts are left out. Rows are numbered by arrival."""
    known_then = [other for other in facts if other.pk <= fact.pk]
    before = decide_year(terms, policy, [other for other in known_then if other.pk < fact.pk])
    return answer(terms, policy, before, decide_year(terms, policy, known_then), fact)


def answer(terms: Terms, policy: Policy, before: MemberYear, year: MemberYear, fact: SettlementFact) -> dict[str, Any]:
    """`before` and `year` are the member's year without and with the fact."""
    decision = next((d for d in year.decisions if d.settlement.setl_id == fact.setl_id), None)
    result: dict[str, Any] = {
        "setl_id": fact.setl_id,
        "policy": policy.number,
        "status": _status(year, fact, decision),
        "payable": format_yuan(decision.payable if decision else 0),
        "benefits": _benefits(terms, decision) if decision else [],
        "undecided": list(decision.undecided) if decision else [],
        "excluded": list(decision.excluded) if decision else [],
        "explanation": _explanation(terms, explain(terms.program, decision)) if decision else None,
        "changed": _changed(before, year, fact.setl_id),
    }
    return result


def explanation_of(terms: Terms, policy: Policy, year: MemberYear, setl_id: str) -> Explanation | None:
    """The explanation of a settlement as decided in `year`; None when it is not."""
    decision = next((d for d in year.decisions if d.settlement.setl_id == setl_id), None)
    return explain(terms.program, decision) if decision else None


def _status(year: MemberYear, fact: SettlementFact, decision: Decision | None) -> str:
    if decision is not None:
        return "adjudicated"
    if any(s.setl_id == fact.setl_id for s in year.cancelled):
        return "reversal" if fact.reverses else "cancelled"
    return "reversal_waiting"


def _benefits(terms: Terms, decision: Decision) -> list[dict[str, str]]:
    zh, en = terms.plan.benefit_names("zh"), terms.plan.benefit_names("en")
    return [
        {
            "benefit": line.benefit,
            "name_zh": zh[line.benefit],
            "name_en": en[line.benefit],
            "base": format_yuan(line.base),
            "deductible_applied": format_yuan(line.deductible_applied),
            "excess": format_yuan(line.excess),
            "payable": format_yuan(line.payable),
        }
        for line in decision.benefits
    ]


def _explanation(terms: Terms, explanation: Explanation) -> dict[str, Any]:
    return {
        "bill": format_yuan(explanation.bill),
        "parts": [
            {
                "kind": part.kind,
                "benefit": part.name if part.kind == "benefit" else "",
                "amount": format_yuan(part.amount),
            }
            for part in explanation.parts
        ],
        "beside": [{"benefit": part.name, "amount": format_yuan(part.amount)} for part in explanation.beside],
        "steps": [
            {
                "kind": step.kind,
                "benefit": step.benefit,
                "amount": format_yuan(step.amount),
                "payment": format_yuan(step.payment),
                "rate": None if step.rate is None else format_percent(step.rate),
                "detail": step.detail,
                "reasons": [{"kind": reason.kind, "amount": format_yuan(reason.amount)} for reason in step.reasons],
            }
            for step in explanation.steps
        ],
        "text_zh": _text(terms, explanation, "zh"),
        "text_en": _text(terms, explanation, "en"),
    }


def _text(terms: Terms, explanation: Explanation, language: str) -> list[str]:
    lines = render(explanation, terms.names(language), language)
    return [f"{line.text} {line.amount}".rstrip() for line in lines]


def _changed(before: MemberYear, year: MemberYear, setl_id: str) -> list[dict[str, str]]:
    """Other settlements whose payment this fact changed."""
    old = {d.settlement.setl_id: d.payable for d in before.decisions}
    new = {d.settlement.setl_id: d.payable for d in year.decisions}
    return [
        {"setl_id": other, "before": format_yuan(old.get(other, 0)), "after": format_yuan(new.get(other, 0))}
        for other in sorted(old.keys() | new.keys())
        if other != setl_id and old.get(other, 0) != new.get(other, 0)
    ]
