"""The agreement with the payment company: signed by the payer, heard of by notices, ended with the last consent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from acting import acting, themself
from cast import FATHER
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import gateway_actor, provider_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import City
from huimin.platform.gateways.payment_company import Agreement, AgreementState
from huimin.platform.gateways.signing import hmac_hex
from huimin.platform.payments.agreements.signing import agreement_of, hear_agreement, sign_agreement
from huimin.platform.payments.models import AgreementStatus, DeductionAgreement
from huimin.platform.renewal.automatic.announcing import _announce_signed, announce_in
from huimin.platform.renewal.automatic.charging import renew_due
from huimin.platform.renewal.automatic.models import Renewal
from huimin.platform.renewal.consents.agreeing import agree_to_renewal, take_consent_back
from huimin.platform.renewal.consents.consent_words import digest_of
from huimin.platform.renewal.consents.models import Road
from huimin.platform.tasks.models import Task
from huimin.sandbox.misbehaving import Behaviour
from platform_support import resident, signed_in
from renewal_support import ANNOUNCED_ON, WORDS, agreed, announced, covered_last_year, day_is, signed, told
from served import free_port
from work_support import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def said(state: str, key: str, number: str = "W1") -> Agreement:
    return Agreement(key, AgreementState(state), number, timezone.now())


def hear(city: City, *words: Agreement) -> AgreementStatus:
    """The company says this, one after the other."""
    for one in words:
        hear_agreement(actor=provider_actor(city, "sandbox"), said=one)
    return AgreementStatus(DeductionAgreement.objects.of(city).get().status)


def asked(city: City) -> DeductionAgreement:
    """Wang Fang was sent to the company to sign."""
    person = resident(city)
    sign_agreement(actor=themself(person), resident_id=person.pk, back="")
    found: DeductionAgreement = DeductionAgreement.objects.of(city).get()
    return found


def notified(city: City, content: dict[str, str], *, signature: str = "") -> Any:
    body = json.dumps(content).encode()
    headers = {"X-Payment-Signature": signature or hmac_hex(shared_key("payment notice"), body)}
    address = f"/api/v1/payments/{city.code}/sandbox/agreements"
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_agreeing_leads_to_the_companys_page_and_signing_there_leads_back(city: City, sandbox: Played) -> None:
    policy = covered_last_year(city)
    browser, page = signed_in(policy.holder), f"/{city.code}/policies/{policy.number}/renewal/"
    answer = browser.post(page, {"do": "agree", "words": digest_of(WORDS)})
    address = answer.headers["Location"]
    assert address.startswith(f"{sandbox.address}/payment-company/agree?")
    assert "我们还没有收到支付机构的签约结果" in browser.get(page).content.decode()
    fields = dict(parse_qsl(urlsplit(address).query))
    assert httpx.get(address).status_code == 200
    choice = {"agreement": fields["agreement"], "how": "sign"}
    back = httpx.post(f"{sandbox.address}/payment-company/agree", data=choice)
    assert back.headers["location"].endswith(page)
    # No notice gets here; the company is asked.
    work_off()
    agreement = agreement_of(city, policy.holder_id)
    assert agreement is not None
    assert agreement.in_force
    assert agreement.number == sandbox.sandbox.company.agreements.known[agreement.key].number
    assert "代扣协议已签订" in browser.get(page).content.decode()


def test_an_address_that_we_did_not_sign_opens_no_agreement(city: City, sandbox: Played) -> None:
    forged = f"{sandbox.address}/payment-company/agree?agreement=A&subject=s&notify=n&back=b&signature={'0' * 64}"
    assert httpx.get(forged).status_code == 400
    assert sandbox.sandbox.company.agreements.known == {}


def test_who_comes_back_unsigned_gets_the_same_agreement_and_who_signed_gets_none(city: City) -> None:
    person = resident(city)
    first = sign_agreement(actor=themself(person), resident_id=person.pk, back="demo/")
    again = sign_agreement(actor=themself(person), resident_id=person.pk, back="demo/")
    assert first == again
    hear(city, said("in_force", DeductionAgreement.objects.of(city).get().key))
    assert sign_agreement(actor=themself(person), resident_id=person.pk, back="demo/") == ""


def test_nobody_signs_for_another_and_no_staff_does(city: City) -> None:
    for actor in (acting(city, "handler"), themself(resident(city, FATHER)), gateway_actor(city)):
        with pytest.raises(NotAllowed):
            sign_agreement(actor=actor, resident_id=resident(city).pk, back="")
    assert not DeductionAgreement.objects.of(city).exists()


def test_a_notice_counts_once_and_an_ended_agreement_never_comes_back(city: City) -> None:
    key = asked(city).key
    assert hear(city, said("in_force", key), said("in_force", key)) == "in_force"
    assert hear(city, said("waiting", key)) == "in_force"
    assert hear(city, said("ended", key)) == "ended"
    # Late, or to mislead: money is never taken by what the payer ended.
    assert hear(city, said("in_force", key, "W2")) == "ended"
    assert DeductionAgreement.objects.of(city).get().number == "W1"


def test_who_declined_or_ended_it_may_sign_another(city: City) -> None:
    key = asked(city).key
    assert hear(city, said("ended", key, "")) == "ended"
    person = resident(city)
    assert sign_agreement(actor=themself(person), resident_id=person.pk, back="") != ""
    assert DeductionAgreement.objects.of(city).exclude(key=key).get().status == "asked"


def test_the_door_takes_a_signed_notice_and_refuses_forged_unknown_and_garbled_ones(city: City) -> None:
    key = asked(city).key
    notice = {"agreement": key, "state": "in_force", "number": "W1", "at": "2022-02-01T09:00:00+08:00"}
    assert notified(city, notice, signature="0" * 64).status_code == 401
    assert DeductionAgreement.objects.of(city).get().status == "asked"
    unknown = notified(city, {**notice, "agreement": "nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "agreement_not_known")
    for garbled in (
        {**notice, "state": "perhaps"},
        {**notice, "number": ""},
        {**notice, "at": "2022-02-01"},
        {**notice, "agreement": "a key with blanks"},
        {"agreement": key},
    ):
        answer = notified(city, garbled)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_notice"), garbled
    assert notified(city, notice).content == b"success"
    assert DeductionAgreement.objects.of(city).get().status == "in_force"


def test_with_the_last_consent_the_agreement_ends_and_the_company_is_told(city: City, sandbox: Played) -> None:
    policy = agreed(city)
    row = DeductionAgreement.objects.of(city).get()
    sandbox.sandbox.company.agreements.open({"agreement": row.key, "subject": "", "notify": "", "back": ""})
    take_consent_back(actor=themself(policy.holder), number=policy.number, road=Road.PAGE)
    row.refresh_from_db()
    assert row.status == "ending"
    assert not agreement_of(city, policy.holder_id).in_force  # type: ignore[union-attr]
    work_off()
    row.refresh_from_db()
    assert row.status == "ended"
    assert sandbox.sandbox.company.agreements.known[row.key].state == "ended"


def test_an_agreement_of_which_the_company_never_heard_ends_without_another_question(
    city: City, sandbox: Played
) -> None:
    policy = agreed(city)
    take_consent_back(actor=themself(policy.holder), number=policy.number, road=Road.PAGE)
    work_off()
    assert DeductionAgreement.objects.of(city).get().status == "ended"
    assert Task.objects.of(city).get(kind="end_agreement").status == "done"


def test_the_company_that_loses_its_answer_is_told_again_until_it_ended(city: City, sandbox: Played) -> None:
    policy = agreed(city)
    row = DeductionAgreement.objects.of(city).get()
    sandbox.sandbox.company.agreements.open({"agreement": row.key, "subject": "", "notify": "", "back": ""})
    misbehaving: Behaviour = sandbox.behaviour("payment-company")
    for kind in ("lose_answer", "busy", "garble", "contradict"):
        misbehaving.press(kind)
    take_consent_back(actor=themself(policy.holder), number=policy.number, road=Road.PAGE)
    for _ in range(6):
        work_off()
        Task.objects.of(city).filter(kind="end_agreement").update(due_at=timezone.now())
    row.refresh_from_db()
    assert row.status == "ended"
    assert Task.objects.of(city).get(kind="end_agreement").status == "done"


def test_who_agreed_and_did_not_sign_is_told_and_renewed_once_they_sign(city: City, sandbox: Played) -> None:
    policy = agreed(city, sign=False)
    day_is(city, ANNOUNCED_ON)
    assert announce_in(city) == 1
    assert announce_in(city) == 0
    renewal = Renewal.objects.of(city).get()
    assert (renewal.status, renewal.reason, renewal.price) == ("refused", "no_agreement", 158_00)
    (message,) = Task.objects.of(city).filter(kind="notice", key__startswith="unsigned-")
    assert json.loads(message.payload)["template"] == "renewal_unsigned"
    page = signed_in(policy.holder).get(f"/{city.code}/policies/{policy.number}/renewal/").content.decode()
    assert "还差一步" in page
    signed(city, policy.holder)
    later = ANNOUNCED_ON + timedelta(days=3)
    day_is(city, later)
    assert announce_in(city) == 1
    renewal.refresh_from_db()
    renewal.city = city
    assert (renewal.status, renewal.reason) == ("announced", "")
    assert renewal.charge_on == later + timedelta(days=15)
    told(city, renewal, on=later)
    day_is(city, renewal.charge_on - timedelta(days=1))
    assert renew_due(city) == 0
    day_is(city, renewal.charge_on)
    assert renew_due(city) == 1
    work_off()
    renewal.refresh_from_db()
    assert renewal.status == "renewed"


def test_an_agreement_that_ended_after_the_announcement_takes_no_money(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    key = DeductionAgreement.objects.of(city).get().key
    assert hear(city, said("ended", key)) == "ended"
    day_is(city, renewal.charge_on)
    renew_due(city)
    work_off()
    renewal.refresh_from_db()
    assert (renewal.status, renewal.reason) == ("refused", "no_agreement")
    assert sandbox.sandbox.company.orders == {}


def test_what_the_payer_ended_at_the_company_alone_is_refused_there_and_gives_no_cover(
    city: City, sandbox: Played
) -> None:
    renewal = announced(city)
    row = DeductionAgreement.objects.of(city).get()
    one = sandbox.sandbox.company.agreements.open({"agreement": row.key, "subject": "", "notify": "", "back": ""})
    one.state, one.number = "ended", row.number
    day_is(city, renewal.charge_on)
    renew_due(city)
    work_off()
    renewal.refresh_from_db()
    assert (renewal.status, renewal.reason) == ("failed", "agreement_ended")
    assert not Policy.objects.of(city).filter(insured=renewal.insured_id, plan_year=renewal.plan_year_id).exists()


def test_one_agreement_serves_all_whom_a_payer_renews_and_ends_with_the_last(city: City) -> None:
    own = agreed(city)
    other = covered_last_year(city, FATHER)
    Policy.objects.of(city).filter(pk=other.pk).update(holder=own.holder)
    other.refresh_from_db()
    agree_to_renewal(
        actor=themself(own.holder), number=other.number, words=WORDS, shown_digest=digest_of(WORDS), language="zh"
    )
    take_consent_back(actor=themself(own.holder), number=own.number, road=Road.PAGE)
    assert agreement_of(city, own.holder_id).in_force  # type: ignore[union-attr]
    take_consent_back(actor=themself(own.holder), number=other.number, road=Road.PAGE)
    assert not agreement_of(city, own.holder_id).in_force  # type: ignore[union-attr]


def test_an_agreement_that_we_do_not_know_is_refused_whoever_says_it(city: City) -> None:
    with pytest.raises(HuiminError) as refused:
        hear(city, said("in_force", "nobody"))
    assert refused.value.code == "agreement_not_known"
    with pytest.raises(NotAllowed):
        hear_agreement(actor=acting(city, "handler"), said=said("in_force", "nobody"))


def test_the_sheet_is_shown_in_the_readers_language_and_kept_in_the_consents(city: City) -> None:
    renewal = announced(city)
    browser = signed_in(renewal.payer)
    browser.cookies["language"] = "en"
    page = browser.get(f"/{city.code}/policies/{renewal.policy_number}/renewal/").content.decode()
    assert "Your premium: 128.00 yuan last year, 158.00 yuan this year." in page
    assert renewal.sheet is not None
    assert "您的保费" in renewal.sheet.text


def test_of_two_who_find_that_the_payer_has_signed_one_announces(city: City, sandbox: Played) -> None:
    policy, plan_year = agreed(city, sign=False), plan_on_sale(city)
    assert plan_year is not None
    day_is(city, ANNOUNCED_ON)
    announce_in(city)
    signed(city, policy.holder)
    as_both_read_it = Renewal.objects.of(city).get()
    with transaction.atomic():
        assert [_announce_signed(city, plan_year, as_both_read_it) for _ in range(2)] == [1, 0]
