"""Our names for what papers say, by the names that structured files and printed labels use."""

from __future__ import annotations

__all__ = ["AMOUNTS", "FISCAL_TAGS", "LABELS", "TAX_TAGS"]

AMOUNTS = frozenset({
    *("total", "fund_paid", "other_paid", "account_paid", "cash_paid", "printed_self_paid", "printed_self_funded"),
    *("deposit", "topped_up", "returned", "before_tax", "tax"),
})  # fmt: skip
"""Fields that are amounts, in fen."""

FISCAL_TAGS = {
    "einvoicecode": "bill_code",
    "einvoicenumber": "bill_number",
    "randomnumber": "check_code",
    "checkcode": "check_code",
    "supervisorareacode": "area",
    "totalamount": "total",
    "issuedate": "issued_on",
    "invoicingpartyname": "issuer",
    "payerpartyname": "payer",
    "remark": "remark",
    "relatedinvoicecode": "reverses_code",
    "relatedinvoicenumber": "reverses_number",
    "fundpayamount": "fund_paid",
    "otherpayamount": "other_paid",
    "accountpayamount": "account_paid",
    "ownpayamount": "cash_paid",
    "selfpaymentamount": "printed_self_paid",
    "selfpaymentcost": "printed_self_funded",
    "prepayamount": "deposit",
    "rechargeamount": "topped_up",
    "refundamount": "returned",
    "flushedred": "reversed_mark",
    "reversal": "reversed_mark",
}
"""Tags of the fiscal e-bill in small letters: programs differ in the case, not in the meaning. selfpaymentAmount is
自付 and selfpaymentCost 自费; the two are easily swapped.
"""

TAX_TAGS = {
    "invoiceno": "bill_number",
    "invoicecode": "bill_code",
    "issuedate": "issued_on",
    "sellername": "issuer",
    "buyername": "payer",
    "taxexclusivetotalamount": "before_tax",
    "taxtotalamount": "tax",
    "taxinclusivetotalamount": "total",
    "note": "remark",
}

LABELS = {
    "票据代码": "bill_code",
    "票据号码": "bill_number",
    "校验码": "check_code",
    "开票日期": "issued_on",
    "交款人": "payer",
    "收款单位": "issuer",
    "大写": "total_in_capitals",
    "小写": "total",
    "医保统筹基金支付": "fund_paid",
    "其他支付": "other_paid",
    "个人账户支付": "account_paid",
    "个人现金支付": "cash_paid",
    "个人自付": "printed_self_paid",
    "个人自费": "printed_self_funded",
    "预缴金额": "deposit",
    "补缴金额": "topped_up",
    "退费金额": "returned",
    "备注": "remark",
    "发票号码": "bill_number",
    "医疗费用总额": "total",
    "医疗费总额": "total",
    "费用总额": "total",
    "统筹基金支付": "fund_paid",
    "个人账户金额支付": "account_paid",
    "现金支付": "cash_paid",
    "姓名": "patient",
    "入院日期": "admitted_on",
    "入院时间": "admitted_on",
    "出院日期": "discharged_on",
    "出院时间": "discharged_on",
    "出院诊断": "diagnosis",
    "相关票据代码": "reverses_code",
    "相关票据号码": "reverses_number",
}
"""Labels as papers print them, before a colon, in brackets, or in the cell before."""
