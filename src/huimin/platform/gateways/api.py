"""Everything of `gateways` that other contexts may import."""

from __future__ import annotations

from huimin.platform.gateways.bank import PaidOut, PayoutOrder, PayoutState
from huimin.platform.gateways.bank_http import bank_of
from huimin.platform.gateways.bureau import (
    Balance,
    Bureau,
    BureauSettlement,
    HistoryItem,
    Hold,
    HoldRequest,
    HoldState,
    Match,
    Matched,
    Spell,
)
from huimin.platform.gateways.bureau_http import bureau_of
from huimin.platform.gateways.doors import door_to
from huimin.platform.gateways.failures import DoorError, Refused, Unreachable
from huimin.platform.gateways.invoice_http import invoice_platform
from huimin.platform.gateways.invoice_platform import (
    InvoiceAnswer,
    InvoicePlatform,
    InvoiceRequest,
    InvoiceState,
    RedRequest,
)
from huimin.platform.gateways.invoice_platform import Party as InvoiceParty
from huimin.platform.gateways.message_gateway import ReceiptState, TextMessage, message_gateway
from huimin.platform.gateways.once import ask_once
from huimin.platform.gateways.payment_company import (
    Agreement,
    AgreementRequest,
    AgreementState,
    Deduction,
    Notice,
    NoticeError,
    PaymentCompany,
    PaymentRequest,
    RefundRequest,
    RefundState,
)
from huimin.platform.gateways.payment_http import HttpPaymentCompany
from huimin.platform.gateways.plain_codes import plain_code

__all__ = [
    "Agreement",
    "AgreementRequest",
    "AgreementState",
    "Balance",
    "Bureau",
    "BureauSettlement",
    "Deduction",
    "DoorError",
    "HistoryItem",
    "Hold",
    "HoldRequest",
    "HoldState",
    "HttpPaymentCompany",
    "InvoiceAnswer",
    "InvoiceParty",
    "InvoicePlatform",
    "InvoiceRequest",
    "InvoiceState",
    "Match",
    "Matched",
    "Notice",
    "NoticeError",
    "PaidOut",
    "PaymentCompany",
    "PaymentRequest",
    "PayoutOrder",
    "PayoutState",
    "ReceiptState",
    "RedRequest",
    "RefundRequest",
    "RefundState",
    "Refused",
    "Spell",
    "TextMessage",
    "Unreachable",
    "ask_once",
    "bank_of",
    "bureau_of",
    "door_to",
    "invoice_platform",
    "message_gateway",
    "plain_code",
]
