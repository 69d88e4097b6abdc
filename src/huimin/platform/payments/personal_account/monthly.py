"""What a worker does on the first of a month: send each area's agency the list of the month before."""

from __future__ import annotations

from datetime import timedelta

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import today
from huimin.platform.payments.personal_account.areas import open_areas
from huimin.platform.payments.personal_account.listing import make_list
from huimin.platform.tasks.api import Attempt

__all__ = ["make_lists"]


def make_lists(attempt: Attempt) -> None:
    """Safe to run twice: what is on a list is not listed again."""
    city = attempt.task.city
    month = today(city).replace(day=1) - timedelta(days=1)
    for area in open_areas(city):
        try:
            make_list(actor=queue_actor(city), area=area, month=month)
        except HuiminError as error:
            if error.code != "nothing_to_list":
                raise
