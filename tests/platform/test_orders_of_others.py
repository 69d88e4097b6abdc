"""Orders and policies: what is asked for of one order, person or plan year is found without the others beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import FATHER, WANG_FANG
from claims_support import next_year, policy_in
from huimin.errors import HuiminError, InputError
from huimin.platform.catalogue.selectors import PlanYearFacts, plan_on_sale, plan_year_named
from huimin.platform.enrolment.bureau.telling import tell_waiting
from huimin.platform.enrolment.differences import DifferenceFacts, differences_open
from huimin.platform.enrolment.ending import changed_policies, end_policy, mark_policy, policy_by_number, policy_money
from huimin.platform.enrolment.figures import (
    enrolled,
    enrolled_by_area,
    enrolled_by_channel,
    enrolled_by_means,
    enrolled_over_time,
    orders_waiting,
    premium_by_cover,
    refused_by_reason,
)
from huimin.platform.enrolment.means import OtherMeans, fen_of_means
from huimin.platform.enrolment.medical import readable, records_guarded_by
from huimin.platform.enrolment.models import (
    LineMeans,
    Order,
    OrderLine,
    OrderStatus,
    Policy,
    PolicyDifference,
    TermsOpened,
)
from huimin.platform.enrolment.offers import Joining, counted_from, first_day, member_of
from huimin.platform.enrolment.paid_orders import policies_under_orders
from huimin.platform.enrolment.refunding import begin_refunds
from huimin.platform.enrolment.renewing import RENEWAL, policies_by_renewal, relation_on_policy
from huimin.platform.enrolment.selectors import (
    all_policies,
    covered_already,
    insured_people,
    issued_orders,
    means_of_order,
    means_of_orders,
    order_by_reference,
    order_of_policy,
    ordered_cover,
    owed_back,
    payer_address,
    policies_by_id,
    policies_of,
    policies_of_city,
    policies_of_order,
    policies_of_people,
    policies_with_lines,
    refused_people,
    terms_opened,
)
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.payments.means import MeansKind
from huimin.platform.payments.models import Payment, Refund
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.tasks.models import Task
from huimin.terms import load_plan_text
from neighbours import beside, number
from platform_support import Caller, order_for, resident
from small_plan import SOURCES, WHOLE


def on_sale(city: City) -> PlanYearFacts:
    found = plan_on_sale(city)
    assert found is not None
    return found


def an_order(city: City, *psn_nos: str, **columns: Any) -> Order:
    """An order and its lines as rows alone: Wang Fang's, which waits and is paid by nothing yet."""
    year = on_sale(city)
    usual = {
        "reference": f"O{number()}",
        "applicant": resident(city),
        "plan_year_id": year.id,
        "plan_digest": year.plan_digest,
        "channel": "web",
        "created_at": now(city),
    }
    made: Order = Order.objects.create(city=city, **{**usual, **columns})
    for psn_no in psn_nos:
        OrderLine.objects.create(city=city, order=made, insured=resident(city, psn_no), relation="self", price=158_00)
    return made


def a_means(line: OrderLine, **columns: Any) -> LineMeans:
    usual = {"kind": MeansKind.SUBSIDY, "party": "hope", "amount": 5, "reference": f"M{number()}"}
    made: LineMeans = LineMeans.objects.create(
        city=line.city, line=line, created_at=now(line.city), **{**usual, **columns}
    )
    return made


def lines_of(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.of(order.city).filter(order=order).order_by("pk"))


def facts_of(city: City, order: Order) -> Any:
    found = order_by_reference(city, order.reference)
    assert found is not None
    return found


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(HuiminError, check=lambda error: error.code == code)


def father_and_daughter(city: City) -> tuple[Policy, Policy]:
    found = {one.psn_no: one for one in Policy.objects.of(city).filter(psn_no__in=[FATHER, WANG_FANG])}
    return found[FATHER], found[WANG_FANG]


