"""Showing who one is: known and unknown are answered alike, asking is limited, and nobody can lock another out."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cast import WANG_FANG
from huimin.platform.api import enrolment
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people import limits
from huimin.platform.people.limits import Limit, Source, keyed, over
from huimin.platform.people.models import IdentityCheck, KnownDevice, Resident, Tally
from huimin.platform.people.services import IdentityError, check_code, send_code, sign_in
from huimin.platform.tasks.models import Task
from platform_support import Caller, order_for, person, resident, signed_in

UNKNOWN = {"id_number": "11010519491231002X", "name": "无此人"}


def source(number: int, device: int | None = None) -> Source:
    return Source(f"10.0.{number // 250}.{number % 250}", f"{device if device is not None else number:032x}")


def code_of(check: int) -> str:
    (message,) = Task.objects.filter(kind="message", key=f"identity-{check}", finished_at=None)
    return str(json.loads(message.payload)["code"])


def ask_page(client: Client, who: dict[str, str]) -> Any:
    return client.post("/demo/identity/", who)


def test_known_and_unknown_get_the_same_page_the_same_status_and_the_same_work(city: City) -> None:
    answers, work = [], []
    ask_page(Client(), person(3))  # what the first of an hour does more is done
    for who in (person(0), UNKNOWN, {**person(1), "name": "王五"}):
        client = Client()
        with CaptureQueriesContext(connection) as captured:
            first = ask_page(client, who)
        work.append([re.sub(r"[\d']+.*", "", query["sql"])[:40] for query in captured])
        page = client.get(first.url)
        token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
        answers.append((first.status_code, first.url, page.status_code, token.sub("", page.content.decode())))
    assert answers[0] == answers[1] == answers[2]
    assert work[0] == work[1] == work[2]


def test_a_code_for_nobody_is_never_right_and_says_so_as_for_anybody(city: City) -> None:
    said = {}
    for name, who in (("known", person(0)), ("unknown", UNKNOWN)):
        client = Client()
        ask_page(client, who)
        pages = [client.post("/demo/identity/code/", {"code": "000000"}) for _ in range(6)]
        token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
        said[name] = [(page.status_code, token.sub("", page.content.decode())) for page in pages]
    assert said["known"] == said["unknown"]
    assert "验证码已失效" in said["known"][-1][1]


def test_nothing_leaves_for_somebody_who_is_not_in_the_register(city: City) -> None:
    waiting = Task.objects.of(city).filter(finished_at=None)
    check = send_code(city=city, **UNKNOWN, source=source(1))
    assert IdentityCheck.objects.of(city).get(pk=check).resident_id is None
    assert waiting.count() == 0
    send_code(city=city, **person(0), source=source(1))
    assert waiting.count() == 1


def test_the_page_tells_no_digit_of_the_telephone(city: City) -> None:
    client = Client()
    ask_page(client, person(0))
    telephone = Resident.objects.of(city).get(psn_no=WANG_FANG).telephone
    assert telephone[-4:] not in client.get("/demo/identity/code/").content.decode()


def test_strangers_from_many_places_use_up_what_strangers_may_ask_for_in_one_name(city: City) -> None:
    for number in range(limits.FOR_PERSON.most):
        send_code(city=city, **person(0), source=source(number))
    with pytest.raises(IdentityError) as caught:
        send_code(city=city, **person(0), source=source(99))
    assert caught.value.code == "too_many_codes"


def test_a_name_that_is_not_in_the_register_is_limited_alike(city: City) -> None:
    for number in range(limits.FOR_PERSON.most):
        send_code(city=city, **UNKNOWN, source=source(number))
    with pytest.raises(IdentityError, match="too many codes"):
        send_code(city=city, **UNKNOWN, source=source(99))


def test_the_persons_own_device_is_not_locked_out_by_strangers(city: City) -> None:
    wang, own = Resident.objects.of(city).get(psn_no=WANG_FANG), source(200)
    sign_in(city=city, resident=wang, source=own)
    for number in range(limits.FOR_PERSON.most):
        send_code(city=city, **person(0), source=source(number))
    for number in range(limits.FOR_PERSON.most, 2 * limits.FOR_PERSON.most):
        with pytest.raises(IdentityError):
            send_code(city=city, **person(0), source=source(number))
    check = send_code(city=city, **person(0), source=own)
    assert check_code(city=city, check_id=check, code=code_of(check)).id == wang.pk


def test_the_own_device_has_a_limit_too_and_another_persons_device_is_a_strangers(city: City) -> None:
    wang, own = Resident.objects.of(city).get(psn_no=WANG_FANG), source(200)
    sign_in(city=city, resident=wang, source=own)
    for _ in range(limits.BY_KNOWN_DEVICE.most):
        send_code(city=city, **person(0), source=own)
    with pytest.raises(IdentityError):
        send_code(city=city, **person(0), source=own)
    # The device is known for Wang Fang, not for her father: there it counts among strangers.
    for number in range(limits.FOR_PERSON.most):
        send_code(city=city, **person(1), source=source(number))
    with pytest.raises(IdentityError):
        send_code(city=city, **person(1), source=own)


def test_what_strangers_used_up_comes_back_with_the_next_hour(city: City) -> None:
    moment = timezone.now()
    limit = Limit("test", 2, 3600)
    assert [over(city, limit, "k", moment) for _ in range(3)] == [False, False, True]
    assert not over(city, limit, "k", moment + timedelta(hours=1))


def test_one_who_is_refused_by_device_uses_up_nothing_of_the_person(city: City) -> None:
    for _ in range(limits.BY_DEVICE.most):
        over(city, limits.BY_DEVICE, keyed(source(1).device), timezone.now())
    for _ in range(5):
        with pytest.raises(IdentityError):
            send_code(city=city, **person(0), source=source(1))
    assert not Tally.objects.of(city).filter(kind=limits.FOR_PERSON.kind).exists()


def test_one_network_that_asks_for_many_people_is_stopped(city: City) -> None:
    for _ in range(limits.BY_ADDRESS.most):
        over(city, limits.BY_ADDRESS, keyed("10.0.0.7"), timezone.now())
    with pytest.raises(IdentityError):
        send_code(city=city, **person(0), source=Source("10.0.0.7", ""))
    send_code(city=city, **person(0), source=Source("10.0.0.8", ""))


def test_a_customer_of_ipv6_is_one_network_whatever_addresses_they_use() -> None:
    assert Source("2001:db8:1:2::1").network == Source("2001:db8:1:2:ffff::9").network
    assert Source("2001:db8:1:3::1").network != Source("2001:db8:1:2::1").network


def test_a_familys_telephone_gets_no_more_texts_and_nobody_is_told(city: City) -> None:
    wang = Resident.objects.of(city).get(psn_no=WANG_FANG)
    for _ in range(limits.FOR_TELEPHONE.most):
        over(city, limits.FOR_TELEPHONE, keyed(wang.telephone), timezone.now())
    check = send_code(city=city, **person(0), source=source(1))
    assert IdentityCheck.objects.of(city).get(pk=check).resident_id is None
    assert not Task.objects.filter(key=f"identity-{check}", finished_at=None).exists()


def test_tallies_hold_no_address_number_or_telephone_and_go_when_their_time_is_over(city: City) -> None:
    send_code(city=city, **person(0), source=source(7))
    assert all(re.fullmatch(r"[0-9a-f]{64}", row.key) for row in Tally.objects.of(city))
    Tally.objects.of(city).update(expires_at=timezone.now() - timedelta(seconds=1))
    over(city, Limit("fresh", 1, 60), "k", timezone.now())
    assert [row.kind for row in Tally.objects.of(city)] == ["fresh"]


def test_signing_in_makes_the_browser_known_and_is_recorded(city: City) -> None:
    client = Client()
    ask_page(client, person(0))
    cookie = client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], len(cookie.value)) == (True, "Lax", 32)
    check = IdentityCheck.objects.of(city).latest("pk")
    assert client.post("/demo/identity/code/", {"code": code_of(check.pk)}).status_code == 302
    wang = Resident.objects.of(city).get(psn_no=WANG_FANG)
    assert KnownDevice.objects.of(city).get().device == keyed(cookie.value)
    event = AuditEvent.objects.of(city).get(action="resident_signed_in")
    assert (event.actor, event.detail) == (f"resident:{wang.pk}", {"purpose": "sign-in"})


def test_a_resident_who_guesses_at_people_is_stopped_for_the_day(city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr("huimin.platform.web.views.enrolling.MISSED_BY_RESIDENT", Limit("missed", 2, 86_400))
    client = signed_in(resident(city))
    pages = [client.post("/demo/enrol/add/", {**UNKNOWN, "relation": "parent"}) for _ in range(3)]
    assert "姓名与身份证号码不匹配" in pages[1].content.decode()
    assert "查询不到的姓名和号码过多" in pages[2].content.decode()
    # Somebody who is in the register is not told apart either by then.
    known = client.post("/demo/enrol/add/", {**person(1), "relation": "parent"})
    assert "查询不到的姓名和号码过多" in known.content.decode()


def test_a_channel_is_told_who_is_in_the_register_until_it_guesses(api: Caller, city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr(enrolment, "MISSED_BY_CHANNEL", Limit("missed_channel", 2, 3600))
    for _ in range(2):
        answer = api.post("channel-1", "/api/v1/eligibility", UNKNOWN)
        assert (answer.status_code, answer.json()["code"]) == (422, "not_in_register")
    forget_all()
    for who in (UNKNOWN, person(0)):
        answer = api.post("channel-1", "/api/v1/eligibility", who)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_lookups")
    order = order_for(0)
    assert api.post("channel-1", "/api/v1/orders", order).status_code == 429


def test_an_order_for_somebody_unknown_counts_though_it_is_rolled_back(
    api: Caller, city: City, monkeypatch: Any
) -> None:
    order = {"applicant": UNKNOWN, "insured": [{**person(0), "relation": "self"}], "terms_opened": True}
    assert api.post("channel-1", "/api/v1/orders", order).json()["code"] == "not_in_register"
    assert Tally.objects.of(city).get(kind="missed_channel").count == 1
