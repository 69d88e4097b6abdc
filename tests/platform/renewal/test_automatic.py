"""Automatic renewal: only by one's own consent, announced by two roads in time, undone by one word, with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from acting import acting, themself
from cast import FATHER
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.actors import queue_actor, resident_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import DeductionAgreement, PaymentCase, Refund
from huimin.platform.people.models import Resident
from huimin.platform.renewal.automatic.announcing import announce_in, key_of
from huimin.platform.renewal.automatic.charging import renew_due
from huimin.platform.renewal.automatic.models import Renewal, ToldBy
from huimin.platform.renewal.automatic.roads import may_charge_on, record_telling, roads_of
from huimin.platform.renewal.automatic.undoing import undo_by_reply, undo_renewal
from huimin.platform.renewal.consents.agreeing import agree_to_renewal, standing_consent, take_consent_back
from huimin.platform.renewal.consents.consent_words import digest_of
from huimin.platform.renewal.consents.models import RenewalConsent, Road
from huimin.platform.renewal.proof.finding import Lack, proof_of
from huimin.platform.renewal.proof.giving_back import give_back_without_proof
from huimin.sandbox.agreements import Agreement
from platform_support import Caller, a_bill, logged_in, resident, signed_in
from refunds_support import retry_now
from renewal_support import ANNOUNCED_ON, WORDS, agreed, announced, covered_last_year, day_is
from served import free_port
from work_support import work_off

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2022, 2, 16)


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        settings.SECOND_FACTOR = False
        yield found


def paid(city: City, renewal: Renewal, on: date = FIRST_DAY) -> Renewal:
    """Its day comes, and a worker takes the premium."""
    day_is(city, on)
    renew_due(city)
    work_off()
    renewal.refresh_from_db()
    renewal.city = city
    return renewal


def policies(city: City, person: Resident) -> list[Policy]:
    return list(Policy.objects.of(city).filter(insured=person, plan_year__plan_id="jiangsu/yihuibao-1/2022"))


def test_who_agreed_is_announced_in_time_renewed_and_keeps_their_years(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    assert (renewal.price, renewal.last_price, renewal.worse) == (158_00, 128_00, True)
    assert renewal.sheet is not None
    assert "您的保费：上年 128.00 元，本年 158.00 元。" in renewal.sheet.text
    assert "本年：年度免赔额1万元" in renewal.sheet.text
    renewal = paid(city, renewal)
    assert renewal.status == "renewed"
    (policy,) = policies(city, renewal.insured)
    assert policy.order_line.order.channel == "renewal"
    assert [order.amount for order in sandbox.sandbox.company.orders.values()] == [158_00]
    assert verify_city(city).faults == []


def test_nothing_is_taken_before_the_days_of_notice_are_over(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    assert may_charge_on(city, renewal, roads_of(city, renewal)) == FIRST_DAY
    assert paid(city, renewal, FIRST_DAY - timedelta(days=1)).status == "announced"
    assert sandbox.sandbox.company.orders == {}
    assert paid(city, renewal, FIRST_DAY).status == "renewed"


def test_one_road_is_not_enough_and_a_call_is_the_second(city: City, sandbox: Played) -> None:
    renewal = announced(city, received=False)
    assert may_charge_on(city, renewal, roads_of(city, renewal)) is None
    assert paid(city, renewal).status == "announced"
    record_telling(actor=acting(city, "handler"), renewal_id=renewal.pk, road=ToldBy.TELEPHONE, note="本人接听")
    assert may_charge_on(city, renewal, roads_of(city, renewal)) == FIRST_DAY + timedelta(days=15)
    with pytest.raises(HuiminError) as refused:
        record_telling(actor=acting(city, "handler"), renewal_id=renewal.pk, road=ToldBy.LETTER, note=" ")
    assert refused.value.code == "note_missing"


def test_nobody_is_announced_without_a_consent_or_after_taking_it_back(city: City) -> None:
    policy = covered_last_year(city)
    day_is(city, ANNOUNCED_ON)
    assert announce_in(city) == 0
    other = agreed(city, FATHER)
    assert take_consent_back(actor=themself(other.holder), number=other.number, road=Road.PAGE)
    assert announce_in(city) == 0
    assert standing_consent(city, policy.holder_id, policy.insured_id) is None


def test_only_the_payers_own_tap_on_these_very_words_agrees(city: City) -> None:
    policy = covered_last_year(city)
    given = {"number": policy.number, "words": WORDS, "language": "zh"}
    for actor in (acting(city, "handler"), themself(resident(city, FATHER)), queue_actor(city)):
        with pytest.raises(NotAllowed):
            agree_to_renewal(actor=actor, shown_digest=digest_of(WORDS), **given)
    with pytest.raises(HuiminError) as refused:
        agree_to_renewal(actor=themself(policy.holder), shown_digest=digest_of("other words"), **given)
    assert refused.value.code == "shown_words_differ"
    assert not RenewalConsent.objects.of(city).exists()


def test_who_agreed_already_is_told_so(city: City) -> None:
    policy = agreed(city)
    given = {"number": policy.number, "words": WORDS, "shown_digest": digest_of(WORDS), "language": "zh"}
    with pytest.raises(HuiminError) as refused:
        agree_to_renewal(actor=themself(policy.holder), **given)
    assert refused.value.code == "consent_given_already"


def test_a_higher_premium_than_was_announced_is_not_taken(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    Renewal.objects.of(city).filter(pk=renewal.pk).update(price=157_99)
    renewal = paid(city, renewal)
    assert (renewal.status, renewal.reason) == ("refused", "renewal_price_differs")
    assert sandbox.sandbox.company.orders == {}
    with pytest.raises(HuiminError) as refused:
        undo_renewal(actor=themself(renewal.payer), renewal_id=renewal.pk, road=Road.PAGE)
    assert refused.value.code == "renewal_not_open"


def test_a_person_who_may_not_join_is_told_and_not_renewed(city: City, sandbox: Played) -> None:
    policy = agreed(city)
    Resident.objects.of(city).filter(pk=policy.insured_id).update(insured=False)
    day_is(city, ANNOUNCED_ON)
    assert announce_in(city) == 1
    renewal = Renewal.objects.of(city).get()
    assert (renewal.status, renewal.reason, renewal.price) == ("refused", "not_insured", 0)
    assert paid(city, renewal).status == "refused"
    assert sandbox.sandbox.company.orders == {}


def test_who_ordered_themself_meanwhile_is_not_renewed_a_second_time(api: Caller, city: City, sandbox: Played) -> None:
    from platform_support import order_for

    renewal = announced(city)
    order = api.post("channel-1", "/api/v1/orders", order_for(0)).json()
    assert api.pay(order["reference"], order["total"]).content == b"success"
    renewal = paid(city, renewal)
    assert (renewal.status, renewal.reason) == ("refused", "not_eligible")
    assert len(policies(city, renewal.insured)) == 1


def test_a_consent_that_was_taken_back_after_the_announcement_takes_no_money(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    policy = Policy.objects.of(city).get(number=renewal.policy_number)
    take_consent_back(actor=themself(policy.holder), number=policy.number, road=Road.PAGE)
    renewal = paid(city, renewal)
    assert (renewal.status, renewal.reason) == ("refused", "no_consent")
    assert sandbox.sandbox.company.orders == {}


def test_one_tap_before_the_day_and_nothing_is_ever_taken(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    person = resident(city)
    number = renewal.policy_number
    html = signed_in(person).get(f"/{city.code}/policies/{number}/renewal/").content.decode()
    assert "我不想续保：取消" in html
    assert "与上年相比，有对您不利的变化" in html
    answer = signed_in(person).post(f"/{city.code}/policies/{number}/renewal/", {"do": "undo"})
    assert answer.status_code == 302
    assert paid(city, renewal).status == "undone"
    assert sandbox.sandbox.company.orders == {}
    assert standing_consent(city, renewal.payer_id, renewal.insured_id) is None


def test_a_reply_undoes_it_and_other_words_do_not(city: City) -> None:
    renewal = announced(city)
    from huimin.platform.foundation.actors import gateway_actor

    key = f"{city.pk}:notice:{key_of(renewal, renewal.payer_id)}"
    assert not undo_by_reply(actor=gateway_actor(city), message_key=key, text="谢谢")
    assert not undo_by_reply(actor=gateway_actor(city), message_key=f"{city.pk}:notice:other-1", text="T")
    assert undo_by_reply(actor=gateway_actor(city), message_key=key, text=" ｔ。")
    assert not undo_by_reply(actor=gateway_actor(city), message_key=key, text="T")
    renewal.refresh_from_db()
    assert renewal.status == "undone"


def test_at_the_counter_it_is_undone_with_a_note_and_a_stranger_undoes_nothing(city: City) -> None:
    renewal = announced(city)
    handler = acting(city, "handler")
    with pytest.raises(HuiminError) as refused:
        undo_renewal(actor=handler, renewal_id=renewal.pk, road=Road.COUNTER, note="")
    assert refused.value.code == "note_missing"
    with pytest.raises(NotAllowed):
        undo_renewal(actor=resident_actor(city, resident(city, FATHER).pk), renewal_id=renewal.pk, road=Road.PAGE)
    undo_renewal(actor=handler, renewal_id=renewal.pk, road=Road.COUNTER, note="本人到柜台")
    renewal.refresh_from_db()
    assert renewal.status == "undone"


def test_undone_after_it_was_paid_the_money_goes_back_to_the_account_it_came_from(city: City, sandbox: Played) -> None:
    renewal = paid(city, announced(city))
    undo_renewal(actor=themself(renewal.payer), renewal_id=renewal.pk, road=Road.PAGE)
    work_off()
    retry_now(city)
    (refund,) = Refund.objects.of(city)
    (policy,) = policies(city, renewal.insured)
    assert (refund.amount, refund.status) == (158_00, "done")
    assert policy.ended_on is not None
    assert [one.amount for one in sandbox.sandbox.company.refunds.values()] == [158_00]
    assert verify_city(city).faults == []


def test_an_account_that_does_not_pay_leaves_no_policy_and_tells_the_payer(city: City, sandbox: Played) -> None:
    renewal = announced(city)
    (agreement,) = DeductionAgreement.objects.of(city)
    company = sandbox.sandbox.company.agreements
    company.known["K"] = Agreement("K", "", "", "", state="in_force", number=agreement.number, pays=False)
    renewal = paid(city, renewal)
    assert (renewal.status, renewal.reason) == ("failed", "account_declined")
    assert policies(city, renewal.insured) == []


def test_the_proof_is_found_by_policy_and_by_order_with_words_moment_and_roads(city: City, sandbox: Played) -> None:
    renewal = paid(city, announced(city))
    (policy,) = policies(city, renewal.insured)
    for named in (policy.number, renewal.order_reference):
        proof = proof_of(city, named)
        assert proof is not None
        assert proof.lacks == ()
        assert proof.consent is not None
        assert proof.consent.words == WORDS
        assert {one.road for one in proof.roads} == {ToldBy.TEXT, ToldBy.CENTRE}
    assert proof_of(city, renewal.policy_number) is None
    html = logged_in("handler").post("/staff/renewals/proof/", {"reference": policy.number}).content.decode()
    assert "凭据完整" in html
    assert WORDS in html
    assert give_back_without_proof(actor=queue_actor(city)) == 0


def test_a_renewal_without_proof_is_refunded_and_booked(city: City, sandbox: Played) -> None:
    renewal = paid(city, announced(city))
    (policy,) = policies(city, renewal.insured)
    # As if somebody had renewed it with nobody's word: the order is there, and no record says who agreed.
    Renewal.objects.of(city).filter(pk=renewal.pk).update(order_reference="")
    proof = proof_of(city, policy.number)
    assert proof is not None
    assert proof.lacks == (Lack.NO_RENEWAL,)
    day_is(city, date(2022, 4, 20))
    assert give_back_without_proof(actor=queue_actor(city)) == 1
    work_off()
    retry_now(city)
    policy.refresh_from_db()
    assert (policy.ended_on, policy.given_back) == (policy.cover_from, 158_00)
    assert [(one.amount, one.status) for one in Refund.objects.of(city)] == [(158_00, "done")]
    assert verify_city(city).faults == []
    assert give_back_without_proof(actor=queue_actor(city)) == 0


def test_where_bills_have_come_a_person_decides_about_a_renewal_without_proof(
    api: Caller, city: City, sandbox: Played
) -> None:
    renewal = paid(city, announced(city))
    (policy,) = policies(city, renewal.insured)
    day_is(city, date(2022, 4, 20))
    api.settle(a_bill("C1", "2022-04-01 10:00:00", 1_200_000, psn_no=policy.psn_no))
    Renewal.objects.of(city).filter(pk=renewal.pk).update(order_reference="")
    assert give_back_without_proof(actor=queue_actor(city)) == 0
    policy.refresh_from_db()
    assert policy.ended_on is None
    assert PaymentCase.objects.of(city).filter(key__startswith="renewal:").count() == 1


def test_the_orders_of_renewals_are_told_from_all_others(city: City, sandbox: Played) -> None:
    renewal = paid(city, announced(city))
    assert Order.objects.of(city).get(channel="renewal").reference == renewal.order_reference
