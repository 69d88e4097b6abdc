"""The e-policy: one page of PDF with real letters, the same bytes each time, and a code that tells validity alone."""

from __future__ import annotations

import hashlib
import socket
import time
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from acting import acting
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.selectors import policies_by_id
from huimin.platform.foundation.models import City
from huimin.platform.people import limits
from huimin.platform.people.models import Resident
from huimin.platform.servicing.checking import check_code, validity_of, verification_address
from huimin.platform.servicing.epolicy.fonts import lacking, writable
from huimin.platform.servicing.epolicy.making import epolicy
from huimin.platform.servicing.withdrawal import withdraw

pytestmark = pytest.mark.django_db


def the_policy(city: City) -> Policy:
    found = Policy.objects.of(city).select_related("insured", "holder").order_by("pk").first()
    assert found is not None
    return found


def made(city: City) -> bytes:
    return epolicy(policies_by_id(city, [the_policy(city).pk])[the_policy(city).pk])


def read(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return str(document[0].get_textpage().get_text_bounded()).replace("\r\n", "\n")


def renamed(city: City, name: str) -> None:
    resident = Resident.objects.of(city).get(pk=the_policy(city).insured_id)
    resident.name = name
    resident.save(update_fields=["name"])


def test_the_page_says_who_is_covered_when_for_what_at_which_price_and_where_to_call(city: City) -> None:
    policy, text = the_policy(city), read(made(city))
    first = policy.cover_from
    for said in (
        policy.number,
        policy.insured.name,
        policy.holder.name,
        policy.insured.id_number[-4:],
        f"{first.year}年{first.month}月{first.day}日",
        "¥158.00",
        "医保目录内医疗费用：超过1万元的部分，赔付65%至77%，每年最高100万元",
        "Second cover of what is left to you: 45%",
        city.hotline,
        policy.plan_digest[:16],
        # None of these is broken in the middle of a line.
        f"SHA-256 of the terms: {policy.plan_digest}",
        verification_address(city, policy.number),
        "Demonstration Huimin P&C (lead) and 10 more",
    ):
        assert said in text, said
    assert policy.insured.id_number not in text.replace("\n", "")


def test_the_same_policy_always_gives_the_same_bytes_also_after_it_was_given_up(city: City) -> None:
    once = made(city)
    assert hashlib.sha256(made(city)).digest() == hashlib.sha256(once).digest()
    policy = the_policy(city)
    Policy.objects.of(city).filter(pk=policy.pk).update(ended_on=policy.cover_from)
    assert made(city) == once


@pytest.mark.parametrize("name", ["王𬭚", "阿依古丽·买买提", "㛃䶮"])
def test_rare_characters_and_the_dot_of_a_name_are_written_as_they_are(city: City, name: str) -> None:
    renamed(city, name)
    assert lacking(name) == []
    assert name in read(made(city))


def test_a_character_that_the_font_lacks_is_written_by_its_number_and_a_note_says_so(city: City) -> None:
    assert writable("王𠮷") == "王〔U+20BB7〕"
    renamed(city, "王𠮷")
    text = read(made(city))
    assert "王〔U+20BB7〕" in text
    assert "以身份证件为准" in text
    renamed(city, "王吉")
    assert "以身份证件为准" not in read(made(city))


def test_every_letter_of_the_page_is_drawn_from_the_font_that_is_shipped(city: City) -> None:
    pdf = made(city)
    assert b"NotoSansSC" in pdf
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    dark = sum(1 for value in image.tobytes() if value < 100)
    assert dark > 5_000


def test_it_is_made_without_a_network_and_in_less_than_a_second(city: City, monkeypatch: Any) -> None:
    def refused(*_arguments: Any, **_named: Any) -> None:
        raise AssertionError("the network was asked")

    made(city)
    monkeypatch.setattr(socket.socket, "connect", refused)
    began = time.perf_counter()
    made(city)
    assert time.perf_counter() - began < 1


def signed_in(city: City, resident: Resident) -> Client:
    client = Client()
    session = client.session
    session["resident_id"] = [city.code, resident.pk]
    session.save()
    return client


def test_the_holder_downloads_it_and_a_stranger_does_not(city: City) -> None:
    policy = the_policy(city)
    address = f"/{city.code}/policies/{policy.number}/policy.pdf"
    answer = signed_in(city, policy.holder).get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == made(city)
    other = Resident.objects.of(city).exclude(pk__in=[policy.holder_id, policy.insured_id]).first()
    assert other is not None
    assert signed_in(city, other).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def path_of(city: City, number: str) -> str:
    return f"/{city.code}/" + verification_address(city, number).split(f"/{city.code}/", 1)[1]


def test_the_page_behind_the_code_tells_validity_on_a_day_and_nothing_of_the_person(city: City) -> None:
    policy = the_policy(city)
    path = path_of(city, policy.number)
    page = Client().get(path).content.decode()
    assert "有效，在保障期间内" in page
    for personal in (policy.insured.name, policy.holder.name, policy.psn_no, policy.insured.id_number[-4:]):
        assert personal not in page
    last = Client().get(f"{path}?day={policy.cover_to}").content.decode()
    assert "：有效" in last
    after = Client().get(f"{path}?day={date(policy.cover_to.year + 1, 1, 1)}").content.decode()
    assert "：无效" in after


def test_a_policy_that_was_given_up_is_not_valid(city: City, monkeypatch: Any) -> None:
    policy = the_policy(city)
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2021, 12, 20))
    city.refresh_from_db()
    withdraw(actor=acting(city, "handler"), number=policy.number, note="by telephone")
    page = Client().get(f"{path_of(city, policy.number)}?day={policy.cover_from}").content.decode()
    assert "：无效" in page


def test_a_number_without_its_code_and_a_number_that_was_never_given_are_answered_alike(city: City) -> None:
    policy = the_policy(city)
    wrong = Client().get(f"/{city.code}/verify/{policy.number}/aaaaaaaa/")
    never = Client().get(f"/{city.code}/verify/HM20220000000000000/{check_code(city, 'HM20220000000000000')}/")
    assert (wrong.status_code, never.status_code) == (404, 404)
    assert "查不到这张保单" in wrong.content.decode()
    assert "查不到这张保单" in never.content.decode()
    assert check_code(city, policy.number) != check_code(city, f"{policy.number}0")


def test_who_asks_too_often_from_one_address_has_to_wait(city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "CHECKS_BY_ADDRESS", limits.Limit("policy_check", 2, 600))
    path = path_of(city, the_policy(city).number)
    assert [Client().get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert "过于频繁" in Client().get(path).content.decode()
    number = the_policy(city).number
    with pytest.raises(HuiminError) as refused:
        validity_of(city=city, number=number, code="", day=None, source=limits.Source("127.0.0.1"))
    assert refused.value.code == "too_many_checks"
