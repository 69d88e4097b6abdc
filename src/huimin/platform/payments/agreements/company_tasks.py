"""What workers ask the payment company about agreements."""

from __future__ import annotations

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.gateways.api import Agreement, AgreementState, DoorError, Unreachable
from huimin.platform.payments.agreements.models import AgreementStatus, DeductionAgreement
from huimin.platform.payments.agreements.signing import heard
from huimin.platform.payments.providers import payment_company
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write

__all__ = ["ask_agreement", "end_agreement"]


def ask_agreement(attempt: Attempt) -> Write | None:
    """Ask how an agreement stands, because its notice comes late or never. Safe to run twice.

    A payer who never signs is asked about for half a day, and then no more: the notice counts whenever it comes.
    """
    row = _row(attempt)
    if row is None or row.status != AgreementStatus.ASKED:
        return None
    said = _asked(attempt, row)
    if said.state in (AgreementState.NOT_KNOWN, AgreementState.WAITING):
        if attempt.task.attempts < attempt.kind.most_attempts:
            raise TryAgainError("waiting")
        return None
    return _written(attempt, row, said)


def end_agreement(attempt: Attempt) -> Write | None:
    """Tell the company that an agreement is over. Safe to run twice."""
    row = _row(attempt)
    if row is None or row.status == AgreementStatus.ENDED:
        return None
    said = _asked(attempt, row, end=True)
    if said.state is AgreementState.NOT_KNOWN:
        # The payer never got to the company's page: there is nothing to end, and nothing can be signed later.
        said = Agreement(row.key, AgreementState.ENDED)
    if said.state is not AgreementState.ENDED:
        raise TryAgainError("not_ended")
    return _written(attempt, row, said)


def _row(attempt: Attempt) -> DeductionAgreement | None:
    found: DeductionAgreement | None = (
        DeductionAgreement.objects.of(attempt.task.city).filter(key=attempt.task.key).first()
    )
    return found


def _asked(attempt: Attempt, row: DeductionAgreement, *, end: bool = False) -> Agreement:
    company = payment_company(row.provider, attempt.task.city)
    try:
        return company.end_agreement(row.key) if end else company.query_agreement(row.key)
    except Unreachable as failure:
        raise NotNowError(failure.code, failure.retry_after) from failure
    except DoorError as failure:
        raise TryAgainError(failure.code) from failure


def _written(attempt: Attempt, row: DeductionAgreement, said: Agreement) -> Write:
    city, by = attempt.task.city, queue_actor(attempt.task.city).text

    def write() -> None:
        heard(city, row.provider, said, by)

    return write
