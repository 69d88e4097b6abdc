"""Every page and every operation of the API lets in exactly those whom the table of permissions names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, path

from acting import staff_with
from claims_support import bureau
from huimin.platform.api.addresses import Operation, operations
from huimin.platform.foundation.actors import Actor, Who, client_actor, resident_actor
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.models import ApiClient, City, ClientKind, Role, User
from huimin.platform.foundation.permissions import RULES, Action
from huimin.platform.people.models import Resident
from huimin.platform.urls import urlpatterns
from huimin.platform.web.actors import acting_staff
from huimin.platform.web.addresses import Address, addresses_of, page_addresses
from platform_support import Caller, logged_in, signed_in

PAGES, OPERATIONS = page_addresses(), operations()
OF_CLIENTS = [
    one for one in OPERATIONS if one.name not in ("post_payment_notice", "post_agreement_notice", "post_reply")
]
VALUES = {"city_code": "demo", "reference": "0", "code": "not_allowed"}
NOT_OF_THE_API = ("openapi-json", "openapi-view", "api-root")
"""Addresses beside the operations, which describe them to anyone."""
PERSONS: Mapping[str, tuple[Role, ...]] = {
    **{role.value: (role,) for role in Role},
    "all_roles": tuple(Role),
    "no_role": (),
}


def filled(route: str) -> str:
    """An address of this route; its numbers are of nothing that is there."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: VALUES.get(match[1], str(10**9)), route)


def asked(actor: Actor | None, pages: list[Address], client: Client) -> dict[str, str]:
    """What each page answered, where that is not what the table says."""
    wrong = {}
    for page in pages:
        answer = client.get(filled(page.route))
        expected = "opened" if admits(actor, *page.actions) else "refused"
        if answered(answer) != expected:
            wrong[page.route] = f"{expected} expected, {answer.status_code} {answer.headers.get('Location', '')}"
    return wrong


def answered(answer: HttpResponse) -> str:
    """Refused: by status 403, or led to where one says who one is. A page that is not there was opened, too."""
    led_to = answer.headers.get("Location", "")
    away = led_to.startswith(("/staff/accounts/login/", "/demo/identity/?next="))
    assert answer.status_code in (200, 302, 403, 404, 405, 422), answer.status_code
    return "refused" if answer.status_code == 403 or away else "opened"


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


def of_ours() -> list[Address]:
    """Pages but those where staff manage their account: they ask again for the password, or are closed."""
    return [page for page in PAGES if Action.MANAGE_ACCOUNT not in page.actions]


def for_staff() -> list[Address]:
    return [page for page in of_ours() if page.route.startswith("/staff/")]


def for_residents() -> list[Address]:
    return [page for page in of_ours() if not page.route.startswith("/staff/")]


def test_every_page_says_what_it_is_for() -> None:
    assert [page.route for page in PAGES if not page.actions] == []
    assert len(for_staff()) > 20
    assert len(for_residents()) > 20


def test_every_operation_of_the_api_says_what_it_is_for_and_none_is_left_out() -> None:
    assert [one.path for one in OPERATIONS if not one.actions] == []
    declared = {pattern.name for pattern in _of_api()} - set(NOT_OF_THE_API)
    assert declared == {one.name for one in OPERATIONS}


def _of_api() -> list[URLPattern]:
    (api,) = (one for one in urlpatterns if str(one.pattern) == "api/v1/")
    return list(api.url_patterns)  # type: ignore[union-attr]


def test_a_page_that_nobody_has_said_anything_of_has_no_action() -> None:
    new = path("new/", lambda request: HttpResponse(), name="new")
    assert list(addresses_of([new])) == [Address("new", "/new/", ())]


def test_every_action_has_an_address_or_a_service_of_its_own() -> None:
    at_addresses = {action for one in (*PAGES, *OPERATIONS) for action in one.actions}
    assert set(Action) - at_addresses == {
        *(Action.FIND, Action.AGREE, Action.SET_UP, Action.PUBLISH_PLAN, Action.SET_SHARES),
        *(Action.SET_SECOND_PERSON, Action.EVEN_OUT_ROUNDING, Action.GIVE_ROLE),
        *(Action.WITHDRAW_POLICY, Action.OPEN_FUND, Action.SET_ACCOUNT_AREA),
        *(Action.AGREE_TO_RENEWAL, Action.RENEW, Action.GIVE_BACK_RENEWAL, Action.STOP_RENEWAL),
        *(Action.ANSWER_WAS_IT_YOU, Action.ASK_FOR_ENDORSEMENT, Action.CHANGE_OPTION, Action.AGREE_ON_POLICIES),
        *(Action.OPEN_ORGANISATION, Action.ASK_FOR_INVOICE, Action.SET_INVOICE_ISSUER),
        *(Action.ANSWER_SAMPLE, Action.MAKE_HOSPITAL_STATEMENT),
    }


