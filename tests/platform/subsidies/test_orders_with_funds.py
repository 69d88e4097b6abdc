"""Orders for which funds pay: shown before, drawn when policies are issued, and given back when they are not."""

from __future__ import annotations

import pytest
from django.utils import timezone

from acting import themself
from huimin.platform.catalogue.selectors import PlanYearFacts, plan_on_sale
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, Policy
from huimin.platform.enrolment.services import PlacedOrder, confirm_payment, place_order
from huimin.platform.foundation.actors import client_actor, provider_actor
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.relations import Relation
from huimin.platform.gateways.api import Notice
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.drawing import let_go
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.giving_back import give_back
from huimin.platform.subsidies.models import Draw
from huimin.platform.subsidies.selectors import left_in_funds
from huimin.platform.subsidies.verification import faults_of_funds
from huimin.platform.tasks.kinds import Lane
from platform_support import Caller, person
from subsidies_support import a_fund, draws, long_ago, on_roster, uncovered
from work_support import work_off

PRICE = 158_00
NOTHING = {"": PerPerson(leaves=0)}


def year(city: City) -> PlanYearFacts:
    found = plan_on_sale(city)
    assert found is not None
    return found


def order(city: City, *people: Resident) -> PlacedOrder:
    """Ordered at the city's channel, for the first of them and their family."""
    facts = persons_by_id(city, [one.pk for one in people])
    insured = [(facts[one.pk], Relation.SELF if place == 0 else Relation.PARENT) for place, one in enumerate(people)]
    channel = client_actor(ApiClient.objects.select_related("city").get(city=city, code="channel-1"))
    return place_order(
        actor=channel, plan_year=year(city), applicant=insured[0][0], insured=insured, terms_opened_now=True
    )


def pay(city: City, placed: PlacedOrder) -> None:
    reference = placed.order.reference
    notice = Notice(f"N-{reference}", reference, "paid", placed.total, f"T-{reference}")
    confirm_payment(actor=provider_actor(city, "sandbox"), notice=notice)


def status(placed: PlacedOrder) -> str:
    return str(Order.objects.get(pk=placed.order.id).status)


def balance(city: City, account: str, party: str) -> int:
    return sum(row.amount for row in Posting.objects.of(city).filter(account=account, party=party))


