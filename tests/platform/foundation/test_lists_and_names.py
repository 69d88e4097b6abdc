"""Pages of long lists, and whose name is asked for: with rows of others beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from acting import acting, staff_with
from happening import HELD_AT
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.cities import register_client
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Event, StatusRule, Subject, statuses
from huimin.platform.foundation.events.recording import History, append_to_each, histories_of, history_of
from huimin.platform.foundation.exchanges import Attempt, exchanges, exchanges_about, record_exchange
from huimin.platform.foundation.models import ApiClient, AuditEvent, City, ClientKind, Role, StaffMember, User
from huimin.platform.foundation.paging import Paged, page_number, paged
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.foundation.selectors import (
    HeldRole,
    active_client,
    audited,
    clients,
    first_account_made,
    last_audited,
    latest_events,
    names_of_actors,
    roles_held,
    staff_of,
)
from huimin.platform.foundation.services import record_audit, set_demonstration_day
from huimin.platform.foundation.staff import make_account, take_role


def page(number: int) -> Paged[int]:
    return Paged([1], number, 3, 3)


def test_a_page_knows_its_neighbours_and_the_first_and_the_last_have_one() -> None:
    assert [(page(at).previous, page(at).next) for at in (1, 2, 3)] == [(None, 2), (1, 3), (2, None)]


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("3", 3), ("0", 0), ("-2", 1), ("2x", 1), ("999999", 999_999), ("1000000", 1)],
)
def test_a_page_number_is_read_from_an_address_and_anything_else_is_the_first(text: str | None, number: int) -> None:
    assert page_number(text) == number


def test_a_list_is_cut_into_pages_and_a_number_beyond_either_end_gives_that_end(city: City) -> None:
    for place in range(5):
        record_audit(city=city, actor="test", action="paged", subject=f"test:{place}", at=now(city))
    rows = AuditEvent.objects.of(city).filter(action="paged").order_by("pk")

    def shown(number: int, size: int) -> tuple[list[str], int, int, int]:
        found = paged(rows, number, size)
        return [row.subject[-1] for row in found], found.number, found.pages, found.total

    assert shown(1, 2) == (["0", "1"], 1, 3, 5)
    assert shown(3, 2) == (["4"], 3, 3, 5)
    assert shown(9, 2) == shown(3, 2)
    assert shown(0, 2) == shown(-1, 2) == shown(1, 2)
    assert shown(1, 5) == (["0", "1", "2", "3", "4"], 1, 1, 5)
    assert (paged(rows.none(), 1).pages, paged(rows.none(), 1).total, len(paged(rows, 1, 2))) == (1, 0, 2)


def a_client(city: City, code: str) -> ApiClient:
    register_client(actor=command_actor(city), kind=ClientKind.HOSPITAL, code=code, name_zh=f"医院{code}", name_en=code)
    return ApiClient.objects.of(city).get(code=code)


def test_a_client_calls_with_its_own_key_while_it_is_active(city: City) -> None:
    one, other = a_client(city, "one"), a_client(city, "other")
    assert active_client(one.key_id) == one
    assert active_client(other.key_id) == other
    assert active_client("demo.nobody") is None
    ApiClient.objects.of(city).filter(pk=one.pk).update(active=False)
    forget_all()
    assert active_client(one.key_id) is None
    assert active_client(other.key_id) == other


def test_letting_a_system_call_is_in_the_audit_with_its_kind(city: City) -> None:
    client = a_client(city, "one")
    event = AuditEvent.objects.of(city).get(action="client_registered")
    assert (event.actor, event.subject, event.detail) == ("command", f"client:{client.pk}", {"kind": "hospital"})
    assert len(client.secret) == 64
    assert clients(city) == sorted(ApiClient.objects.of(city), key=lambda row: (row.kind, row.code))


def test_a_page_names_those_whom_it_shows_and_nobody_else(city: City) -> None:
    one, other = a_client(city, "one"), a_client(city, "other")
    somebody, stranger = staff_with(city, "somebody"), User.objects.create_user(username="stranger", password="x")
    StaffMember.objects.create(city=city, user=somebody)
    texts = [f"client:{one.pk}", f"staff:{somebody.pk}", f"staff:{stranger.pk}", "resident:1", "queue", "client:x"]
    assert names_of_actors(city, texts) == {
        f"client:{one.pk}": ("医院one", "one"),
        f"staff:{somebody.pk}": ("somebody", "somebody"),
    }
    assert names_of_actors(city, [f"client:{other.pk}"]) == {f"client:{other.pk}": ("医院other", "other")}


def test_the_audit_is_asked_by_the_beginning_of_an_action_or_for_the_last_of_one(city: City) -> None:
    for action, subject in (("walked", "1"), ("walked_far", "2"), ("sat", "3"), ("walked", "4")):
        record_audit(city=city, actor="test", action=action, subject=subject, at=now(city))
    assert [event.subject for event in audited(city, "walked")] == ["1", "2", "4"]
    last = last_audited(city, "walked")
    assert last is not None
    assert last.subject == "4"
    assert last_audited(city, "walk") is None
    assert [event.subject for event in latest_events(city, 1)][:4] == ["4", "3", "2", "1"]


def test_roles_are_ones_own_with_what_each_is_limited_to(city: City) -> None:
    officer = staff_with(city, "both", Role.HANDLER, Role.ACCOUNT_AGENCY, areas=("329902", "329901"))
    member = StaffMember.objects.of(city).get(user=officer)
    staff_with(city, "another", Role.APPROVER)
    assert roles_held(member) == {
        Role.HANDLER: HeldRole(),
        Role.ACCOUNT_AGENCY: HeldRole("", ("area:329901", "area:329902")),
    }
    names = [one.user.username for one in staff_of(city)]
    assert names == sorted(names)
    assert first_account_made(city) == min(one.user.date_joined for one in staff_of(city))


def test_a_role_is_taken_from_one_person_who_keeps_their_others(city: City) -> None:
    both, colleague = staff_with(city, "both", Role.HANDLER, Role.BUREAU), staff_with(city, "one", Role.HANDLER)
    take_role(actor=command_actor(city), user=both, role=Role.HANDLER)
    held = {user: set(roles_held(StaffMember.objects.of(city).get(user=user))) for user in (both, colleague)}
    assert held == {both: {Role.BUREAU}, colleague: {Role.HANDLER}}
    event = AuditEvent.objects.of(city).filter(action="role_taken").order_by("-pk")[0]
    assert (event.actor, event.subject, event.detail) == ("command", f"staff:{both.pk}", {"role": "handler"})


def test_an_account_is_made_with_a_password_that_only_its_maker_sees_and_no_role(city: City) -> None:
    user, password = make_account(actor=command_actor(city), name="new")
    assert user.check_password(password)
    assert len(password) == 16
    event = AuditEvent.objects.of(city).get(action="account_made", subject=f"staff:{user.pk}")
    assert event.actor == "command"
    assert not StaffMember.objects.of(city).filter(user=user).exists()


def test_moving_a_demonstrations_day_is_in_the_audit_and_moves_no_other_city(city: City) -> None:
    day = now(city).date() + timedelta(days=1)
    other = City.objects.create(code="other", name_zh="他市", name_en="Other", demonstration_day=now(city).date())
    actor = acting(city, "admin")
    set_demonstration_day(actor=actor, day=day)
    days = dict(City.objects.values_list("code", "demonstration_day"))
    assert (days["demo"], days["other"]) == (day, other.demonstration_day)
    event = AuditEvent.objects.of(city).get(action="demonstration_day_set")
    assert (event.actor, event.subject) == (actor.text, str(day))


def test_a_history_is_of_one_subject_among_others_of_its_kind_and_of_its_number(city: City) -> None:
    for subject in (Subject("bill", "1"), Subject("bill", "2"), Subject("payment", "1")):
        History(city, subject).append("held", actor=str(subject), at=now(city))
    assert [event.actor for event in history_of(city, Subject("bill", "1")).events] == ["bill:1"]


def test_what_happens_to_many_at_once_is_the_next_event_of_each(city: City) -> None:
    first = History(city, Subject("bill", "1"))
    first.append("held", actor="x", at=now(city))
    append_to_each([first, History(city, Subject("bill", "2"))], "listed", by="y", at=now(city), data={"list": 3})
    found = histories_of(city, "bill", [1, 2])
    assert [(event.number, event.kind, event.actor) for event in found["1"].events] == [
        (1, "held", "x"),
        (2, "listed", "y"),
    ]
    assert [(event.number, event.data) for event in found["2"].events] == [(1, {"list": 3})]


def test_a_status_that_nothing_has_begun_does_not_hold() -> None:
    rule = StatusRule("open", begins=frozenset({"held"}), ends=frozenset({"closed"}))
    other = Event(1, "seen", HELD_AT, HELD_AT)
    assert statuses([other], [rule], HELD_AT.date()) == statuses([], [rule], HELD_AT.date()) == frozenset()


def test_what_a_party_outside_was_asked_is_found_by_our_key_and_cut_after_four_thousand_characters(city: City) -> None:
    for key, long in (("one", 4_000), ("other", 10), ("one", 4_001)):
        record_exchange(
            city=city, attempt=Attempt("bureau", "balance", key, "done", "", 200, 5, asked="问" * long, answered="答")
        )
    found = exchanges_about(city, "one")
    assert [len(one.asked) for one in found] == [4_000, 4_000]
    assert found[0].pk < found[1].pk
    assert [one.key for one in exchanges(city, 1)][:3] == ["one", "other", "one"]
