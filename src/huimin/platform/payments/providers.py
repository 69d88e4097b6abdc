"""Which payment company a payment goes to. Each is known by a code, which a payment, a receipt and the journal keep."""

from __future__ import annotations

from django.conf import settings

from huimin.errors import HuiminError
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import HttpPaymentCompany, PaymentCompany, PaymentRequest, door_to
from huimin.platform.payments.payment_facts import PaymentFacts

__all__ = ["address_to_pay", "payment_company", "usual_company"]


def usual_company() -> str:
    """The code of the company that new payments go to."""
    return str(settings.PAYMENT_COMPANY)


def payment_company(code: str, city: City) -> PaymentCompany:
    """The company with this code, for a city's payments. Raises HuiminError `unknown_provider`."""
    if code != usual_company():
        raise HuiminError(f"found payment company {code!r}; expected {usual_company()}", code="unknown_provider")
    door = door_to(
        "payment_company", settings.PAYMENT_GATEWAY, request_key="payment request", answer_key="payment notice"
    )
    return HttpPaymentCompany(code, door, city)


def address_to_pay(payment: PaymentFacts, *, back: str) -> str:
    """Where the payer pays: a signed address at the company. `back`: the page of ours to which it leads afterwards."""
    city, public = payment.city, settings.PUBLIC_ADDRESS
    request = PaymentRequest(
        reference=payment.reference,
        amount=payment.amount,
        subject=city.name_zh,
        notify=f"{public}/api/v1/payments/{city.code}/{payment.provider}/notices",
        back=f"{public}/{back}",
        day=city.demonstration_day,
    )
    return payment_company(payment.provider, city).payer_address(request)
