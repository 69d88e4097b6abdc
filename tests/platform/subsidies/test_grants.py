"""Cover that is granted without application: ordered for a whole roster, told to each, declined or issued."""

from __future__ import annotations

from datetime import date

import pytest

from acting import acting, themself
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment import granting
from huimin.platform.enrolment.granting import decline_cover
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.grants import GrantSeen, grant_cover, granted_orders, grants_of_roster
from huimin.platform.subsidies.models import Granted
from huimin.platform.subsidies.selectors import left_in_funds, roster_by_code
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from subsidies_support import a_fund, draws, on_roster, uncovered
from work_support import work_off

PRICE, UNTIL = 158_00, date(2022, 2, 25)
EVERYTHING = {"": PerPerson(leaves=0)}


def roster_id(city: City) -> int:
    found = roster_by_code(city, "poor")
    assert found is not None
    return found.id


def granted(city: City, until: date = UNTIL) -> GrantSeen:
    """Everybody on the roster, as the handler asks for it and a worker does it."""
    year = plan_on_sale(city)
    assert year is not None
    grant_cover(
        actor=acting(city, "handler"), roster_id=roster_id(city), plan_year=year, until=until, reason="市政府惠民实事"
    )
    work_off()
    return grants_of_roster(city, roster_id(city))[0]


def night(city: City, day: date) -> None:
    """The night after which `day` begins."""
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()
    enqueue(city=city, kind="finish_grants", key=f"test {day}")
    work_off()


def order_of(city: City, person: Resident) -> str:
    return str(Granted.objects.of(city).get(resident=person).order)


def test_everybody_on_the_roster_gets_an_order_and_a_message_and_pays_nothing(city: City) -> None:
    a_fund(city, money=1_000_00, amounts=EVERYTHING)
    people = uncovered(city, 3)
    on_roster(city, people)
    seen = granted(city)
    assert (seen.people, seen.done, seen.granted, seen.declined, dict(seen.faults)) == (3, 3, 3, 0, {})
    assert draws(city) == [("hope", PRICE, "reserved")] * 3
    assert Task.objects.of(city).filter(kind="notice", key__startswith="granted-").count() == 3
    assert not Policy.objects.of(city).filter(insured__in=people).exists(), "they may still decline"
    assert granted_orders(city, people[0].pk) == {order_of(city, people[0]): UNTIL}


def test_policies_are_issued_on_the_day_after_the_last_day_to_decline_and_not_before(city: City) -> None:
    a_fund(city, money=1_000_00, amounts=EVERYTHING)
    people = uncovered(city, 2)
    on_roster(city, people)
    granted(city)
    night(city, UNTIL)
    assert Policy.objects.of(city).filter(insured__in=people).count() == 0
    night(city, date(2022, 2, 26))
    policies = Policy.objects.of(city).filter(insured__in=people)
    assert policies.count() == 2
    assert {one.cover_from for one in policies} == {date(2022, 2, 16)}, "counted from the day of the order"
    assert draws(city) == [("hope", PRICE, "committed")] * 2
    assert verify_city(city).faults == []


def test_who_declines_gets_no_policy_and_the_money_goes_back_to_the_fund(city: City) -> None:
    a_fund(city, money=2 * PRICE, amounts=EVERYTHING)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    granted(city)
    assert sum(left_in_funds(city).values()) == 0
    decline_cover(actor=themself(first), reference=order_of(city, first))
    assert sum(left_in_funds(city).values()) == PRICE
    assert granted_orders(city, first.pk) == {}
    night(city, date(2022, 2, 26))
    assert [one.insured_id for one in Policy.objects.of(city).filter(insured__in=people)] == [second.pk]
    assert grants_of_roster(city, roster_id(city))[0].declined == 1
    assert verify_city(city).faults == []


def test_declining_twice_or_after_the_policy_is_refused(city: City) -> None:
    a_fund(city, money=2 * PRICE, amounts=EVERYTHING)
    first, _second = people = uncovered(city, 2)
    on_roster(city, people)
    granted(city)
    decline_cover(actor=themself(first), reference=order_of(city, first))
    night(city, date(2022, 2, 26))
    for person in people:
        with pytest.raises(SubsidyError) as refused:
            decline_cover(actor=themself(person), reference=order_of(city, person))
        assert refused.value.code == "not_granted"


