"""What a channel says it showed on its own pages, kept beside the order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.disclosure.api import Did, Moment, keep_reported, kept_until
from huimin.platform.enrolment.api import OrderFacts
from huimin.platform.foundation.actors import Actor
from huimin.platform.people.api import PersonFacts

__all__ = ["ShownIn", "keep_what_was_shown"]

_Moment = Annotated[str, StringConstraints(max_length=40)]


class ShownIn(Schema):
    """A page that the channel showed the applicant before ordering: which, in which version, with which bytes."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$"), Field(examples=["key-terms"])]
    version: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Field(description="SHA-256 of the bytes")]
    shown_at: Annotated[_Moment, Field(min_length=10, examples=["2022-02-15T10:04:31+08:00"])]
    confirmed_at: Annotated[_Moment, Field(description="empty where nothing is confirmed")] = ""


def keep_what_was_shown(
    actor: Actor, plan_year: PlanYearFacts, applicant: PersonFacts, order: OrderFacts, shown: Iterable[ShownIn]
) -> None:
    """In the order's transaction: either both are there, or neither."""
    until = kept_until(terms_of(plan_year).plan.cover.last_day)
    for page in shown:
        sent = {"shown_at": [page.shown_at], **({"confirmed_at": [page.confirmed_at]} if page.confirmed_at else {})}
        moment = Moment(
            session=order.reference,
            resident_id=applicant.id,
            address=page.page,
            did=Did.REPORTED,
            status=0,
            language="",
            large=False,
            keep_until=until,
            order=order.reference,
            sent=sent,
        )
        keep_reported(actor=actor, moment=moment, version=page.version, page_digest=page.digest)
