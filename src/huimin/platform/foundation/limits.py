"""The city's amount above which a finding needs a second person: one service sets it, and a check compares it with the
audit.
"""

from __future__ import annotations

from django.db import transaction

from huimin.errors import InputError
from huimin.money import LARGEST_FEN
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.services import propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import SECOND_PERSON_ABOVE, City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import audited
from huimin.platform.foundation.services import record_audit

__all__ = ["USE_CASE", "faults_of_limit", "second_person_limit", "set_second_person_above"]

USE_CASE = "second_person_limit"
_ACTION = "second_person_above_set"


@transaction.atomic
def set_second_person_above(*, actor: Actor, fen: int, reason: str = "") -> Proposal | None:
    """Set the amount, in fen, above which a second person is needed; the audit gets the old and the new amount.

    Raising it means that amounts in between no longer need a second person. So a raise is only proposed, with its
    reason, and another person has to agree. Returns the proposal; None if the amount was set at once. Raises
    NotAllowed; InputError (`bad_amount`); ApprovalError (`note_missing`, `already_proposed`).
    """
    authorise(actor, Action.SET_SECOND_PERSON)
    if not 0 <= fen <= LARGEST_FEN:
        raise InputError(f"found {fen} fen; expected 0 to {LARGEST_FEN}", code="bad_amount")
    before = _locked_limit(actor.city)
    if fen > before:
        subject, arguments = Subject("city", actor.city.code), {"fen": fen}
        return propose(actor=actor, use_case=USE_CASE, subject=subject, arguments=arguments, reason=reason)
    _set(actor, before, fen)
    return None


def second_person_limit() -> UseCase:
    """The use case of raising the amount, for `foundation` to register."""
    return UseCase(USE_CASE, Action.SET_SECOND_PERSON, Action.AGREE_TO_LIMIT, _prepare)


def _prepare(proposal: Proposal) -> Prepared:
    before, fen = _locked_limit(proposal.city), int(proposal.arguments["fen"])
    return Prepared({"before": before, "after": fen}, lambda actor: _set(actor, before, fen))


def _locked_limit(city: City) -> int:
    return int(City.objects.select_for_update().get(pk=city.pk).second_person_above)


def _set(actor: Actor, before: int, fen: int) -> None:
    """Write the amount. `before` is the amount that was read when the row was locked in this transaction."""
    city = actor.city
    City.objects.filter(pk=city.pk).update(second_person_above=fen)
    city.second_person_above = fen
    detail = {"before": before, "after": fen}
    record_audit(city=city, actor=actor.text, action=_ACTION, subject=f"city:{city.code}", at=now(city), detail=detail)


def faults_of_limit(city: City) -> list[str]:
    """A sentence if the amount differs from the audit's last one, or from the default if it was never set."""
    events = audited(city, _ACTION)
    said = events[-1].detail.get("after") if events else SECOND_PERSON_ABOVE
    stands = City.objects.values_list("second_person_above", flat=True).get(pk=city.pk)
    if stands == said:
        return []
    return [
        f"a second person is needed above {stands} fen; the audit says {said}. Where {stands} is meant, set it with "
        f"`huimin ledger second-person {city.code} YUAN`, which records it"
    ]
