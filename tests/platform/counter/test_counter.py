"""Enrolled at a counter: consent with who wrote it down, cash from hand to bank, and what goes back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from acting import acting, themself
from counter_support import by_paper, ordered, serving
from huimin.errors import InputError
from huimin.platform.counter.cash import forgo_cash, pay_out_cash, take_cash
from huimin.platform.counter.enrolling import find_at_counter, send_code_from_counter
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import CashPart, CounterConsent, How
from huimin.platform.counter.tills import cash_owed, close_till, closings, confirm_banked, in_till
from huimin.platform.disclosure.models import KeyTermsConfirmed
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.relations import Relation
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.limits import MISSED_AT_COUNTER
from huimin.platform.people.models import Consent, IdentityCheck, Resident
from huimin.platform.people.selectors import named_persons
from huimin.platform.people.services import IdentityError
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from subsidies_support import uncovered
from work_support import work_off

PRICE = 158_00


def till_account(city: City) -> int:
    key = acting(city, "counter").key
    rows = Posting.objects.of(city).filter(account="cash_till", party=f"till:{key}")
    return sum(rows.values_list("amount", flat=True))


def paid(city: City, person: Resident) -> Policy:
    order = ordered(city, person).order.reference
    take_cash(actor=serving(city), order=order)
    work_off(Lane.ORDERS)
    found: Policy = Policy.objects.of(city).get(insured=person.pk)
    return found


def test_somebody_at_the_counter_is_enrolled_and_it_is_kept_how_they_agreed_and_who_wrote_it_down(city: City) -> None:
    (person,) = uncovered(city, 1)
    policy = paid(city, person)
    assert policy.holder_id == policy.insured_id == person.pk
    consent = CounterConsent.objects.of(city).get(resident=person.pk)
    assert (consent.how, consent.paper) == (How.PAPER, "GZ-0001")
    assert consent.recorded_by == serving(city).text
    assert Order.objects.of(city).get(reference=consent.order).channel == "counter"
    assert KeyTermsConfirmed.objects.of(city).filter(resident=person.pk).count() == 1
    assert Consent.objects.of(city).filter(resident=person.pk, kind="enrolment").count() == 1
    assert verify_city(city).faults == []


def test_cash_is_asked_for_first_and_the_policy_is_issued_once_it_is_taken(city: City) -> None:
    (person,) = uncovered(city, 1)
    order = ordered(city, person).order.reference
    work_off(Lane.ORDERS)
    assert not Policy.objects.of(city).filter(insured=person.pk).exists()
    assert in_till(city, serving(city).key) == 0
    assert take_cash(actor=serving(city), order=order) == PRICE
    work_off(Lane.ORDERS)
    assert Policy.objects.of(city).filter(insured=person.pk).count() == 1
    assert in_till(city, serving(city).key) == till_account(city) == PRICE


def test_the_same_cash_is_taken_once_and_by_nobody_else(city: City) -> None:
    (person,) = uncovered(city, 1)
    order = ordered(city, person).order.reference
    with pytest.raises(NotAllowed):
        take_cash(actor=acting(city, "handler"), order=order)
    with pytest.raises(CounterError) as caught:
        take_cash(actor=replace(serving(city), key="999"), order=order)
    assert caught.value.code == "cash_not_expected"
    take_cash(actor=serving(city), order=order)
    with pytest.raises(CounterError) as caught:
        take_cash(actor=serving(city), order=order)
    assert caught.value.code == "cash_not_expected"


def test_a_family_pays_together_and_each_gets_a_policy(city: City) -> None:
    people = [one for one in uncovered(city, 60) if one.birth_date.year < 1990]
    person = people[0]
    parent = next(one for one in uncovered(city, 60) if one.birth_date.year < person.birth_date.year - 15)
    order = ordered(city, person, family=((parent, Relation.PARENT),)).order.reference
    assert take_cash(actor=serving(city), order=order) == 2 * PRICE
    work_off(Lane.ORDERS)
    assert Policy.objects.of(city).filter(holder=person.pk, insured__in=[person.pk, parent.pk]).count() == 2


def test_who_does_not_pay_after_all_leaves_no_cash_and_may_order_again(city: City) -> None:
    (person,) = uncovered(city, 1)
    order = ordered(city, person).order.reference
    forgo_cash(actor=serving(city), order=order)
    work_off(Lane.ORDERS)
    assert Order.objects.of(city).get(reference=order).status == "failed"
    with pytest.raises(CounterError):
        take_cash(actor=serving(city), order=order)
    assert paid(city, person).price == PRICE


def test_cash_for_somebody_who_was_covered_meanwhile_is_owed_back_and_paid_out_of_the_till(city: City) -> None:
    (person,) = uncovered(city, 1)
    first, second = ordered(city, person), ordered(city, person)
    for placed in (first, second):
        take_cash(actor=serving(city), order=placed.order.reference)
    work_off(Lane.ORDERS)
    assert Policy.objects.of(city).filter(insured=person.pk).count() == 1
    (owed,) = cash_owed(city)
    assert (owed.amount, owed.cause) == (PRICE, "no_cover")
    assert till_account(city) == in_till(city, serving(city).key) == 2 * PRICE
    assert pay_out_cash(actor=serving(city), back_id=owed.id) == PRICE
    assert till_account(city) == in_till(city, serving(city).key) == PRICE
    with pytest.raises(CounterError) as caught:
        pay_out_cash(actor=serving(city), back_id=owed.id)
    assert caught.value.code == "cash_not_owed"
    assert verify_city(city).faults == []


def test_a_policy_given_up_that_was_paid_in_cash_is_owed_in_cash(city: City) -> None:
    (person,) = uncovered(city, 1)
    policy = paid(city, person)
    withdraw(actor=themself(person), number=policy.number)
    (owed,) = cash_owed(city)
    assert owed.amount == PRICE
    assert verify_city(city).faults == []
    close_till(actor=serving(city), counted=PRICE)
    with pytest.raises(CounterError) as caught:
        pay_out_cash(actor=serving(city), back_id=owed.id)
    assert caught.value.code == "till_short"


def test_a_till_is_counted_by_its_owner_and_found_in_the_bank_by_another_person(city: City) -> None:
    paid(city, uncovered(city, 1)[0])
    closing = close_till(actor=serving(city), counted=PRICE)
    assert in_till(city, serving(city).key) == 0
    handler = acting(city, "handler")
    with pytest.raises(CounterError) as caught:
        confirm_banked(actor=replace(handler, key=serving(city).key), closing_id=closing, bank="pool-1", transfer="S1")
    assert caught.value.code == "same_person"
    with pytest.raises(CounterError) as caught:
        confirm_banked(actor=handler, closing_id=closing, bank="pool-1", transfer=" ")
    assert caught.value.code == "bad_bank_slip"
    confirm_banked(actor=handler, closing_id=closing, bank="pool-1", transfer="S1")
    assert till_account(city) == 0
    with pytest.raises(CounterError) as caught:
        confirm_banked(actor=handler, closing_id=closing, bank="pool-1", transfer="S2")
    assert caught.value.code == "closing_not_open"
    assert verify_city(city).faults == []


def test_a_till_that_is_short_is_closed_with_a_reason_and_the_difference_stays_in_its_account(city: City) -> None:
    paid(city, uncovered(city, 1)[0])
    with pytest.raises(CounterError) as caught:
        close_till(actor=serving(city), counted=PRICE - 5_00)
    assert caught.value.code == "note_missing"
    closing = close_till(actor=serving(city), counted=PRICE - 5_00, note="少收 5 元")
    assert in_till(city, serving(city).key) == 5_00
    confirm_banked(actor=acting(city, "handler"), closing_id=closing, bank="pool-1", transfer="S1")
    assert till_account(city) == 5_00
    (seen,) = closings(city)
    assert (seen.short, seen.note) == (5_00, "少收 5 元")


def test_an_empty_till_is_not_counted(city: City) -> None:
    with pytest.raises(CounterError) as caught:
        close_till(actor=serving(city), counted=1)
    assert caught.value.code == "till_empty"


def test_a_signature_has_a_number_and_without_it_nothing_is_ordered(city: City) -> None:
    (person,) = uncovered(city, 1)
    orders = Order.objects.of(city).count()
    with pytest.raises(CounterError) as caught:
        ordered(city, person, agreed=by_paper(city, paper=" "))
    assert caught.value.code == "paper_number_missing"
    assert Order.objects.of(city).count() == orders


def test_a_code_to_the_persons_own_telephone_proves_their_consent_and_no_other_code_does(city: City) -> None:
    person, other = uncovered(city, 2)
    named = named_persons(city, [person.pk, other.pk])
    check = send_code_from_counter(actor=serving(city), resident=named[person.pk])
    said = json.loads(Task.objects.of(city).get(kind="message", key=f"identity-{check}").payload)
    agreed = replace(by_paper(city), how=How.CODE, paper="", check_id=check, code="000000")
    if said["code"] != "000000":
        with pytest.raises(IdentityError):
            ordered(city, person, agreed=agreed)
    with pytest.raises(CounterError) as caught:
        ordered(city, other, agreed=replace(agreed, code=said["code"]))
    assert caught.value.code == "wrong_code"


def test_a_wrong_code_counts_as_an_attempt_though_nothing_else_is_kept_of_it(city: City) -> None:
    (person,) = uncovered(city, 1)
    check = send_code_from_counter(actor=serving(city), resident=named_persons(city, [person.pk])[person.pk])
    agreed = replace(by_paper(city), how=How.CODE, paper="", check_id=check, code="x")
    with pytest.raises(IdentityError):
        ordered(city, person, agreed=agreed)
    assert IdentityCheck.objects.of(city).get(pk=check).attempts == 1
    assert not KeyTermsConfirmed.objects.of(city).filter(resident=person.pk).exists()


def test_a_code_enrols_whom_it_was_sent_to(city: City) -> None:
    (person,) = uncovered(city, 1)
    check = send_code_from_counter(actor=serving(city), resident=named_persons(city, [person.pk])[person.pk])
    said = json.loads(Task.objects.of(city).get(kind="message", key=f"identity-{check}").payload)
    agreed = replace(by_paper(city), how=How.CODE, paper="", check_id=check, code=said["code"])
    assert ordered(city, person, agreed=agreed).total == 0
    assert CashPart.objects.of(city).filter(insured=person.pk).count() == 1


def test_finding_somebody_needs_a_purpose_is_in_the_audit_and_misses_are_limited(city: City) -> None:
    (person,) = uncovered(city, 1)
    with pytest.raises(NotAllowed):
        find_at_counter(actor=acting(city, "counter"), id_number=person.id_number, name=person.name)
    found = find_at_counter(actor=serving(city), id_number=person.id_number, name=person.name)
    assert found.id == person.pk
    event = AuditEvent.objects.of(city).get(action="counter_person_found")
    assert (event.subject, event.detail) == (f"resident:{person.pk}", {"purpose": "counter enrolment"})
    with pytest.raises(InputError):
        find_at_counter(actor=serving(city), id_number="1", name="王芳")
    for _attempt in range(MISSED_AT_COUNTER.most):
        with pytest.raises(CounterError):
            find_at_counter(actor=serving(city), id_number=person.id_number, name="别人")
    with pytest.raises(IdentityError) as caught:
        find_at_counter(actor=serving(city), id_number=person.id_number, name=person.name)
    assert caught.value.code == "too_many_lookups"
