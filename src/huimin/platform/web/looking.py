"""Records that somebody of the staff looks at personal data."""

from __future__ import annotations

from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_look
from huimin.platform.web.session import CityRequest

__all__ = ["looked"]


def looked(request: CityRequest, look: Action, action: str, subject: str, purpose: str, *, owner: str = "") -> None:
    """Record who looks, and for what purpose; `owner`: whose it is, where that matters. Raises NotAllowed."""
    actor = request.actor.with_purpose(purpose)
    authorise(actor, look, owner=owner)
    record_look(actor=actor, action=action, subject=subject)
