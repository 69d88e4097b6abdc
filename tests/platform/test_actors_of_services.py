"""Every service that writes for somebody asks the table of permissions before it does anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any
from unittest.mock import MagicMock

import pytest

from claims_support import reversal
from huimin.errors import HuiminError
from huimin.platform.claims.services import receive_settlement
from huimin.platform.foundation.actors import Actor, ActorKind, Who, client_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import ApiClient, City, ClientKind
from huimin.platform.foundation.permissions import RULES, Action, Scope
from listed_services import AT_COUNTER, SERVICES
from platform_support import a_bill
from writing import public_writers

_SENDING_BACK = "agreeing needs no words; who sends back says why"
_SUBJECT = "asks first what it is about"
REASON_LATER = {
    **dict.fromkeys(
        (
            "claims.reviews.agree",
            "payments.refunds.deciding.agree_to_refund",
            "payouts.deciding.agree_to_payout",
            "payouts.hospital_accounts.agree_to_hospital_account",
            "clearing.deciding.agree_on_line",
            "payouts.overpayments.waiving.agree_to_waiver",
            "servicing.requests.deciding.agree_to_request",
            "counter.writing_off.agree_to_write_off",
        ),
        _SENDING_BACK,
    ),
    **dict.fromkeys((f"foundation.approvals.services.{one}" for one in ("answer_open", "propose")), _SUBJECT),
    **dict.fromkeys((f"servicing.withdrawal.{one}" for one in ("give_back_unagreed", "withdraw")), _SUBJECT),
    **dict.fromkeys(("renewal.automatic.undoing.undo_renewal", "safeguards.questions.answer"), _SUBJECT),
    **dict.fromkeys(("renewal.consents.agreeing.take_consent_back", "subsidies.rosters.propose_version"), _SUBJECT),
    "foundation.limits.set_second_person_above": "asks first whether the amount is one",
    "counter.tills.close_till": "needs words only where the count is another",
}
"""Services that are given a note or a reason and do not refuse an empty one before anything else."""
REASON_FIRST = {
    one.where: one.parameters
    for one in public_writers()
    if "actor" in one.parameters and {"note", "reason"} & {*one.parameters} and one.where not in REASON_LATER
}


def function(where: str) -> Callable[..., Any]:
    module, _, name = where.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(f"huimin.platform.{module}"), name)
    return found


def call(where: str, actor: Actor) -> None:
    """The service with an actor, and with whatever else it takes standing for nothing that is there."""
    parameters = next(one.parameters for one in public_writers() if one.where == where)
    given: dict[str, Any] = {name: MagicMock() for name in parameters if name != "actor"}
    function(where)(actor=actor, **given)


def in_role(city: City, who: Who) -> Actor:
    return Actor(ActorKind.STAFF, city, frozenset({who}), "0", "some", "some", purpose="a purpose")


def at_counter(where: str) -> set[Who]:
    """Who may besides: they must give a purpose."""
    return {Who.COUNTER} if where in AT_COUNTER else set()


@pytest.mark.parametrize("where", sorted(AT_COUNTER))
def test_staff_at_a_counter_enrol_others_with_a_purpose_only(city: City, where: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        call(where, replace(in_role(city, Who.COUNTER), purpose=""))
    assert caught.value.values["action"] == Action.SERVE_AT_COUNTER


@pytest.mark.parametrize("where", SERVICES)
def test_a_service_refuses_every_role_that_the_table_does_not_name_before_it_does_anything(
    city: City, where: str
) -> None:
    action = SERVICES[where]
    refused = [who for who in Who if RULES[action].who.get(who) is not Scope.ALL and who not in at_counter(where)]
    assert refused
    for who in refused:
        with pytest.raises(NotAllowed) as caught:
            call(where, in_role(city, who))
        assert caught.value.values["action"] == action, who


@pytest.mark.parametrize("where", SERVICES)
def test_a_service_refuses_somebody_without_any_role(city: City, where: str) -> None:
    with pytest.raises(NotAllowed):
        call(where, Actor(ActorKind.STAFF, city, frozenset(), "0"))


@pytest.mark.parametrize("where", sorted(REASON_FIRST))
def test_whoever_decides_without_saying_why_is_refused_before_anything_is_done(city: City, where: str) -> None:
    given: dict[str, Any] = {name: MagicMock() for name in REASON_FIRST[where]}
    actor = Actor(ActorKind.STAFF, city, frozenset(Who), "0", "some", "some", purpose="a purpose")
    blank = dict.fromkeys({"note", "reason"} & {*REASON_FIRST[where]}, " \n")
    with pytest.raises(HuiminError) as caught:
        function(where)(**{**given, **blank, "actor": actor, **({"city": city} if "city" in given else {})})
    assert caught.value.code == "note_missing"


def test_services_that_ask_for_the_reason_later_are_there_and_are_given_one() -> None:
    given = {one.where: {*one.parameters} for one in public_writers()}
    assert all({"note", "reason"} & given[where] for where in REASON_LATER)


@pytest.mark.parametrize("kind", ClientKind)
@pytest.mark.parametrize("reverses", [False, True])
def test_a_bill_or_a_reversal_comes_from_a_client_that_may_send_it(
    covered: City, kind: ClientKind, reverses: bool
) -> None:
    fields = {"city": covered, "key_id": "k", "kind": kind, "code": "some", "name_zh": "某", "name_en": "Some"}
    client = ApiClient.objects.create(**fields, secret="s")
    body = reversal("R", "2022-04-19", "A") if reverses else a_bill("A", "2022-04-18", 20_000_00)
    if client_actor(client).roles & RULES[Action.REVERSE if reverses else Action.SETTLE].who.keys():
        assert receive_settlement(client=client, body=body) is not None
        return
    with pytest.raises(HuiminError) as caught:
        receive_settlement(client=client, body=body)
    assert caught.value.code == ("not_a_reversal" if kind == ClientKind.BUREAU else "not_allowed")
