"""Taking a case and giving it back, so that two handlers do not work on one bill."""

from __future__ import annotations

from django.db import transaction

from huimin.platform.claims.cases.case import Case, locked_case, subject_of
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.cases.rules import Happened
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit

__all__ = ["give_back", "refuse_taken_by_another", "take"]


@transaction.atomic
def take(*, actor: Actor, review_id: int) -> None:
    """Let a handler work on this bill from now on. Taking a bill that one has already changes nothing.

    Raises NotAllowed; ReviewError: `review_closed`, `taken_by_another`.
    """
    authorise(actor, Action.TAKE_REVIEW)
    case = locked_case(actor.city, review_id)
    refuse_taken_by_another(case, actor)
    if case.review.taken_by != actor.text:
        _happens(case, Happened.TAKEN, actor)


@transaction.atomic
def give_back(*, actor: Actor, review_id: int) -> None:
    """Let anybody take the bill again. A handler gives back their own bills, a second person anybody's.

    Raises NotAllowed; ReviewError: `review_closed`, `not_taken`.
    """
    case = locked_case(actor.city, review_id)
    authorise(actor, Action.GIVE_BACK_REVIEW, owner=case.review.taken_by)
    if not case.review.taken_by:
        raise ReviewError("nobody has taken this bill", code="not_taken")
    _happens(case, Happened.GIVEN_BACK, actor)


def refuse_taken_by_another(case: Case, actor: Actor) -> None:
    """Raise ReviewError (`taken_by_another`) if another handler works on the bill."""
    taken_by = case.review.taken_by
    if taken_by not in ("", actor.text):
        text = f"{taken_by} works on this bill; they, or a second person, can give it back"
        raise ReviewError(text, code="taken_by_another", values={"who": taken_by})


def _happens(case: Case, kind: Happened, actor: Actor) -> None:
    moment = now(actor.city)
    case.happens(kind, actor=actor.text, at=moment)
    subject = str(subject_of(case.review.pk))
    record_audit(city=actor.city, actor=actor.text, action=f"case_{kind}", subject=subject, at=moment)