def test_an_order_is_told_with_its_own_people_means_and_refusals(city: City) -> None:
    order, other = an_order(city, WANG_FANG, FATHER), an_order(city, WANG_FANG, FATHER)
    for one, fen in ((order, 5), (other, 7)):
        for line in lines_of(one):
            a_means(line, amount=fen)
    OrderLine.objects.of(city).filter(order=other).update(refund_due=True, refund_reason="window_closed")
    first, second = lines_of(order)
    OrderLine.objects.of(city).filter(pk=second.pk).update(refund_reason="not_insured")
    facts = facts_of(city, order)
    assert (facts.id, facts.payment, facts.status, facts.channel) == (order.pk, None, "waiting", "web")
    assert order_by_reference(city, "O0") is None
    assert [(one.insured_id, one.amount, one.status) for one in means_of_order(facts)] == [
        (first.insured_id, 5, "expected"),
        (second.insured_id, 5, "expected"),
    ]
    of_all = means_of_orders(city)
    assert [[one.amount for one in of_all[one.pk]] for one in (order, other)] == [[5, 5], [7, 7]]
    assert refused_people(facts) == {second.insured_id: "not_insured"}
    assert (owed_back(facts), owed_back(facts_of(city, other))) == (0, 2 * 158_00)
    shown = ordered_cover(facts)
    assert [(one.price, one.refused) for one in shown] == [(158_00, ""), (158_00, "not_insured")]
    assert (payer_address(facts), policies_of_order(facts)) == ("", [])


def test_what_funds_pay_of_a_line_is_shown_apart_and_what_an_account_pays_is_not(city: City) -> None:
    order, without = an_order(city), lines_of(an_order(city, WANG_FANG, FATHER))
    for line, fen in zip(without, (20_00, 21_00), strict=True):
        made = beside(line, order_id=order.pk, other_means=fen + 10_00)
        a_means(made, amount=fen)
        a_means(made, kind=MeansKind.PERSONAL_ACCOUNT, party="329901", amount=10_00)
    shown = ordered_cover(facts_of(city, order))
    assert [(one.own_part, one.to_company, one.paid_by) for one in shown] == [
        (138_00, 128_00, {"fund:hope": 20_00}),
        (137_00, 127_00, {"fund:hope": 21_00}),
    ]


def test_policies_are_found_by_order_person_holder_number_and_key(covered: City) -> None:
    father, daughter = father_and_daughter(covered)
    order = father.order_line.order
    people = persons_by_id(covered, [father.insured_id, daughter.insured_id])
    assert [one.id for one in policies_of_order(facts_of(covered, order))] == sorted([father.pk, daughter.pk])
    assert [one.id for one in policies_of(covered, people[father.insured_id])] == [father.pk]
    assert [one.id for one in policies_of(covered, people[daughter.insured_id])] == sorted([father.pk, daughter.pk])
    assert [one.id for one in policies_of_people(covered, [father.insured_id])] == [father.pk]
    assert list(policies_by_id(covered, [father.pk])) == [father.pk]
    assert order_of_policy(covered, father.number) == order.reference
    assert order_of_policy(covered, "HM0") is None
    found = policy_by_number(covered, father.number)
    assert found is not None
    assert found.id == father.pk
    assert policy_by_number(covered, "HM0") is None
    assert relation_on_policy(covered, father.pk) == "parent"
    assert relation_on_policy(covered, daughter.pk) == "self"
    assert len(policies_with_lines(covered)) == len(policies_of_city(covered)) == Policy.objects.of(covered).count()


