"""Invoices of the demonstration city, for tests: who issues them, and the sandbox's platform."""

from __future__ import annotations

from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_year_by_id
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.issuers import set_issuer
from huimin.platform.invoicing.models import Colour, Invoice
from huimin.platform.tasks.models import Task
from work_support import due_now, work_off

__all__ = ["BUYER", "ISSUER", "NOT_REGISTERED", "an_issuer", "blue", "red", "work_on_invoices"]

ISSUER, BUYER, NOT_REGISTERED = "913200001347590017", "91320000MA1000007Y", "91999999MA1000007F"


def an_issuer(city: City, tax_rate: int | None = None) -> None:
    """The lead insurer issues invoices for every plan year of the city."""
    for year in PlanYear.objects.of(city):
        set_issuer(
            actor=demonstration_actor(city),
            plan_year=plan_year_by_id(city, year.pk),
            name="演示财产保险股份有限公司",
            credit_code=ISSUER,
            tax_rate=tax_rate,
            item="*保险服务*健康保险",
        )


def blue(city: City) -> Invoice:
    """The last blue invoice of the city."""
    found: Invoice = Invoice.objects.of(city).filter(colour=Colour.BLUE).latest("asked_at", "turn")
    return found


def red(city: City) -> Invoice:
    found: Invoice = Invoice.objects.of(city).filter(colour=Colour.RED).latest("asked_at", "turn")
    return found


def work_on_invoices(city: City, rounds: int = 3) -> None:
    """Workers do what waits, and what was to be asked again is due at once."""
    work_off()
    for _ in range(rounds):
        for task in Task.objects.of(city).filter(kind__in=("issue_invoice", "pay_back"), finished_at=None):
            due_now(task)
        work_off()
