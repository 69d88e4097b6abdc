"""Undoing a renewal: by one tap, by reply, or at the counter; before money was taken, and after it."""

from __future__ import annotations

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import order_by_reference, policies_of_order
from huimin.platform.foundation.actors import Actor, ActorKind, resident_actor
from huimin.platform.foundation.authorising import authorise, refuse_other_roles
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.messages.api import ids_in, plain_reply
from huimin.platform.renewal.automatic.announcing import SUBJECT, RenewalError
from huimin.platform.renewal.automatic.models import Renewal, RenewalStatus
from huimin.platform.renewal.automatic.moving import locked, move, tell
from huimin.platform.renewal.consents.agreeing import take_consent_back
from huimin.platform.renewal.consents.models import Road
from huimin.platform.servicing.api import withdraw

__all__ = ["give_up_cover", "undo_by_reply", "undo_renewal"]

_WORDS = frozenset({"T", "TD", "N", "退", "退订", "不续", "不续保", "取消", "不同意", "否"})
"""What counts as not wanting it in a reply, whatever its width and case."""
_OPEN = (RenewalStatus.ANNOUNCED, RenewalStatus.PAYING, RenewalStatus.RENEWED)


def undo_renewal(*, actor: Actor, renewal_id: int, road: Road, note: str = "") -> None:
    """The payer or the insured does not want this renewal. The consent is taken back with it.

    Before money was taken nothing is; afterwards the policy is given up, and the premium goes back by the road by
    which it came. At the counter a note of what was said is needed. Raises NotAllowed; HuiminError: `note_missing`,
    `renewal_not_open`, and what giving a policy up raises.
    """
    refuse_other_roles(actor, Action.STOP_RENEWAL)
    city = actor.city
    rows: list[Renewal] = Renewal.objects.fetch(city, {"id": renewal_id})
    owner = ""
    for seen in rows:
        own = f"resident:{seen.insured_id}"
        owner = own if actor.owns(own) else f"resident:{seen.payer_id}"
    authorise(actor, Action.STOP_RENEWAL, owner=owner)
    if road is Road.COUNTER:
        refuse_without_note(note)
    with transaction.atomic():
        renewal = locked(city, renewal_id)
        if renewal is None or renewal.status not in _OPEN:
            raise RenewalError(f"renewal {renewal_id} is not open: nothing is to be undone", code="renewal_not_open")
        if renewal.status == RenewalStatus.RENEWED:
            give_up_cover(_as_writer(actor, renewal), renewal, note or f"renewal undone by {road}")
        take_consent_back(actor=_as_writer(actor, renewal), number=renewal.policy_number, road=road)
        move(renewal, RenewalStatus.UNDONE, by=actor.text, data={"road": str(road)})
        tell(renewal, "renewal_undone")
        subject, detail = f"renewal:{renewal.pk}", {"road": str(road)}
        record_audit(city=city, actor=actor.text, action="renewal_undone", subject=subject, at=now(city), detail=detail)


def undo_by_reply(*, actor: Actor, message_key: str, text: str) -> bool:
    """A reply came to the announcement with this key. False where it is no such reply, or a repeat.

    Raises NotAllowed.
    """
    authorise(actor, Action.REPORT_REPLY)
    named = ids_in(message_key, SUBJECT)
    if named is None or plain_reply(text) not in _WORDS:
        return False
    renewal_id, resident_id = named
    try:
        undo_renewal(actor=resident_actor(actor.city, resident_id), renewal_id=renewal_id, road=Road.REPLY)
    except HuiminError:
        return False
    return True


def give_up_cover(actor: Actor, renewal: Renewal, note: str) -> None:
    """What came of the renewal's order is given up, unless it was before: the premium goes back as it came."""
    order = order_by_reference(renewal.city, renewal.order_reference) if renewal.order_reference else None
    for policy in policies_of_order(order) if order is not None else ():
        if policy.ended_on is None:
            withdraw(actor=actor, number=policy.number, note=note)


def _as_writer(actor: Actor, renewal: Renewal) -> Actor:
    """Staff and residents act as themselves."""
    return (
        actor if actor.kind in (ActorKind.STAFF, ActorKind.RESIDENT) else resident_actor(actor.city, renewal.payer_id)
    )
