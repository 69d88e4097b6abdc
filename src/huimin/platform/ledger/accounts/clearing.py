"""Clearing: money that is on its way between the pool and those who carry it."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = ["ACCOUNTS", "ACCOUNT_AGENCY", "BANK", "CLEARING", "PROVIDER_CLEARING", "RECEIPT_UNALLOCATED"]

CLEARING = Group(
    "clearing",
    Words("清算往来", "Clearing"),
    Words(
        "已由支付公司、个人账户经办机构或银行经手、尚未落定的资金。",
        "Money that a payment company, an agency of personal accounts or a bank holds or has passed on.",
    ),
)
PROVIDER_CLEARING = Account(
    "provider_clearing",
    CLEARING,
    Words("支付渠道待清算", "With payment companies"),
    Words(
        "支付公司已收到、尚未转入银行账户的款项。",
        "What payers paid to a payment company that it has not paid over yet.",
    ),
    Side.DEBIT,
    (PartyKind.PROVIDER,),
    before_kinds=PartyKind.PROVIDER,
    cleared=True,
)
RECEIPT_UNALLOCATED = Account(
    "receipt_unallocated",
    CLEARING,
    Words("待查来款", "Receipts not allocated"),
    Words(
        "查不到对应订单的来款，查清后归位或退回。",
        "Money that came in for no order of ours, until a person has found whose it is.",
    ),
    Side.CREDIT,
    (PartyKind.PROVIDER,),
    before_kinds=PartyKind.PROVIDER,
    cleared=True,
)
ACCOUNT_AGENCY = Account(
    "account_agency",
    CLEARING,
    Words("个人账户经办机构", "Personal-account agencies"),
    Words(
        "经办机构已审核通过、尚未划拨的个人账户保费，按统筹区。",
        "Premium that an area's agency approved to pay from personal accounts and has not transferred yet.",
    ),
    Side.DEBIT,
    (PartyKind.AGENCY,),
    cleared=True,
)
BANK = Account(
    "bank",
    CLEARING,
    Words("银行存款", "Bank accounts"),
    Words("共保体银行账户中的存款。", "What is in the pool's bank accounts."),
    Side.DEBIT,
    (PartyKind.BANK,),
)
ACCOUNTS = (PROVIDER_CLEARING, RECEIPT_UNALLOCATED, ACCOUNT_AGENCY, BANK)
