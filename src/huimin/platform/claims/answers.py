"""What the platform answers about a settlement: computed from facts alone, so that a repeat gets the same answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huimin.adjudication import NOT_COVERED, Decision, Explanation, Reason, explain, render
from huimin.money import format_percent, format_yuan
from huimin.platform.catalogue.api import Terms
from huimin.platform.claims.member_year import DecidedYear, decide_year
from huimin.platform.claims.models import Owing, SettlementFact
from huimin.platform.enrolment.api import Policy

__all__ = ["answer", "answer_as_of", "explanation_of", "waiting_answer"]

LANGUAGES = ("zh", "en")


def answer_as_of(terms: Terms, policy: Policy, facts: Sequence[SettlementFact], fact: SettlementFact) -> dict[str, Any]:
    """The answer that was given when `fact` arrived: later facts are left out. Rows are numbered by arrival."""
    known_then = [other for other in facts if other.pk <= fact.pk]
    before = decide_year(terms, policy, [other for other in known_then if other.pk < fact.pk])
    paid = {other.pk: decision.payable for other in before.facts if (decision := before.decision_of(other))}
    return answer(decide_year(terms, policy, known_then), fact, paid)


def answer(year: DecidedYear, fact: SettlementFact, paid_before: Mapping[int, int]) -> dict[str, Any]:
    """`year` is the member's year with the fact; `paid_before` what it came to without, by settlement row."""
    terms, decision = year.terms, year.decision_of(fact)
    result: dict[str, Any] = {
        "setl_id": fact.setl_id,
        "policy": year.policy.number,
        "status": _status(year, fact, decision),
        "payable": format_yuan(decision.payable if decision else 0),
        "owed": _owed(year, fact),
        "benefits": _benefits(terms, decision) if decision else [],
        "undecided": _undecided(terms, decision) if decision else [],
        "excluded": list(decision.excluded) if decision else [],
        "explanation": _explanation(terms, explain(terms.program, decision)) if decision else None,
        "changed": _changed(year, fact, paid_before),
    }
    return result


def waiting_answer(fact: SettlementFact) -> dict[str, Any]:
    """The answer to a reversal whose bill has not come: no year has changed."""
    return {
        "setl_id": fact.setl_id,
        "policy": "",
        "status": "reversal_waiting",
        "payable": format_yuan(0),
        "owed": {"sender": format_yuan(0), "insured": format_yuan(0)},
        "benefits": [],
        "undecided": [],
        "excluded": [],
        "explanation": None,
        "changed": [],
    }


def explanation_of(year: DecidedYear, fact: SettlementFact) -> Explanation | None:
    """The explanation of a settlement as decided in `year`; None when it is not."""
    decision = year.decision_of(fact)
    return explain(year.terms.program, decision) if decision else None


def _status(year: DecidedYear, fact: SettlementFact, decision: Decision | None) -> str:
    if decision is not None:
        return "undecided" if decision.undecided else "adjudicated"
    if fact.reverses is None:
        return "cancelled"
    named = (fact.payee, fact.reverses)
    return "reversal" if any((other.payee, other.setl_id) == named for other in year.facts) else "reversal_waiting"


def _owed(year: DecidedYear, fact: SettlementFact) -> dict[str, str]:
    """How the payment is divided: what the sender credits the patient with, and what goes to the insured directly."""
    indemnity, allowances = year.indemnity_of(fact), year.allowances_of(fact)
    to_sender = 0 if fact.owing == Owing.AFTERWARDS else indemnity
    return {"sender": format_yuan(to_sender), "insured": format_yuan(indemnity + allowances - to_sender)}


def _benefits(terms: Terms, decision: Decision) -> list[dict[str, str]]:
    zh, en = (_names(terms, decision, language) for language in LANGUAGES)
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


def _names(terms: Terms, decision: Decision, language: str) -> dict[str, str]:
    """What benefits are called; and what is said in their place of a bill to which none applies."""
    names = terms.plan.benefit_names(language)
    if decision.covered:
        return names
    lines = render(explain(terms.program, decision), terms.names(language), language)
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


def _changed(year: DecidedYear, fact: SettlementFact, paid_before: Mapping[int, int]) -> list[dict[str, str]]:
    """The sender's other bills whose payment this fact changed. Those of other senders are not theirs to see."""
    found = []
    for other in year.facts:
        if other is fact or other.client_id != fact.client_id or other.pk == fact.pk:
            continue
        decision = year.decision_of(other)
        before, after = paid_before.get(other.pk, 0), decision.payable if decision else 0
        if before != after:
            found.append({"setl_id": other.setl_id, "before": format_yuan(before), "after": format_yuan(after)})
    return sorted(found, key=lambda row: row["setl_id"])
