"""The daily file of the payment company: one line a transaction or refund, totals at its end; well or badly written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from huimin.sandbox.wire import yuan_of

__all__ = ["FILE_KINDS", "Booked", "daily_file"]

FILE_KINDS = ("file_lacks", "file_other_amount", "file_twice", "file_torn", "file_other_totals")
"""What a button or a seed may do to the next file. The last two make it one that nobody can use."""
_COLUMNS = "交易时间,商户订单号,支付订单号,交易状态,订单金额,商户退款单号,退款金额,手续费"
_TOTALS = "总交易笔数,订单总金额,退款总金额,手续费总金额"
_FEE_PER_MILLE = 2


@dataclass(frozen=True, slots=True)
class Booked:
    """A transaction, or with `refund`, the platform's key, money that went back. `amount` in fen."""

    at: datetime
    reference: str
    transaction: str
    amount: int
    refund: str = ""

    @property
    def fee(self) -> int:
        return 0 if self.refund else self.amount * _FEE_PER_MILLE // 1000


def daily_file(booked: Sequence[Booked], kind: str = "") -> str:
    """The file of what was booked on a day."""
    told = [*booked]
    if told and kind == "file_lacks":
        told.pop(0)
    if told and kind == "file_other_amount":
        told[0] = replace(told[0], amount=told[0].amount + 1)
    if told and kind == "file_twice":
        told.insert(0, told[0])
    lines = [_COLUMNS, *(_line(one) for one in told)]
    if kind != "file_torn":
        lines += [_TOTALS, _totals(told, 1 if kind == "file_other_totals" else 0)]
    return "\r\n".join(lines) + "\r\n"


def _line(one: Booked) -> str:
    paid, refunded = ("0.00", yuan_of(one.amount)) if one.refund else (yuan_of(one.amount), "0.00")
    status = "REFUND" if one.refund else "SUCCESS"
    values = (f"{one.at:%Y-%m-%d %H:%M:%S}", one.reference, one.transaction, status, paid, one.refund, refunded)
    return ",".join(f"`{value}" for value in (*values, yuan_of(one.fee)))


def _totals(told: Sequence[Booked], wrong: int) -> str:
    paid = sum(one.amount for one in told if not one.refund) + wrong
    refunded, fees = sum(one.amount for one in told if one.refund), sum(one.fee for one in told)
    return ",".join(f"`{value}" for value in (len(told), yuan_of(paid), yuan_of(refunded), yuan_of(fees)))
