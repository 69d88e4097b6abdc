"""One tap: the bureau is asked by the insured's consent, its bills are decided in the one way, what is owed is paid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from acting import themself
from cast import FATHER, WANG_FANG
from claims_support import found, owed, reversal
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.cities import institution_named, register_client
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import ApiClient, City, ClientKind
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payouts.models import ClaimPayout
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.quick_claims.claiming import claim_quickly, claimable_policies
from huimin.platform.quick_claims.models import FetchConsent, QuickClaim, QuickClaimBill
from huimin.platform.quick_claims.reading import Money, Stands
from huimin.platform.tasks.models import Task
from huimin.platform.web.quick_claim_words import headline
from payouts_support import account_given, owed_to_insured, paid_out
from platform_support import Caller, a_bill, resident
from quick_support import WORDS, at_bureau, fetched, policy_number, settled, story, tap
from servicing_support import day_is

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


def test_one_tap_fetches_decides_and_pays(covered: City, sandbox: Played) -> None:
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    account_given(resident(covered, FATHER))
    key = tap(covered)
    (claim,) = fetched(covered)
    assert claim.state == "answered"
    (payout,) = paid_out(covered)
    assert (payout.amount, payout.status) == (11_000_00, "paid")
    told = story(covered, key)
    assert (told.money, told.owed, told.last_four) == (Money.MADE, 11_000_00, "0018")
    (bill,) = told.bills
    assert (bill.stands, bill.setl_id, bill.settled_on) == (Stands.DECIDED, "B1", date(2022, 4, 18))
    assert [line.amount for line in sandbox.sandbox.bank.lines] == [11_000_00]
    assert [kind for kind, _at in told.events] == ["made", "answered"]
    assert not [party for account, party in owed(covered) if account == "claim_payable" and "99" in party]
    assert verify_city(covered).faults == []


def test_without_an_account_one_is_asked_for_and_the_money_comes_when_it_is_given(
    covered: City, sandbox: Played
) -> None:
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    key = tap(covered)
    fetched(covered)
    assert paid_out(covered) == []
    assert story(covered, key).money is Money.ACCOUNT
    account_given(resident(covered, FATHER))
    assert [one.status for one in paid_out(covered)] == ["paid"]
    assert story(covered, key).money is Money.MADE


def test_the_same_tap_twice_is_one_claim_and_so_is_another_tap_while_it_is_under_way(
    covered: City, sandbox: Played
) -> None:
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    first = tap(covered, key="a" * 24)
    assert tap(covered, key="a" * 24) == first
    assert tap(covered, key="b" * 24) == first
    fetched(covered)
    assert tap(covered, key="a" * 24) == first
    assert (QuickClaim.objects.of(covered).count(), FetchConsent.objects.of(covered).count()) == (1, 1)


def test_a_bill_that_the_hospital_sent_is_found_again_and_is_no_second_bill(
    api: Caller, covered: City, sandbox: Played
) -> None:
    sent = a_bill("B1", "2022-04-18", 30_000_00)
    assert api.settle(sent).json()["payable"] == "11000.00"
    before = owed(covered)
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00, "HOSPITAL-1"))
    key = tap(covered)
    fetched(covered)
    assert SettlementFact.objects.of(covered).filter(setl_id="B1").count() == 1
    assert owed(covered) == before
    (bill,) = story(covered, key).bills
    assert bill.detail is not None
    assert (bill.stands, bill.owed, bill.detail.owed.sender) == (Stands.DECIDED, 0, 11_000_00)
    assert story(covered, key).money is Money.NOTHING


def test_a_bill_that_the_bureau_told_of_is_found_again_when_the_hospital_sends_it_and_another_claim_finds_it_too(
    api: Caller, covered: City, sandbox: Played
) -> None:
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00, "hospital-1"))
    tap(covered)
    fetched(covered)
    before = owed(covered)
    sent = a_bill("B1", "2022-04-18", 30_000_00, setl_time="2022-04-18 10:30:00")
    assert api.settle(sent).status_code == 200
    tap(covered)
    fetched(covered)
    assert SettlementFact.objects.of(covered).filter(setl_id="B1").count() == 1
    assert owed(covered) == before
    assert [bill.became for bill in QuickClaimBill.objects.of(covered).order_by("pk")] == ["decided", "known"]


def test_what_contradicts_the_hospital_goes_to_a_person_and_the_others_go_on(
    api: Caller, covered: City, sandbox: Played
) -> None:
    api.settle(a_bill("B1", "2022-04-18", 30_000_00))
    at_bureau(sandbox, settled("B1", "2022-04-18", 31_000_00, "hospital-1"), settled("B2", "2022-04-19", 10_000_00))
    key = tap(covered)
    fetched(covered)
    told = story(covered, key)
    assert [(bill.setl_id, bill.stands) for bill in told.bills] == [
        ("B1", Stands.WITH_PERSON),
        ("B2", Stands.DECIDED),
    ]
    assert told.bills[0].due_on is not None
    assert told.with_person
    assert told.owed == told.bills[1].owed > 0
    (case,) = ReviewItem.objects.of(covered).filter(setl_id="B1")
    assert (case.code, case.closed_at) == ("conflicting_duplicate", None)


def test_once_a_person_has_found_which_is_genuine_the_claim_says_so(
    api: Caller, covered: City, sandbox: Played
) -> None:
    api.settle(a_bill("B1", "2022-04-18", 30_000_00))
    at_bureau(sandbox, settled("B1", "2022-04-18", 31_000_00, "hospital-1"))
    key = tap(covered)
    fetched(covered)
    (case,) = ReviewItem.objects.of(covered).filter(setl_id="B1")
    found(covered, case, Finding.SECOND_STANDS)
    (bill,) = story(covered, key).bills
    assert bill.detail is not None
    assert (bill.stands, bill.detail.bill.total) == (Stands.DECIDED, bill.total)
    assert verify_city(covered).faults == []


def test_a_bill_whose_sums_do_not_agree_waits_for_a_person_once_however_often_it_is_told(
    covered: City, sandbox: Played
) -> None:
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00, medfee_sumamt="99999.00"))
    key = tap(covered)
    fetched(covered)
    assert (story(covered, key).bills[0].stands, story(covered, key).money) == (Stands.WITH_PERSON, Money.NOTHING)
    again = tap(covered)
    fetched(covered)
    assert again != key
    assert story(covered, again).bills[0].stands is Stands.WITH_PERSON
    assert ReviewItem.objects.of(covered).filter(setl_id="B1").count() == 1


def test_a_bill_that_a_person_refused_is_not_decided_by_being_told_of_again(
    api: Caller, covered: City, sandbox: Played
) -> None:
    api.settle(a_bill("B1", "2022-04-18", 30_000_00, medfee_sumamt="99999.00"))
    (case,) = ReviewItem.objects.of(covered).filter(setl_id="B1")
    found(covered, case, Finding.REFUSE)
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00, "hospital-1"))
    key = tap(covered)
    fetched(covered)
    (bill,) = story(covered, key).bills
    assert (bill.stands, bool(bill.note)) == (Stands.REFUSED, True)
    assert not SettlementFact.objects.of(covered).filter(setl_id="B1").exists()


def test_only_the_days_of_the_cover_until_today_are_asked_for(covered: City, sandbox: Played) -> None:
    days = ("2022-02-15", "2022-02-16", "2022-04-20", "2022-04-21")
    at_bureau(sandbox, *(settled(f"B-{day}", day, 1_000_00, setl_time=f"{day} 00:00:00") for day in days))
    tap(covered)
    fetched(covered)
    assert {bill.setl_id for bill in QuickClaimBill.objects.of(covered)} == {"B-2022-02-16", "B-2022-04-20"}
    (consent,) = FetchConsent.objects.of(covered)
    assert (consent.first_day, consent.last_day) == (date(2022, 2, 16), date(2022, 4, 20))


@pytest.mark.parametrize(("day", "may"), [(date(2022, 2, 15), False), (date(2022, 2, 16), True)])
def test_one_may_claim_from_the_first_day_of_cover(covered: City, sandbox: Played, day: date, may: bool) -> None:
    number = policy_number(covered)
    day_is(covered, day)
    if may:
        assert tap(covered, number)
        return
    with pytest.raises(HuiminError) as refused:
        tap(covered, number)
    assert refused.value.code == "not_claimable"


def test_after_the_cover_the_days_end_with_it(covered: City, sandbox: Played) -> None:
    day_is(covered, date(2023, 2, 1))
    tap(covered)
    assert FetchConsent.objects.of(covered).get().last_day == date(2022, 12, 31)


def test_a_bill_of_another_hospital_under_the_same_number_is_a_bill_of_its_own(
    api: Caller, covered: City, sandbox: Played
) -> None:
    api.settle(a_bill("B1", "2022-04-17", 30_000_00))
    at_bureau(sandbox, settled("B1", "2022-04-18", 10_000_00))
    key = tap(covered)
    fetched(covered)
    assert SettlementFact.objects.of(covered).filter(setl_id="B1").count() == 2
    assert story(covered, key).owed > 0
    assert verify_city(covered).faults == []


def test_a_reversed_bill_is_not_paid_though_its_reversal_was_settled_first(covered: City, sandbox: Played) -> None:
    bill = settled("B1", "2022-04-18", 30_000_00)
    back = {**bill, "setl_id": "R1", "setl_time": "2022-04-17 09:00:00", "reverses": "B1"}
    at_bureau(sandbox, back, bill)
    key = tap(covered)
    fetched(covered)
    assert {one.stands for one in story(covered, key).bills} == {Stands.CANCELLED}
    assert story(covered, key).money is Money.NOTHING
    assert verify_city(covered).faults == []


def test_nobody_claims_for_another_adult_not_even_who_bought_the_policy(covered: City, sandbox: Played) -> None:
    daughter, number = resident(covered, WANG_FANG), policy_number(covered)
    with pytest.raises(HuiminError) as refused:
        tap(covered, number, psn_no=WANG_FANG)
    assert refused.value.code == "not_claimable"
    with pytest.raises(NotAllowed):
        claim_quickly(
            actor=themself(daughter),
            resident_id=resident(covered, FATHER).pk,
            policy_number=number,
            key="a" * 24,
            text=WORDS,
        )
    with pytest.raises(HuiminError) as refused:
        tap(covered, "none")
    assert refused.value.code == "not_claimable"
    assert not FetchConsent.objects.of(covered).exists()


def test_a_guardian_claims_for_a_minor_and_the_consent_says_who_gave_it(covered: City, sandbox: Played) -> None:
    daughter, child = resident(covered, WANG_FANG), resident(covered, FATHER)
    Resident.objects.filter(pk=child.pk).update(birth_date=date(2015, 4, 20), household=daughter.household)
    policy = Policy.objects.of(covered).select_related("order_line").get(psn_no=FATHER)
    type(policy.order_line).objects.filter(pk=policy.order_line.pk).update(relation="child")
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    tap(covered, policy.number, psn_no=WANG_FANG)
    (consent,) = FetchConsent.objects.of(covered)
    assert (consent.resident_id, consent.given_by_id) == (child.pk, daughter.pk)
    assert [one.state for one in fetched(covered)] == ["answered"]


@pytest.mark.parametrize("key", ["", "a" * 23, "A" * 24, "../" * 8, "a" * 33])
def test_a_key_that_the_page_did_not_draw_is_refused(covered: City, sandbox: Played, key: str) -> None:
    with pytest.raises(HuiminError) as refused:
        claim_quickly(
            actor=themself(resident(covered, FATHER)),
            resident_id=resident(covered, FATHER).pk,
            policy_number=policy_number(covered),
            key=key,
            text=WORDS,
        )
    assert refused.value.code == "bad_claim_key"


def test_another_policys_key_is_refused(covered: City, sandbox: Played) -> None:
    key = tap(covered)
    with pytest.raises(HuiminError) as refused:
        tap(covered, policy_number(covered, WANG_FANG), key, psn_no=WANG_FANG)
    assert refused.value.code == "bad_claim_key"


def test_where_no_bureau_can_be_asked_nobody_is_offered_a_tap(covered: City, settings: Any) -> None:
    settings.BUREAU = ""
    person = resident(covered, FATHER)
    assert claimable_policies(covered, persons_by_id(covered, [person.pk])[person.pk]) == []


def test_the_record_of_what_was_asked_names_nobody(covered: City, sandbox: Played) -> None:
    tap(covered)
    (task,) = Task.objects.of(covered).filter(kind="fetch_settlements")
    assert set(json.loads(task.payload)) == {"claim"}
    assert "王" not in task.key


def test_an_institution_known_by_name_signs_nothing_and_keeps_its_bills_when_it_becomes_a_client(
    covered: City, sandbox: Played
) -> None:
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    tap(covered)
    fetched(covered)
    known = ApiClient.objects.of(covered).get(code="h32990100099")
    assert (known.active, known.kind) == (False, "hospital")
    given = register_client(
        actor=command_actor(covered),
        kind=ClientKind.HOSPITAL,
        code="h32990100099",
        name_zh="邻市第一医院",
        name_en="First Hospital of the next city",
    )
    now_client = ApiClient.objects.of(covered).get(code="h32990100099")
    assert (now_client.pk, now_client.active, now_client.key_id) == (known.pk, True, given.key_id)


def test_the_code_of_a_client_of_another_kind_is_no_institutions(covered: City) -> None:
    with pytest.raises(HuiminError) as refused:
        institution_named(city=covered, code="channel-1", name="某院")
    assert refused.value.code == "bad_client"


def test_a_claim_whose_payout_was_withdrawn_counts_the_one_that_was_made_anew(
    api: Caller, covered: City, sandbox: Played
) -> None:
    set_second_person_above(fen=1_000_00, actor=command_actor(covered))
    covered.refresh_from_db()
    account_given(resident(covered, FATHER))
    api.settle(a_bill("EARLY", "2022-02-20", 10_000_00), client="hospital-2")
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    key = tap(covered)
    fetched(covered)
    (first,) = paid_out(covered)
    api.settle(reversal("R", "2022-04-19", "EARLY"), client="hospital-2")
    first, second = paid_out(covered)
    assert (first.status, second.status, second.amount) == ("withdrawn", "second_person", 11_000_00)
    told = story(covered, key)
    assert (told.money, told.owed, [one.amount for one in told.payouts if one.payout.stands]) == (
        *(Money.MADE, 11_000_00, [11_000_00]),
    )
    second.status = "returned"
    ClaimPayout.objects.of(covered).filter(pk=second.pk).update(status="returned")
    assert story(covered, key).money is Money.SOON


def test_a_claim_that_is_kept_for_what_was_paid_too_much_says_so(api: Caller, covered: City, sandbox: Played) -> None:
    account_given(owed_to_insured(api, covered))
    paid_out(covered)
    api.settle(reversal("R", "2022-04-20", "LATE"), client="hospital-2")
    paid_out(covered)
    at_bureau(sandbox, settled("B1", "2022-04-19", 5_000_00))
    key = tap(covered)
    fetched(covered)
    paid_out(covered)
    told = story(covered, key)
    assert (told.money, told.owed, told.kept, told.payouts) == (Money.MADE, 2_750_00, 2_750_00, [])
    assert "其中 ¥2,750.00 抵扣" in str(headline(told).says)
    assert verify_city(covered).faults == []
