"""The answer about a settlement as JSON: amounts in yuan, each step of the calculation, and the same in words."""

from __future__ import annotations

from typing import Any

from huimin.adjudication import NOT_COVERED, Decision, Explanation, Reason, explain, render
from huimin.money import format_percent, format_yuan
from huimin.platform.catalogue.api import Terms
from huimin.platform.claims.api import SettlementAnswer

__all__ = ["settlement_json"]


def settlement_json(answer: SettlementAnswer) -> dict[str, Any]:
    """As `SettlementOut` describes it."""
    return {
        "setl_id": answer.setl_id,
        "policy": answer.policy_number,
        "status": answer.status,
        "payable": format_yuan(answer.payable),
        "owed": {"sender": format_yuan(answer.owed.sender), "insured": format_yuan(answer.owed.insured)},
        **_decided(answer.terms, answer.decision),
        "changed": [
            {"setl_id": bill.setl_id, "before": format_yuan(bill.before), "after": format_yuan(bill.after)}
            for bill in answer.changed
        ],
    }


def _decided(terms: Terms | None, decision: Decision | None) -> dict[str, Any]:
    """What was decided, benefit by benefit; empty for a reversal and for a cancelled bill."""
    if terms is None or decision is None:
        return {"benefits": [], "undecided": [], "excluded": [], "explanation": None}
    explanation = explain(terms.program, decision)
    return {
        "benefits": _benefits(terms, decision, explanation),
        "undecided": _undecided(terms, decision),
        "excluded": list(decision.excluded),
        "explanation": _explanation(terms, explanation),
    }


def _benefits(terms: Terms, decision: Decision, explanation: Explanation) -> list[dict[str, str]]:
    zh, en = (_names(terms, decision, explanation, language) for language in ("zh", "en"))
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
        for line in decision.lines
    ]


def _names(terms: Terms, decision: Decision, explanation: Explanation, language: str) -> dict[str, str]:
    """The names of benefits, and what is shown in their place for a bill to which none applies."""
    names = terms.plan.benefit_names(language)
    if decision.covered:
        return names
    lines = render(explanation, terms.names(language), language)
    return {**names, NOT_COVERED: " ".join(line.text for line in lines if line.kind in ("nothing", "note"))}


def _undecided(terms: Terms, decision: Decision) -> list[dict[str, str]]:
    zh, en = terms.plan.benefit_names("zh"), terms.plan.benefit_names("en")
    return [
        {
            "benefit": one.benefit,
            "name_zh": zh[one.benefit],
            "name_en": en[one.benefit],
            "term": one.term,
            "reason": one.why,
        }
        for one in decision.undecided
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
                "source": step.source,
                "reasons": [_reason(reason) for reason in step.reasons],
            }
            for step in explanation.steps
        ],
        "text_zh": _text(terms, explanation, "zh"),
        "text_en": _text(terms, explanation, "en"),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    """Why a step's number is not the usual one; `when` are the facts that had to hold."""
    return {
        "kind": reason.kind,
        "when": [{"fact": fact, "how": how, "values": list(values)} for fact, how, values in reason.when],
        "amount": format_yuan(reason.amount),
        "used": format_yuan(reason.used),
        "points": format_percent(reason.points).removesuffix("%"),
        "source": reason.source,
    }


def _text(terms: Terms, explanation: Explanation, language: str) -> list[str]:
    lines = render(explanation, terms.names(language), language)
    return [f"{line.text} {line.amount}".rstrip() for line in lines]
