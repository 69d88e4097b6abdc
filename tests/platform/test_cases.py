"""A held bill as a case: its history, whose turn it is, until when, who works on it, and what the queue says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from acting import acting
from cast import FATHER, STRANGER
from claims_support import findings_of, found, it_is, staff, story_of
from huimin.platform.claims.cases.case import case_of, subject_of
from huimin.platform.claims.cases.checking import check_queue
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.cases.taking import give_back, take
from huimin.platform.claims.models import Finding, ReviewItem
from huimin.platform.claims.reviews import agree, find
from huimin.platform.claims.selectors import ReviewSearch, open_reviews
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import Actor, command_actor, staff_actor
from huimin.platform.foundation.approvals.selectors import open_proposal
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.clocks import State
from huimin.platform.foundation.clocks.declared import DAY_OFF, MORATORIUM, days_of_city, subject_of_city
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from platform_support import Caller, a_bill, logged_in
from work_support import work_off

UNBALANCED = {**a_bill("U", "2022-04-18", 20_000_00), "medfee_sumamt": "34411.99"}
MENDED = {**UNBALANCED, "oth_pay": "4411.99", "fund_pay_sumamt": "14411.99"}
# It is Wednesday, 20 April 2022. Sunday the 24th is worked; 30 April to 4 May are holidays.


@pytest.fixture
def item(api: Caller, covered: City) -> ReviewItem:
    """A bill that is held today."""
    assert api.settle(UNBALANCED).status_code == 422
    return review(covered)


def review(city: City, setl_id: str = "U", **fields: Any) -> ReviewItem:
    return ReviewItem.objects.of(city).get(setl_id=setl_id, **fields)


def place(city: City, setl_id: str = "U", **fields: Any) -> tuple[str, date | None, str]:
    row = review(city, setl_id, **fields)
    return row.turn, row.due_on, row.taken_by


def colleague(city: City) -> Actor:
    """A second handler."""
    return staff_actor(city, 9_999, ["handler"])


def released_by_handler(api: Caller, city: City) -> ReviewItem:
    """A bill that the handler released, and that a second person has to agree with."""
    set_second_person_above(actor=command_actor(city), fen=0)
    api.settle({**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    Policy.objects.of(city).filter(psn_no=FATHER).update(psn_no=STRANGER)
    assert find(
        actor=staff(city, "handler"), review_id=review(city).pk, finding=Finding.RELEASE, note="seen"
    ).needs_second
    return review(city)


def test_a_bill_that_is_held_has_a_history_that_begins_with_why(covered: City, item: ReviewItem) -> None:
    (event,) = history_of(covered, subject_of(item.pk)).events
    assert (event.kind, event.actor, event.learned_at) == ("held", f"client:{item.client_id}", item.received_at)
    assert event.data == {"code": "unbalanced_total", "amount": 34_411_99}


def test_a_handler_has_two_working_days_and_the_law_thirty(covered: City, item: ReviewItem) -> None:
    assert place(covered) == ("handler", date(2022, 4, 22), "")
    decision, handling = case_of(item).clocks(today(covered))
    assert (decision.rule.name, decision.due_on, decision.state) == ("decision", date(2022, 5, 20), State.RUNNING)
    assert (handling.rule.name, handling.due_on, handling.days_left) == ("handling", date(2022, 4, 22), 2)


def test_the_same_bill_sent_again_while_it_is_held_is_one_case(api: Caller, covered: City, item: ReviewItem) -> None:
    api.settle(UNBALANCED)
    assert story_of(covered, item) == ["held"]


def test_while_the_sender_is_asked_nothing_is_due_and_the_law_stands_still(covered: City, item: ReviewItem) -> None:
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    assert place(covered) == ("sender", None, "")
    decision, _handling = case_of(item).clocks(date(2022, 7, 1))
    assert (decision.state, decision.days_left) == (State.PAUSED, 30)


def test_what_the_sender_sends_is_the_handlers_turn_again_and_restores_the_rest(
    api: Caller, covered: City, item: ReviewItem
) -> None:
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    it_is(covered, date(2022, 4, 26))
    assert Caller(covered).settle({**UNBALANCED, "medfee_sumamt": "34411.98"}).status_code == 422
    assert story_of(covered, item) == ["held", "asked_again", "sent_again"]
    assert place(covered, pk=item.pk) == ("handler", date(2022, 4, 28), "")
    decision = case_of(item).clocks(today(covered))[0]
    assert (decision.state, decision.due_on) == (State.RUNNING, date(2022, 5, 26))


def test_what_the_sender_sends_unasked_changes_nothing_of_a_case(api: Caller, covered: City, item: ReviewItem) -> None:
    api.settle({**UNBALANCED, "medfee_sumamt": "34411.98"})
    assert story_of(covered, item) == ["held"]


def test_a_bill_that_is_decided_when_it_comes_again_closes_its_case(
    api: Caller, covered: City, item: ReviewItem
) -> None:
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    assert api.settle(MENDED).status_code == 200
    assert story_of(covered, item) == ["held", "asked_again", "closed"]
    assert place(covered) == ("nobody", None, "")
    closed = history_of(covered, subject_of(item.pk)).events[-1]
    assert closed.data == {"outcome": "decided_on_resend", "settlement": review(covered).settlement_id}


def test_a_proposal_on_a_bill_that_is_decided_meanwhile_is_dropped(api: Caller, covered: City) -> None:
    item = released_by_handler(api, covered)
    assert api.settle({**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER}).status_code == 200
    assert open_proposal(covered, "held_bill", subject_of(item.pk)) is None
    assert findings_of(covered, item) == [("released", "refused")]
    with pytest.raises(ReviewError) as caught:
        agree(actor=staff(covered, "approver"), review_id=item.pk, agrees=True, note="agreed")
    assert caught.value.code == "nothing_to_agree"
    assert verify_city(covered).faults == []


def test_a_proposal_is_the_second_persons_turn_for_a_working_day(api: Caller, covered: City) -> None:
    item = released_by_handler(api, covered)
    assert place(covered) == ("second_person", date(2022, 4, 21), "")
    agree(actor=staff(covered, "approver"), review_id=item.pk, agrees=False, note="show me the paper")
    assert place(covered) == ("handler", date(2022, 4, 22), "")
    assert "to_be_found_again" in case_of(review(covered)).statuses(today(covered))
    assert story_of(covered, item) == ["held", "proposed", "sent_back"]


def test_a_handler_who_finds_anew_takes_back_what_waits_for_the_second_person(api: Caller, covered: City) -> None:
    item = released_by_handler(api, covered)
    find(actor=staff(covered, "handler"), review_id=item.pk, finding=Finding.REFUSE, note="there is none")
    assert story_of(covered, item) == ["held", "proposed", "withdrawn", "found", "closed"]
    assert findings_of(covered, item) == [("released", "refused"), ("refused", "not_needed")]
    assert open_proposal(covered, "held_bill", subject_of(item.pk)) is None


def test_several_statuses_hold_at_once(api: Caller, covered: City) -> None:
    item = released_by_handler(api, covered)
    take(actor=staff(covered, "handler"), review_id=item.pk)
    assert case_of(review(covered)).statuses(today(covered)) == {"open", "taken", "with_second_person"}


def test_a_bill_that_a_handler_took_is_theirs_until_they_give_it_back(covered: City, item: ReviewItem) -> None:
    handler = staff(covered, "handler")
    take(actor=handler, review_id=item.pk)
    assert place(covered)[2] == handler.text
    for act in (
        lambda: take(actor=colleague(covered), review_id=item.pk),
        lambda: find(actor=colleague(covered), review_id=item.pk, finding=Finding.REFUSE, note="no"),
    ):
        with pytest.raises(ReviewError) as caught:
            act()
        assert (caught.value.code, caught.value.values) == ("taken_by_another", {"who": handler.text})
    give_back(actor=handler, review_id=item.pk)
    assert place(covered)[2] == ""
    take(actor=colleague(covered), review_id=item.pk)
    assert place(covered)[2] == "staff:9999"
    assert story_of(covered, item) == ["held", "taken", "given_back", "taken"]


def test_taking_what_one_has_changes_nothing_and_finding_needs_no_taking(covered: City, item: ReviewItem) -> None:
    handler = staff(covered, "handler")
    for _ in range(2):
        take(actor=handler, review_id=item.pk)
    assert story_of(covered, item) == ["held", "taken"]
    found(covered, item, Finding.REFUSE, "not ours")
    assert place(covered) == ("nobody", None, "")


def test_a_second_person_gives_back_what_a_handler_left_lying_and_another_handler_does_not(
    covered: City, item: ReviewItem
) -> None:
    take(actor=staff(covered, "handler"), review_id=item.pk)
    with pytest.raises(NotAllowed):
        give_back(actor=colleague(covered), review_id=item.pk)
    give_back(actor=staff(covered, "approver"), review_id=item.pk)
    assert place(covered)[2] == ""
    with pytest.raises(ReviewError) as caught:
        give_back(actor=staff(covered, "approver"), review_id=item.pk)
    assert caught.value.code == "not_taken"


@pytest.mark.parametrize("name", ["approver", "bureau", "admin", "insurer"])
def test_who_is_no_handler_takes_no_bill(covered: City, item: ReviewItem, name: str) -> None:
    with pytest.raises(NotAllowed):
        take(actor=acting(covered, name), review_id=item.pk)


def test_a_closed_bill_is_neither_taken_nor_given_back(covered: City, item: ReviewItem) -> None:
    found(covered, item, Finding.REFUSE, "not ours")
    for act in (take, give_back):
        with pytest.raises(ReviewError) as caught:
            act(actor=staff(covered, "handler"), review_id=item.pk)
        assert caught.value.code == "review_closed"


def test_another_citys_bill_is_not_there(covered: City, item: ReviewItem) -> None:
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    with pytest.raises(ReviewError) as caught:
        take(actor=staff_actor(other, 1, ["handler"]), review_id=item.pk)
    assert caught.value.code == "review_closed"
    assert story_of(covered, item) == ["held"]


def test_taking_and_giving_back_are_in_the_audit(covered: City, item: ReviewItem) -> None:
    handler = staff(covered, "handler")
    take(actor=handler, review_id=item.pk)
    give_back(actor=handler, review_id=item.pk)
    events = AuditEvent.objects.of(covered).filter(subject=f"review:{item.pk}").order_by("pk")
    assert list(events.values_list("action", "actor")) == [
        ("case_taken", handler.text),
        ("case_given_back", handler.text),
    ]


def test_the_queue_gives_what_is_due_first_and_what_waits_for_its_sender_last(
    api: Caller, covered: City, item: ReviewItem
) -> None:
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    for number, day in enumerate((date(2022, 4, 21), date(2022, 4, 20))):
        it_is(covered, day)
        Caller(covered).settle({**UNBALANCED, "setl_id": f"D{number}"})
    rows = open_reviews(covered, ReviewSearch(), 1).rows
    assert [(row.setl_id, row.due_on) for row in rows if row.setl_id in ("U", "D0", "D1")] == [
        ("D1", date(2022, 4, 22)),
        ("D0", date(2022, 4, 24)),
        ("U", None),
    ]


def test_the_queue_can_be_narrowed_to_whose_turn_it_is_and_to_ones_own(covered: City, item: ReviewItem) -> None:
    take(actor=staff(covered, "handler"), review_id=item.pk)
    mine = open_reviews(covered, ReviewSearch(taken_by=staff(covered, "handler").text), 1)
    assert [row.setl_id for row in mine] == ["U"]
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    assert [row.setl_id for row in open_reviews(covered, ReviewSearch(turn="sender"), 1)] == ["U"]
    assert "U" not in [row.setl_id for row in open_reviews(covered, ReviewSearch(turn="handler"), 1)]


def declared(city: City, kind: str, **days: str) -> None:
    history_of(city, subject_of_city(city)).append(kind, actor="t", at=now(city), data=days)


def test_days_that_the_city_declared_move_what_is_due(api: Caller, covered: City) -> None:
    declared(covered, DAY_OFF, day="2022-04-22")
    declared(covered, MORATORIUM, first_day="2022-05-01", last_day="2022-05-03")
    assert not days_of_city(covered).calendar.is_working(date(2022, 4, 22))
    api.settle(UNBALANCED)
    assert place(covered) == ("handler", date(2022, 4, 24), "")
    # 30 days and three more are Monday, 23 May.
    assert case_of(review(covered)).clocks(today(covered))[0].due_on == date(2022, 5, 23)


def test_the_queue_agrees_with_the_histories_whatever_was_done(api: Caller, covered: City, item: ReviewItem) -> None:
    take(actor=staff(covered, "handler"), review_id=item.pk)
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    api.settle({**UNBALANCED, "medfee_sumamt": "34411.98"})
    api.settle(MENDED)
    assert check_queue(covered) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_on": date(2022, 5, 1)}, "the queue says handler, due 2022-05-01, taken by nobody; its history says"),
        ({"due_on": None}, "the queue says handler, nothing due, taken by nobody"),
        ({"turn": "sender"}, "the queue says sender, due 2022-04-22, taken by nobody"),
        ({"taken_by": "staff:7"}, "the queue says handler, due 2022-04-22, taken by staff:7"),
    ],
)
def test_a_place_in_the_queue_that_differs_from_the_history_is_said_and_put_right(
    covered: City, item: ReviewItem, changes: dict[str, Any], words: str
) -> None:
    ReviewItem.objects.of(covered).filter(pk=item.pk).update(**changes)
    (fault,) = check_queue(covered)
    assert fault.startswith(f"review {item.pk} of settlement U: {words}")
    assert fault.endswith("its history says handler, due 2022-04-22, taken by nobody")
    assert place(covered) == ("handler", date(2022, 4, 22), "")
    assert check_queue(covered) == []


def test_a_closing_that_the_history_does_not_know_is_said_and_left_for_a_person(
    covered: City, item: ReviewItem
) -> None:
    rows = ReviewItem.objects.of(covered).filter(pk=item.pk)
    rows.update(closed_at=item.received_at, outcome="released", closed_by="staff:9")
    expected = f"review {item.pk} of settlement U: the row says closed as released by staff:9; its history says open"
    assert check_queue(covered) == [expected]
    assert check_queue(covered) == [expected]


def test_the_nightly_task_fails_with_what_differed_and_is_done_where_nothing_does(
    covered: City, item: ReviewItem
) -> None:
    assert kind_named("check_cases").schedule is not None
    assert checked_at_night(covered, "1") == ("done", "")
    ReviewItem.objects.of(covered).filter(pk=item.pk).update(turn="nobody")
    assert checked_at_night(covered, "2") == ("failed", "queue_differs")
    task = Task.objects.of(covered).get(kind="check_cases", key="2")
    assert f"review {item.pk} of settlement U: the queue says nobody" in task.fault
    assert task.fault_values == {"count": "1"}
    assert checked_at_night(covered, "3") == ("done", "")


def checked_at_night(city: City, key: str) -> tuple[str, str]:
    """How the night's task ended: its status, and its fault's code."""
    enqueue(city=city, kind="check_cases", key=key)
    work_off()
    task = Task.objects.of(city).get(kind="check_cases", key=key)
    return task.status, task.fault_code


def page_of(name: str, settings: Any, language: str = "zh-hans") -> Client:
    settings.SECOND_FACTOR = False
    client = logged_in(name)
    client.cookies["language"] = language
    return client


def test_the_page_tells_the_story_the_clocks_and_who_works_on_it_in_both_languages(
    covered: City, item: ReviewItem, settings: Any
) -> None:
    take(actor=staff(covered, "handler"), review_id=item.pk)
    address = f"/staff/reviews/{item.pk}/"
    chinese = page_of("handler", settings).get(address).content.decode()
    for words in (
        *("handler 处理中", "收到并挂起", "领取", "须在 2022年4月22日 前完成，还剩 2 个工作日"),
        *("法定期限，30 天", "须在 2022年5月20日 前完成，还剩 30 天"),
    ):
        assert words in chinese, words
    english = page_of("handler", settings, "en").get(address).content.decode()
    for words in (
        *("handler works on it", "Received and held", "Due by 22 April 2022, 2 working days left"),
        *("30 days, set by law", "Due by 20 May 2022, 30 days left"),
    ):
        assert words in english, words


def test_a_page_says_what_was_missed_and_what_stands_still(covered: City, item: ReviewItem, settings: Any) -> None:
    address = f"/staff/reviews/{item.pk}/"
    it_is(covered, date(2022, 4, 23))
    assert "已于 2022年4月22日 到期，逾期 1 天" in page_of("handler", settings).get(address).content.decode()
    assert "已于 2022年4月22日 到期" in page_of("handler", settings).get("/staff/reviews/").content.decode()
    found(covered, item, Finding.ASK_AGAIN, "a fund is missing")
    page = page_of("handler", settings).get(address).content.decode()
    assert "自 2022年4月23日 起暂停，恢复后还剩 27 天" in page
    assert "2022年4月23日 完成，晚于期限 2022年4月22日" in page


def test_a_handler_takes_and_gives_back_on_the_page_and_a_colleague_sees_whose_it_is(
    covered: City, item: ReviewItem, settings: Any
) -> None:
    address, handler = f"/staff/reviews/{item.pk}/", page_of("handler", settings)
    assert handler.get(f"{address}take/").status_code == 405
    assert handler.post(f"{address}take/").status_code == 302
    assert place(covered)[2] == staff(covered, "handler").text
    mine = handler.get("/staff/reviews/?turn=mine").context["queue"]
    assert [row.setl_id for row in mine] == ["U"]
    approver = page_of("approver", settings)
    assert approver.post(f"{address}take/").status_code == 403
    assert approver.get(address).context["may_give_back"]
    assert approver.post(f"{address}give-back/").status_code == 302
    assert place(covered)[2] == ""
    answer = approver.post(f"{address}give-back/", follow=True)
    assert "这一件没有人领取" in answer.content.decode()


def test_a_bill_taken_by_another_offers_no_finding(covered: City, item: ReviewItem, settings: Any) -> None:
    take(actor=colleague(covered), review_id=item.pk)
    page = page_of("handler", settings).get(f"/staff/reviews/{item.pk}/")
    assert (page.context["choices"], page.context["may_take"], page.context["may_give_back"]) == ([], False, False)


def test_a_row_of_the_queue_says_to_the_day_whether_it_is_late(covered: City, item: ReviewItem, settings: Any) -> None:
    for day, words in ((22, "今天到期"), (21, "2022年4月22日 前处理"), (23, "已于 2022年4月22日 到期")):
        it_is(covered, date(2022, 4, day))
        assert words in page_of("handler", settings).get("/staff/reviews/").content.decode()
