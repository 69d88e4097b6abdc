"""Policies issued in groups: what one paid order gets, whatever becomes of the others that are heard with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment import paid, services
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.enrolment.services import PlacedOrder, place_order
from huimin.platform.foundation.actors import client_actor, command_actor, provider_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.kept import kept
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import writing_together
from huimin.platform.gateways.api import Notice
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import Payment, PaymentNotice, Receipt, Refund
from huimin.platform.payments.taking import NOTICE_TAKEN, take_notice, taken_notice
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.subsidies.drawing import let_go
from huimin.platform.subsidies.models import Draw
from huimin.platform.tasks import worker as working
from huimin.platform.tasks.kinds import Lane, kind_named
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.services import cancel_task, retry_task
from platform_support import Caller, order_for
from servicing_support import day_is
from subsidies_support import a_fund, on_roster, uncovered
from work_support import a_worker, due_now, work_off

pytestmark = pytest.mark.django_db
PRICE = 158_00


def ordered(city: City, *people: Resident) -> PlacedOrder:
    """By the first of them, for all of them."""
    facts = persons_by_id(city, [one.pk for one in people])
    insured = [(facts[one.pk], Relation.SELF if place == 0 else Relation.SPOUSE) for place, one in enumerate(people)]
    channel = client_actor(ApiClient.objects.select_related("city").get(city=city, code="channel-1"))
    plan_year = plan_on_sale(city)
    assert plan_year is not None
    return place_order(
        actor=channel, plan_year=plan_year, applicant=insured[0][0], insured=insured, terms_opened_now=True
    )


def tell(city: City, placed: PlacedOrder, *, amount: int = 0, transaction: str = "", status: str = "paid") -> None:
    """The company says that it was paid; nobody has heard it yet."""
    reference = placed.order.reference
    notice = Notice(f"N-{reference}", reference, status, amount or placed.total, transaction or f"T-{reference}")
    take_notice(actor=provider_actor(city, "sandbox"), notice=notice)


def several(city: City, count: int) -> list[PlacedOrder]:
    return [ordered(city, one) for one in uncovered(city, count)]


def statuses(*placed: PlacedOrder) -> list[str]:
    return [Order.objects.get(pk=one.order.id).status for one in placed]


def verdicts(city: City, *placed: PlacedOrder) -> list[str]:
    references = [one.order.reference for one in placed]
    rows = PaymentNotice.objects.of(city).filter(reference__in=references).order_by("pk")
    return list(rows.values_list("verdict", flat=True))


def left_open(city: City) -> int:
    return Task.objects.of(city).filter(kind=NOTICE_TAKEN, finished_at=None).count()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The references of those that were heard alone, in order."""
    heard: list[str] = []
    as_it_is = paid.hear

    def hear(attempt: Any) -> Any:
        heard.append(taken_notice(attempt.task.city, attempt.task.payload).notice.reference)
        return as_it_is(attempt)

    monkeypatch.setattr(paid, "hear", hear)
    return heard


class TestTaking:
    def test_a_notice_is_answered_when_it_is_kept_and_its_policy_follows(self, api: Caller, city: City) -> None:
        reference = api.post("channel-1", "/api/v1/orders", order_for()).json()["reference"]
        assert api.tell(reference, "158.00").content == b"success"
        assert api.get("channel-1", f"/api/v1/orders/{reference}").json()["status"] == "waiting"
        assert left_open(city) == 1
        work_off(Lane.ISSUING)
        order = api.get("channel-1", f"/api/v1/orders/{reference}").json()
        assert (order["status"], len(order["policies"])) == ("issued", 1)

    def test_it_is_kept_by_one_statement(self, city: City) -> None:
        (placed,) = several(city, 1)
        with CaptureQueriesContext(connection) as captured:
            tell(city, placed)
        assert len(captured) == 1

    def test_one_that_says_the_same_again_is_kept_again(self, city: City) -> None:
        (placed,) = several(city, 1)
        tell(city, placed)
        tell(city, placed)
        assert left_open(city) == 2

    def test_nobody_cancels_what_was_acknowledged_and_it_can_be_tried_again(self, city: City) -> None:
        (placed,) = several(city, 1)
        tell(city, placed)
        task = Task.objects.of(city).get(kind=NOTICE_TAKEN)
        for status in (Status.WAITING, Status.FAILED):
            Task.objects.of(city).filter(pk=task.pk).update(status=status, finished_at=None)
            with pytest.raises(HuiminError) as refused:
                cancel_task(actor=command_actor(city), task_id=task.pk)
            assert refused.value.code == "task_is_kept"
        retry_task(actor=command_actor(city), task_id=task.pk)
        work_off(Lane.ISSUING)
        assert statuses(placed) == ["issued"]

    def test_it_came_when_it_was_kept_and_cover_counts_from_then(self, city: City) -> None:
        day_is(city, datetime(2022, 1, 31).date())
        (placed,) = several(city, 1)
        tell(city, placed)
        came = now(city)
        day_is(city, datetime(2022, 2, 2).date())
        work_off(Lane.ISSUING)
        notice, receipt = PaymentNotice.objects.of(city).latest("pk"), Receipt.objects.of(city).latest("pk")
        assert abs(notice.received_at - came) < timedelta(minutes=1)
        assert receipt.received_at == notice.received_at
        policy = Policy.objects.of(city).get(order_line__order=placed.order.id)
        assert str(policy.cover_from) == "2022-02-01"
        assert abs(policy.issued_at - now(city)) < timedelta(minutes=1)
        assert verify_city(city).faults == []


