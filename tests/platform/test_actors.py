"""Who acts and what they may do: the actor, and the one function that asks the table of permissions."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from huimin.platform.foundation.actors import (
    Actor,
    Who,
    client_actor,
    command_actor,
    demonstration_actor,
    provider_actor,
    queue_actor,
    resident_actor,
    staff_actor,
)
from huimin.platform.foundation.authorising import NotAllowed, admits, authorise, may
from huimin.platform.foundation.models import ApiClient, City, ClientKind, Role
from huimin.platform.foundation.permissions import RULES, Action, Scope

CITY = City(pk=1, code="c")


def client(kind: ClientKind, pk: int = 3) -> Actor:
    return client_actor(ApiClient(pk=pk, city=CITY, kind=kind, code="h-1"))


def test_rows_name_an_actor_as_they_always_did() -> None:
    named = {
        staff_actor(CITY, 5, [Role.HANDLER]).text: "staff:5",
        resident_actor(CITY, 7).text: "resident:7",
        client(ClientKind.HOSPITAL).text: "client:3",
        provider_actor(CITY, "sandbox").text: "provider:sandbox",
        command_actor(CITY).text: "command",
        queue_actor(CITY).text: "queue",
        demonstration_actor(CITY).text: "demonstration",
    }
    assert all(text == expected for text, expected in named.items())
    assert len(named) == 7


def test_a_person_is_named_alike_in_whichever_role_they_act() -> None:
    handler, both = staff_actor(CITY, 5, [Role.HANDLER]), staff_actor(CITY, 5, [Role.HANDLER, Role.APPROVER])
    assert handler.text == both.text
    assert both.roles == {Who.HANDLER, Who.APPROVER}


def test_an_actor_cannot_be_changed_into_another() -> None:
    with pytest.raises(FrozenInstanceError):
        command_actor(CITY).roles = frozenset({Who.APPROVER})  # type: ignore[misc]


def test_every_action_has_one_rule_with_somebody_and_a_sentence_in_both_languages() -> None:
    assert set(RULES) == set(Action)
    for action, rule in RULES.items():
        assert rule.who, action
        assert rule.zh, action
        assert rule.en, action
        assert not rule.zh.isascii(), action
        assert rule.en.isascii(), action


def test_staff_of_the_lead_insurer_act_as_its_staff_too_and_others_never_lead() -> None:
    assert staff_actor(CITY, 1, [Role.INSURER], insurer="lead", leads_the_pool=True).roles == {
        Who.INSURER,
        Who.LEAD_INSURER,
    }
    assert Who.LEAD_INSURER not in staff_actor(CITY, 1, [Role.BUREAU], leads_the_pool=True).roles


def test_whoever_has_the_role_may_and_whoever_has_not_is_refused_with_the_reason() -> None:
    authorise(staff_actor(CITY, 1, [Role.HANDLER]), Action.FIND)
    with pytest.raises(NotAllowed) as caught:
        authorise(staff_actor(CITY, 5, [Role.APPROVER]), Action.FIND)
    assert caught.value.code == "not_allowed"
    assert caught.value.message == "staff:5 (approver) may not find; it is for: handler"
    assert caught.value.values == {"who": "staff:5", "action": "find", "allowed": "handler"}


def test_one_of_several_roles_is_enough() -> None:
    both = staff_actor(CITY, 5, [Role.HANDLER, Role.APPROVER])
    assert may(both, Action.FIND)
    assert may(both, Action.AGREE)
    assert not may(both, Action.SEE_FIGURES)


def test_an_own_thing_is_ones_own_or_the_insurers_and_of_nobody_else() -> None:
    me = resident_actor(CITY, 7)
    assert may(me, Action.SEE_POLICIES, owner="resident:7")
    assert not may(me, Action.SEE_POLICIES, owner="resident:70")
    assert not may(me, Action.SEE_POLICIES, owner="staff:7")
    one = staff_actor(CITY, 1, [Role.INSURER], insurer="insurer-03")
    assert may(one, Action.SEE_SHARES, owner="insurer:insurer-03")
    assert not may(one, Action.SEE_SHARES, owner="insurer:insurer-04")
    lead = staff_actor(CITY, 1, [Role.INSURER], insurer="lead", leads_the_pool=True)
    assert may(lead, Action.SEE_SHARES, owner="insurer:insurer-04")


def test_where_only_own_things_may_be_touched_somebody_must_say_whose_it_is() -> None:
    with pytest.raises(NotAllowed, match=r"may not see_policies; it is for: resident \(its own"):
        authorise(resident_actor(CITY, 7), Action.SEE_POLICIES)
    nobodys = staff_actor(CITY, 1, [Role.INSURER])
    assert not may(nobodys, Action.SEE_SHARES, owner="insurer:")


def test_a_sender_reverses_its_own_bills_and_the_bureau_everybodys() -> None:
    assert may(client(ClientKind.HOSPITAL), Action.REVERSE, owner="client:3")
    assert not may(client(ClientKind.HOSPITAL), Action.REVERSE, owner="client:4")
    assert may(client(ClientKind.BUREAU), Action.REVERSE, owner="client:4")
    assert not may(client(ClientKind.BUREAU), Action.SETTLE)
    assert not may(client(ClientKind.CHANNEL), Action.SETTLE)


def test_a_look_at_persons_without_a_purpose_is_refused() -> None:
    handler = staff_actor(CITY, 1, [Role.HANDLER])
    authorise(handler.with_purpose("claims handling"), Action.SEE_REVIEWS)
    for purpose in ("", " "):
        with pytest.raises(NotAllowed, match="must say what for"):
            authorise(handler.with_purpose(purpose), Action.SEE_REVIEWS)


def test_somebody_who_has_not_said_who_they_are_opens_what_is_for_anyone_only() -> None:
    admitted = {action for action in Action if admits(None, action)}
    assert admitted == {action for action, rule in RULES.items() if Who.ANYONE in rule.who}
    assert Action.READ_PUBLIC in admitted
    assert admits(resident_actor(CITY, 7), Action.SEE_CLAIMS)
    assert not admits(resident_actor(CITY, 7), Action.SEE_REVIEWS, Action.FIND)


@pytest.mark.parametrize("action", Action)
def test_who_has_no_role_at_all_may_nothing_but_what_is_for_anyone(action: Action) -> None:
    nobody = staff_actor(CITY, 9, [])
    assert may(nobody, action, owner="staff:9") is (RULES[action].who.get(Who.ANYONE) is Scope.ALL)
