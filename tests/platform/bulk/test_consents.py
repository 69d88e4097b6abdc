"""Whom an employer's list asks, what they can answer, and that nobody is enrolled without their own word."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from acting import acting, themself
from bulk_support import PRICE, accepted, an_employer, line, money_came, sent, states
from disclosure_support import have_read
from huimin.platform.bulk.consents import CONSENT, answer_group, asked_of
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.models import BulkFile, BulkRow, FileKind, OrganisationMoney
from huimin.platform.bulk.results import results_of
from huimin.platform.bulk.sending import cancel_file
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.people.models import Consent, Resident
from huimin.platform.people.selectors import named_persons
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from servicing_support import day_is
from subsidies_support import uncovered
from work_support import work_off

WINDOW_ENDS = date(2022, 2, 28)


def adults(city: City, count: int) -> list[Resident]:
    return [one for one in uncovered(city, 60) if one.birth_date.year < 1995][:count]


def asked(city: City, *lines: str, money: int = 10 * PRICE) -> int:
    """A list of an employer that was accepted, and whose people were asked."""
    an_employer(city)
    if money:
        money_came(city, money)
    number = sent(city, lines, kind=FileKind.ASKING)
    accepted(city, number)
    return number


def answer(city: City, person: Resident, *, agrees: bool = True, row: BulkRow | None = None) -> None:
    row = row or BulkRow.objects.of(city).get(resident=person.pk)
    answer_group(
        actor=themself(person),
        resident=named_persons(city, [person.pk])[person.pk],
        row_id=row.pk,
        agrees=agrees,
        text="我同意",
    )


def test_nobody_of_an_employers_list_is_enrolled_before_they_agreed(city: City) -> None:
    one, two = adults(city, 2)
    number = asked(city, line(one), line(two))
    assert states(city, number) == {"asked": 2}
    have_read(city, one)
    answer(city, one)
    work_off()
    assert states(city, number) == {"asked": 1, "enrolled": 1}
    assert Policy.objects.of(city).filter(insured=one.pk).count() == 1
    assert Policy.objects.of(city).filter(insured=two.pk).count() == 0
    assert Consent.objects.of(city).get(resident=one.pk, kind=CONSENT).given_by_id is None


def test_each_adult_gets_one_message_however_often_the_worker_runs(city: City) -> None:
    one, two = adults(city, 2)
    number = asked(city, line(one), line(two))
    Task.objects.of(city).filter(kind="ask_people").update(status="waiting", finished_at=None)
    work_off()
    keys = Task.objects.of(city).filter(kind="notice", key__startswith=f"group-{number}-").values_list("key", flat=True)
    assert sorted(keys) == sorted(f"group-{number}-{one.pk}" for one in (one, two))


def test_who_declines_is_not_enrolled_and_keeps_the_organisations_money_where_it_is(city: City) -> None:
    (person,) = adults(city, 1)
    number = asked(city, line(person))
    answer(city, person, agrees=False)
    work_off()
    assert states(city, number) == {"declined": 1}
    assert OrganisationMoney.objects.of(city).get().left_fen == 10 * PRICE
    assert not Consent.objects.of(city).filter(kind=CONSENT).exists()


def test_who_has_not_confirmed_the_key_terms_cannot_agree_but_may_decline(city: City) -> None:
    (person,) = adults(city, 1)
    number = asked(city, line(person))
    with pytest.raises(BulkError) as caught:
        answer(city, person)
    assert caught.value.code == "key_terms_not_confirmed"
    assert states(city, number) == {"asked": 1}
    answer(city, person, agrees=False)


def test_a_guardian_answers_for_a_minor_and_an_adult_for_themself_alone(city: City) -> None:
    parent, adult = [one for one in adults(city, 9) if one.birth_date.year < 1990][:2]
    child = next(one for one in uncovered(city, 80) if one.birth_date.year >= 2006)
    asked(city, line(child, "1", "子女", parent), line(adult, "2", "配偶", parent))
    assert [one.person.id for one in asked_of(city, parent.pk)] == [child.pk]
    assert [one.person.id for one in asked_of(city, adult.pk)] == [adult.pk]
    assert asked_of(city, child.pk) == []
    have_read(city, parent)
    answer(city, parent, row=BulkRow.objects.of(city).get(resident=child.pk))
    work_off()
    policy = Policy.objects.of(city).get(insured=child.pk)
    assert policy.holder_id == parent.pk
    assert Consent.objects.of(city).get(resident=child.pk, kind=CONSENT).given_by_id == parent.pk
    with pytest.raises(BulkError) as caught:
        answer(city, parent, row=BulkRow.objects.of(city).get(resident=adult.pk))
    assert caught.value.code == "group_not_asked"


def test_one_answer_counts_and_an_answer_to_what_was_cancelled_does_not(city: City) -> None:
    one, two = adults(city, 2)
    number = asked(city, line(one), line(two), money=0)
    have_read(city, one)
    answer(city, one)
    with pytest.raises(BulkError) as caught:
        answer(city, one, agrees=False)
    assert caught.value.code == "group_not_asked"
    cancel_file(actor=acting(city, "handler"), file_id=number, note="单位撤回")
    with pytest.raises(BulkError) as caught:
        answer(city, two, agrees=False)
    assert caught.value.code == "group_not_asked"


def test_nobody_answers_in_anothers_name(city: City) -> None:
    one, two = adults(city, 2)
    asked(city, line(one))
    row = BulkRow.objects.of(city).get(resident=one.pk)
    with pytest.raises(NotAllowed):
        answer_group(
            actor=themself(two),
            resident=named_persons(city, [one.pk])[one.pk],
            row_id=row.pk,
            agrees=False,
            text="",
        )


def mornings(city: City, *days: date) -> None:
    for day in days:
        day_is(city, day)
        enqueue(city=city, kind="remind_people", key=str(day))
        work_off()


def reminded(city: City) -> list[int]:
    rows = Task.objects.of(city).filter(kind="notice", key__startswith="group-reminder-").order_by("pk")
    return [json.loads(row.payload)["resident"] for row in rows]


def test_who_does_not_answer_is_reminded_once_after_five_days(city: City) -> None:
    one, two = adults(city, 2)
    asked(city, line(one), line(two))
    today = city.demonstration_day
    assert today is not None
    answer(city, two, agrees=False)
    mornings(city, today + timedelta(days=4))
    assert reminded(city) == []
    mornings(city, today + timedelta(days=5), today + timedelta(days=6))
    assert reminded(city) == [one.pk]


def test_a_guardian_is_reminded_for_a_minor(city: City) -> None:
    (child,) = [one for one in uncovered(city, 60) if one.birth_date.year > 2012][:1]
    (parent,) = adults(city, 1)
    asked(city, line(child, relation="child", holder=parent))
    mornings(city, WINDOW_ENDS - timedelta(days=3))
    assert reminded(city) == [parent.pk]


def test_after_the_last_day_nobody_is_asked_any_more_and_the_sender_sees_it(city: City) -> None:
    one, two = adults(city, 2)
    number = asked(city, line(one), line(two))
    have_read(city, one)
    mornings(city, WINDOW_ENDS)
    assert [a.until for a in asked_of(city, one.pk)] == [WINDOW_ENDS]
    answer(city, one)
    mornings(city, WINDOW_ENDS + timedelta(days=1))
    assert asked_of(city, two.pk) == []
    assert states(city, number).get("lapsed") == 1
    assert (
        next(r.outcome for r in results_of(city, BulkFile.objects.of(city).get().pk) if r.state == "lapsed")
        == "refused"
    )
    with pytest.raises(BulkError) as refused:
        answer(city, two)
    assert refused.value.code == "group_not_asked"
    event = AuditEvent.objects.of(city).get(action="group_cover_lapsed")
    assert event.detail == {"rows": 1}
