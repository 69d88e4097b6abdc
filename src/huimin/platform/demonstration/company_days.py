"""Days compared with the invented payment company and the invented bank: some agree, some have something to explain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from huimin.money import format_yuan
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import OurReceipt, receipts_of_day, reconcile, usual_company
from huimin.platform.payouts.api import bank_code

__all__ = ["compare_with_bank", "compare_with_company"]

_COLUMNS = "交易时间,商户订单号,支付订单号,交易状态,订单金额,商户退款单号,退款金额,手续费"
_TOTALS = "总交易笔数,订单总金额,退款总金额,手续费总金额"
_FEE_PER_MILLE = 2
_LOOKED_BACK = 60


def compare_with_company(city: City, today: date) -> None:
    """Of the last two days with payments the first agrees; on the second one payment is in its file twice, and
    one that we never heard of.
    """
    days = [today - timedelta(days=back) for back in range(1, _LOOKED_BACK)]
    busy = [(day, found) for day in days if (found := receipts_of_day(city, usual_company(), day))][:2]
    for (day, receipts), wrong in zip(reversed(busy), (False, True), strict=False):
        content = _file(day, receipts, wrong=wrong)
        reconcile(actor=demonstration_actor(city), provider=usual_company(), day=day, content=content)


def compare_with_bank(city: City, today: date) -> None:
    """On the first of two days nothing moved; on the second the bank took a fee that no payout explains."""
    for back, yuan in ((3, "0.00"), (2, "200.00")):
        day = today - timedelta(days=back)
        moved = [f"{day} 16:30:00,B-demo-fee,demo-fee,代付,{yuan},0.00"] if yuan != "0.00" else []
        lines = ["记账时间,流水号,付款编号,摘要,借方金额,贷方金额", *moved, f"合计,{len(moved)},,,{yuan},0.00"]
        content = "\r\n".join(lines) + "\r\n"
        reconcile(actor=demonstration_actor(city), provider=bank_code(), day=day, content=content)


def _file(day: date, receipts: Sequence[OurReceipt], *, wrong: bool) -> str:
    rows = [(one.reference, one.transaction, one.amount) for one in receipts]
    if wrong:
        rows.append(("R-demo-unknown", "T-demo-unknown", 158_00))
        rows = [*rows[:1], *rows]
    lines = []
    for place, (reference, transaction, amount) in enumerate(rows):
        at, fee = f"{day} {8 + place % 12:02d}:{place % 60:02d}:00", amount * _FEE_PER_MILLE // 1000
        values = (at, reference, transaction, "SUCCESS", format_yuan(amount), "", "0.00", format_yuan(fee))
        lines.append(",".join(f"`{value}" for value in values))
    paid = sum(amount for *_, amount in rows)
    fees = sum(amount * _FEE_PER_MILLE // 1000 for *_, amount in rows)
    totals = f"`{len(rows)},`{format_yuan(paid)},`0.00,`{format_yuan(fees)}"
    return "\r\n".join([_COLUMNS, *lines, _TOTALS, totals]) + "\r\n"
