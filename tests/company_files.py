"""Daily files of a payment company, as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huimin.money import format_yuan, parse_yuan

__all__ = ["DAY", "HEAD", "TOTALS", "company_file", "paid_line", "refund_line"]

DAY = date(2022, 2, 14)
HEAD = "交易时间,商户订单号,支付订单号,交易状态,订单金额,商户退款单号,退款金额,手续费"
TOTALS = "总交易笔数,订单总金额,退款总金额,手续费总金额"


def paid_line(transaction: str, yuan: str = "158.00", reference: str = "", *, at: str = "09:30:00") -> str:
    return f"`{DAY} {at},`{reference or 'R' + transaction},`{transaction},`SUCCESS,`{yuan},`,`0.00,`0.32"


def refund_line(transaction: str, yuan: str, key: str = "F1") -> str:
    return f"`{DAY} 10:00:00,`R{transaction},`{transaction},`REFUND,`0.00,`{key},`{yuan},`0.00"


def company_file(*lines: str, totals: str | None = None) -> str:
    """A file of these lines, whose totals are right unless others are given."""
    return "\r\n".join([HEAD, *lines, TOTALS, totals if totals is not None else _sums(lines)]) + "\r\n"


def _sums(lines: Sequence[str]) -> str:
    fields = [[text.removeprefix("`") for text in line.split(",")] for line in lines]
    sums = [format_yuan(sum(parse_yuan(one[place]) for one in fields)) for place in (4, 6, 7)]
    return ",".join(f"`{value}" for value in (len(lines), *sums))
