"""Everything of `gateways` that other contexts may import."""

from __future__ import annotations

from huimin.platform.gateways.doors import door_to
from huimin.platform.gateways.failures import DoorError, Refused, Unreachable
from huimin.platform.gateways.message_gateway import ReceiptState, TextMessage, message_gateway
from huimin.platform.gateways.once import ask_once
from huimin.platform.gateways.payment_company import (
    Notice,
    NoticeError,
    PaymentCompany,
    PaymentRequest,
    RefundRequest,
    RefundState,
)
from huimin.platform.gateways.payment_http import HttpPaymentCompany

__all__ = [
    "DoorError",
    "HttpPaymentCompany",
    "Notice",
    "NoticeError",
    "PaymentCompany",
    "PaymentRequest",
    "ReceiptState",
    "RefundRequest",
    "RefundState",
    "Refused",
    "TextMessage",
    "Unreachable",
    "ask_once",
    "door_to",
    "message_gateway",
]
