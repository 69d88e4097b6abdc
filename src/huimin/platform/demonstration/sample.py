"""The sample of the demonstration's automatic decisions: one found right, one found wrong, and others that wait."""

from __future__ import annotations

from huimin.platform.claims.api import SampleAnswer, answer_sampled, draw, sampled_bills
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.foundation.models import City, Role

__all__ = ["load_sample"]

_SHARE = 3_000
"""Basis points: of so few bills two in a hundred would be none."""
_ANSWERS = (
    (SampleAnswer.RIGHT, "已逐项核对起付线、比例和限额，与条款一致"),
    (SampleAnswer.WRONG, "出院诊断应适用另一档比例，已转更正（演示）"),
)


def load_sample(city: City) -> None:
    while draw(city, _SHARE):
        pass
    handler = staff_named(city, "handler", Role.HANDLER)
    for one, (answer, note) in zip(sampled_bills(city, 1), _ANSWERS, strict=False):
        answer_sampled(actor=handler, sampled_id=one.id, answer=answer, note=note)
