"""Benefits whose cost a history cannot show, because their terms are not known or no bill has such a cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huimin.adjudication import Program
from huimin.batch.decide.by_column import Decided

__all__ = ["NotPriced", "left_out", "not_priced", "reason_in_words"]

_WORDS: Mapping[str, tuple[str, str]] = {
    "terms": ("公开资料未载明其条款", "its terms are not known"),
    "tiers": ("公开资料未载明其赔付比例", "its rates are not known"),
    "deductible": ("公开资料未载明其免赔额", "its deductible is not known"),
    "item_list": ("公开资料未载明其清单", "its list is not known"),
    "earlier_benefit": ("它赔付的余额取决于未理算的责任", "it pays a part of what an undecided benefit leaves"),
    "claimed_apart": (
        "不随账单赔付，且公开资料未载明其条款",
        "no bill claims it, and its terms are not known",
    ),
    "no_bills": ("数据中没有它赔付的费用", "no bill of the history has a cost that it pays for"),
}


@dataclass(frozen=True, slots=True)
class NotPriced:
    """A benefit without a figure, or with one from which `bills` are missing (`partly`).

    term: as of an undecided benefit, claimed_apart, or no_bills. `reason`: the plan file's, where it has one.
    """

    benefit: str
    term: str
    reason: str
    bills: int = 0
    partly: bool = False


def not_priced(program: Program, decided: Decided) -> tuple[NotPriced, ...]:
    """The benefits without a whole figure, in the plan's order; those that are not claimed by a bill come last."""
    undecided: dict[str, Counter[tuple[str, str]]] = {}
    for (benefit, term, reason), bills in decided.undecided.bills_by_term().items():
        undecided.setdefault(benefit, Counter())[term, reason] += bills
    cost = np.zeros(len(program.line_names), np.int64)
    np.add.at(cost, decided.lines.benefit, decided.lines.base)
    found = []
    for place, one in enumerate(program.benefits):
        reasons = undecided.get(one.id)
        if reasons is not None:
            (term, reason), _ = reasons.most_common(1)[0]
            found.append(NotPriced(one.id, term, reason, reasons.total(), bool(cost[place])))
        elif not cost[place]:
            found.append(NotPriced(one.id, "no_bills", ""))
    return (*found, *(NotPriced(name, "claimed_apart", why) for name, why in program.claimed_apart))


def reason_in_words(one: NotPriced, language: str) -> str:
    """Why there is no figure. The plan file's own reason is in English and is shown in English only."""
    zh, en = _WORDS[one.term]
    if language == "zh":
        return f"{zh}（{one.bills}笔账单）" if one.partly else zh
    bills = f", on {one.bills:,} bills" if one.partly else ""
    return f"{en}{bills}. {one.reason}".rstrip(". ") if one.reason else f"{en}{bills}"


def left_out(found: Sequence[NotPriced], names: Mapping[str, str], language: str) -> str:
    """What a total leaves out, for the total's own line; empty if it leaves out nothing."""
    called = [names.get(one.benefit, one.benefit) for one in found if one.term != "no_bills"]
    if not called:
        return ""
    return f"不含{'、'.join(called)}" if language == "zh" else f"without {', '.join(called)}"
