"""Trials as JSON: the statement that is kept word for word, how it stands, and what differs when it is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from huimin.money import format_yuan
from huimin.platform.api.settlement_json import settlement_json
from huimin.platform.claims.api import Came, Cause, NamedChange, Outdated, TrialStory, Tried

__all__ = ["outdated_json", "statement", "trial_json"]

_NOTE_ZH = "本试算不是赔付承诺：仅按试算时已收到的账单计算，未入账。确认时将重新理算，金额不同则不结算，并告知差异。"
_NOTE_EN = (
    "This trial is no promise: it is computed from the bills that had come by then, and nothing is booked. The year is "
    "decided anew when it is confirmed; if the amounts differ nothing is settled, and you are told what differs."
)
_OWN = {
    Cause.BILL_CAME: ("贵方账单 {} 在此期间到达", "your bill {} came meanwhile"),
    Cause.BILL_CORRECTED: ("贵方账单 {} 在此期间被更正", "your bill {} was corrected meanwhile"),
    Cause.BILL_REVERSED: ("贵方账单 {} 在此期间被冲销", "your bill {} was reversed meanwhile"),
}
_OTHER = {
    Cause.BILL_CAME: ("其他机构的账单在此期间到达", "a bill of another institution came meanwhile"),
    Cause.BILL_CORRECTED: (
        "其他机构的账单在此期间被更正",
        "a bill of another institution was corrected meanwhile",
    ),
    Cause.BILL_REVERSED: ("其他机构的账单在此期间被冲销", "a bill of another institution was reversed meanwhile"),
    Cause.POLICY_CHANGED: ("保单或被保险人的信息有变更", "the policy, or what is known of the insured person, changed"),
}
_AMOUNTS = ("owed_sender", "owed_insured", "payable", "deductible_applied", "excess")


def statement(tried: Tried) -> dict[str, Any]:
    """What is kept of a trial: all of `TrialOut` that never changes."""
    names = [tried.answer.terms.plan.benefit_names(one) if tried.answer.terms else {} for one in ("zh", "en")]
    return {
        "trial": tried.reference,
        "computed_at": _local(tried.computed_at),
        "valid_until": _local(tried.valid_until),
        "would_answer": settlement_json(tried.answer),
        "left": [
            {
                "kind": one.kind,
                "per": one.per,
                "benefits": list(one.benefits),
                "names_zh": [names[0].get(benefit, "") for benefit in one.benefits],
                "names_en": [names[1].get(benefit, "") for benefit in one.benefits],
                "amount": format_yuan(one.amount),
                "before": format_yuan(one.before),
                "after": format_yuan(one.after),
                "source": one.source,
            }
            for one in tried.left
        ],
        "note_zh": _NOTE_ZH,
        "note_en": _NOTE_EN,
    }


def trial_json(story: TrialStory) -> dict[str, Any]:
    """As `TrialOut` describes it: the statement as it was given, and how it stands now."""
    settled = story.state in ("confirmed", "settled_apart")
    return {
        **story.said,
        "state": story.state,
        "settlement": story.setl_id if settled else "",
        "replaced_by": story.replaced_by,
    }


def outdated_json(found: Outdated) -> tuple[str, dict[str, Any]]:
    """The sentence and the fields of the problem `trial_outdated`."""
    causes = [_cause(one) for one in found.told.came]
    changes = [_change(one) for one in found.told.changes]
    lines = "; ".join(f"{one['what']} {one['benefit']}".rstrip() + f" {_from_to(one)}" for one in changes)
    detail = f"nothing was settled, since {', '.join(one['text_en'] for one in causes)}: {lines}"
    return detail, {
        "trial": found.reference,
        "replaced_by": found.replaced_by,
        "valid_until": _local(found.valid_until),
        "changes": changes,
        "causes": causes,
    }


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _from_to(change: dict[str, str]) -> str:
    return f"{change['before'] or 'nothing'} -> {change['after'] or 'nothing'}"


def _change(change: NamedChange) -> dict[str, str]:
    line = change.line
    return {
        "what": line.what,
        "benefit": line.benefit,
        "before": _figure(line.what, line.before),
        "after": _figure(line.what, line.after),
        "name_zh": change.name_zh,
        "name_en": change.name_en,
    }


def _figure(what: str, value: int | str) -> str:
    """An amount in yuan, which is nothing where the answer has none; words as they are."""
    return format_yuan(int(value or 0)) if what in _AMOUNTS else str(value)


def _cause(came: Came) -> dict[str, str]:
    zh, en = _OWN[came.cause] if came.setl_id else _OTHER[came.cause]
    return {
        "cause": came.cause.value,
        "setl_id": came.setl_id,
        "text_zh": zh.format(came.setl_id),
        "text_en": en.format(came.setl_id),
    }
