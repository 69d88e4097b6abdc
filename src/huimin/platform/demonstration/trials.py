"""Bills that hospitals of the demonstration tried first: one was settled as it was tried, and one was not settled."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from huimin.platform.claims.api import FEWEST_UNSETTLED, Held, Tried, confirm_trial, try_settlement
from huimin.platform.demonstration.bills import bill
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.models import ApiClient

__all__ = ["load_trials"]

_EACH = 4
"""Trials of each person, within what an institution may make in a day."""


def load_trials(asking: ApiClient, settling: ApiClient, policies: Sequence[PolicyFacts], today: date) -> None:
    """The day before, `settling` tried a bill of the first person and settled it, and `asking` tried bills of several
    and settled none.
    """
    random, day = Random(47), today - timedelta(days=1)
    moment = datetime(day.year, day.month, day.day, 8)
    asking.city.demonstration_day = settling.city.demonstration_day = day
    tried = _tried(settling, bill("T-SETTLED", policies[0].psn_no, moment, random))
    confirm_trial(client=settling, reference=tried, say=_said)
    for number in range(FEWEST_UNSETTLED + 1):
        _tried(asking, bill(f"T-{number:02d}", policies[number // _EACH].psn_no, moment, random))
    asking.city.demonstration_day = settling.city.demonstration_day = today


def _tried(client: ApiClient, body: dict[str, str]) -> str:
    found = try_settlement(client=client, body=body, key=secrets.token_hex(16), say=_said)
    assert not isinstance(found, Held)  # noqa: S101 - the bills are our own
    return found.reference


def _said(tried: Tried) -> dict[str, Any]:
    """The API makes the statement, which nobody asks for again here: no hospital knows these trials' ids."""
    return {"trial": tried.reference}
