"""Everything of `payments` that other contexts may import."""

from __future__ import annotations

from huimin.platform.payments.agreements.models import AgreementStatus
from huimin.platform.payments.agreements.signing import (
    agreement_of,
    end_agreements,
    hear_agreement,
    sign_agreement,
)
from huimin.platform.payments.cases import OpenCase, cases_open, close_case, keep_unreadable, open_case, open_cases
from huimin.platform.payments.entries import received_entry
from huimin.platform.payments.file_faults import FileFault, FileFaults
from huimin.platform.payments.means import (
    MEANS_MOVED,
    Collector,
    MeansKind,
    collector_of,
    means_failed,
    means_in,
    register_collector,
)
from huimin.platform.payments.models import CaseKind, PaymentStatus
from huimin.platform.payments.notices import record_notice
from huimin.platform.payments.paying_together import pay_together
from huimin.platform.payments.payment_facts import PaymentFacts
from huimin.platform.payments.personal_account.account_balances import (
    AccountOffer,
    AskedFor,
    ask_balance,
    offer_of,
    told_balance,
)
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck, decide_lines
from huimin.platform.payments.personal_account.answered_sheet import read_answered
from huimin.platform.payments.personal_account.areas import set_account_area
from huimin.platform.payments.personal_account.clearing import between_areas, months_between_areas, settle_areas
from huimin.platform.payments.personal_account.debts import ask_for_debt, debt_told, debts_of
from huimin.platform.payments.personal_account.deciding import Hindrance
from huimin.platform.payments.personal_account.listing import make_list
from huimin.platform.payments.personal_account.opening import AccountPart, held_already, new_key, open_lines
from huimin.platform.payments.personal_account.paid import AccountPaid, account_paid
from huimin.platform.payments.personal_account.reading import (
    AccountListFacts,
    Sums,
    account_line_sums,
    account_list,
    account_lists,
    listed_lines,
    owed_by_area,
    to_be_listed,
    transfers_of,
    transfers_waiting,
)
from huimin.platform.payments.personal_account.returning import record_return, returns_due
from huimin.platform.payments.personal_account.rules import AccountRule, Mode, rule_on
from huimin.platform.payments.personal_account.sheet import write_list
from huimin.platform.payments.personal_account.transfers import record_transfer, transfer_received, transfer_returned
from huimin.platform.payments.providers import address_to_pay, payment_company, usual_company
from huimin.platform.payments.reconciliation.company import receipts_of_day
from huimin.platform.payments.reconciliation.comparing import Difference, DifferenceKind, OurReceipt
from huimin.platform.payments.reconciliation.counterparts import (
    Books,
    Counterpart,
    FoundDifference,
    register_counterpart,
    stated_beside,
    stated_on,
)
from huimin.platform.payments.reconciliation.day_file import DayFile, DayReading, StatedLine, fields_of, lines_of
from huimin.platform.payments.reconciliation.findings import find_difference
from huimin.platform.payments.reconciliation.kinds import DifferenceAnswer, answers_to
from huimin.platform.payments.reconciliation.reading import (
    days_open,
    differences_of_day,
    reconciled_day,
    reconciled_days,
)
from huimin.platform.payments.reconciliation.services import RECONCILE, ask_for_file, case_key, close_day, reconcile
from huimin.platform.payments.reconciliation.tasks import fetched
from huimin.platform.payments.refunds.deciding import agree_to_refund, propose_refund, try_refund_again
from huimin.platform.payments.refunds.models import RefundReason, RefundStatus
from huimin.platform.payments.refunds.owing import Owed, Paid, owe_refund
from huimin.platform.payments.refunds.reading import (
    RefundFacts,
    going_back,
    open_refunds,
    proposed_refunds,
    refunds_open,
    refunds_under,
)
from huimin.platform.payments.selectors import owed_back_beside, paid_beside, payments_of, received
from huimin.platform.payments.services import lock_payment, open_payment
from huimin.platform.payments.sheet_reading import AnsweredList, SheetReading, opened_sheet, plain
from huimin.platform.payments.sheet_writing import AnswerSheet
from huimin.platform.payments.taking import NOTICE_TAKEN, TakenNotice, take_notice, taken_notice
from huimin.platform.payments.unanswered import ask_later, ask_soon, payments_to_query

__all__ = [
    "MEANS_MOVED",
    "NOTICE_TAKEN",
    "RECONCILE",
    "AccountListFacts",
    "AccountOffer",
    "AccountPaid",
    "AccountPart",
    "AccountRule",
    "AgreementStatus",
    "AnswerSheet",
    "AnsweredList",
    "AskedFor",
    "Books",
    "CaseKind",
    "Collector",
    "Counterpart",
    "DayFile",
    "DayReading",
    "Difference",
    "DifferenceAnswer",
    "DifferenceKind",
    "FileFault",
    "FileFaults",
    "FoundDifference",
    "Hindrance",
    "MeansKind",
    "Mode",
    "OpenCase",
    "OurReceipt",
    "Owed",
    "Paid",
    "PaymentFacts",
    "PaymentStatus",
    "RefundFacts",
    "RefundReason",
    "RefundStatus",
    "SheetReading",
    "StatedLine",
    "StrikeReason",
    "Struck",
    "Sums",
    "TakenNotice",
    "account_line_sums",
    "account_list",
    "account_lists",
    "account_paid",
    "address_to_pay",
    "agree_to_refund",
    "agreement_of",
    "answers_to",
    "ask_balance",
    "ask_for_debt",
    "ask_for_file",
    "ask_later",
    "ask_soon",
    "between_areas",
    "case_key",
    "cases_open",
    "close_case",
    "close_day",
    "collector_of",
    "days_open",
    "debt_told",
    "debts_of",
    "decide_lines",
    "differences_of_day",
    "end_agreements",
    "fetched",
    "fields_of",
    "find_difference",
    "going_back",
    "hear_agreement",
    "held_already",
    "keep_unreadable",
    "lines_of",
    "listed_lines",
    "lock_payment",
    "make_list",
    "means_failed",
    "means_in",
    "months_between_areas",
    "new_key",
    "offer_of",
    "open_case",
    "open_cases",
    "open_lines",
    "open_payment",
    "open_refunds",
    "opened_sheet",
    "owe_refund",
    "owed_back_beside",
    "owed_by_area",
    "paid_beside",
    "pay_together",
    "payment_company",
    "payments_of",
    "payments_to_query",
    "plain",
    "propose_refund",
    "proposed_refunds",
    "read_answered",
    "receipts_of_day",
    "received",
    "received_entry",
    "reconcile",
    "reconciled_day",
    "reconciled_days",
    "record_notice",
    "record_return",
    "record_transfer",
    "refunds_open",
    "refunds_under",
    "register_collector",
    "register_counterpart",
    "returns_due",
    "rule_on",
    "set_account_area",
    "settle_areas",
    "sign_agreement",
    "stated_beside",
    "stated_on",
    "take_notice",
    "taken_notice",
    "to_be_listed",
    "told_balance",
    "transfer_received",
    "transfer_returned",
    "transfers_of",
    "transfers_waiting",
    "try_refund_again",
    "usual_company",
    "write_list",
]
