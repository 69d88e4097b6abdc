"""Clearing: money that is on its way between the pool and those who carry it."""

from __future__ import annotations

from huimin.platform.ledger.accounts.account import Account, Group, Side, Words
from huimin.platform.ledger.parties import PartyKind

__all__ = [
    "ACCOUNTS",
    "ACCOUNT_AGENCY",
    "ACCOUNT_HELD",
    "AREA_CLEARING",
    "BANK",
    "CASH_DIFFERENCE",
    "CASH_TILL",
    "CLEARING",
    "ORGANISATION_DEPOSIT",
    "PROVIDER_CLEARING",
    "RECEIPT_UNALLOCATED",
]

CLEARING = Group(
    "clearing",
    Words("清算往来", "Clearing"),
    Words(
        "已由支付机构、个人账户经办机构或银行经手、尚未落定的资金。",
        "Money that a payment company, an agency of personal accounts or a bank holds or has passed on.",
    ),
)
PROVIDER_CLEARING = Account(
    "provider_clearing",
    CLEARING,
    Words("支付渠道待清算", "With payment companies"),
    Words(
        "支付机构已收到、尚未转入银行账户的款项。",
        "What payers paid to a payment company that it has not paid over yet.",
    ),
    Side.DEBIT,
    (PartyKind.PROVIDER,),
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
    cleared=True,
)
ACCOUNT_HELD = Account(
    "account_held",
    CLEARING,
    Words("个人账户待审核保费", "Premium held in personal accounts"),
    Words(
        "保单已出、款项已在个人账户冻结、经办机构尚未审核的保费，按账户所在统筹区。",
        "Premium of issued policies that is held in personal accounts and not approved yet, by the account's area.",
    ),
    Side.DEBIT,
    (PartyKind.AGENCY,),
    cleared=True,
    items_by_cause=True,
)
ACCOUNT_AGENCY = Account(
    "account_agency",
    CLEARING,
    Words("个人账户经办机构", "Personal-account agencies"),
    Words(
        "已审核通过、尚未划拨到账的个人账户保费，按被保险人所在统筹区。",
        "Premium from personal accounts that was approved and has not come in yet, by the area of the insured.",
    ),
    Side.DEBIT,
    (PartyKind.AGENCY,),
    cleared=True,
)
AREA_CLEARING = Account(
    "area_clearing",
    CLEARING,
    Words("统筹区之间往来", "Between areas"),
    Words(
        "个人账户与被保险人不在同一统筹区时，账户所在地应付（正）被保险人所在地应收（负），按月轧差。",
        "Where account and insured are of two areas: the account's area owes, the other is owed; netted by month.",
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
ORGANISATION_DEPOSIT = Account(
    "organisation_deposit",
    CLEARING,
    Words("单位预存保费", "Paid in by organisations"),
    Words(
        "单位为职工等人员缴入、尚未用于保费的款项，按单位。",
        "What employers and others paid in for their people that no premium has been paid from yet.",
    ),
    Side.CREDIT,
    (PartyKind.ORGANISATION,),
)
CASH_TILL = Account(
    "cash_till",
    CLEARING,
    Words("柜面现金", "Cash in tills"),
    Words(
        "柜面收取、尚未缴存银行的现金，按收款人。",
        "Cash taken at counters that is not paid into a bank yet, by who took it.",
    ),
    Side.DEBIT,
    (PartyKind.TILL,),
)
CASH_DIFFERENCE = Account(
    "cash_difference",
    CLEARING,
    Words("现金长短款", "Cash short and over"),
    Words(
        "经两人核准核销的柜面现金短款（正）和长款（负），按收款人；由柜面运营方承担。",
        "What tills had too little (positive) or too much, written off by two people, by who had the till. Whoever "
        "runs the counters bears it.",
    ),
    Side.DEBIT,
    (PartyKind.TILL,),
)
ACCOUNTS = (
    PROVIDER_CLEARING,
    RECEIPT_UNALLOCATED,
    ACCOUNT_HELD,
    ACCOUNT_AGENCY,
    AREA_CLEARING,
    BANK,
    ORGANISATION_DEPOSIT,
    CASH_TILL,
    CASH_DIFFERENCE,
)
