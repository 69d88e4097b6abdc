"""A sample of every automatic decision, for tests: chance would draw two in a hundred."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.test import Client

from acting import acting
from huimin.platform.claims.models import SampleAnswer, SampledBill
from huimin.platform.claims.sampling import drawing
from huimin.platform.claims.sampling.answering import answer_sampled
from huimin.platform.foundation.models import City

__all__ = ["a_sample", "drawn_all", "first_sampled"]


def drawn_all(city: City, luck: bool = True) -> None:
    """Draw from everything that is there: every bill, or with bad luck none."""
    with patch.object(drawing, "drawn", lambda *_of_bill: luck):
        while drawing.draw(city):
            pass


def a_sample(city: City, client: Client) -> None:
    """Of the demonstration's bills, one was found right and one wrong; the others wait."""
    drawn_all(city)
    rows = SampledBill.objects.of(city).order_by("pk")
    for row, answer in zip(rows, (SampleAnswer.RIGHT, SampleAnswer.WRONG), strict=False):
        answer_sampled(actor=acting(city, "handler"), sampled_id=row.pk, answer=answer, note="已按条款逐步核对")


def first_sampled(city: City) -> dict[str, Any]:
    return {"sampled_id": SampledBill.objects.of(city).filter(answer="").order_by("pk")[0].pk}