def test_who_is_covered_is_told_by_the_plan_year_and_not_of_those_who_gave_it_up(covered: City) -> None:
    father, daughter = father_and_daughter(covered)
    year, next_one = father.plan_year, next_year(covered)
    both = [father.insured_id, daughter.insured_id]
    policy_in(covered, next_one)

    def known(plan_year: int, people: Sequence[int] = both) -> set[int]:
        return covered_already(city=covered, plan_year_id=plan_year, resident_ids=people)

    assert (known(year.pk), known(next_one.pk)) == (set(both), {father.insured_id})
    assert known(year.pk, [daughter.insured_id]) == {daughter.insured_id}
    end_policy(covered, daughter.pk, date(2022, 4, 1), 0)
    assert known(year.pk) == {father.insured_id}
    assert set(both) <= set(insured_people(covered))
    assert len(insured_people(covered)) == len(set(insured_people(covered)))


def test_every_policy_of_a_year_that_was_ever_in_force_is_read_and_figures_count_the_same(covered: City) -> None:
    father, daughter = father_and_daughter(covered)
    this, that = on_sale(covered), next_year(covered)
    other = policy_in(covered, that)
    following = plan_year_named(covered, that.plan_id)
    assert following is not None
    before = enrolled(covered, this)
    assert [one.id for one in all_policies(covered, following, 1)] == [other.pk]
    assert enrolled(covered, following) == 1
    end_policy(covered, father.pk, father.cover_from, 158_00)
    end_policy(covered, daughter.pk, daughter.cover_from + timedelta(days=1), 8_00)
    assert enrolled(covered, this) == before - 1
    kept = {one.id for one in all_policies(covered, this, 100)}
    assert (father.pk in kept, daughter.pk in kept, len(kept)) == (False, True, before - 1)
    sums = premium_by_cover(covered, this)
    assert (daughter.cover_from, daughter.cover_from, 150_00) in sums
    assert sum(sums_of[2] for sums_of in premium_by_cover(covered, following)) == other.price
    assert sum(enrolled_by_area(covered, this).values()) == before - 1
    assert enrolled_by_area(covered, following) == {other.area_id: 1}
    assert sum(count for _, count in enrolled_by_channel(covered, this)) == before - 1
    assert enrolled_by_channel(covered, following) == [(other.order_line.order.channel, 1)]
    assert enrolled_by_means(covered, following) == [("company", 1)]