class TestTogether:
    def test_paid_orders_share_a_transaction_and_each_gets_what_it_would_alone(self, city: City, alone: Any) -> None:
        people = uncovered(city, 5)
        placed = [ordered(city, people[0], people[1]), *(ordered(city, one) for one in people[2:])]
        for one in placed:
            tell(city, one)
        assert work_off(Lane.ISSUING) == 1
        assert (statuses(*placed), verdicts(city, *placed), alone) == (["issued"] * 4, ["paid"] * 4, [])
        for one in placed:
            policies = Policy.objects.of(city).filter(order_line__order=one.order.id)
            assert [policy.number[-3:-1] for policy in policies.order_by("number")] == ["00", "01"][: len(policies)]
            assert Task.objects.of(city).filter(kind="notice", key=f"issued-{one.order.id}").count() == 1
            assert Payment.objects.get(reference=one.order.reference).provider_transaction == f"T-{one.order.reference}"
        assert Policy.objects.of(city).filter(insured__in=people).count() == 5
        assert verify_city(city).faults == []

    def test_a_hundred_orders_take_no_more_statements_than_two(self, city: City) -> None:
        """SQLite writes rows back one by one: a payment and an order each."""

        def statements(count: int) -> list[str]:
            for one in several(city, count):
                tell(city, one)
            kept(connection).keys.clear()  # so that the keys left over from before make no difference
            with CaptureQueriesContext(connection) as captured:
                working.once(a_worker(Lane.ISSUING))
            assert left_open(city) == 0
            return [query["sql"][:60] for query in captured]

        two, twelve = statements(2), statements(12)
        more = list((Counter(twelve) - Counter(two)).elements())
        assert len(twelve) - len(two) == (0 if connection.vendor == "postgresql" else 10 * 2), more
        assert len(two) <= 30

    def test_no_more_than_a_group_is_taken_at_once(self) -> None:
        assert kind_named(NOTICE_TAKEN).batch == 100


