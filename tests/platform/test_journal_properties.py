"""A long random year of bills, repeats, reversals and late arrivals: the books balance at every moment."""

from __future__ import annotations

from random import Random

import pytest
from django.db.models import Sum

from cast import FATHER
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]


@pytest.mark.parametrize("seed", range(5))
def test_the_books_balance_after_every_message_of_a_random_year(seed: int, api: Caller, covered: City) -> None:
    random = Random(seed)
    sent: list[dict[str, str]] = []
    for number in range(150):
        kind = random.random()
        if sent and kind < 0.15:
            message = random.choice(sent)
        elif sent and kind < 0.35:
            reversed_ = random.choice(sent)
            message = {
                "setl_id": f"R{number}",
                "psn_no": FATHER,
                "setl_time": "2022-04-19",
                "reverses": reversed_["setl_id"],
            }
        else:
            day = f"2022-0{random.choice('34')}-{random.randint(1, 19):02d}"
            message = a_bill(f"B{number}", day, random.randint(0, 9_000_000), random.randint(0, 3_000_000))
        if "reverses" not in message:
            sent.append(message)
        assert api.settle(message).status_code in (200, 409, 422)
        assert Posting.objects.of(covered).aggregate(total=Sum("amount"))["total"] == 0
    assert verify_city(covered).faults == []