def test_nobody_declines_for_another(city: City) -> None:
    a_fund(city, money=2 * PRICE, amounts=EVERYTHING)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    granted(city)
    with pytest.raises(NotAllowed):
        decline_cover(actor=themself(second), reference=order_of(city, first))
    with pytest.raises(NotAllowed):
        decline_cover(actor=themself(second), reference="nothing")
    assert Order.objects.of(city).get(reference=order_of(city, first)).status == "waiting"
    decline_cover(actor=themself(first), reference=order_of(city, first))
    assert Order.objects.of(city).get(reference=order_of(city, first)).status == "failed"


def test_for_whom_nothing_can_be_granted_the_reason_is_listed(city: City) -> None:
    """One is covered already, one is not insured, and the money is for one alone."""
    a_fund(city, money=PRICE, amounts=EVERYTHING)
    covered = Policy.objects.of(city).order_by("pk").first()
    assert covered is not None
    gets, waits, uninsured = uncovered(city, 3)
    Resident.objects.of(city).filter(pk=uninsured.pk).update(insured=False)
    on_roster(city, [gets, waits, uninsured, Resident.objects.of(city).get(pk=covered.insured_id)])
    seen = granted(city)
    assert (seen.granted, seen.done) == (1, 4)
    assert dict(seen.faults) == {"own_part_left": 1, "not_insured": 1, "covered_already": 1}
    assert sum(left_in_funds(city).values()) == 0


def test_where_the_fund_leaves_one_fen_nothing_is_granted(city: City) -> None:
    a_fund(city, money=1_000_00)
    on_roster(city, uncovered(city, 1))
    assert dict(granted(city).faults) == {"own_part_left": 1}
    assert draws(city) == []


def test_a_worker_that_was_stopped_goes_on_where_it_was(city: City) -> None:
    a_fund(city, money=1_000_00, amounts=EVERYTHING)
    people = uncovered(city, 3)
    on_roster(city, people)
    granted(city)
    Task.objects.of(city).filter(kind="grant_cover").update(status="waiting", finished_at=None, attempts=0)
    work_off()
    seen = grants_of_roster(city, roster_id(city))[0]
    assert (seen.done, seen.granted, len(draws(city))) == (3, 3, 3)


def test_a_grant_needs_a_version_in_force_a_reason_and_a_day_after_today(city: City) -> None:
    a_fund(city, money=1_000_00, amounts=EVERYTHING)
    with pytest.raises(SubsidyError) as refused:
        granted(city)
    assert refused.value.code == "nothing_to_grant"
    on_roster(city, uncovered(city, 1))
    with pytest.raises(SubsidyError) as too_early:
        granted(city, date(2022, 2, 15))
    assert too_early.value.code == "bad_decline_day"
    year = plan_on_sale(city)
    assert year is not None
    with pytest.raises(SubsidyError) as without:
        grant_cover(actor=acting(city, "handler"), roster_id=roster_id(city), plan_year=year, until=UNTIL, reason=" ")
    assert without.value.code == "note_missing"
    with pytest.raises(NotAllowed):
        grant_cover(actor=acting(city, "bureau"), roster_id=roster_id(city), plan_year=year, until=UNTIL, reason="x")
    assert granted(city, date(2022, 2, 16)).granted == 1


def test_a_fund_whose_money_has_just_gone_is_the_reason_why_somebody_gets_no_order(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_fund(city, money=1_000_00, amounts=EVERYTHING)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    set_aside = granting.set_aside

    def but_for_the_second(city: City, offers: dict[int, object], **more: object) -> object:
        if second.pk in offers:
            raise SubsidyError("the fund is used up", code="fund_used_up")
        return set_aside(city, offers, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(granting, "set_aside", but_for_the_second)
    assert dict(granted(city).faults) == {"fund_used_up": 1}
    assert granted_orders(city, second.pk) == {}
    assert Order.objects.of(city).filter(applicant__in=people).count() == 1
    decline_cover(actor=themself(first), reference=order_of(city, first))
    event = AuditEvent.objects.of(city).get(action="cover_declined")
    assert (event.actor, event.subject) == (themself(first).text, f"order:{order_of(city, first)}")
