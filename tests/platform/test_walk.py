"""The newcomer's walk of ARCHITECTURE.md is true: each stop exists, and a bill, a premium and a rate pass them so."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from claims_support import next_year
from disclosure_support import confirm_by_page
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Posting
from platform_support import Caller, a_bill, resident, signed_in

TEXT = (Path(__file__).resolve().parents[2] / "ARCHITECTURE.md").read_text("utf-8")
WALKS = dict(re.findall(r"^\*\*(A [a-z]+), [^*]+\*\*\n\n((?:\d\. .+\n)+)", TEXT, re.M))
"""By what is followed: the numbered stops."""


def stops(walk: str) -> list[str]:
    return re.findall(r"^\d\. `([\w.]+)`", WALKS[walk], re.M)


def function_at(stop: str) -> FunctionType:
    module, _, name = f"huimin.{stop}".rpartition(".")
    found = inspect.unwrap(getattr(import_module(module), name))
    assert isinstance(found, FunctionType), f"{stop} is no function"
    assert found.__module__ == module, f"{stop} is written in {found.__module__}"
    return found


@contextmanager
def watched(walk: str) -> Iterator[list[str]]:
    """The stops of the walk that are entered meanwhile, in order."""
    names: dict[CodeType, str] = {function_at(stop).__code__: stop for stop in stops(walk)}
    entered: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in names:
            entered.append(names[frame.f_code])

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield entered
    finally:
        sys.setprofile(before)


def passed_in_order(walk: str, entered: list[str]) -> bool:
    rest = iter(entered)
    return all(stop in rest for stop in stops(walk))


def test_there_are_three_walks_of_fewer_than_ten_stops() -> None:
    assert set(WALKS) == {"A bill", "A premium", "A rate"}
    assert all(5 < len(stops(walk)) < 10 for walk in WALKS)


@pytest.mark.parametrize("walk", sorted(WALKS))
def test_each_stop_of_a_walk_is_a_function_and_comes_once(walk: str) -> None:
    for stop in stops(walk):
        function_at(stop)
    assert len(set(stops(walk))) == len(stops(walk)) == WALKS[walk].count("\n")


def test_a_bill_passes_the_stops_from_the_door_to_the_journal(api: Caller, covered: City) -> None:
    with watched("A bill") as entered:
        assert api.settle(a_bill("A", "2022-04-18", 20_000_00)).status_code == 200
    assert passed_in_order("A bill", entered), entered


def test_a_premium_passes_the_stops_from_the_tap_to_eleven_shares(api: Caller, city: City) -> None:
    browser = signed_in(resident(city))
    confirm_by_page(browser, city)
    with watched("A premium") as entered:
        assert browser.post(f"/{city.code}/enrol/pay/", {"consent": "yes"}).status_code == 302
        order = Order.objects.of(city).latest("pk")
        assert api.pay(order.reference, "158.00").content == b"success"
    assert passed_in_order("A premium", entered), entered
    policy = Policy.objects.of(city).get(order_line__order=order)
    shared = Posting.objects.of(city).filter(entry__source=f"policy:{policy.number}", account="insurer_premium")
    assert shared.count() == 11


def test_a_rate_passes_the_stops_from_the_plan_file_to_a_fen(api: Caller, covered: City) -> None:
    with watched("A rate") as entered:
        next_year(covered)
        answer = api.settle(a_bill("A", "2022-04-18", 20_000_00)).json()
    assert passed_in_order("A rate", entered), entered
    (tier,) = [step for step in answer["explanation"]["steps"] if step["kind"] == "tier"]
    # (20,000 − 10,000) × 55 %
    assert (tier["rate"], tier["payment"], answer["payable"]) == ("55%", "5500.00", "5500.00")
