"""Orders and policies, read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings

from huimin.platform.catalogue.models import PlanYear
from huimin.platform.enrolment.models import Order, OrderStatus, Policy, TermsOpened
from huimin.platform.foundation.models import City
from huimin.platform.payments.providers import provider
from huimin.platform.people.models import Resident

__all__ = [
    "all_policies",
    "covered_already",
    "issued_orders",
    "lock_policies_of_member",
    "order_by_reference",
    "payer_address",
    "policies_of",
    "policies_of_order",
    "policies_with_lines",
    "policy_by_number",
    "terms_opened",
]


def all_policies(city: City, plan_year: PlanYear, chunk: int) -> Iterator[Policy]:
    """Every policy of the year with its area, read `chunk` at a time."""
    rows = Policy.objects.of(city).filter(plan_year=plan_year).select_related("area").order_by("pk")
    return rows.iterator(chunk_size=chunk)


def covered_already(*, city: City, plan_year_id: int, resident_ids: Sequence[int]) -> set[int]:
    """Those of the residents who have a policy for this plan year."""
    condition = f"plan_year_id = %s AND insured_id IN ({', '.join(['%s'] * len(resident_ids))})"
    return {insured for (insured,) in Policy.objects.pick(city, ("insured",), condition, plan_year_id, *resident_ids)}


def order_by_reference(city: City, reference: str) -> Order | None:
    orders = Order.objects.of(city).select_related("payment", "plan_year", "applicant")
    found: Order | None = orders.filter(reference=reference).first()
    return found


def payer_address(order: Order) -> str:
    """Where the payer pays this order: a signed address at the provider."""
    city, payment = order.city, order.payment
    public = settings.PUBLIC_ADDRESS
    return provider(payment.provider).payer_address(
        reference=payment.reference,
        amount=payment.amount,
        subject=city.name_zh,
        notify=f"{public}/api/v1/payments/{city.code}/{payment.provider}/notices",
        back=f"{public}/{city.code}/orders/{order.reference}/",
    )


def policies_of_order(order: Order) -> list[Policy]:
    if order.status != OrderStatus.ISSUED:
        return []
    rows = Policy.objects.of(order.city).filter(order_line__order=order)
    return list(rows.select_related("insured", "plan_year").order_by("pk"))


def policies_of(city: City, resident: Resident) -> list[Policy]:
    """Policies that the resident has or bought."""
    rows = Policy.objects.of(city).filter(insured=resident) | Policy.objects.of(city).filter(holder=resident)
    return list(rows.select_related("insured", "plan_year", "order_line").order_by("pk"))


def policy_by_number(city: City, number: str) -> Policy | None:
    rows = Policy.objects.of(city).select_related("insured", "plan_year", "order_line", "holder")
    found: Policy | None = rows.filter(number=number).first()
    return found


def policies_with_lines(city: City) -> list[Policy]:
    """Every policy, with its order line and plan year: for verification."""
    rows = list(Policy.objects.of(city).select_related("order_line", "plan_year").order_by("pk"))
    for policy in rows:
        policy.city = city
    return rows


def issued_orders(city: City) -> list[Order]:
    """Every order that was paid and issued, with its payment."""
    return list(Order.objects.of(city).filter(status=OrderStatus.ISSUED).select_related("payment"))


def lock_policies_of_member(city: City, psn_no: str) -> list[Policy]:
    """All policies of a member, locked: whoever decides a member-year waits here for whoever is deciding it."""
    return Policy.objects.fetch(city, "psn_no = %s ORDER BY id", psn_no, lock=True)


def terms_opened(*, city: City, resident: Resident, plan_year: PlanYear) -> bool:
    """Whether the resident has had what the plan covers, and what not, opened."""
    return TermsOpened.objects.of(city).filter(resident=resident, plan_year=plan_year).exists()
