"""Claims: what the plan pays, to whom it is owed, what insurers bear of it, and what was paid too much."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = [
    "ACCOUNTS",
    "CLAIMS",
    "CLAIMS_UNSHARED",
    "CLAIM_IN_PAYMENT",
    "CLAIM_PAYABLE",
    "INSURER_CLAIMS",
    "OVERPAYMENT_RECEIVABLE",
    "OVERPAYMENT_SET_OFF",
]

_PAYEES = (PartyKind.HOSPITAL, PartyKind.PHARMACY, PartyKind.POLICY)

CLAIMS = Group(
    "claims",
    Words("赔款", "Claims"),
    Words(
        "赔款：应付给谁、正在支付、由谁承担、多付多少。", "Claims: owed to whom, being paid, borne by whom, overpaid."
    ),
)
CLAIM_PAYABLE = Account(
    "claim_payable",
    CLAIMS,
    Words("应付赔款", "Claims payable"),
    Words("应付给医院、药店或被保险人的赔款。", "What is owed to hospitals, pharmacies and the insured."),
    Side.CREDIT,
    _PAYEES,
    cleared=True,
)
CLAIM_IN_PAYMENT = Account(
    "claim_in_payment",
    CLAIMS,
    Words("赔款支付中", "Claims being paid"),
    Words(
        "已发出付款指令、尚未得到银行确认的赔款。",
        "Payment orders that were sent and are neither confirmed nor returned yet.",
    ),
    Side.CREDIT,
    _PAYEES,
    cleared=True,
)
CLAIMS_UNSHARED = Account(
    "claims_unshared",
    CLAIMS,
    Words("赔款待分配", "Claims to be shared"),
    Words(
        "已决定、尚未分摊给保险公司的赔款；当即分摊，平时为零。",
        "Claims that are decided and not shared out yet. They are shared in the same transaction: usually zero.",
    ),
    Side.DEBIT,
    cleared=True,
)
INSURER_CLAIMS = Account(
    "insurer_claims",
    CLAIMS,
    Words("保险公司赔款", "Claims of insurers"),
    Words("各保险公司按份额承担的赔款。", "What each insurer bears of the claims by its share."),
    Side.DEBIT,
    (PartyKind.INSURER,),
)
OVERPAYMENT_RECEIVABLE = Account(
    "overpayment_receivable",
    CLAIMS,
    Words("应收多付赔款", "Overpayments to be repaid"),
    Words(
        "医院已垫付或已付给被保险人、事后应由被保险人退还的赔款。",
        "What the insured owe back, because less is due than was credited at the counter or paid to them.",
    ),
    Side.DEBIT,
    (PartyKind.POLICY,),
    cleared=True,
)
OVERPAYMENT_SET_OFF = Account(
    "overpayment_set_off",
    CLAIMS,
    Words("多付赔款抵扣", "Overpayments set off"),
    Words(
        "从一张账单的应付赔款中扣下、抵给另一张账单多付的赔款；当即抵扣，同一保单平时为零。",
        "Kept of what is owed for one bill, against what was paid too much for another. Both are posted in one "
        "transaction: usually zero for each policy.",
    ),
    Side.CREDIT,
    (PartyKind.POLICY,),
    cleared=True,
    items_by_cause=True,
)
ACCOUNTS = (
    CLAIM_PAYABLE,
    CLAIM_IN_PAYMENT,
    CLAIMS_UNSHARED,
    INSURER_CLAIMS,
    OVERPAYMENT_RECEIVABLE,
    OVERPAYMENT_SET_OFF,
)
