"""Everything of `counter` that other contexts may import."""

from __future__ import annotations

from huimin.platform.counter.cash import forgo_cash, pay_out_cash, take_cash
from huimin.platform.counter.enrolling import Agreed, enrol_at_counter, find_at_counter, send_code_from_counter
from huimin.platform.counter.models import How
from huimin.platform.counter.selectors import cash_keys, cash_of_order, consent_of_order, counter_orders
from huimin.platform.counter.tills import (
    cash_owed,
    close_till,
    closings,
    confirm_banked,
    in_till,
)

__all__ = [
    "Agreed",
    "How",
    "cash_keys",
    "cash_of_order",
    "cash_owed",
    "close_till",
    "closings",
    "confirm_banked",
    "consent_of_order",
    "counter_orders",
    "enrol_at_counter",
    "find_at_counter",
    "forgo_cash",
    "in_till",
    "pay_out_cash",
    "send_code_from_counter",
    "take_cash",
]
