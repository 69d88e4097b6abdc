"""Fen to which several insurers have an equal claim: nobody outside can steer them, and chance stays within a bound."""

from __future__ import annotations

from collections import Counter
from datetime import date
from math import isqrt
from typing import Any
from unittest.mock import patch

import pytest

from huimin.money import share_out
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.pool import sharing
from huimin.platform.pool.models import Share
from huimin.platform.pool.selectors import Period
from huimin.platform.pool.sharing import shared_out, tie_order
from platform_support import Caller, a_bill

EQUAL = Period(1, date(2022, 1, 1), {"one": 3_334, "two": 3_333, "three": 3_333})
THIRDS = {"one": 1, "two": 1, "three": 1}
KEY = b"k" * 32


def drift_after(sharings: int, key: bytes = KEY) -> dict[str, int]:
    """Thirds of a fen by which each of three equal insurers is off after so many sharings of odd amounts."""
    off: Counter[str] = Counter()
    for number in range(sharings):
        amount = 1_000_000 + number % 3
        order = tie_order(key, "demo", f"settlement:{number}", THIRDS)
        for insurer, part in share_out(amount, THIRDS, order).items():
            off[insurer] += 3 * part - amount
    return dict(off)


def bound_after(sharings: int) -> int:
    """Four standard deviations in fen: each sharing is off by one of two values a fen apart, so by at most half a
    fen; independent ones add up as the root of their number (ADR 19)."""
    return 2 * isqrt(sharings)


@pytest.mark.parametrize("sharings", [20_000, pytest.param(1_000_000, marks=pytest.mark.nightly)])
def test_equal_insurers_drift_no_further_than_the_bound(sharings: int) -> None:
    off = drift_after(sharings)
    assert sum(off.values()) == 0
    assert all(abs(thirds) <= 3 * bound_after(sharings) for thirds in off.values())


def test_ids_chosen_under_one_key_gain_nothing_under_another() -> None:
    """Whoever picks 300 ids that favour one insurer under a key they know gets chance under the one that counts."""
    favoured = [
        source
        for source in (f"settlement:{number}" for number in range(3_000))
        if min(THIRDS, key=tie_order(b"a key that an outsider may guess", "demo", source, THIRDS).__getitem__) == "one"
    ][:300]
    assert len(favoured) == 300
    gained = sum(share_out(100, THIRDS, tie_order(KEY, "demo", source, THIRDS))["one"] - 33 for source in favoured)
    # Binomial(300, 1/3): mean 100, standard deviation 8.2; five of them on either side. Steered it would be 300.
    assert abs(gained - 100) < 41


def test_the_tie_break_depends_on_the_installations_key(settings: Any) -> None:
    sources = [f"settlement:{number}" for number in range(100)]
    before = [shared_out("demo", EQUAL, 101, source) for source in sources]
    assert before == [shared_out("demo", EQUAL, 101, source) for source in sources]
    equal = Period(1, date(2022, 1, 1), {"one": 5_000, "two": 5_000})
    before = [shared_out("demo", equal, 101, source) for source in sources]
    settings.DATA_KEY = "ab" * 32
    assert before != [shared_out("demo", equal, 101, source) for source in sources]


def test_another_city_of_the_installation_has_other_ties() -> None:
    equal = Period(1, date(2022, 1, 1), {"one": 5_000, "two": 5_000})
    sources = [f"settlement:{number}" for number in range(100)]
    here, there = ([shared_out(city, equal, 101, source) for source in sources] for city in ("demo", "other"))
    assert here != there


def faults_of(city: City, source: str) -> list[str]:
    return [fault for fault in verify_city(city).faults if fault.startswith(source)]


def test_a_sharing_under_another_key_does_not_verify(api: Caller, covered: City) -> None:
    Share.objects.of(covered).update(basis_points=1_000)
    api.settle(a_bill("A", "2022-04-18", 20_000_03))
    assert faults_of(covered, "settlement:hospital-1:A") == []
    with patch.object(sharing, "purpose_key", lambda _purpose: purpose_key("policy check")):
        assert len(faults_of(covered, "settlement:hospital-1:A")) == 1, "two fen would go to other insurers"


def test_a_single_fen_goes_to_one_insurer() -> None:
    period = Period(1, date(2022, 1, 1), {"a": 3_334, "b": 3_333, "c": 3_333})
    assert sorted(shared_out("demo", period, 1, "settlement:X").values()) == [0, 0, 1]
    assert sorted(shared_out("demo", period, -1, "settlement:X").values()) == [-1, 0, 0]


def test_sharing_zero_out_gives_each_insurer_zero() -> None:
    """As of every bill before it came. No tie is broken for it."""
    period = Period(1, date(2022, 1, 1), {"a": 3_334, "b": 3_333, "c": 3_333})
    assert shared_out("demo", period, 0, "settlement:X") == {"a": 0, "b": 0, "c": 0}
