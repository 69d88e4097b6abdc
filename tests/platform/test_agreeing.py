"""Adults of the family agree to be insured by their own code; who does not is asked afterwards; nobody is held up."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from acting import themself
from cast import FATHER, WANG_FANG
from disclosure_support import have_read
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_year_by_id
from huimin.platform.disclosure.agreeing import agree_by_code, agreed_to_cover
from huimin.platform.disclosure.models import CoverAgreed, HowAgreed
from huimin.platform.enrolment.models import Order
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.people.cover_consent import ask_to_be_insured
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import named_persons
from huimin.platform.safeguards.models import Asked
from huimin.platform.safeguards.was_it_you import ask_was_it_you
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from platform_support import Caller, person, resident, signed_in

pytestmark = pytest.mark.django_db


def named(city: City, who: Resident) -> Any:
    return named_persons(city, [who.pk])[who.pk]


def code_sent(city: City) -> str:
    (task,) = Task.objects.of(city).filter(kind="message", key__startswith="identity-").order_by("-pk")[:1]
    said = json.loads(task.payload)
    assert said["template"] == "cover_consent"
    assert said["who"] == "王*"
    return str(said["code"])


@pytest.fixture
def browser(city: City) -> Client:
    """Wang Fang, 43, with herself and her father in the draft. He is of an age at which nobody asks him afterwards."""
    Resident.objects.of(city).filter(psn_no=FATHER).update(birth_date="1960-01-01")
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(birth_date="1985-01-01")
    found = signed_in(resident(city))
    father = person(1)
    sent = {"relation": "parent", "name": father["name"], "id_number": father["id_number"]}
    assert found.post("/demo/enrol/add/", sent).status_code == 302
    return found


def at(city: City) -> str:
    return f"/demo/enrol/consent/{resident(city, FATHER).pk}/"


def ordered(city: City, browser: Client) -> Order:
    """The order of the draft, paid."""
    have_read(city, resident(city))
    answer = browser.post("/demo/enrol/pay/", {"consent": "yes", "way": "company"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    order: Order = Order.objects.of(city).latest("pk")
    total = f"{sum(line.price for line in order.lines.all()) / 100:.2f}"
    assert Caller(city).pay(order.reference, total).content == b"success"
    return order


def asked_after(city: City, order: Order) -> set[str]:
    """Whom the worker asks once the policies were told of."""
    enqueue(city=city, kind="ask_was_it_you", key="again", payload={"order": order.reference})
    task = Task.objects.of(city).get(kind="ask_was_it_you", key="again")
    write = ask_was_it_you(Attempt(task, kind_named("ask_was_it_you")))
    if write is not None:
        write()
    return set(Asked.objects.of(city).filter(order=order).values_list("resident__psn_no", flat=True))


def test_an_adult_agrees_by_the_code_that_was_sent_to_their_own_telephone(city: City, browser: Client) -> None:
    assert "请本人同意" in browser.get("/demo/enrol/").content.decode()
    assert browser.post(at(city), {"send": "1"}).status_code == 302
    assert browser.post(at(city), {"code": "000000"}).status_code == 422
    assert browser.post(at(city), {"code": code_sent(city)}).status_code == 302
    (row,) = CoverAgreed.objects.of(city)
    assert (row.how, row.resident.psn_no, row.payer, row.language) == ("code", FATHER, resident(city), "zh")
    assert row.words.startswith("我同意由家人为我投保")
    assert re.search("父|王", row.words) is None
    assert "本人已同意" in browser.get("/demo/enrol/").content.decode()
    assert asked_after(city, ordered(city, browser)) == set()


def test_whoever_has_not_agreed_is_asked_afterwards_and_nobody_is_held_up(city: City, browser: Client) -> None:
    have_read(city, resident(city))
    assert "本人还没有同意" in browser.get("/demo/enrol/pay/").content.decode()
    assert asked_after(city, ordered(city, browser)) == {FATHER}


def test_the_payers_declaration_is_kept_and_the_person_is_asked_all_the_same(city: City, browser: Client) -> None:
    assert browser.post(at(city), {"declare": "1"}).status_code == 302
    assert CoverAgreed.objects.of(city).get().how == HowAgreed.DECLARED
    assert "您已声明本人同意" in browser.get("/demo/enrol/").content.decode()
    assert asked_after(city, ordered(city, browser)) == {FATHER}


def test_a_channel_answers_for_its_own_people_and_only_the_old_are_asked(city: City, api: Caller) -> None:
    Resident.objects.of(city).filter(psn_no=FATHER).update(birth_date="1960-01-01")
    insured = [{**person(0), "relation": "self"}, {**person(1), "relation": "parent"}]
    body = {"applicant": person(0), "insured": insured, "terms_opened": True}
    reference = api.post("channel-1", "/api/v1/orders", body).json()["reference"]
    assert api.pay(reference, "316.00").content == b"success"
    assert FATHER not in asked_after(city, Order.objects.of(city).get(reference=reference))


def test_nobody_is_asked_for_the_payer_or_a_minor(city: City, browser: Client) -> None:
    assert browser.get(f"/demo/enrol/consent/{resident(city).pk}/").status_code == 404
    Resident.objects.of(city).filter(psn_no=FATHER).update(birth_date="2004-02-16")
    assert browser.get(at(city)).status_code == 404
    Resident.objects.of(city).filter(psn_no=FATHER).update(birth_date="2004-02-15")
    assert browser.get(at(city)).status_code == 200
    assert browser.get("/demo/enrol/consent/999999999/").status_code == 404


def test_who_has_no_telephone_gets_a_sentence_and_no_code(city: City, browser: Client) -> None:
    father = resident(city, FATHER)
    father.telephone = ""
    father.save()
    answer = browser.post(at(city), {"send": "1"})
    assert answer.status_code == 422
    assert "带本人到柜台" in answer.content.decode()
    assert not Task.objects.of(city).filter(payload__isnull=False, kind="message", key__startswith="identity-").exists()
    wang = resident(city)
    with pytest.raises(HuiminError) as error:
        ask_to_be_insured(actor=themself(wang), payer=named(city, wang), resident_id=father.pk)
    assert error.value.code == "no_telephone"


def test_one_person_is_asked_three_times_a_day_by_one_payer(city: City) -> None:
    wang, father = resident(city), resident(city, FATHER)
    for _ in range(3):
        ask_to_be_insured(actor=themself(wang), payer=named(city, wang), resident_id=father.pk)
    with pytest.raises(HuiminError) as error:
        ask_to_be_insured(actor=themself(wang), payer=named(city, wang), resident_id=father.pk)
    assert error.value.code == "asked_too_often"
    with pytest.raises(NotAllowed):
        ask_to_be_insured(actor=themself(father), payer=named(city, wang), resident_id=father.pk)


def test_a_code_for_one_payer_is_none_for_another_and_counts_for_that_payer_alone(city: City, plan_year: Any) -> None:
    wang, father = resident(city), resident(city, FATHER)
    other = Resident.objects.of(city).exclude(pk__in=(wang.pk, father.pk)).order_by("pk").first()
    assert other is not None
    check = ask_to_be_insured(actor=themself(wang), payer=named(city, wang), resident_id=father.pk)
    given = {"plan_year": plan_year, "check_id": check, "code": code_sent(city), "words": "x", "language": "zh"}
    with pytest.raises(HuiminError) as error:
        agree_by_code(actor=themself(other), payer=named(city, other), **given)
    assert error.value.code == "code_expired"
    agree_by_code(actor=themself(wang), payer=named(city, wang), **given)
    assert agreed_to_cover(city, plan_year.id, wang.pk, [father.pk]) == {father.pk: HowAgreed.CODE}
    assert agreed_to_cover(city, plan_year.id, other.pk, [father.pk]) == {}


@pytest.fixture
def plan_year(city: City) -> Any:
    return plan_year_by_id(city, PlanYear.objects.of(city).get().pk)