def test_policies_are_counted_minute_by_minute_between_two_moments_with_both_ends(covered: City) -> None:
    first = timezone.make_aware(datetime(2022, 2, 1, 9))
    rows = Policy.objects.of(covered)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))[:4]
    rows.update(issued_at=first - timedelta(days=1))
    for key, minutes in zip(keys, (0, 0, 2, 3), strict=True):
        rows.filter(pk=key).update(issued_at=first + timedelta(minutes=minutes))
    until = first + timedelta(minutes=2)

    def counted(step: str, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
        return enrolled_over_time(covered, on_sale(covered), step, since, until)

    minutes = [first + timedelta(minutes=place) for place in range(3)]
    assert counted("minute", first, until) == list(zip(minutes, (2, 0, 1), strict=True))
    assert counted("minute", first + timedelta(seconds=1), until) == [(until, 1)]
    assert counted("hour", first, until) == [(first, 3)]
    assert counted("day", first, until) == [(first.replace(hour=0), 3)]
    assert counted("day", until + timedelta(hours=1), until + timedelta(hours=2)) == []


def test_orders_that_wait_and_people_who_were_refused_are_counted_by_plan_year(covered: City) -> None:
    this, that = on_sale(covered), next_year(covered)
    before, refusals = orders_waiting(covered, this), refused_by_reason(covered, this)
    an_order(covered, WANG_FANG)
    an_order(covered, WANG_FANG, status=OrderStatus.FAILED)
    elsewhere = an_order(covered, WANG_FANG, plan_year_id=that.pk)
    assert orders_waiting(covered, this) == before + 1
    for order, reason in ((an_order(covered, WANG_FANG, FATHER), "not_insured"), (elsewhere, "window_closed")):
        OrderLine.objects.of(covered).filter(order=order).update(refund_reason=reason)
    assert set(refused_by_reason(covered, this)) - set(refusals) == {("not_insured", 2)}
    paid = {status: an_order(covered, status=status).pk for status in OrderStatus}
    issued = {order.pk for order in issued_orders(covered)}
    assert {status for status, key in paid.items() if key in issued} == {OrderStatus.ISSUED, OrderStatus.REFUND_DUE}


def test_policies_by_renewal_are_those_of_its_channel_that_were_not_given_up(covered: City) -> None:
    father, daughter = father_and_daughter(covered)
    before = policies_by_renewal(covered)
    Order.objects.of(covered).filter(pk=father.order_line.order_id).update(channel=RENEWAL)
    end_policy(covered, daughter.pk, date(2022, 4, 1), 0)
    reference = father.order_line.order.reference
    found = [one for one in policies_by_renewal(covered) if one not in before]
    assert [(one, policy.id) for one, policy in found] == [(reference, father.pk)]


def test_terms_are_opened_by_a_resident_for_a_plan_year(city: City) -> None:
    year, mine = on_sale(city), persons_by_id(city, [resident(city).pk])[resident(city).pk]
    other, that = resident(city, FATHER), next_year(city)
    TermsOpened.objects.create(city=city, resident=other, plan_year_id=year.id, opened_at=now(city))
    TermsOpened.objects.create(city=city, resident_id=mine.id, plan_year=that, opened_at=now(city))
    assert not terms_opened(city=city, resident=mine, plan_year=year)
    TermsOpened.objects.create(city=city, resident_id=mine.id, plan_year_id=year.id, opened_at=now(city))
    assert terms_opened(city=city, resident=mine, plan_year=year)


def test_what_was_asked_more_for_a_policy_is_open_until_it_is_paid_and_belongs_to_that_policy(covered: City) -> None:
    father, daughter = father_and_daughter(covered)
    at = now(covered)

    def asked(policy: Policy, fen: int, **columns: Any) -> PolicyDifference:
        order = an_order(covered, **columns)
        made: PolicyDifference = PolicyDifference.objects.create(
            city=covered, order=order, policy=policy, amount=fen, cause="endorsement:1", created_at=at
        )
        return made

    mine = asked(father, 5)
    asked(daughter, 7)
    asked(father, 9, status=OrderStatus.ISSUED)
    assert differences_open(covered, [father.pk]) == [
        DifferenceFacts(mine.order.reference, father.pk, 5, "endorsement:1", at)
    ]
    paid = Payment.objects.create(
        city=covered, reference="D1", provider="sandbox", amount=11, status="paid", created_at=at
    )
    for policy, taken in ((father, True), (father, False), (daughter, True)):
        row = asked(policy, 11, status=OrderStatus.ISSUED, payment=paid if (policy, taken) == (father, True) else None)
        PolicyDifference.objects.of(covered).filter(pk=row.pk).update(taken=taken)
    mark_policy(covered, father.pk, added=11)
    assert [(payment.reference, fen) for payment, fen in policy_money(covered, father.pk).differences] == [("D1", 11)]
    assert policy_money(covered, daughter.pk).differences == ()
    assert policy_money(covered, father.pk).order_reference == father.order_line.order.reference
    assert policy_money(covered, father.pk).company == 158_00


def test_an_order_of_a_difference_names_its_policy_only_once_it_was_taken(covered: City) -> None:
    (policy, _daughter), order = father_and_daughter(covered), an_order(covered)
    row = PolicyDifference.objects.create(
        city=covered, policy=policy, order=order, amount=100, cause="endorsement:1", created_at=now(covered)
    )
    assert policies_under_orders(covered, [order.pk]) == {}
    PolicyDifference.objects.of(covered).filter(pk=row.pk).update(taken=True)
    assert policies_under_orders(covered, [order.pk]) == {order.pk: [policy.number]}


def test_policies_of_which_something_changed_are_those_and_no_other(covered: City) -> None:
    before = [one.id for one in changed_policies(covered)]
    policies = list(Policy.objects.of(covered).exclude(pk__in=before).order_by("pk")[:5])
    said = {"after": 0, "cause": "endorsement:1", "facts": {"sex": "female"}}
    end_policy(covered, policies[0].pk, date(2022, 5, 1), 0)
    end_policy(covered, policies[1].pk, None, 3)
    mark_policy(covered, policies[2].pk, added=5)
    mark_policy(covered, policies[3].pk, endorsed=[said])
    found = {one.id: one for one in changed_policies(covered) if one.id not in before}
    assert list(found) == [one.pk for one in policies[:4]]
    ended, cheaper, dearer, endorsed = found.values()
    assert (ended.ended_on, ended.member.cover_to) == (date(2022, 5, 1), date(2022, 4, 30))
    assert (cheaper.premium, cheaper.given_back, dearer.premium, dearer.added) == (157_97, 3, 158_05, 5)
    (learned,) = endorsed.learned
    assert (learned.cause, learned.member.sex) == ("endorsement:1", "female")
    assert endorsed.as_known_at(0).member.sex == policies[3].sex
    assert endorsed.as_known_at(1).member.sex == "female"


def test_the_last_endorsement_says_in_which_area_somebody_is_insured(covered: City) -> None:
    father, _ = father_and_daughter(covered)
    said = [{"after": 0, "cause": "endorsement:1", "facts": {"area": area}} for area in (7, 8)]
    mark_policy(covered, father.pk, endorsed=said)
    assert policies_by_id(covered, [father.pk])[father.pk].area_id == 8
    mark_policy(covered, father.pk, endorsed=[{**said[0], "facts": {"sex": "female"}}])
    assert policies_by_id(covered, [father.pk])[father.pk].area_id == father.area_id


def test_a_resident_sees_the_bills_of_the_policies_asked_about_where_they_may(covered: City) -> None:
    father, daughter = father_and_daughter(covered)
    people = persons_by_id(covered, [father.insured_id, daughter.insured_id])
    day, both = date(2022, 4, 20), [father.pk, daughter.pk]
    assert readable(covered, people[daughter.insured_id], both, day) == {daughter.pk}
    assert readable(covered, people[father.insured_id], [daughter.pk], day) == set()
    assert readable(covered, people[daughter.insured_id], [], day) == set()
    assert records_guarded_by(covered, people[daughter.insured_id], day) == {daughter.insured_id}


def test_who_waits_for_the_bureau_is_told_once_and_of_one_order_where_it_is_named(city: City) -> None:
    waiting = [an_order(city, status=OrderStatus.ASKING) for _ in range(2)]
    told = an_order(city, status=OrderStatus.ASKING, told_to_wait_at=now(city) - timedelta(hours=1))
    other = an_order(city)
    tell_waiting(city, waiting[0].pk)
    assert [bool(Order.objects.of(city).get(pk=one.pk).told_to_wait_at) for one in waiting] == [True, False]
    tell_waiting(city)
    tell_waiting(city)
    keys = set(Task.objects.of(city).filter(kind="notice", key__startswith="waits-").values_list("key", flat=True))
    assert keys == {f"waits-{one.pk}" for one in waiting}
    assert Order.objects.of(city).get(pk=told.pk).told_to_wait_at == told.told_to_wait_at
    assert Order.objects.of(city).get(pk=other.pk).told_to_wait_at is None


# Offers

PLAN = load_plan_text(WHOLE, SOURCES).plan
WINDOW = (date(2023, 12, 1), date(2024, 1, 31))


@pytest.fixture
def wang(city: City) -> Any:
    return persons_by_id(city, [resident(city).pk])[resident(city).pk]


def test_whoever_waited_for_the_bureau_beyond_the_window_pays_within_three_days_of_its_answer(wang: Any) -> None:
    member = member_of(PLAN, wang, "")
    answered = date(2024, 6, 10)
    joining = Joining(answered + timedelta(days=3), placed=WINDOW[1], answered=answered)
    assert first_day(PLAN, member, joining, WINDOW) == answered + timedelta(days=4)
    for late in (
        replace(joining, paid=answered + timedelta(days=4)),
        replace(joining, placed=None),
        replace(joining, answered=None),
    ):
        with pytest.raises(InputError) as caught:
            first_day(PLAN, member, late, WINDOW)
        assert caught.value.code == "window_closed"


def test_whoever_waited_until_the_year_was_over_gets_no_cover(wang: Any) -> None:
    member, last = member_of(PLAN, wang, ""), PLAN.cover.last_day
    for paid, code in ((last - timedelta(days=1), ""), (last, "cover_over")):
        joining = Joining(paid, placed=WINDOW[1], answered=paid)
        if not code:
            assert first_day(PLAN, member, joining, WINDOW) == last
            continue
        with pytest.raises(InputError) as caught:
            first_day(PLAN, member, joining, WINDOW)
        assert caught.value.code == code


def test_earlier_years_are_counted_from_the_years_first_day_for_who_joined_in_the_window() -> None:
    first, end = PLAN.cover.first_day, WINDOW[1]
    after = end + timedelta(days=2)
    assert counted_from(PLAN, WINDOW, end + timedelta(days=1)) == first
    assert counted_from(PLAN, WINDOW, after) == after
    assert counted_from(PLAN, WINDOW, after, placed=end) == first
    assert counted_from(PLAN, WINDOW, after, placed=end + timedelta(days=1)) == after


@pytest.mark.parametrize(
    ("fen", "insured", "fits"), [(158_00, 1, True), (158_01, 1, False), (0, 1, False), (1, 2, False)]
)
def test_means_pay_more_than_nothing_and_no_more_than_the_own_part(fen: int, insured: int, fits: bool) -> None:
    means = OtherMeans(insured, MeansKind.SUBSIDY, "hope", fen, "M1")
    if fits:
        assert fen_of_means([means], {1: 158_00}) == {1: fen}
        assert fen_of_means([replace(means, amount=100_00), replace(means, amount=58_00)], {1: 158_00}) == {1: 158_00}
        return
    with refused("means_not_of_order"):
        fen_of_means([means], {1: 158_00})


# What is owed back, and cover that was granted


def test_what_an_order_owes_back_is_begun_once_for_all_its_lines_and_counted_in_the_audit(
    api: Caller, city: City
) -> None:
    before = Refund.objects.of(city).count()
    paid = Payment.objects.create(
        city=city, reference="B1", provider="sandbox", amount=316_00, status="paid", created_at=now(city)
    )
    unpaid = an_order(city, FATHER, status=OrderStatus.REFUND_DUE)
    order = an_order(city, WANG_FANG, FATHER, payment=paid, status=OrderStatus.REFUND_DUE)
    OrderLine.objects.of(city).filter(order__in=[order, unpaid]).update(refund_due=True)
    assert begin_refunds(actor=command_actor(city)) == 1
    refund = Refund.objects.of(city).get(source=f"order:{order.reference}")
    assert (refund.amount, refund.payee_id, refund.reason) == (316_00, order.applicant_id, "no_cover")
    assert Refund.objects.of(city).count() == before + 1
    assert begin_refunds(actor=command_actor(city)) == 0
    events = AuditEvent.objects.of(city).filter(action="refunds_begun").order_by("pk")
    assert [(one.actor, one.subject, one.detail) for one in events] == [
        ("command", "city:demo", {"refunds": 1}),
        ("command", "city:demo", {"refunds": 0}),
    ]


def test_an_order_of_a_plan_without_a_known_person_says_so_beside_them(api: Caller, city: City) -> None:
    placed = api.post("channel-1", "/api/v1/orders", order_for(0)).json()
    found = order_by_reference(city, placed["reference"])
    assert found is not None
    assert found.payment is not None
    assert (found.payment.amount, owed_back(found)) == (158_00, 0)
