"""Everything of `counter` that other contexts may import."""

from __future__ import annotations

from huimin.platform.counter.cash import forgo_cash, pay_out_cash, take_cash
from huimin.platform.counter.enrolling import (
    Agreed,
    FromAccount,
    ask_balance_at_counter,
    enrol_at_counter,
    find_at_counter,
    send_code_from_counter,
)
from huimin.platform.counter.models import How
from huimin.platform.counter.selectors import (
    CashPaid,
    cash_keys,
    cash_of_order,
    cash_paid,
    consent_of_order,
    counter_orders,
)
from huimin.platform.counter.tills import (
    cash_owed,
    close_till,
    closings,
    confirm_banked,
    in_till,
)
from huimin.platform.counter.writing_off import agree_to_write_off, propose_write_off, proposed_write_offs

__all__ = [
    "Agreed",
    "CashPaid",
    "FromAccount",
    "How",
    "agree_to_write_off",
    "ask_balance_at_counter",
    "cash_keys",
    "cash_of_order",
    "cash_owed",
    "cash_paid",
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
    "propose_write_off",
    "proposed_write_offs",
    "send_code_from_counter",
    "take_cash",
]
