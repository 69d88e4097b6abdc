"""What a hospital's statement shows beside its figures: a line with what may be done about it, and the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.platform.clearing.api import (
    LineFacts,
    LineState,
    StatementFacts,
    agree_on_line,
    decide_line,
    statement_by_id,
)
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.platform.ledger.api import parse_party
from huimin.platform.payouts.api import (
    account_to_pay,
    agree_to_hospital_account,
    hospital_account,
    proposed_hospital_accounts,
)
from huimin.platform.web.forms.clearing import HospitalAccountForm
from huimin.platform.web.forms.staff import DoingForm
from huimin.platform.web.session import CityRequest
from huimin.platform.web.statement_words import DISPUTE_REASONS, LINE_KINDS, LINE_STATES, line_stands
from huimin.platform.web.two_people import Doings, answerings, buttons, form_of_row

__all__ = ["ACCOUNT_DOINGS", "LINE_DOINGS", "account_at", "account_context", "line_row"]


def line_row(
    request: CityRequest, row: LineFacts, proposed: Mapping[int, Proposal], sent: DoingForm | None
) -> dict[str, Any]:
    return {
        "line": row,
        "kind": LINE_KINDS[row.kind],
        "stands": line_stands(row),
        "why": DISPUTE_REASONS.get(row.reason, ""),
        "proposal": proposed.get(row.id),
        "finding": LINE_STATES.get(LineState(proposed[row.id].arguments["finding"])) if row.id in proposed else "",
        "buttons": _buttons(request, row, waits=row.id in proposed),
        "form": form_of_row(row.id, LINE_DOINGS, sent),
    }


def _buttons(request: CityRequest, row: LineFacts, *, waits: bool) -> list[tuple[str, str]]:
    """A disputed line is decided in one of two ways; one that is to be corrected may be found to stand after all."""
    if waits:
        return buttons(request, Action.DECIDE_DISPUTED_LINE, Action.AGREE_TO_DISPUTED_LINE, "", proposed=True)
    settled = row.is_paid or row.is_in_payment
    if not admits(request.actor, Action.DECIDE_DISPUTED_LINE) or settled:
        return []
    both = [(LineState.STANDS.value, _("认定无误，照付")), (LineState.TO_CORRECT.value, _("认定有误，待更正"))]
    return {LineState.DISPUTED: both, LineState.TO_CORRECT: both[:1]}.get(row.state, [])


def account_context(
    request: CityRequest, found: StatementFacts, client: ApiClient, given: HospitalAccountForm | DoingForm | None
) -> dict[str, Any]:
    """The account that counts, one that waits for a second person, and the forms for both."""
    party = parse_party(found.party)
    waits = proposed_hospital_accounts(request.city, [party.text]).get(party.text)
    first = {"holder": client.name_zh}
    return {
        "account": hospital_account(request.city, party),
        "usable": account_to_pay(request.city, party) is not None,
        "account_proposal": waits,
        "account_buttons": _account_buttons(request) if waits is not None else [],
        "account_doing": given
        if isinstance(given, DoingForm)
        else DoingForm(at=account_at(found), doings=ACCOUNT_DOINGS),
        "may_give": waits is None and admits(request.actor, Action.SET_HOSPITAL_ACCOUNT),
        "account_form": given if isinstance(given, HospitalAccountForm) else HospitalAccountForm(initial=first),
    }


def _account_buttons(request: CityRequest) -> list[tuple[str, str]]:
    return buttons(request, Action.SET_HOSPITAL_ACCOUNT, Action.AGREE_TO_HOSPITAL_ACCOUNT, "", proposed=True)


def _found(finding: LineState) -> Any:
    """What a handler's button does: the finding counts, or waits for a second person."""

    def done(request: CityRequest, which: Any, note: str) -> str:
        waits = decide_line(actor=request.actor, line_id=which, finding=finding.value, note=note)
        return _("已提请，等待另一人复核。") if waits is not None else _("已认定。")

    return done


LINE_DOINGS: Doings = {
    **answerings(
        lambda request, which, agrees, note: agree_on_line(
            actor=request.actor, line_id=which, agrees=agrees, note=note
        ),
        gettext_lazy("已同意，认定生效。"),
    ),
    **{finding.value: _found(finding) for finding in (LineState.STANDS, LineState.TO_CORRECT)},
}


def account_at(found: StatementFacts) -> str:
    """Where the account's form stands on the page, and of which statement's hospital it is."""
    return f"account-{found.id}"


def _answered(request: CityRequest, at: str, agrees: bool, note: str) -> Answered:
    found = statement_by_id(request.city, int(at.removeprefix("account-")))
    assert found is not None  # noqa: S101 - its page was found, and nobody removes one
    return agree_to_hospital_account(actor=request.actor, party=parse_party(found.party), agrees=agrees, note=note)


ACCOUNT_DOINGS = answerings(_answered, gettext_lazy("已同意，账户已启用。"))