@pytest.mark.parametrize("name", PERSONS)
def test_staff_open_the_pages_of_their_roles_and_no_others(city: City, name: str) -> None:
    user = staff_with(city, "somebody", *PERSONS[name], insurer="insurer-03")
    actor = acting_staff(user)
    assert (actor.roles if actor is not None else set()) == {Who(role) for role in PERSONS[name]}
    assert asked(actor, for_staff(), logged_in(user)) == {}


def test_staff_of_the_lead_insurer_open_the_pages_of_the_pool_and_those_of_another_do_not(city: City) -> None:
    lead, other = (User.objects.get(username=name) for name in ("insurer", "insurer03"))
    assert asked(acting_staff(lead), for_staff(), logged_in(lead)) == {}
    assert asked(acting_staff(other), for_staff(), logged_in(other)) == {}
    assert logged_in(lead).get("/staff/desk/").status_code == 200
    assert logged_in(other).get("/staff/desk/").status_code == 403


def test_nobody_opens_what_is_for_anyone_only(city: City) -> None:
    assert asked(None, of_ours(), Client()) == {}


def test_residents_open_their_own_pages_and_none_of_staff(city: City) -> None:
    resident = Resident.objects.of(city).order_by("pk")[0]
    assert asked(resident_actor(city, resident.pk), of_ours(), signed_in(resident)) == {}


def test_staff_are_no_residents_whichever_roles_they_hold(city: City) -> None:
    user = staff_with(city, "somebody", *Role, insurer="lead")
    assert asked(acting_staff(user), for_residents(), logged_in(user)) == {}


def test_a_resident_of_another_city_is_nobody_here(city: City) -> None:
    City.objects.create(code="other", name_zh="另一市", name_en="Other")
    client = Client()
    session = client.session
    session["resident_id"] = ["other", Resident.objects.of(city).order_by("pk")[0].pk]
    session.save()
    assert asked(None, of_ours(), client) == {}


def test_staff_of_another_city_open_its_pages_and_find_nothing_of_this_one(city: City) -> None:
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other")
    user = staff_with(other, "somebody", *Role, insurer="lead")
    actor = acting_staff(user)
    assert actor is not None
    assert actor.city == other
    assert Who.LEAD_INSURER not in actor.roles
    assert asked(actor, for_staff(), logged_in(user)) == {}


def a_client(city: City, kind: ClientKind, code: str) -> ApiClient:
    fields = {"city": city, "key_id": f"{city.code}.{code}", "kind": kind, "code": code, "secret": "s"}
    return ApiClient.objects.create(**fields, name_zh="某", name_en="Some")


def ask(caller: Caller, client: str, one: Operation) -> Any:
    address = "/api/v1" + re.sub(r"{(?:\w+:)?(\w+)}", "0", one.path)
    return caller.post(client, address, {}) if one.method == "POST" else caller.get(client, address)


@pytest.mark.parametrize("one", OF_CLIENTS, ids=lambda one: one.name)
@pytest.mark.parametrize("kind", ClientKind)
def test_each_kind_of_client_may_what_the_table_says_and_no_more(
    city: City, api: Caller, kind: ClientKind, one: Operation
) -> None:
    client = bureau(city) if kind == ClientKind.BUREAU else a_client(city, kind, f"some-{kind}")
    answer = ask(api, client.code, one)
    if admits(client_actor(client), *one.actions):
        assert answer.status_code not in (401, 403)
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert client.code in answer.json()["detail"]


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.name)
def test_nobody_who_does_not_sign_may_anything(city: City, one: Operation) -> None:
    address = "/api/v1" + re.sub(r"{city_code}", "demo", one.path).replace("{provider_code}", "sandbox")
    address = re.sub(r"{(?:\w+:)?(\w+)}", "0", address)
    answer = Client().generic(one.method, address, b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_every_kind_of_client_and_every_role_of_staff_stands_in_the_table() -> None:
    named = {who for rule in RULES.values() for who in rule.who}
    assert named == set(Who)
    assert {Who(role) for role in Role} <= named
