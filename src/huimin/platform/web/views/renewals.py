"""Automatic renewals for staff: how they stand, whom to telephone, undoing at the counter, and the proof of consent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.disclosure.api import sessions_of_order
from huimin.platform.foundation.authorising import NotAllowed, admits
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import named_persons, telephone_of
from huimin.platform.renewal.api import (
    RenewalStatus,
    Road,
    ToldBy,
    proof_of,
    record_telling,
    renewals_of_year,
    renewals_to_tell,
    undo_renewal,
)
from huimin.platform.web.audit_words import actor_in_words
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.buttons import pressed
from huimin.platform.web.forms.staff import ProofForm, RenewalNoteForm
from huimin.platform.web.looking import looked
from huimin.platform.web.renewal_words import (
    EVENT_WORDS,
    LACK_WORDS,
    ROAD_WORDS,
    STATUS_WORDS,
    TOLD_WORDS,
    why_in_words,
)
from huimin.platform.web.sentences import error_sentence
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["renewal_proof", "renewal_told", "renewal_undo", "renewals"]

_PURPOSE = "telling people of their renewal"
_PROVING = "proof of consent to a renewal"


@staff_page(Action.SEE_RENEWALS)
def renewals(request: CityRequest) -> HttpResponse:
    """How many stand where; those who have to be telephoned, with their telephones; and the latest."""
    counts, latest = renewals_of_year(request.city)
    to_tell = renewals_to_tell(request.city)
    if to_tell:
        looked(request, Action.SEE_RENEWALS, "renewal_telephones_opened", "renewals", _PURPOSE)
    people = named_persons(request.city, {key for one in [*to_tell, *latest] for key in (one.payer_id, one.insured_id)})
    context = {
        "counts": [(STATUS_WORDS[status], counts[status]) for status in RenewalStatus if status in counts],
        "to_tell": [
            (one, people[one.payer_id].name, telephone_of(request.city, one.payer_id), RenewalNoteForm(at=one.id))
            for one in to_tell
        ],
        "latest": [
            {
                "renewal": one,
                "name": people[one.insured_id].name,
                "note": RenewalNoteForm(at=f"undo-{one.id}"),
                "stands": STATUS_WORDS[one.status],
                "why": why_in_words(one.reason),
                "roads": [TOLD_WORDS[told.road] for told in one.roads],
            }
            for one in latest
        ],
        "tells": admits(request.actor, Action.TELL_OF_RENEWAL),
        "undoes": admits(request.actor, Action.STOP_RENEWAL),
        "may_prove": admits(request.actor, Action.SEE_RENEWAL_PROOF),
    }
    return render(request, "staff/renewals.html", context)


@staff_page(Action.TELL_OF_RENEWAL)
@require_POST
def renewal_told(request: CityRequest, renewal_id: int) -> HttpResponse:
    """Write down that the payer was telephoned, or that a letter went."""
    road, actor = pressed(request, "road", ToldBy.values), request.actor
    if road:
        _done(request, lambda note: record_telling(actor=actor, renewal_id=renewal_id, road=ToldBy(road), note=note))
    return redirect("renewals")


@staff_page(Action.TELL_OF_RENEWAL)
@require_POST
def renewal_undo(request: CityRequest, renewal_id: int) -> HttpResponse:
    """Somebody came to the counter, or telephoned, and does not want it."""
    actor = request.actor
    _done(request, lambda note: undo_renewal(actor=actor, renewal_id=renewal_id, road=Road.COUNTER, note=note))
    return redirect("renewals")


def _done(request: CityRequest, do: Callable[[str], None]) -> None:
    """Do it with the note that was typed. A missing note is said as the service says it."""
    form = RenewalNoteForm(posted(request))
    try:
        do(form.cleaned_data["note"] if form.is_valid() else "")
    except NotAllowed:
        raise
    except HuiminError as error:
        messages.error(request, error_sentence(error))
    else:
        messages.success(request, _("已记录。"))


@staff_page(Action.SEE_RENEWAL_PROOF)
def renewal_proof(request: CityRequest) -> HttpResponse:
    """By the number of a policy or an order: what was agreed to, in which words, when, and how it was announced."""
    form, found = ProofForm(posted(request)), None
    if form.is_valid():
        named = form.cleaned_data["reference"]
        looked(request, Action.SEE_RENEWAL_PROOF, "renewal_proof_searched", "renewals", _PROVING)
        found = proof_of(request.city, named)
    context = {"form": form, "asked": form.is_bound and not form.errors, "proof": found}
    if found is not None:
        consent = found.consent
        context |= {
            "lacks": [LACK_WORDS[lack] for lack in found.lacks],
            "roads": [(TOLD_WORDS[told.road], told.at) for told in found.roads],
            "events": [
                (EVENT_WORDS.get(event.kind, event.kind), event.happened_at, actor_in_words(event.actor))
                for event in found.events
            ],
            "road": ROAD_WORDS[consent.road] if consent is not None else "",
            "by": actor_in_words(consent.by) if consent is not None else "",
            "sessions": sessions_of_order(request.city, found.order_reference),
            "names": named_persons(request.city, [consent.payer_id, consent.insured_id]).values() if consent else [],
        }
    return render(request, "staff/renewal_proof.html", context, status=422 if form.errors else 200)