class TestOneOfThem:
    """What happens to one order happens to none of the others."""

    def test_a_person_who_is_covered_meanwhile_gets_no_second_policy(self, city: City, alone: list[str]) -> None:
        people = uncovered(city, 3)
        first, other, last = ordered(city, people[0]), ordered(city, people[1], people[0]), ordered(city, people[2])
        for one in (first, other, last):
            tell(city, one)
        work_off(Lane.ISSUING)
        assert statuses(first, other, last) == ["issued"] * 3
        assert alone == [other.order.reference]
        assert Policy.objects.of(city).filter(insured=people[0]).count() == 1
        assert Policy.objects.of(city).filter(insured=people[1]).count() == 1
        (back,) = Refund.objects.of(city).filter(reference=other.order.reference)
        assert back.amount == PRICE
        assert verify_city(city).faults == []

    def test_two_payers_of_one_person_in_a_group_are_one_policy_and_a_refund(
        self, city: City, alone: list[str]
    ) -> None:
        payer, parent = uncovered(city, 2)
        own, by_child = ordered(city, parent), ordered(city, payer, parent)
        tell(city, by_child)
        tell(city, own)
        work_off(Lane.ISSUING)
        assert alone == [by_child.order.reference], "the second alone, and not the whole group one by one"
        assert Policy.objects.of(city).filter(insured=parent).count() == 1
        assert sum(Refund.objects.of(city).values_list("amount", flat=True)) == PRICE
        assert verify_city(city).faults == []

    def test_one_paid_too_late_goes_back_and_the_others_are_covered(self, city: City, alone: list[str]) -> None:
        day_is(city, datetime(2022, 2, 28).date())
        early, late = several(city, 2)
        tell(city, early)
        day_is(city, datetime(2022, 3, 1).date())
        tell(city, late)
        work_off(Lane.ISSUING)
        assert statuses(early, late) == ["issued", "refund_due"]
        assert alone == [late.order.reference]
        assert Refund.objects.of(city).get().reference == late.order.reference
        assert verify_city(city).faults == []

    def test_one_whose_fund_is_used_up_is_completed_alone_and_the_others_are_covered(
        self, city: City, alone: list[str]
    ) -> None:
        a_fund(city, money=PRICE - 1)
        late, quick, rich = uncovered(city, 3)
        on_roster(city, [late, quick])
        slow, plain = ordered(city, late), ordered(city, rich)
        # What was set aside for the first is let go, and the second gets it.
        let_go(city, [Draw.objects.of(city).get().claim], timezone.now())
        helped = ordered(city, quick)
        for one in (slow, helped, plain):
            tell(city, one)
        work_off(Lane.ISSUING)
        assert alone == [slow.order.reference, helped.order.reference]
        assert statuses(slow, helped, plain) == ["refund_due", "issued", "issued"]
        assert [refund.amount for refund in Refund.objects.of(city)] == [1]
        assert verify_city(city).faults == []

    @pytest.mark.parametrize(("amount", "status"), [(PRICE - 1, "paid"), (PRICE, "failed")])
    def test_one_of_another_amount_or_that_failed_pays_nothing(
        self, amount: int, status: str, city: City, alone: list[str]
    ) -> None:
        odd, plain = several(city, 2)
        tell(city, odd, amount=amount, status=status)
        tell(city, plain)
        work_off(Lane.ISSUING)
        assert (statuses(odd, plain), alone) == (["waiting", "issued"], [odd.order.reference])
        assert verify_city(city).faults == []

    def test_a_notice_that_comes_twice_in_a_group_is_a_repeat(self, city: City) -> None:
        first, other = several(city, 2)
        for one in (first, other, first):
            tell(city, one)
        work_off(Lane.ISSUING)
        assert verdicts(city, first) == ["paid", "repeat"]
        assert statuses(first, other) == ["issued", "issued"]
        assert Refund.objects.of(city).count() == 0
        assert verify_city(city).faults == []

    def test_a_second_payment_of_an_order_in_its_group_goes_back(self, city: City) -> None:
        first, other = several(city, 2)
        tell(city, first)
        tell(city, other)
        tell(city, first, transaction="again")
        work_off(Lane.ISSUING)
        assert verdicts(city, first) == ["paid", "paid_again"]
        assert Refund.objects.of(city).get().transaction == "again"
        assert verify_city(city).faults == []

    def test_one_transaction_pays_one_order_of_its_group(self, city: City) -> None:
        first, other = several(city, 2)
        tell(city, first, transaction="T")
        tell(city, other, transaction="T")
        work_off(Lane.ISSUING)
        assert sorted(verdicts(city, first, other)) == ["contradiction", "paid"]
        assert sorted(statuses(first, other)) == ["issued", "waiting"]
        assert verify_city(city).faults == []

    def test_money_of_no_order_is_kept_for_a_person_and_hinders_nobody(self, city: City) -> None:
        (plain,) = several(city, 1)
        notice = Notice("N", "nothing-of-ours", "paid", 5, "T")
        take_notice(actor=provider_actor(city, "sandbox"), notice=notice)
        tell(city, plain)
        work_off(Lane.ISSUING)
        assert statuses(plain) == ["issued"]
        (receipt,) = Receipt.objects.of(city).filter(reference="nothing-of-ours")
        assert receipt.purpose == "unallocated"

    def test_an_order_that_the_program_cannot_complete_is_shown_and_tried_again(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad, plain = several(city, 2)
        tell(city, bad)
        tell(city, plain)
        as_it_is, policy_for = services.complete_paid, paid.policy_for

        def fails(city: City, order: Order, *more: Any) -> None:
            if order.pk == bad.order.id:
                raise ZeroDivisionError
            as_it_is(city, order, *more)

        def fails_too(order: Order, *more: Any) -> Policy:
            if order.pk == bad.order.id:
                raise ZeroDivisionError
            return policy_for(order, *more)

        monkeypatch.setattr(services, "complete_paid", fails)
        monkeypatch.setattr(paid, "policy_for", fails_too)
        work_off(Lane.ISSUING)
        assert statuses(bad, plain) == ["waiting", "issued"]
        failed = Task.objects.of(city).get(kind=NOTICE_TAKEN, status=Status.FAILED)
        assert verdicts(city, bad) == [], "what was written of it was taken back"
        monkeypatch.undo()
        retry_task(actor=command_actor(city), task_id=failed.pk)
        work_off(Lane.ISSUING)
        assert (statuses(bad), verdicts(city, bad)) == (["issued"], ["paid"])
        assert verify_city(city).faults == []


class TestInterrupted:
    def test_a_group_that_fails_at_its_very_end_is_done_one_by_one_at_once(
        self, city: City, alone: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As when a transaction's receipt came from elsewhere meanwhile: the database says so at the commit."""
        placed = several(city, 3)
        for one in placed:
            tell(city, one)

        @contextmanager
        def fails_at_its_end() -> Iterator[None]:
            with transaction.atomic():
                with writing_together():
                    yield
                raise IntegrityError

        monkeypatch.setattr(paid, "writing_together", fails_at_its_end)
        work_off(Lane.ISSUING)
        assert (statuses(*placed), left_open(city)) == (["issued"] * 3, 0)
        assert alone == [one.order.reference for one in placed]
        assert verify_city(city).faults == []

    def test_a_group_that_ends_in_the_middle_wrote_nothing_and_is_taken_again(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        placed = several(city, 3)
        for one in placed:
            tell(city, one)

        def killed(tasks: Any) -> None:
            raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr(working, "finish_together", killed)
            with pytest.raises(SystemExit):
                working.once(a_worker(Lane.ISSUING))
        assert statuses(*placed) == ["waiting"] * 3
        assert PaymentNotice.objects.of(city).filter(reference=placed[0].order.reference).count() == 0
        assert work_off(Lane.ISSUING) == 0, "for a while they count as being done"
        for task in Task.objects.of(city).filter(kind=NOTICE_TAKEN, finished_at=None):
            due_now(task)
        work_off(Lane.ISSUING)
        assert (statuses(*placed), verdicts(city, *placed)) == (["issued"] * 3, ["paid"] * 3)
        assert verify_city(city).faults == []

    def test_a_worker_that_was_too_slow_writes_nothing(self, city: City) -> None:
        placed = several(city, 2)
        for one in placed:
            tell(city, one)
        slow = a_worker(Lane.ISSUING, name="slow:1")
        kinds = {NOTICE_TAKEN: kind_named(NOTICE_TAKEN)}
        slow.in_hand = working.take(slow.lanes, kinds, slow.name)
        assert len(slow.in_hand) == 2
        late, other = (task.pk for task in slow.in_hand)
        Task.objects.of(city).filter(pk=late).update(worker="other:1", due_at=timezone.now() + timedelta(minutes=1))
        working._do_together(slow, kinds[NOTICE_TAKEN])
        assert [task.pk for task in slow.in_hand] == [other], "what another has is not ours any more"
        assert statuses(*placed) == ["waiting", "waiting"]

    def test_what_was_tried_before_is_taken_alone(self, city: City, alone: list[str]) -> None:
        placed = several(city, 2)
        for one in placed:
            tell(city, one)
        first = Task.objects.of(city).filter(kind=NOTICE_TAKEN).order_by("pk")[0]
        Task.objects.of(city).filter(pk=first.pk).update(attempts=1)
        assert work_off(Lane.ISSUING) == 2
        assert (alone, statuses(*placed)) == ([placed[0].order.reference], ["issued", "issued"])