def test_a_person_on_a_roster_pays_one_fen_and_the_fund_the_rest(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    placed = order(city, person_)
    assert placed.total == 1
    (cover,) = placed.covers
    assert (cover.price, cover.own_part, cover.paid_by) == (PRICE, 1, {"fund:hope": PRICE - 1})
    assert draws(city) == [("hope", PRICE - 1, "reserved")]
    assert balance(city, "subsidy_fund", "fund:hope") == -1_000_00, "a reservation moves no money"
    pay(city, placed)
    assert status(placed) == "issued"
    assert Policy.objects.of(city).get(insured=person_).price == PRICE
    assert draws(city) == [("hope", PRICE - 1, "committed")]
    assert balance(city, "subsidy_fund", "fund:hope") == -(1_000_00 - (PRICE - 1))
    assert verify_city(city).faults == []


def test_where_funds_pay_everything_no_payment_company_is_asked(city: City) -> None:
    a_fund(city, money=1_000_00, amounts=NOTHING)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    placed = order(city, person_)
    assert (placed.total, placed.payer_address, placed.order.payment) == (0, "", None)
    work_off(Lane.ORDERS)
    assert status(placed) == "issued"
    assert Policy.objects.of(city).filter(insured=person_).count() == 1
    assert verify_city(city).faults == []


@pytest.mark.parametrize("leaves", [1, 10, 1_00])
def test_the_payer_pays_what_the_fund_leaves_for_each_of_the_family(city: City, leaves: int) -> None:
    a_fund(city, money=1_000_00, amounts={"": PerPerson(leaves=leaves)})
    people = uncovered(city, 3)
    on_roster(city, people[:2])
    placed = order(city, *people)
    assert placed.total == 2 * leaves + PRICE
    pay(city, placed)
    assert (status(placed), len(draws(city))) == ("issued", 2)
    assert verify_city(city).faults == []


def test_two_funds_pay_in_their_order_and_stand_beside_each_other(city: City) -> None:
    a_fund(city, "city", order=2, money=1_000_00)
    a_fund(city, "hope", order=1, money=1_000_00, amounts={"": PerPerson(fen=60_00)})
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    placed = order(city, person_)
    assert placed.covers[0].paid_by == {"fund:hope": 60_00, "fund:city": 97_99}
    pay(city, placed)
    assert balance(city, "subsidy_fund", "fund:hope") == -(1_000_00 - 60_00)
    assert balance(city, "subsidy_fund", "fund:city") == -(1_000_00 - 97_99)
    assert verify_city(city).faults == []


def test_where_the_fund_has_money_for_one_the_next_person_pays_the_whole_price(city: City) -> None:
    a_fund(city, money=PRICE - 1)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    assert order(city, first).total == 1
    assert order(city, second).total == PRICE
    assert len(draws(city)) == 1


def test_what_is_shown_is_what_is_ordered(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    facts = persons_by_id(city, [person_.pk])
    offer = check_eligibility(city=city, plan_year=year(city), residents=list(facts.values()))[person_.pk].offer
    assert offer is not None
    assert (offer.own_part, offer.to_pay, offer.by_funds) == (PRICE, 1, {"hope": PRICE - 1})
    assert draws(city) == [], "looking reserves nothing"


def test_two_orders_for_one_person_draw_once_and_the_second_fen_is_owed_back(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    first, second = order(city, person_), order(city, person_)
    pay(city, first)
    pay(city, second)
    assert (status(first), status(second)) == ("issued", "refund_due")
    assert OrderLine.objects.of(city).get(order=second.order.id).refund_reason == "covered_already"
    assert draws(city) == [("hope", PRICE - 1, "committed")]
    assert verify_city(city).faults == []


def test_the_order_that_was_placed_first_may_be_paid_last(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    first, second = order(city, person_), order(city, person_)
    pay(city, second)
    pay(city, first)
    assert (status(first), status(second)) == ("refund_due", "issued")
    assert draws(city) == [("hope", PRICE - 1, "committed")]
    assert verify_city(city).faults == []


def test_who_pays_late_is_covered_where_the_fund_still_has_the_money(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    placed = order(city, person_)
    let_go(city, [Draw.objects.of(city).get().claim], timezone.now())
    assert sum(left_in_funds(city).values()) == 1_000_00
    pay(city, placed)
    assert (status(placed), draws(city)) == ("issued", [("hope", PRICE - 1, "committed")])
    assert verify_city(city).faults == []


def test_who_pays_after_others_had_the_money_gets_their_fen_back_and_no_cover(city: City) -> None:
    a_fund(city, money=PRICE - 1)
    late, quick = people = uncovered(city, 2)
    on_roster(city, people)
    placed = order(city, late)
    Draw.objects.of(city).update(expires_at=long_ago())
    entry = Draw.objects.of(city).get().entry_id
    assert entry
    # The money is shown as gone until somebody who is asked for it needs it: the first one has let it go by then.
    let_go(city, [Draw.objects.of(city).get().claim], timezone.now())
    pay(city, order(city, quick))
    pay(city, placed)
    assert status(placed) == "refund_due"
    assert OrderLine.objects.of(city).get(order=placed.order.id).refund_reason == "means_failed"
    assert not Policy.objects.of(city).filter(insured=late).exists()
    assert sum(left_in_funds(city).values()) == 0
    assert verify_city(city).faults == []


def test_a_draw_without_its_policy_is_named_by_the_verification(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    placed = order(city, person_)
    pay(city, placed)
    reference = LineMeans.objects.of(city).get().reference
    Draw.objects.of(city).update(claim="1-of-nobody")
    assert {fault for fault in verify_city(city).faults if fault.startswith("draw ")} == {
        "draw 1-of-nobody: a fund paid ('hope', 15799); the policies were issued for nothing",
        f"draw {reference}: a fund paid nothing; the policies were issued for ('hope', 15799)",
    }


def test_the_api_says_which_fund_pays_and_what_is_left(api: Caller, city: City) -> None:
    a_fund(city, money=1_000_00)
    on_roster(city, list(Resident.objects.of(city).order_by("pk")[:1]))
    body = {"applicant": person(0), "insured": [{**person(0), "relation": "self"}], "terms_opened": True}
    answer = api.post("channel-1", "/api/v1/orders", body).json()
    assert answer["total"] == "0.01"
    assert answer["insured"][0]["to_pay"] == "0.01"
    assert answer["insured"][0]["paid_by"] == [{"payer": "fund:hope", "amount": "157.99"}]
    again = api.get("channel-1", f"/api/v1/orders/{answer['reference']}").json()
    assert again["insured"] == answer["insured"]


def test_a_resident_sees_who_pays_before_paying(city: City) -> None:
    from django.test import Client

    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    assert themself(person_).city == city
    client = Client()
    session = client.session
    session["resident_id"] = [city.code, person_.pk]
    session.save()
    html = client.get(f"/{city.code}/enrol/").content.decode()
    assert "爱心资金" in html
    assert "¥157.99" in html
    assert "¥0.01" in html


def test_the_money_of_a_policy_that_is_given_up_goes_back_to_the_fund_and_the_fen_to_the_payer(city: City) -> None:
    a_fund(city, money=PRICE - 1)
    first, second = people = uncovered(city, 2)
    on_roster(city, people)
    pay(city, order(city, first))
    policy = Policy.objects.of(city).get(insured=first)
    withdraw(actor=themself(first), number=policy.number, note="")
    assert draws(city) == [("hope", PRICE - 1, "returned")]
    assert sum(left_in_funds(city).values()) == PRICE - 1
    assert balance(city, "subsidy_fund", "fund:hope") == -(PRICE - 1)
    assert verify_city(city).faults == []
    assert order(city, second).total == 1, "it pays for somebody else"


def test_a_part_of_a_draw_goes_back_and_never_more_than_was_drawn(city: City) -> None:
    a_fund(city, money=1_000_00)
    (person_,) = people = uncovered(city, 1)
    on_roster(city, people)
    pay(city, order(city, person_))
    reference = Draw.objects.of(city).get().claim
    give_back(city, {reference: 57_99}, "test:1", timezone.now())
    assert sum(left_in_funds(city).values()) == 1_000_00 - 100_00
    with pytest.raises(SubsidyError) as refused:
        give_back(city, {reference: 100_01}, "test:2", timezone.now())
    assert refused.value.code == "not_secured"
    give_back(city, {reference: 100_00}, "test:3", timezone.now())
    assert sum(left_in_funds(city).values()) == 1_000_00
    assert faults_of_funds(city) == []
