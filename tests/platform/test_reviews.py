"""What a person may do about a held bill: confirm a fact, ask for the bill again, refuse it. Nobody types money."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from cast import FATHER, STRANGER, WANG_FANG
from claims_support import findings_of, found, limit_is, staff, story_of
from huimin.cli import main
from huimin.errors import HuiminError, InputError
from huimin.money import LARGEST_FEN
from huimin.platform.claims import reviews
from huimin.platform.claims.cases.case import subject_of
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.reviews import agree, find
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import command_actor, demonstration_actor
from huimin.platform.foundation.approvals.selectors import open_proposal
from huimin.platform.foundation.approvals.services import ApprovalError, answer_proposal
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import AppendOnlyError, Approval, AuditEvent, City, RecordedFinding, Role, User
from huimin.platform.foundation.services import record_look
from huimin.platform.foundation.staff import give_role
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill, logged_in

UNBALANCED = {**a_bill("U", "2022-04-18", 20_000_00), "medfee_sumamt": "34411.99"}


def held(api: Caller, city: City, body: dict[str, str]) -> ReviewItem:
    assert api.settle(body).status_code in (404, 422)
    return ReviewItem.objects.of(city).get(setl_id=body["setl_id"], closed_at=None)


def becomes_known(city: City, psn_no: str) -> None:
    """The father's policy says from now on that it is this member's: the bill came before the register knew it."""
    Policy.objects.of(city).filter(psn_no=FATHER).update(psn_no=psn_no)


def test_a_hold_whose_reason_is_gone_is_released_and_decided_as_it_came(api: Caller, covered: City) -> None:
    item = held(api, covered, {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    answer = found(covered, item, Finding.RELEASE, "the register knows the member now").answer
    assert answer is not None
    assert answer.payable == 5_500_00
    item.refresh_from_db()
    fact = SettlementFact.objects.of(covered).get(setl_id="U")
    assert (item.outcome, item.settlement_id, item.note) == ("released", fact.pk, "the register knows the member now")
    actions = list(AuditEvent.objects.of(covered).filter(subject=f"review:{item.pk}").values_list("action", flat=True))
    assert actions == ["finding_released", "review_released"]
    assert verify_city(covered).faults == []


def test_a_hold_whose_reason_is_not_gone_is_not_released(api: Caller, covered: City) -> None:
    item = held(api, covered, UNBALANCED)
    before = balances(covered)
    with pytest.raises(ReviewError) as caught:
        found(covered, item, Finding.RELEASE)
    assert caught.value.code == "unbalanced_total"
    assert "4411.99" in caught.value.message
    item.refresh_from_db()
    assert item.is_open
    assert findings_of(covered, item) == []
    assert balances(covered) == before


def test_a_bill_that_is_asked_for_again_leaves_the_queue_when_it_is_decided(api: Caller, covered: City) -> None:
    item = held(api, covered, UNBALANCED)
    assert found(covered, item, Finding.ASK_AGAIN, "another fund is missing").answer is None
    item.refresh_from_db()
    assert item.is_open
    answer = api.settle({**UNBALANCED, "oth_pay": "4411.99", "fund_pay_sumamt": "14411.99"})
    assert (answer.status_code, answer.json()["payable"]) == (200, "5500.00")
    item.refresh_from_db()
    assert (item.outcome, item.settlement) == ("decided_on_resend", SettlementFact.objects.of(covered).get(setl_id="U"))
    assert AuditEvent.objects.of(covered).filter(action="review_decided_on_resend").count() == 1


def test_a_bill_that_a_person_refused_stays_refused_however_often_it_comes(api: Caller, covered: City) -> None:
    body = {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER}
    found(covered, held(api, covered, body), Finding.REFUSE, "not a bill of this city")
    becomes_known(covered, STRANGER)
    answer = api.settle(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "refused_on_review")
    assert "not a bill of this city" in answer.json()["detail"]
    assert not SettlementFact.objects.of(covered).filter(setl_id="U").exists()
    # Other content is another matter.
    assert api.settle({**body, "psn_part_amt": "20000.01", "medfee_sumamt": "30000.01"}).status_code == 200


def test_above_the_citys_amount_nothing_is_paid_before_a_second_person_agrees(api: Caller, covered: City) -> None:
    item = held(api, covered, {**a_bill("U", "2022-04-18", 110_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    before = balances(covered)
    limit_is(covered, 56_750_00 - 1)
    first = find(actor=staff(covered, "handler"), review_id=item.pk, finding=Finding.RELEASE, note="seen")
    assert (first.needs_second, first.answer) == (True, None)
    assert balances(covered) == before
    item.refresh_from_db()
    assert item.is_open
    assert not SettlementFact.objects.of(covered).filter(setl_id="U").exists()
    second = agree(actor=staff(covered, "approver"), review_id=item.pk, agrees=True, note="agreed")
    assert second.answer is not None
    assert second.answer.payable == 56_750_00
    item.refresh_from_db()
    assert (item.outcome, item.closed_by) == ("released", f"staff:{staff(covered, 'approver').key}")
    assert findings_of(covered, item) == [("released", "given")]
    assert story_of(covered, item) == ["held", "proposed", "agreed", "closed"]
    proposed = history_of(covered, subject_of(item.pk)).events[1]
    assert proposed.data == {"finding": "released", "amount": 56_750_00}
    assert verify_city(covered).faults == []


def test_at_the_citys_amount_one_person_is_enough(api: Caller, covered: City) -> None:
    item = held(api, covered, {**a_bill("U", "2022-04-18", 110_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    limit_is(covered, 56_750_00)
    one = find(actor=staff(covered, "handler"), review_id=item.pk, finding=Finding.RELEASE, note="seen")
    assert one.answer is not None
    assert one.answer.payable == 56_750_00


def test_the_amount_of_a_correction_is_what_it_changes_too(api: Caller, covered: City) -> None:
    """A second content that pays nothing takes 56,750.00 back: that is as large as paying it."""
    api.settle(a_bill("A", "2022-04-18", 110_000_00))
    api.settle(a_bill("A", "2022-04-18", 1_00))
    item = ReviewItem.objects.of(covered).get(setl_id="A")
    first = find(actor=staff(covered, "handler"), review_id=item.pk, finding=Finding.SECOND_STANDS, note="seen")
    assert first.needs_second


def test_a_large_finding_that_is_sent_back_is_the_first_persons_again(api: Caller, covered: City) -> None:
    set_second_person_above(fen=0, actor=command_actor(covered))
    item = held(api, covered, {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    who = {name: staff(covered, name) for name in ("handler", "approver")}
    find(actor=who["handler"], review_id=item.pk, finding=Finding.RELEASE, note="seen")
    agree(actor=who["approver"], review_id=item.pk, agrees=False, note="show me the paper")
    with pytest.raises(ReviewError) as caught:
        agree(actor=who["approver"], review_id=item.pk, agrees=True, note="now")
    assert caught.value.code == "nothing_to_agree"
    find(actor=who["handler"], review_id=item.pk, finding=Finding.REFUSE, note="there is none")
    item.refresh_from_db()
    assert item.outcome == "refused"


def test_the_amount_above_which_two_decide_counts_at_once_for_whoever_set_it(city: City) -> None:
    actor = command_actor(city)
    set_second_person_above(fen=123_45, actor=actor)
    assert actor.city.second_person_above == 123_45


def waits_for_a_second_person(api: Caller, city: City) -> ReviewItem:
    """A bill that pays 5,500.00, released by the handler, which every amount needs a second person for."""
    set_second_person_above(fen=0, actor=command_actor(city))
    item = held(api, city, {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    becomes_known(city, STRANGER)
    find(actor=staff(city, "handler"), review_id=item.pk, finding=Finding.RELEASE, note="seen")
    return item


def a_bill_before_it_uses_the_deductible(api: Caller) -> None:
    assert api.settle({**a_bill("B", "2022-03-01", 20_000_00), "psn_no": STRANGER}).json()["payable"] == "5500.00"


def test_nothing_is_paid_where_the_year_changed_after_the_first_person_saw_the_amounts(
    api: Caller, covered: City
) -> None:
    item = waits_for_a_second_person(api, covered)
    a_bill_before_it_uses_the_deductible(api)
    before = balances(covered)
    approver = staff(covered, "approver")
    with pytest.raises(ReviewError) as caught:
        agree(actor=approver, review_id=item.pk, agrees=True, note="agreed")
    assert caught.value.code == "outcome_changed"
    assert caught.value.values == {
        **{"bill_then": "5500.00", "years_then": "5500.00"},
        **{"bill_now": "11000.00", "years_now": "11000.00"},
    }
    assert balances(covered) == before
    assert not SettlementFact.objects.of(covered).filter(setl_id="U").exists()
    item.refresh_from_db()
    assert item.is_open
    # It is the handler's again, and is paid once the second person agrees with what the handler sees now.
    with pytest.raises(ReviewError) as caught:
        agree(actor=approver, review_id=item.pk, agrees=True, note="agreed")
    assert caught.value.code == "nothing_to_agree"
    answer = found(covered, item, Finding.RELEASE).answer
    assert answer is not None
    assert answer.payable == 11_000_00
    assert findings_of(covered, item) == [("released", "refused"), ("released", "given")]
    assert story_of(covered, item) == ["held", "proposed", "outdated", "proposed", "agreed", "closed"]
    proposals = Approval.objects.of(covered).order_by("pk").values_list("would_change", flat=True)
    number = Policy.objects.of(covered).get(psn_no=STRANGER).number
    assert list(proposals) == [
        {"bill": 5_500_00, "years": {number: 5_500_00}},
        {"bill": 11_000_00, "years": {number: 11_000_00}},
    ]
    assert verify_city(covered).faults == []


def test_an_agreement_pays_what_the_first_person_saw_where_another_year_or_nothing_changed(
    api: Caller, covered: City
) -> None:
    item = waits_for_a_second_person(api, covered)
    assert api.settle(a_bill("M", "2022-03-01", 20_000_00, psn_no=WANG_FANG)).status_code == 200
    second = agree(actor=staff(covered, "approver"), review_id=item.pk, agrees=True, note="agreed")
    assert second.answer is not None
    assert second.answer.payable == 5_500_00


def test_an_agreement_is_refused_where_the_bill_pays_the_same_and_the_year_would_pay_more(
    api: Caller, covered: City
) -> None:
    """A bill dated later: this one pays 5,500.00 as before, and 5,500.00 more on that one, whose deductible it uses."""
    item = waits_for_a_second_person(api, covered)
    assert api.settle({**a_bill("L", "2022-04-19", 20_000_00), "psn_no": STRANGER}).json()["payable"] == "5500.00"
    with pytest.raises(ReviewError) as caught:
        agree(actor=staff(covered, "approver"), review_id=item.pk, agrees=True, note="agreed")
    assert (caught.value.values["bill_now"], caught.value.values["years_now"]) == ("5500.00", "11000.00")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "初审时本账单赔付 5500.00 元、全年合计增减 5500.00 元，现为 11000.00 元、11000.00 元。没有付款"),
        ("en", "¥5500.00 on this bill and changed the year&#x27;s total by ¥5500.00; now it would be ¥11000.00"),
    ],
)
def test_the_second_persons_page_says_both_amounts_where_the_year_changed(
    api: Caller, covered: City, settings: Any, language: str, words: str
) -> None:
    item = waits_for_a_second_person(api, covered)
    a_bill_before_it_uses_the_deductible(api)
    client, address = page_of("approver", settings), f"/staff/reviews/{item.pk}/"
    client.cookies["language"] = language
    answer = client.post(address, {"note": "agreed", "finding": "agree"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert answer.context["choices"] == []


@pytest.mark.parametrize(
    ("name", "note", "code"),
    [
        ("handler", " ", "note_missing"),
        ("approver", "seen", "not_allowed"),
        ("bureau", "seen", "not_allowed"),
        ("admin", "seen", "not_allowed"),
    ],
)
def test_a_finding_without_grounds_or_by_another_role_is_refused(
    api: Caller, covered: City, name: str, note: str, code: str
) -> None:
    item = held(api, covered, UNBALANCED)
    with pytest.raises(HuiminError) as caught:
        find(actor=staff(covered, name), review_id=item.pk, finding=Finding.REFUSE, note=note)
    assert caught.value.code == code
    assert ReviewItem.objects.of(covered).get(pk=item.pk).is_open


def test_a_handler_does_not_agree_with_a_handler(api: Caller, covered: City) -> None:
    set_second_person_above(fen=0, actor=command_actor(covered))
    item = held(api, covered, {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    handler = staff(covered, "handler")
    find(actor=handler, review_id=item.pk, finding=Finding.RELEASE, note="seen")
    with pytest.raises(NotAllowed) as refused:
        agree(actor=handler, review_id=item.pk, agrees=True, note="agreed")
    assert refused.value.code == "not_allowed"
    # Nor does the same person who holds the other role too.
    give_role(actor=demonstration_actor(covered), user=User.objects.get(username="handler"), role=Role.APPROVER)
    handler = staff(covered, "handler")
    with pytest.raises(ApprovalError) as caught:
        agree(actor=handler, review_id=item.pk, agrees=True, note="agreed")
    assert caught.value.code == "same_person"


def test_a_review_is_closed_once(api: Caller, covered: City) -> None:
    item = held(api, covered, UNBALANCED)
    found(covered, item, Finding.REFUSE, "not ours")
    with pytest.raises(ReviewError, match="already closed"):
        found(covered, item, Finding.RELEASE)


def test_a_finding_and_what_follows_from_it_are_there_together_or_not_at_all(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = held(api, covered, {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    before = balances(covered)

    def stopped(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reviews, "close", stopped)
    with pytest.raises(ZeroDivisionError):
        found(covered, item, Finding.RELEASE)
    assert balances(covered) == before
    assert not SettlementFact.objects.of(covered).filter(setl_id="U").exists()
    assert findings_of(covered, item) == []
    assert not AuditEvent.objects.of(covered).filter(subject=f"review:{item.pk}").exists()


def test_findings_are_never_changed(api: Caller, covered: City) -> None:
    found(covered, held(api, covered, UNBALANCED), Finding.REFUSE)
    finding = RecordedFinding.objects.of(covered).get()
    rows = RecordedFinding.objects.of(covered)
    for act in (finding.save, finding.delete, rows.delete, lambda: rows.update(answer="released")):
        with pytest.raises(AppendOnlyError):
            act()


def page_of(name: str, settings: Any) -> Client:
    settings.SECOND_FACTOR = False
    return logged_in(name)


def test_the_page_has_no_field_for_an_amount_and_ignores_one(api: Caller, covered: City, settings: Any) -> None:
    item = held(api, covered, UNBALANCED)
    client, address = page_of("handler", settings), f"/staff/reviews/{item.pk}/"
    page = client.get(address).content.decode()
    assert 'name="medfee_sumamt"' not in page
    assert "4411.99" in page
    typed = {"note": "typed", "finding": "released", "oth_pay": "4411.99", "fund_pay_sumamt": "14411.99"}
    answer = client.post(address, typed)
    assert answer.status_code == 200
    assert not SettlementFact.objects.of(covered).filter(setl_id="U").exists()
    assert client.post(address, {"note": "no", "finding": "refused"}).status_code == 302
    assert not ReviewItem.objects.of(covered).get(pk=item.pk).is_open


def test_the_page_of_a_conflict_shows_the_fields_that_differ_and_no_others(
    api: Caller, covered: City, settings: Any
) -> None:
    api.settle(a_bill("A", "2022-04-18", 50_000_00))
    api.settle(a_bill("A", "2022-04-18", 60_000_00))
    item = ReviewItem.objects.of(covered).get(setl_id="A")
    context = page_of("handler", settings).get(f"/staff/reviews/{item.pk}/").context
    assert {(came, before) for _, came, before in context["content"]} == {
        ("60000.00", "50000.00"),
        ("70000.00", "60000.00"),
    }


def test_the_second_persons_page_offers_what_waits_for_them_only(api: Caller, covered: City, settings: Any) -> None:
    set_second_person_above(fen=0, actor=command_actor(covered))
    item = held(api, covered, {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    becomes_known(covered, STRANGER)
    approver, address = page_of("approver", settings), f"/staff/reviews/{item.pk}/"
    assert approver.get(address).context["choices"] == []
    page_of("handler", settings).post(address, {"note": "seen", "finding": "released"})
    assert [value for value, _ in approver.get(address).context["choices"]] == ["agree", "send_back"]
    assert approver.post(address, {"note": "agreed", "finding": "agree"}).status_code == 302
    assert ReviewItem.objects.of(covered).get(pk=item.pk).outcome == "released"


@pytest.mark.parametrize(
    "changes",
    [
        {"closed_at": None, "outcome": "", "closed_by": ""},
        {"outcome": "released"},
        {"closed_by": "staff:999"},
        {"closed_at": datetime(2022, 1, 1, tzinfo=UTC)},
    ],
)
def test_verification_finds_a_held_bill_whose_closing_is_not_as_the_audit_says(
    api: Caller, covered: City, changes: dict[str, Any]
) -> None:
    item = held(api, covered, UNBALANCED)
    found(covered, item, Finding.REFUSE, "not a bill of this city")
    look = staff(covered, "handler").with_purpose("claims")
    record_look(actor=look, action="review_opened", subject=f"review:{item.pk}")
    assert verify_city(covered).faults == []
    ReviewItem.objects.of(covered).filter(pk=item.pk).update(**changes)
    (fault,) = verify_city(covered).faults
    assert f"review {item.pk} of settlement U" in fault
    assert "the audit says closed as refused" in fault


def test_verification_finds_a_held_bill_that_was_closed_without_a_finding(api: Caller, covered: City) -> None:
    item = held(api, covered, UNBALANCED)
    ReviewItem.objects.of(covered).filter(pk=item.pk).update(closed_at=item.received_at, outcome="refused")
    (fault,) = verify_city(covered).faults
    assert "the audit says open" in fault


def test_the_amount_for_a_second_person_is_set_with_what_it_was_before_in_the_audit(covered: City) -> None:
    limit_is(covered, 70_000_00)
    assert main(["ledger", "second-person", "demo", "60000.50"]) == 0
    events = AuditEvent.objects.of(covered).filter(action="second_person_above_set").order_by("pk")
    assert [(event.actor, event.detail) for event in events] == [
        (staff(covered, "admin").text, {"before": 50_000_00, "after": 70_000_00}),
        ("command", {"before": 70_000_00, "after": 60_000_50}),
    ]
    assert City.objects.get(pk=covered.pk).second_person_above == 60_000_50
    assert verify_city(covered).faults == []


def test_raising_the_amount_waits_for_an_administrator_and_lowering_does_not(covered: City) -> None:
    with pytest.raises(HuiminError) as caught:
        set_second_person_above(fen=50_000_01, actor=command_actor(covered))
    assert caught.value.code == "note_missing"
    assert main(["ledger", "second-person", "demo", "50000.01", "--reason", "large bills"]) == 0
    assert City.objects.get(pk=covered.pk).second_person_above == 50_000_00
    proposal = open_proposal(covered, "second_person_limit", Subject("city", "demo"))
    assert proposal is not None
    assert proposal.would_change == {"before": 50_000_00, "after": 50_000_01}
    with pytest.raises(NotAllowed):
        answer_proposal(actor=staff(covered, "approver"), approval_id=proposal.id, agrees=True, reason="fine")
    assert set_second_person_above(fen=50_000_00, actor=command_actor(covered)) is None
    assert set_second_person_above(fen=40_000_00, actor=command_actor(covered)) is None
    # It is raised from another amount now: nobody saw that.
    answered = answer_proposal(actor=staff(covered, "admin"), approval_id=proposal.id, agrees=True, reason="fine")
    assert answered.answer == "outdated"
    assert City.objects.get(pk=covered.pk).second_person_above == 40_000_00
    limit_is(covered, 40_000_01)
    assert City.objects.get(pk=covered.pk).second_person_above == 40_000_01
    assert verify_city(covered).faults == []


@pytest.mark.parametrize(("answer", "stands"), [("agree", 60_000_00), ("send_back", 50_000_00)])
def test_an_administrator_answers_on_the_page_what_waits_for_a_second_person(
    covered: City, settings: Any, answer: str, stands: int
) -> None:
    proposal = set_second_person_above(fen=60_000_00, actor=command_actor(covered), reason="large bills")
    assert proposal is not None
    admin, address = page_of("admin", settings), f"/staff/approvals/{proposal.id}/"
    page = admin.get("/staff/approvals/").content.decode()
    assert all(words in page for words in ("50,000.00", "60,000.00", "large bills", "提高须复核的金额"))
    assert "请写明处理依据" in admin.post(address, {"answer": answer, "note": ""}).content.decode()
    assert admin.post(address, {"answer": answer, "note": "seen"}).status_code == 302
    assert City.objects.get(pk=covered.pk).second_person_above == stands
    assert "没有等待复核的提请" in admin.get("/staff/approvals/").content.decode()
    again = admin.post(address, {"answer": answer, "note": "again"})
    assert (again.status_code, "这一件没有待复核的结论" in again.content.decode()) == (200, True)
    assert page_of("approver", settings).get("/staff/approvals/").status_code == 403


@pytest.mark.parametrize("fen", [-1, LARGEST_FEN + 1])
def test_an_absurd_amount_for_a_second_person_is_refused(covered: City, fen: int) -> None:
    with pytest.raises(InputError, match="expected 0 to"):
        set_second_person_above(fen=fen, actor=command_actor(covered))
    assert not AuditEvent.objects.of(covered).filter(action="second_person_above_set").exists()


def test_an_amount_for_a_second_person_that_the_audit_does_not_know_is_named(covered: City) -> None:
    City.objects.filter(pk=covered.pk).update(second_person_above=50_000_01)
    (fault,) = verify_city(covered).faults
    assert fault.startswith("a second person is needed above 5000001 fen; the audit says 5000000.")
    set_second_person_above(fen=0, actor=command_actor(covered))
    assert verify_city(covered).faults == []
    City.objects.filter(pk=covered.pk).update(second_person_above=1)
    (fault,) = verify_city(covered).faults
    assert fault.startswith("a second person is needed above 1 fen; the audit says 0.")
