"""Enrolment sessions: what was shown is kept byte for byte, personal parts encrypted, and shown again as it was."""

from __future__ import annotations

import hashlib
import re
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cast import DAUGHTER, FATHER, WANG_FANG
from disclosure_support import confirm_by_page
from huimin.errors import HuiminError
from huimin.platform.disclosure.models import ShownMoment, ShownPart
from huimin.platform.disclosure.sessions import keeping
from huimin.platform.disclosure.sessions.keeping import kept_until
from huimin.platform.disclosure.sessions.parts import close_mark, cut, open_mark
from huimin.platform.disclosure.sessions.replaying import kept_moments, kept_page, sessions_of_order, sessions_of_person
from huimin.platform.disclosure.sessions.retention import remove_old_sessions
from huimin.platform.enrolment.models import Order
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.people.models import Resident
from huimin.platform.seals.models import SealBlock
from huimin.platform.seals.services import seal_waiting
from huimin.platform.seals.verification import verify_seals
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.services import enqueue
from platform_support import Caller, logged_in, person, resident, signed_in
from tampering import behind_the_triggers


@pytest.fixture(autouse=True)
def _password_alone(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def browser(city: City) -> Client:
    return signed_in(resident(city))


def enrolled(browser: Client, city: City) -> str:
    """The walk from the first page to the payment company; the order's reference."""
    browser.get(f"/{city.code}/enrol/")
    browser.post(f"/{city.code}/enrol/add/", {**person(1), "relation": "parent"})
    browser.get(f"/{city.code}/enrol/terms/")
    confirm_by_page(browser, city)
    browser.get(f"/{city.code}/enrol/pay/")
    browser.post(f"/{city.code}/enrol/pay/", {"consent": "yes"})
    return str(Order.objects.of(city).latest("pk").reference)


def rows(city: City) -> list[ShownMoment]:
    return list(ShownMoment.objects.of(city).order_by("pk"))


def test_a_page_is_kept_as_the_bytes_that_were_sent(browser: Client, city: City) -> None:
    sent = browser.get(f"/{city.code}/enrol/").content
    (row,) = rows(city)
    page = kept_page(city, row.session, row.pk)
    assert page is not None
    assert page.content == sent
    assert row.page_digest == hashlib.sha256(sent).hexdigest()
    assert row.size == len(sent)
    assert b"<!--same" not in sent


def test_the_walk_is_told_from_the_first_page_to_the_result_with_what_was_tapped(
    api: Caller, browser: Client, city: City
) -> None:
    reference = enrolled(browser, city)
    api.pay(reference, "316.00")
    browser.get(f"/{city.code}/orders/{reference}/")
    (session,) = sessions_of_order(city, reference)
    told = [(one.address, one.did.value) for one in kept_moments(city, session.session)]
    assert told[0] == ("enrol", "opened")
    assert told[1] == ("enrol-add", "sent")
    assert told[-2:] == [("enrol-pay", "sent"), ("order", "opened")]
    confirmed = next(
        one for one in kept_moments(city, session.session) if one.address == "enrol-key-terms" and one.sent.get("words")
    )
    assert re.fullmatch("[0-9a-f]{64}", confirmed.sent["words"][0])
    paid = next(one for one in kept_moments(city, session.session) if one.did == "sent" and one.address == "enrol-pay")
    assert paid.sent == {"consent": ["yes"]}
    assert paid.order == reference
    assert paid.leads_to.startswith("http")
    me = Resident.objects.of(city).get(psn_no=WANG_FANG)
    assert [one.session for one in sessions_of_person(city, me.pk)] == [session.session]


def test_after_an_order_the_next_enrolment_is_another_session(browser: Client, city: City) -> None:
    first = enrolled(browser, city)
    browser.get(f"/{city.code}/orders/{first}/")
    browser.get(f"/{city.code}/enrol/")
    assert len({row.session for row in rows(city)}) == 2
    assert rows(city)[-1].session != rows(city)[0].session
    assert rows(city)[-2].session == rows(city)[0].session


def test_what_is_not_encrypted_names_nobody(browser: Client, city: City) -> None:
    """Whatever a template marks as the same for everybody is looked at, of every page of the walk."""
    reference = enrolled(browser, city)
    browser.get(f"/{city.code}/orders/{reference}/")
    me, father = Resident.objects.of(city).filter(psn_no__in=(WANG_FANG, FATHER)).order_by("pk")
    secrets = [me.name, father.name, me.id_number, father.id_number, me.telephone, reference, "csrfmiddlewaretoken"]
    parts = [zlib.decompress(bytes(part.content)).decode() for part in ShownPart.objects.of(city)]
    assert any("不保证续保" in part for part in parts)
    assert not [secret for secret in secrets for part in parts if secret in part]
    for row in ShownMoment.objects.of(city).values():
        clear = str({name: value for name, value in row.items() if name not in ("personal", "order")})
        assert not [secret for secret in secrets if secret in clear]
    with connection.cursor() as cursor:
        cursor.execute("SELECT personal FROM disclosure_shownmoment")
        for (stored,) in cursor.fetchall():
            assert not [secret for secret in secrets if secret.encode() in bytes(stored)]


def test_the_same_page_for_two_people_is_stored_once_where_it_is_the_same(city: City) -> None:
    signed_in(resident(city)).get(f"/{city.code}/enrol/")
    once = ShownPart.objects.of(city).count()
    signed_in(resident(city, DAUGHTER)).get(f"/{city.code}/enrol/")
    assert ShownPart.objects.of(city).count() == once
    first, second = rows(city)
    assert first.version == second.version
    assert first.page_digest != second.page_digest


def test_other_words_of_a_page_are_another_version(browser: Client, city: City) -> None:
    browser.get(f"/{city.code}/enrol/")
    browser.cookies["language"] = "en"
    browser.get(f"/{city.code}/enrol/")
    browser.cookies["large"] = "1"
    browser.get(f"/{city.code}/enrol/")
    assert [(row.language, row.large) for row in rows(city)] == [("zh", False), ("en", False), ("en", True)]
    assert len({row.version for row in rows(city)}) == 3


def test_keeping_a_page_is_one_insert(browser: Client, city: City) -> None:
    address = f"/{city.code}/enrol/"
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    writes = [query["sql"] for query in asked if re.match("INSERT|UPDATE", query["sql"])]
    assert [sql for sql in writes if "shownmoment" in sql] == [
        sql for sql in writes if "disclosure" in sql and "shownpart" not in sql
    ]
    assert len([sql for sql in writes if "shownmoment" in sql]) == 1
    assert not [query for query in asked if query["sql"].startswith("SELECT") and "disclosure" in query["sql"]]


def test_a_session_of_the_whole_walk_takes_little_room(browser: Client, city: City) -> None:
    """Of its own, beside parts that all sessions share: below 40 kilobytes."""
    enrolled(browser, city)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(length(personal)), sum(length(CAST(layout AS text))) FROM disclosure_shownmoment")
        own, layout = cursor.fetchone()
    assert int(own) + int(layout) < 40_000


def test_somebody_who_opens_a_page_without_end_fills_nothing(browser: Client, city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr(keeping, "MOST_OF_A_SESSION", 3)
    for _ in range(5):
        browser.get(f"/{city.code}/enrol/")
    assert len(rows(city)) == 3
    browser.post(f"/{city.code}/enrol/terms/")
    assert len(rows(city)) == 4


def test_of_a_page_that_is_too_large_the_digest_is_kept(browser: Client, city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr(keeping, "MOST_PERSONAL", 10)
    sent = browser.get(f"/{city.code}/enrol/").content
    (row,) = rows(city)
    assert (row.layout, row.page_digest) == ([], hashlib.sha256(sent).hexdigest())
    assert kept_page(city, row.session, row.pk) is None


def test_a_one_time_code_is_not_kept_with_what_was_sent(browser: Client, city: City) -> None:
    browser.post(f"/{city.code}/enrol/add/", {"code": "123456", "name": "王"})
    (moment,) = kept_moments(city, rows(city)[0].session)
    assert moment.sent["code"] == ["••••••"]
    assert moment.sent["name"] == ["王"]


def test_nobody_is_kept_who_has_not_signed_in(city: City) -> None:
    assert Client().get(f"/{city.code}/enrol/").status_code == 302
    assert rows(city) == []


def test_a_mark_that_somebody_types_marks_nothing() -> None:
    typed = open_mark("guessed") + "王芳" + close_mark("guessed")
    parts = cut(f"{open_mark('n')}same{close_mark('n')}{typed}".encode(), "n")
    assert parts.content == b"same" + typed.encode()
    assert list(parts.shared.values()) == [b"same"]
    assert parts.personal == [typed]


def test_a_page_that_was_changed_in_the_database_is_not_shown(browser: Client, city: City) -> None:
    browser.get(f"/{city.code}/enrol/")
    (row,) = rows(city)
    with behind_the_triggers("disclosure_shownmoment") as cursor:
        cursor.execute("UPDATE disclosure_shownmoment SET page_digest = %s", ["0" * 64])
    with pytest.raises(HuiminError) as refused:
        kept_page(city, row.session, row.pk)
    assert refused.value.code == "shown_page_differs"
    answer = logged_in("handler").get(f"/staff/sessions/{row.session}/{row.pk}/page/")
    assert answer.status_code == 500


@pytest.mark.parametrize("change", ["UPDATE disclosure_shownmoment SET size = 1", "DELETE FROM disclosure_shownmoment"])
def test_the_database_lets_nobody_change_or_remove_a_moment_before_its_time(
    browser: Client, city: City, change: str
) -> None:
    browser.get(f"/{city.code}/enrol/")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_sessions_are_kept_for_five_years_after_the_cover_and_a_month() -> None:
    assert kept_until(date(2022, 12, 31)) == date(2028, 1, 31)
    assert kept_until(date(2024, 2, 29)) == date(2029, 3, 31)


def aged(city: City, keep_until: date) -> None:
    with behind_the_triggers("disclosure_shownmoment") as cursor:
        cursor.execute("UPDATE disclosure_shownmoment SET keep_until = %s", [keep_until])


def clean_up(city: City) -> None:
    task = enqueue(city=city, kind="remove_old_sessions")
    remove_old_sessions(Attempt(task, kind_named(task.kind)))()


def test_what_was_kept_long_enough_goes_at_night_and_the_audit_says_how_much(browser: Client, city: City) -> None:
    browser.get(f"/{city.code}/enrol/")
    City.objects.filter(pk=city.pk).update(demonstration_day=None)
    city.refresh_from_db()
    day = datetime.now(UTC).date()
    aged(city, day)
    clean_up(city)
    assert len(rows(city)) == 1
    assert not AuditEvent.objects.of(city).filter(action="old_sessions_removed").exists()
    aged(city, day - timedelta(days=1))
    clean_up(city)
    assert rows(city) == []
    assert AuditEvent.objects.of(city).get(action="old_sessions_removed").detail == {"moments": 1}


def test_a_calendar_that_was_moved_ahead_removes_nothing(browser: Client, city: City) -> None:
    browser.get(f"/{city.code}/enrol/")
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2040, 1, 1))
    city.refresh_from_db()
    clean_up(city)
    assert len(rows(city)) == 1


@pytest.mark.parametrize(("years", "right"), [(5, False), (6, True)])
def test_seals_take_it_as_right_that_a_row_is_gone_only_when_their_own_age_allows_it(
    browser: Client, city: City, settings: Any, tmp_path: Any, monkeypatch: Any, years: int, right: bool
) -> None:
    settings.HOME = tmp_path
    seal_waiting()
    browser.get(f"/{city.code}/enrol/")
    seal_waiting()
    assert verify_seals(city).faults == []
    with behind_the_triggers("disclosure_shownmoment") as cursor:
        cursor.execute("DELETE FROM disclosure_shownmoment")
    later = timezone.now() + timedelta(days=365 * years)
    monkeypatch.setattr(timezone, "now", lambda: later)
    gone = [fault for fault in verify_seals(city).faults if "ShownMoment" in fault]
    assert (gone == []) is right
    assert SealBlock.objects.of(city).count() >= 1


def test_staff_find_a_session_by_order_by_policy_and_by_person_and_each_look_is_in_the_audit(
    api: Caller, browser: Client, city: City
) -> None:
    reference = enrolled(browser, city)
    api.pay(reference, "316.00")
    number = api_policy(city, reference)
    handler = logged_in("handler")
    me = person(0)
    for asked in ({"reference": reference}, {"reference": number}, me):
        page = handler.post("/staff/sessions/", asked).content.decode()
        found = re.search(r"/staff/sessions/([0-9a-f]{32})/", page)
        assert found, asked
    session = found[1]
    page = handler.get(f"/staff/sessions/{session}/").content.decode()
    assert "重要条款" in page
    assert page.count("<iframe") >= 5
    events = AuditEvent.objects.of(city)
    assert events.filter(action="sessions_searched").count() == 3
    assert events.get(action="session_replayed").detail == {"purpose": "proof of what was shown"}
    assert handler.post("/staff/sessions/", {"reference": "none"}).content.decode().count("没有留存") == 1
    assert handler.post("/staff/sessions/", {"name": "王芳"}).status_code == 422


def api_policy(city: City, reference: str) -> str:
    return str(Order.objects.of(city).get(reference=reference).lines.first().policy.number)


def test_a_kept_page_is_shown_in_a_box_in_which_nothing_runs(browser: Client, city: City) -> None:
    sent = browser.get(f"/{city.code}/enrol/").content
    (row,) = rows(city)
    handler = logged_in("handler")
    address = f"/staff/sessions/{row.session}/{row.pk}/page/"
    answer = handler.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "--jade:" in answer.content.decode()
    assert '<link rel="stylesheet"' not in answer.content.decode()
    assert handler.get(address + "?bytes=1").content == sent
    moment = handler.get(f"/staff/sessions/{row.session}/{row.pk}/").content.decode()
    assert "sandbox title" in moment
    assert handler.get(f"/staff/sessions/{row.session}/{row.pk + 1}/").status_code == 404
    assert handler.get("/staff/sessions/none/").status_code == 404


@pytest.mark.parametrize("who", ["insurer", "bureau", "admin"])
def test_who_decides_on_nobody_sees_no_session(browser: Client, city: City, who: str) -> None:
    browser.get(f"/{city.code}/enrol/")
    assert logged_in(who).get(f"/staff/sessions/{rows(city)[0].session}/").status_code == 403


def test_no_session_of_another_city_is_found(browser: Client, city: City) -> None:
    browser.get(f"/{city.code}/enrol/")
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other")
    (row,) = rows(city)
    assert kept_moments(other, row.session) == []
    assert kept_page(other, row.session, row.pk) is None


SHOWN = {"page": "key-terms", "version": "mini-7", "digest": "ab" * 32, "shown_at": "2022-02-15T10:04:31+08:00"}


def an_order(api: Caller, **more: Any) -> Any:
    body = {"applicant": person(0), "insured": [{**person(0), "relation": "self"}], "terms_opened": True, **more}
    return api.post("channel-1", "/api/v1/orders", body)


def test_what_a_channel_says_it_showed_is_kept_with_the_order(api: Caller, city: City) -> None:
    reference = an_order(
        api, shown=[SHOWN, {**SHOWN, "page": "pay", "confirmed_at": "2022-02-15T10:05:00+08:00"}]
    ).json()["reference"]
    (session,) = sessions_of_order(city, reference)
    first, second = kept_moments(city, session.session)
    assert (first.address, first.version, first.page_digest) == ("key-terms", "mini-7", "ab" * 32)
    assert first.did == "reported"
    assert second.sent["confirmed_at"] == ["2022-02-15T10:05:00+08:00"]
    page = logged_in("handler").get(f"/staff/sessions/{session.session}/").content.decode()
    assert "渠道自报" in page


def test_an_order_that_says_nothing_of_pages_takes_no_more_statements(api: Caller, city: City) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert an_order(api).status_code == 200
    assert not [query for query in asked if "disclosure" in query["sql"]]
    assert rows(city) == []


@pytest.mark.parametrize("fault", [{"digest": "x"}, {"page": "A b"}, {"version": ""}])
def test_a_report_that_cannot_be_one_is_refused(api: Caller, city: City, fault: dict[str, str]) -> None:
    assert an_order(api, shown=[{**SHOWN, **fault}]).status_code == 422
    assert rows(city) == []
