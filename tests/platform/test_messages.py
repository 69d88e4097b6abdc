"""The message centre shows what was sent, word for word; texts carry no link; people of 65 and over are asked."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import huimin.platform
from acting import themself
from cast import DAUGHTER, FATHER, WANG_FANG
from huimin.errors import HuiminError, InputError
from huimin.platform.disclosure.elderly import is_elderly
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.actors import command_actor, gateway_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.gateways.signing import hmac_hex
from huimin.platform.ledger.verification import verify_city
from huimin.platform.messages.centre import messages_of, unread_of
from huimin.platform.messages.models import MessageRead, SentMessage
from huimin.platform.messages.texts import LINK, TEXTS, text_of
from huimin.platform.outbox import tasks as outbox_tasks
from huimin.platform.outbox.delivering import End, Outcome
from huimin.platform.payments.models import Refund
from huimin.platform.people.models import Resident
from huimin.platform.safeguards import undoing
from huimin.platform.safeguards.models import Answer, Answered, Asked, Road, Undone
from huimin.platform.safeguards.questions import answer, answer_by_reply, questions_of
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import Lane, kind_named
from huimin.platform.tasks.models import Task
from huimin.sandbox import message_gateway as sandbox
from platform_support import Caller, logged_in, person, resident, signed_in
from work_support import work_off


@pytest.fixture(autouse=True)
def _gateway(monkeypatch: Any, settings: Any) -> None:
    """Messages leave and are taken. Staff log in with a password alone."""
    settings.SECOND_FACTOR = False
    monkeypatch.setattr(outbox_tasks, "deliver", lambda task: Outcome(End.DELIVERED))


def born(city: City, psn_no: str, day: str) -> Resident:
    Resident.objects.of(city).filter(psn_no=psn_no).update(birth_date=day)
    return Resident.objects.of(city).get(psn_no=psn_no)


def enrol(api: Caller, *others: int) -> str:
    insured = [{**person(0), "relation": "self"}, *({**person(one), "relation": "parent"} for one in others)]
    body = {"applicant": person(0), "insured": insured, "terms_opened": True}
    order = api.post("channel-1", "/api/v1/orders", body).json()
    api.pay(order["reference"], order["total"])
    work_off(Lane.MESSAGES)
    return str(order["reference"])


def test_the_texts_of_the_platform_are_those_registered_with_the_gateway() -> None:
    """Whoever adds one there adds it to messages/texts.py: residents read it in the message centre."""
    assert dict(TEXTS) == sandbox._TEXTS


def test_every_message_that_the_platform_sends_has_its_words() -> None:
    """A template without words would reach the telephone as its own name."""
    sources = "\n".join(path.read_text("utf-8") for path in Path(huimin.platform.__file__).parent.rglob("*.py"))
    sent = {*re.findall(r'"template": "(\w+)"', sources), *re.findall(r'\btell(?:_both)?\([^)"]*"(\w+)"', sources)}
    assert {"policies_issued", "account_struck_out", "policy_withdrawn"} <= sent
    assert sent - TEXTS.keys() == set()


@pytest.mark.parametrize("template", sorted({*TEXTS, *sandbox._TEXTS}))
def test_no_text_carries_a_link(template: str) -> None:
    assert not LINK.search(TEXTS.get(template, ""))
    assert not LINK.search(sandbox._TEXTS.get(template, ""))


@pytest.mark.parametrize("value", ["http://a.b", "www.huimin", "huimin.cn", "x.example/pay"])
def test_a_value_that_brings_a_link_is_refused(value: str) -> None:
    with pytest.raises(InputError) as refused:
        text_of("was_it_you", {"payer": value, "insured": "李*", "hotline": "12345"})
    assert refused.value.code == "link_in_text"


def test_a_value_without_a_link_is_written_as_it_is() -> None:
    assert "王*为李*、王*办理" in text_of("was_it_you", {"payer": "王*", "insured": "李*、王*", "hotline": "12345"})


def test_what_was_sent_stands_in_the_message_centre_word_for_word(api: Caller, city: City) -> None:
    born(city, WANG_FANG, "1990-01-01")
    enrol(api)
    me = Resident.objects.of(city).get(psn_no=WANG_FANG)
    (message,) = messages_of(city, me.pk)
    assert message.text == TEXTS["policies_issued"]
    assert unread_of(city, me.pk) == 1
    browser = signed_in(resident(city))
    page = browser.get(f"/{city.code}/messages/").content.decode()
    assert message.text in page
    assert ">新<" in page
    assert unread_of(city, me.pk) == 0
    assert ">新<" not in browser.get(f"/{city.code}/messages/").content.decode()
    assert MessageRead.objects.of(city).count() == 1


def test_nobody_sees_the_messages_of_another(api: Caller, city: City) -> None:
    enrol(api)
    page = signed_in(resident(city, DAUGHTER)).get(f"/{city.code}/messages/").content.decode()
    assert "还没有消息" in page


def test_a_text_that_does_not_get_to_the_telephone_can_be_read_all_the_same(
    api: Caller, city: City, monkeypatch: Any
) -> None:
    monkeypatch.setattr(outbox_tasks, "deliver", lambda task: Outcome(End.HOPELESS, "not_received"))
    enrol(api)
    page = signed_in(resident(city)).get(f"/{city.code}/messages/").content.decode()
    assert "短信没有送达" in page


def test_a_one_time_code_is_not_kept_as_a_message(city: City) -> None:
    signed_in(resident(city))
    me = Resident.objects.of(city).get(psn_no=WANG_FANG)
    Client().post(f"/{city.code}/identity/", {"name": me.name, "id_number": me.id_number})
    work_off(Lane.MESSAGES)
    assert Task.objects.of(city).filter(kind="message", status="done").exists()
    assert not SentMessage.objects.of(city).filter(template="identity_code").exists()


@pytest.mark.parametrize(("day", "asked"), [("1957-02-15", True), ("1957-02-16", False)])
def test_a_payer_who_is_65_today_is_asked_and_one_a_day_younger_is_not(
    api: Caller, city: City, day: str, asked: bool
) -> None:
    """It is 15 February 2022."""
    born(city, WANG_FANG, day)
    enrol(api)
    assert Asked.objects.of(city).exists() is asked
    assert is_elderly(date.fromisoformat(day), date(2022, 2, 15)) is asked


def test_an_insured_parent_of_65_is_asked_and_the_young_payer_is_not(api: Caller, city: City) -> None:
    born(city, WANG_FANG, "1990-01-01")
    father = born(city, FATHER, "1950-01-01")
    enrol(api, 1)
    assert [row.resident_id for row in Asked.objects.of(city)] == [father.pk]
    text = messages_of(city, father.pk)[0].text
    assert "请回复 T" in text
    assert "王*" in text
    assert not LINK.search(text)


def old(api: Caller, city: City) -> tuple[Resident, Asked]:
    me = born(city, WANG_FANG, "1950-01-01")
    enrol(api)
    return me, Asked.objects.of(city).get()


def test_one_tap_in_the_message_centre_undoes_and_the_first_answer_stands(api: Caller, city: City) -> None:
    _me, asked = old(api, city)
    browser = signed_in(resident(city))
    address = f"/{city.code}/messages/{asked.pk}/answer/"
    assert "不是，或不想要" in browser.get(f"/{city.code}/messages/").content.decode()
    assert browser.post(address, {"answer": "undo"}).status_code == 302
    row = Answered.objects.of(city).get()
    assert (row.answer, row.road) == ("undo", "page")
    again = browser.post(address, {"answer": "meant"})
    assert again.status_code == 422
    assert "以第一次的回答为准" in again.content.decode()
    assert "要求撤销" in again.content.decode()
    assert AuditEvent.objects.of(city).get(action="was_it_you_undo").detail == {"road": "page"}
    work_off(Lane.MESSAGES)
    assert SentMessage.objects.of(city).filter(template="undo_received").count() == 1


def test_what_was_not_meant_is_given_up_and_the_whole_premium_goes_back(api: Caller, city: City) -> None:
    """Cover has not begun: nobody has to lift a hand."""
    me, asked = old(api, city)
    browser = signed_in(resident(city))
    browser.post(f"/{city.code}/messages/{asked.pk}/answer/", {"answer": "undo"})
    assert "正在办理" in browser.get(f"/{city.code}/messages/").content.decode()
    work_off(Lane.JOBS)
    policy = Policy.objects.of(city).get(insured=me)
    assert policy.ended_on is not None
    (done,) = Undone.objects.of(city)
    assert (done.policy_number, done.reason, done.returned) == (policy.number, "", policy.price)
    (refund,) = Refund.objects.of(city)
    assert (refund.payee_id, refund.amount) == (me.pk, policy.price)
    work_off(Lane.MESSAGES)
    texts = [row.template for row in SentMessage.objects.of(city).filter(resident=me)]
    assert {"undo_received", "policy_withdrawn"} <= set(texts)
    assert "undo_by_staff" not in texts
    assert f"{policy.number}：已退保" in browser.get(f"/{city.code}/messages/").content.decode()
    assert "已退保" in logged_in("handler").get("/staff/was-it-you/").content.decode()
    assert verify_city(city).faults == []


def test_an_insured_parent_undoes_their_own_policy_alone(api: Caller, city: City) -> None:
    born(city, WANG_FANG, "1990-01-01")
    father = born(city, FATHER, "1950-01-01")
    enrol(api, 1)
    (asked,) = Asked.objects.of(city)
    answer(actor=themself(father), question_id=asked.pk, given=Answer.UNDO, road=Road.PAGE, resident_id=father.pk)
    work_off(Lane.JOBS)
    kept = Policy.objects.of(city).filter(order_line__order=asked.order_id)
    assert {policy.insured_id: policy.ended_on is not None for policy in kept} == {
        person: person == father.pk for person in kept.values_list("insured", flat=True)
    }
    assert verify_city(city).faults == []


def test_what_cannot_be_given_up_by_itself_is_said_to_the_person_and_to_staff(
    api: Caller, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_named: Any) -> None:
        raise HuiminError("cover has begun", code="withdrawal_not_possible")

    monkeypatch.setattr(undoing, "withdraw", refused)
    me, asked = old(api, city)
    for _ in range(2):
        # The worker was killed once, and runs again.
        undo = Attempt(Task(city=city, payload=json.dumps({"asked": asked.pk})), kind_named("undo_enrolment"))
        write = undoing.undo_enrolment(undo)
        assert write is not None
    write()
    work_off(Lane.MESSAGES)
    assert [row.reason for row in Undone.objects.of(city)] == ["withdrawal_not_possible"]
    assert SentMessage.objects.of(city).filter(template="undo_by_staff", resident=me).count() == 1


def test_who_meant_it_says_so_and_nothing_is_undone(api: Caller, city: City) -> None:
    _me, asked = old(api, city)
    browser = signed_in(resident(city))
    browser.post(f"/{city.code}/messages/{asked.pk}/answer/", {"answer": "meant"})
    assert "您已确认" in browser.get(f"/{city.code}/messages/").content.decode()
    assert not Answered.objects.of(city).filter(answer="undo").exists()


def test_an_empty_answer_is_none(api: Caller, city: City) -> None:
    _me, asked = old(api, city)
    signed_in(resident(city)).post(f"/{city.code}/messages/{asked.pk}/answer/", {"answer": ""})
    assert not Answered.objects.of(city).exists()


def test_nobody_answers_for_another(api: Caller, city: City) -> None:
    _me, asked = old(api, city)
    answered = signed_in(resident(city, DAUGHTER)).post(f"/{city.code}/messages/{asked.pk}/answer/", {"answer": "undo"})
    assert answered.status_code == 422
    assert not Answered.objects.of(city).exists()


def reply(city: City, key: str, text: Any, signed: bool = True) -> Any:
    body = json.dumps({"key": key, "text": text}).encode()
    headers = {"X-Message-Signature": hmac_hex(shared_key("message gateway"), body) if signed else "0" * 64}
    path = f"/api/v1/messages/{city.code}/replies"
    return Client().generic("POST", path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("text", ["T", " t ", "Ｔ", "td", "退订", "不是。"])
def test_a_reply_undoes_whatever_its_width_and_case(api: Caller, city: City, text: str) -> None:
    me, _asked = old(api, city)
    key = questions_of(city, me.pk)[0].message
    assert reply(city, key, text).content == b"success"
    assert reply(city, key, text).content == b"success"
    row = Answered.objects.of(city).get()
    assert (row.answer, row.road) == ("undo", "reply")


@pytest.mark.parametrize("text", ["好的", "T恤", "不是不想要", ""])
def test_other_words_undo_nothing(api: Caller, city: City, text: str) -> None:
    me, _asked = old(api, city)
    assert reply(city, questions_of(city, me.pk)[0].message, text).status_code == 200
    assert not Answered.objects.of(city).exists()


def test_a_reply_to_another_message_or_of_another_city_undoes_nothing(api: Caller, city: City) -> None:
    me, _asked = old(api, city)
    key = questions_of(city, me.pk)[0].message
    reply(city, key.replace("was-it-you", "issued"), "T")
    reply(city, "was-it-you-x-y", "T")
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other")
    assert answer_by_reply(actor=gateway_actor(other), message_key=key, text="T") is False
    assert not Answered.objects.of(city).exists()


def test_a_forged_or_garbled_reply_is_refused(api: Caller, city: City) -> None:
    me, _asked = old(api, city)
    key = questions_of(city, me.pk)[0].message
    forged = reply(city, key, "T", signed=False)
    assert (forged.status_code, forged.json()["code"]) == (401, "bad_signature")
    garbled = reply(city, key, 7)
    assert (garbled.status_code, garbled.json()["code"]) == (422, "bad_reply")
    assert not Answered.objects.of(city).exists()


def test_a_handler_writes_down_a_call_with_a_note_and_not_without(api: Caller, city: City) -> None:
    me, asked = old(api, city)
    handler = logged_in("handler")
    page = handler.post("/staff/was-it-you/", {"name": me.name, "id_number": me.id_number}).content.decode()
    assert "要求撤销" in page
    address = f"/staff/was-it-you/{asked.pk}/"
    handler.post(address, {"answer": "undo", "note": " "})
    for neither in ("", "x", ["undo", "meant"]):
        page = handler.post(address, {"answer": neither, "note": "儿子代办"}, follow=True).content.decode()
        assert "请选择一项" in page or "有不止一个值" in page
    assert not Answered.objects.of(city).exists()
    handler.post(address, {"answer": "undo", "note": "儿子代办，本人不要"})
    row = Answered.objects.of(city).get()
    assert (row.road, row.note) == ("telephone", "儿子代办，本人不要")
    assert "儿子代办" in handler.get("/staff/was-it-you/").content.decode()
    assert AuditEvent.objects.of(city).filter(action="was_it_you_searched").count() == 1


@pytest.mark.parametrize("who", ["bureau", "insurer", "admin"])
def test_only_handlers_and_approvers_see_the_page(city: City, who: str) -> None:
    assert logged_in(who).get("/staff/was-it-you/").status_code == 403


def test_a_question_that_was_not_asked_is_answered_by_nobody(city: City) -> None:
    with pytest.raises(NotAllowed):
        answer(actor=command_actor(city), question_id=1, given=Answer.UNDO, road=Road.PAGE)
    me = Resident.objects.of(city).get(psn_no=WANG_FANG)
    with pytest.raises(HuiminError) as refused:
        answer(actor=themself(me), question_id=1, given=Answer.UNDO, road=Road.PAGE, resident_id=me.pk)
    assert refused.value.code == "not_asked"
    handler = logged_in("handler")
    page = handler.post("/staff/was-it-you/9/", {"answer": "undo", "note": "x"}, follow=True).content.decode()
    assert "没有找到" in page


def test_asking_costs_the_confirmation_of_a_payment_nothing(api: Caller, city: City) -> None:
    """It is asked once the message has gone, by a worker."""
    born(city, WANG_FANG, "1950-01-01")
    body = {"applicant": person(0), "insured": [{**person(0), "relation": "self"}], "terms_opened": True}
    order = api.post("channel-1", "/api/v1/orders", body).json()
    api.pay(order["reference"], order["total"])
    assert not Task.objects.of(city).filter(kind="ask_was_it_you").exists()
    assert Order.objects.of(city).get(reference=order["reference"]).status == "issued"
    work_off(Lane.MESSAGES)
    assert Asked.objects.of(city).count() == 1


def test_the_first_answer_stands_whoever_gives_the_second(api: Caller, city: City) -> None:
    me, asked = old(api, city)
    reply(city, questions_of(city, me.pk)[0].message, "T")
    with pytest.raises(HuiminError) as refused:
        answer(actor=signed(city, me), question_id=asked.pk, given=Answer.MEANT, road=Road.PAGE, resident_id=me.pk)
    assert refused.value.code == "answered_already"


def signed(city: City, resident: Resident) -> Any:
    return themself(resident)
