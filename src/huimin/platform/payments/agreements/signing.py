"""Having a payer sign an agreement, hearing of it, and ending it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.gateways.api import Agreement, AgreementRequest, AgreementState
from huimin.platform.payments.agreements.models import AgreementStatus, DeductionAgreement
from huimin.platform.payments.providers import payment_company, usual_company
from huimin.platform.people.api import lock_persons
from huimin.platform.tasks.api import enqueue

__all__ = [
    "ASK_AGREEMENT",
    "END_AGREEMENT",
    "AgreementFacts",
    "agreement_of",
    "end_agreements",
    "hear_agreement",
    "heard",
    "sign_agreement",
]

ASK_AGREEMENT, END_AGREEMENT = "ask_agreement", "end_agreement"
_OPEN = (AgreementStatus.ASKED, AgreementStatus.IN_FORCE)


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """A payer's newest agreement. `number` is the company's."""

    key: str
    provider: str
    status: AgreementStatus
    number: str

    @property
    def in_force(self) -> bool:
        return self.status is AgreementStatus.IN_FORCE


def sign_agreement(*, actor: Actor, resident_id: int, back: str) -> str:
    """Where the payer signs: a signed address at the company. "" where an agreement is in force already.

    Who was sent there before and did not sign gets the same agreement again. `back`: the page of ours to which the
    company leads afterwards. Raises NotAllowed.
    """
    authorise(actor, Action.AGREE_TO_RENEWAL, owner=f"resident:{resident_id}")
    city = actor.city
    row = _asked(city, resident_id, actor.text)
    if row.status == AgreementStatus.IN_FORCE:
        return ""
    public = settings.PUBLIC_ADDRESS
    request = AgreementRequest(
        key=row.key,
        subject=city.name_zh,
        notify=f"{public}/api/v1/payments/{city.code}/{row.provider}/agreements",
        back=f"{public}/{back}",
        day=city.demonstration_day,
    )
    return payment_company(row.provider, city).agreement_address(request)


@transaction.atomic
def _asked(city: City, resident_id: int, by: str) -> DeductionAgreement:
    """The open agreement of this payer, which is made where there is none."""
    lock_persons(city, [resident_id])  # of two who ask at once the second finds what the first made
    rows: list[DeductionAgreement] = DeductionAgreement.objects.fetch(
        city, {"resident": resident_id, "provider": usual_company()}, order_by=("id",), lock=True
    )
    if rows and rows[-1].status in _OPEN:
        return rows[-1]
    moment = now(city)
    row = DeductionAgreement(
        city=city,
        key=secrets.token_hex(12),
        provider=usual_company(),
        resident_id=resident_id,
        created_at=moment,
    )
    DeductionAgreement.objects.insert([row])
    history_of(city, _subject(row)).append(AgreementStatus.ASKED, actor=by, at=moment)
    enqueue(city=city, kind=ASK_AGREEMENT, key=row.key)
    return row


def hear_agreement(*, actor: Actor, said: Agreement) -> None:
    """A notice of the company's. Repeats and what is out of date change nothing.

    Raises NotAllowed; HuiminError `agreement_not_known` where we asked nobody to sign it.
    """
    authorise(actor, Action.REPORT_PAYMENT)
    if not heard(actor.city, actor.code, said, actor.text):
        text = f"found a notice of agreement {said.key!r}; expected one that a payer was sent to sign"
        raise HuiminError(text, code="agreement_not_known")


@transaction.atomic
def heard(city: City, provider: str, said: Agreement, by: str) -> bool:
    """What the company says, by a notice or when it is asked. False where we know of no such agreement.

    One that is over stays so, whatever comes after it: money is taken only by one that was never taken back.
    """
    rows: list[DeductionAgreement] = DeductionAgreement.objects.fetch(
        city, {"key": said.key, "provider": provider}, lock=True
    )
    for row in rows:
        if said.state is AgreementState.ENDED and row.status != AgreementStatus.ENDED:
            _move(city, row, AgreementStatus.ENDED, by)
        elif said.state is AgreementState.IN_FORCE and row.status == AgreementStatus.ASKED:
            row.number = said.number
            _move(city, row, AgreementStatus.IN_FORCE, by)
    return bool(rows)


@transaction.atomic
def end_agreements(*, city: City, resident_id: int, by: str) -> None:
    """The payer wants no premium taken any more: nothing is, from now on, and the company is told.

    The caller has asked whether they may say so.
    """
    rows: list[DeductionAgreement] = DeductionAgreement.objects.fetch(city, {"resident": resident_id}, lock=True)
    for row in rows:
        if row.status in _OPEN:
            _move(city, row, AgreementStatus.ENDING, by)
            enqueue(city=city, kind=END_AGREEMENT, key=row.key)


def _move(city: City, row: DeductionAgreement, status: AgreementStatus, by: str) -> None:
    row.status = status
    DeductionAgreement.objects.rewrite(row, "status", "number")
    history_of(city, _subject(row)).append(status, actor=by, at=now(city))


def agreement_of(city: City, resident_id: int) -> AgreementFacts | None:
    """A payer's newest agreement."""
    row = DeductionAgreement.objects.of(city).filter(resident=resident_id).order_by("-pk").first()
    if row is None:
        return None
    return AgreementFacts(row.key, row.provider, AgreementStatus(row.status), row.number)


def _subject(row: DeductionAgreement) -> Subject:
    return Subject("agreement", row.key)
