"""Rows that nothing is missing for are enrolled in groups: once, as far as the money goes, whatever is killed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from acting import acting, themself
from bulk_support import PRICE, accepted, an_employer, line, money_came, sent, states
from huimin.platform.bulk import enrolling
from huimin.platform.bulk.enrolling import enrol_agreed
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.guard import move_money
from huimin.platform.bulk.models import BulkRow, Organisation, OrganisationMoney
from huimin.platform.bulk.organisations import propose_payout
from huimin.platform.bulk.results import results_of
from huimin.platform.bulk.sending import cancel_file
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from subsidies_support import a_fund, on_roster, uncovered
from work_support import work_off


def left(city: City) -> int:
    return int(OrganisationMoney.objects.of(city).get(organisation__code="factory").left_fen)


def of_account(city: City, account: str, party: str = "organisation:factory") -> int:
    return sum(Posting.objects.of(city).filter(account=account, party=party).values_list("amount", flat=True))


def books_are_right(city: City) -> None:
    assert verify_city(city).faults == []


def policies(city: City, people: list[Resident]) -> int:
    return Policy.objects.of(city).filter(insured__in=people).count()


def test_everybody_gets_an_order_and_a_policy_of_their_own_and_the_books_are_right(city: City) -> None:
    an_employer(city)
    people = uncovered(city, 5)
    money_came(city, 5 * PRICE + 42_00)
    accepted(city, sent(city, [line(one, f"E{place}") for place, one in enumerate(people)]))
    found = Policy.objects.of(city).filter(insured__in=people)
    assert found.count() == 5
    assert all(policy.holder_id == policy.insured_id and policy.price == PRICE for policy in found)
    assert Order.objects.of(city).filter(channel="staff", status="issued", payment=None).count() == 5
    assert left(city) == 42_00
    assert of_account(city, "organisation_deposit") == -42_00
    books_are_right(city)


def test_each_is_told_of_their_policy(city: City) -> None:
    an_employer(city)
    (person,) = uncovered(city, 1)
    money_came(city, PRICE)
    accepted(city, sent(city, [line(person)]))
    order = Order.objects.of(city).get(channel="staff")
    assert Task.objects.of(city).filter(kind="notice", key=f"issued-{order.pk}").count() == 1


def test_rows_wait_for_money_in_their_order_and_go_on_when_it_comes(city: City) -> None:
    an_employer(city)
    people = uncovered(city, 3)
    money_came(city, PRICE + 1)
    number = sent(city, [line(one) for one in people])
    accepted(city, number)
    assert states(city, number) == {"enrolled": 1, "agreed": 2}
    assert BulkRow.objects.of(city).get(state="enrolled").number == 2
    assert left(city) == 1
    money_came(city, 2 * PRICE - 1, transfer="T2")
    work_off()
    assert states(city, number) == {"enrolled": 3}
    assert left(city) == 0
    books_are_right(city)


def test_a_person_in_two_files_is_enrolled_once_and_paid_once(city: City) -> None:
    an_employer(city)
    money_came(city, 10 * PRICE)
    (person,) = uncovered(city, 1)
    first, second = sent(city, [line(person, "1")]), sent(city, [line(person, "2")], name="zwei.csv")
    accepted(city, first, work=False)
    accepted(city, second)
    assert policies(city, [person]) == 1
    assert states(city, first) == {"enrolled": 1}
    assert states(city, second) == {"refused": 1}
    assert left(city) == 9 * PRICE
    assert [one.faults for one in results_of(city, second)] == [(("", "covered_already", ""),)]


def test_a_worker_killed_in_any_group_leaves_it_whole_or_undone_and_another_goes_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_employer(city)
    people = uncovered(city, 6)
    money_came(city, 6 * PRICE)
    number = sent(city, [line(one) for one in people])
    monkeypatch.setattr(enrolling.enrol_agreed, "__defaults__", (2,))
    for killed_at, before in ((1, 0), (2, 2)):
        _kill_before_money_moves(monkeypatch, killed_at)
        with pytest.raises(KeyboardInterrupt):
            accepted(city, number) if killed_at == 1 else work_off()
        done = states(city, number)["enrolled"]
        assert done == policies(city, people) == before
        assert left(city) == (6 - done) * PRICE
        Task.objects.of(city).filter(kind="enrol_bulk").update(
            status="waiting", due_at=timezone.now(), finished_at=None
        )
    monkeypatch.setattr(enrolling, "move_money", move_money)
    work_off()
    assert states(city, number) == {"enrolled": 6}
    assert policies(city, people) == 6
    assert left(city) == 0
    books_are_right(city)


def _kill_before_money_moves(monkeypatch: pytest.MonkeyPatch, group: int) -> None:
    seen: list[int] = []

    def killed(*arguments: Any) -> None:
        seen.append(1)
        if len(seen) == group:
            raise KeyboardInterrupt
        move_money(*arguments)

    monkeypatch.setattr(enrolling, "move_money", killed)


def test_cancelling_ends_who_waits_and_leaves_who_is_enrolled(city: City) -> None:
    an_employer(city)
    people = uncovered(city, 3)
    money_came(city, PRICE)
    number = sent(city, [line(one) for one in people])
    accepted(city, number)
    assert cancel_file(actor=acting(city, "handler"), file_id=number, note="单位撤回") == 2
    money_came(city, 2 * PRICE, transfer="T2")
    work_off()
    assert states(city, number) == {"enrolled": 1, "cancelled": 2}
    with pytest.raises(BulkError) as caught:
        cancel_file(actor=acting(city, "handler"), file_id=number, note="再来")
    assert caught.value.code == "bulk_file_not_open"


def test_who_gives_the_policy_up_sends_the_money_back_to_the_organisation_and_not_to_themself(city: City) -> None:
    an_employer(city)
    (person,) = uncovered(city, 1)
    money_came(city, PRICE)
    accepted(city, sent(city, [line(person)]))
    policy = Policy.objects.of(city).get(insured=person.pk)
    withdraw(actor=themself(person), number=policy.number)
    assert left(city) == PRICE
    assert of_account(city, "organisation_deposit") == -PRICE
    books_are_right(city)


def test_what_is_left_goes_back_to_the_organisation_by_two_people_and_never_more(city: City) -> None:
    an_employer(city)
    money_came(city, 300_00)
    handler, approver = acting(city, "handler"), acting(city, "approver")
    with pytest.raises(BulkError) as caught:
        propose_payout(
            actor=handler, organisation="factory", amount=300_01, bank="pool-1", transfer="O1", reason="多缴"
        )
    assert caught.value.code == "organisation_short"
    proposal = propose_payout(
        actor=handler, organisation="factory", amount=300_00, bank="pool-1", transfer="O1", reason="多缴"
    )
    with pytest.raises(NotAllowed):
        answer_proposal(actor=handler, approval_id=proposal.id, agrees=True, reason="自己同意")
    assert left(city) == 300_00
    answer_proposal(actor=approver, approval_id=proposal.id, agrees=True, reason="已核对")
    assert left(city) == 0
    assert of_account(city, "bank", "bank:pool-1") == 0
    books_are_right(city)


def test_a_transfer_counts_once_however_often_it_is_proposed(city: City) -> None:
    an_employer(city)
    money_came(city, 100_00)
    with pytest.raises(BulkError) as caught:
        money_came(city, 100_00)
    assert caught.value.code == "transfer_recorded"


def test_of_a_person_named_twice_in_one_group_the_second_row_is_decided_after_the_first(city: City) -> None:
    an_employer(city)
    (person,) = uncovered(city, 1)
    money_came(city, 2 * PRICE)
    first, second = sent(city, [line(person, "1")]), sent(city, [line(person, "2")], name="zwei.csv")
    BulkRow.objects.of(city).filter(file=second).update(file=first, number=3)
    Resident.objects.of(city).filter(pk=person.pk).update(insured=False)
    accepted(city, first)
    rows = BulkRow.objects.of(city).filter(file=first).order_by("number")
    assert [row.faults for row in rows] == [[["", "not_insured", ""]]] * 2
    assert left(city) == 2 * PRICE


def test_people_of_one_list_share_what_a_fund_has_left_and_the_organisation_pays_the_rest(city: City) -> None:
    people = uncovered(city, 4)
    a_fund(city, money=250_00, amounts={"": PerPerson(fen=100_00)})
    on_roster(city, people)
    an_employer(city)
    money_came(city, 2 * 58_00 + 2 * PRICE)
    number = sent(city, [line(one) for one in people])
    assert list(BulkRow.objects.of(city).filter(file=number).order_by("number").values_list("fen", flat=True)) == [
        *(58_00, 58_00, PRICE, PRICE)
    ]
    accepted(city, number)
    work_off(Lane.ORDERS)
    assert states(city, number) == {"enrolled": 4}
    assert left(city) == 0
    books_are_right(city)


def test_the_books_notice_a_guard_of_an_organisations_money_that_drifted(city: City) -> None:
    an_employer(city)
    money_came(city, 100_00)
    OrganisationMoney.objects.of(city).update(left_fen=99_99)
    assert any("organisation:factory" in fault for fault in verify_city(city).faults)


def test_a_group_takes_few_statements_whatever_its_size(city: City) -> None:
    an_employer(city)
    money_came(city, 100 * PRICE)
    people = uncovered(city, 26)
    counts = []
    for part in (people[:1], people[1:3], people[3:]):
        accepted(city, sent(city, [line(one) for one in part], name=f"{len(part)}.csv"), work=False)
        with CaptureQueriesContext(connection) as asked:
            enrol_agreed(city, Organisation.objects.of(city).get().pk)
        counts.append(len(asked))
    # The first fills what a worker remembers. SQLite takes its rows of a table in several statements.
    assert counts[2] <= counts[1] + 4
