"""Rules that one line of code holds each, on both sides: what a sample of small breaks of the platform went past."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from cast import STRANGER
from claims_support import FATHER, found
from happening import happened
from huimin.errors import InputError
from huimin.platform.catalogue.api import plan_on_sale
from huimin.platform.claims import services
from huimin.platform.claims.cases.rules import statuses_of_case
from huimin.platform.claims.models import BenefitDecisionVersion, Finding, ReviewItem, SettlementFact
from huimin.platform.claims.recalculating import decided_again
from huimin.platform.claims.reviews import USE_CASE, held_bill
from huimin.platform.claims.selectors import ReviewSearch, claim_detail, open_reviews
from huimin.platform.claims.whole_years import all_facts
from huimin.platform.enrolment.figures import enrolled_by_day, enrolled_by_decade
from huimin.platform.enrolment.models import Order, Policy, TermsOpened
from huimin.platform.enrolment.offers import late_joining_open
from huimin.platform.enrolment.selectors import policies_by_id
from huimin.platform.foundation.actors import Who, client_actor, command_actor
from huimin.platform.foundation.approvals.use_cases import use_case_named
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.cleaning import refuse_unclean
from huimin.platform.foundation.clock import FUTURE_TOLERANCE
from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.logs import WithoutValues
from huimin.platform.foundation.masking import mask_personal
from huimin.platform.foundation.middleware import SecurityHeaders
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.permissions import NAMES, RULES, Action
from huimin.platform.invoicing.models import Invoice
from huimin.platform.ledger.books_check import BooksCheck, books_check
from huimin.platform.ledger.verification import verify_city
from huimin.terms import load_plan_text
from platform_support import Caller, a_bill
from small_plan import SOURCES, WHOLE

LAST = date(2026, 3, 31)


@pytest.mark.parametrize("answer", ["agreed", "sent_back", "outdated", "withdrawn", "closed"])
def test_a_bill_is_with_the_second_person_until_the_proposal_is_answered_or_taken_back(answer: str) -> None:
    waits = happened("held 2026-03-02", "proposed 2026-03-03")
    assert "with_second_person" in statuses_of_case(waits, LAST)
    over = happened("held 2026-03-02", "proposed 2026-03-03", f"{answer} 2026-03-04")
    assert "with_second_person" not in statuses_of_case(over, LAST)
    assert ("open" in statuses_of_case(over, LAST)) == (answer != "closed")


def test_the_use_case_of_held_bills_is_proposed_by_who_finds_and_agreed_by_who_agrees() -> None:
    assert held_bill() == use_case_named(USE_CASE)
    assert (str(held_bill().propose), str(held_bill().agree)) == ("find", "agree")


def test_a_held_bill_counts_for_nothing_where_its_whole_amount_is_unknown(api: Caller, covered: City) -> None:
    body = {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER}
    assert api.settle({**body, "setl_id": "V"}).status_code == 404
    del body["medfee_sumamt"]
    assert api.settle(body).status_code in (404, 422)
    held = dict(ReviewItem.objects.of(covered).values_list("setl_id", "amount"))
    assert (held["U"], held["V"]) == (0, 30_000_00)


def test_a_bill_may_be_dated_one_day_ahead_and_no_second_more(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = timezone.make_aware(datetime(2022, 4, 20, 12))
    monkeypatch.setattr("huimin.platform.claims.services.now", lambda _city: noon)
    just = (noon + FUTURE_TOLERANCE).strftime("%Y-%m-%d %H:%M:%S")
    late = (noon + FUTURE_TOLERANCE + timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S")
    assert api.settle(a_bill("A", just, 20_000_00)).status_code == 200
    refused = api.settle(a_bill("B", late, 20_000_00))
    assert (refused.status_code, refused.json()["code"]) == (422, "settlement_in_future")


def test_a_reversal_and_a_replaced_bill_have_no_page_of_their_own(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    api.settle({"setl_id": "R", "psn_no": FATHER, "setl_time": "2022-04-19", "reverses": "A"})
    rows = {row.setl_id: row for row in SettlementFact.objects.of(covered).filter(setl_id__in=["A", "R"])}
    bill = claim_detail(covered, rows["A"].pk)
    assert bill is not None
    assert bill.explanation is None
    assert claim_detail(covered, rows["R"].pk) is None


def test_a_closed_bill_is_not_in_the_queue(api: Caller, covered: City) -> None:
    api.settle({**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    search = ReviewSearch(words="U")
    (item,) = open_reviews(covered, search, 1).rows
    found(covered, item, Finding.REFUSE, "nobody has this number")
    assert open_reviews(covered, search, 1).rows == []


def test_a_whole_year_has_each_hospitals_bill_of_one_id_and_none_that_was_withdrawn(api: Caller, covered: City) -> None:
    for hospital in ("hospital-1", "hospital-2"):
        answer = api.post(hospital, "/api/v1/settlements", a_bill("A", "2022-04-18", 20_000_00))
        assert answer.status_code == 200, answer.content
    plan_year = plan_on_sale(covered)
    assert plan_year is not None

    def senders() -> list[str]:
        return [fact.sender for fact in all_facts(covered, plan_year, 100) if fact.setl_id == "A"]

    assert senders() == ["hospital-1", "hospital-2"]
    again = SettlementFact.objects.of(covered).get(setl_id="A", client__code="hospital-2")
    SettlementFact.objects.create(**_copied(again, revision=1))
    assert senders() == ["hospital-1", "hospital-2"]
    SettlementFact.objects.create(**_copied(again, revision=2, withdrawn=True))
    assert senders() == ["hospital-1"]


def _copied(fact: SettlementFact, **changes: Any) -> dict[str, Any]:
    kept = {one.attname: getattr(fact, one.attname) for one in fact._meta.concrete_fields if not one.primary_key}
    return {**kept, **changes}


def test_figures_have_every_day_from_the_first_policy_to_the_last_and_every_decade(covered: City) -> None:
    plan_year = plan_on_sale(covered)
    assert plan_year is not None
    rows = Policy.objects.of(covered).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    first = timezone.make_aware(datetime(2022, 1, 3, 9))
    rows.update(issued_at=first, birth_date=date(1959, 12, 31))
    rows.filter(pk=keys[0]).update(issued_at=first + timedelta(days=2), birth_date=date(1960, 1, 1))
    rest = len(keys) - 1
    assert enrolled_by_day(covered, plan_year) == [
        (date(2022, 1, 3), rest),
        (date(2022, 1, 4), 0),
        (date(2022, 1, 5), 1),
    ]
    assert enrolled_by_decade(covered, plan_year) == [(1950, rest), (1960, 1)]


def test_an_order_says_when_its_policies_were_issued(covered: City) -> None:
    order = Order.objects.of(covered).order_by("-pk")[0]
    policy = Policy.objects.of(covered).filter(order_line__order=order)[0]
    assert order.issued_at == policy.issued_at


def test_late_joining_begins_when_the_window_is_over_and_ends_with_the_terms() -> None:
    plan = load_plan_text(WHOLE, SOURCES).plan
    window, last = (date(2023, 11, 1), date(2023, 12, 31)), date(2024, 2, 1)
    said = {day: late_joining_open(plan, window, day) for day in (*window, date(2024, 1, 1), last)}
    assert list(said.values()) == [False, False, True, True]
    assert not late_joining_open(plan, window, last + timedelta(days=1))


def test_a_log_has_the_place_and_the_kind_of_an_error_and_not_what_it_says() -> None:
    try:
        raise ValueError("110101199003070011")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("huimin", logging.ERROR, __file__, 1, "failed", (), error)
    said = WithoutValues().format(record)
    assert "builtins.ValueError" in said
    assert f"  {__file__}:" in said
    assert "test_a_log_has_the_place" in said
    assert "0307" not in said


@pytest.mark.parametrize(("year", "masked"), [(1879, False), (1880, True), (2099, True), (2100, False)])
def test_a_number_is_masked_where_its_day_of_birth_lies_between_1880_and_2099(year: int, masked: bool) -> None:
    number = f"110101{year}03070011"
    assert (mask_personal(number) == "*" * 14 + "0011") == masked
    assert (mask_personal(number) == number) != masked


def test_every_role_has_a_name_of_its_own_in_both_languages() -> None:
    assert set(NAMES) == set(Who)
    assert {who for rule in RULES.values() for who in rule.who} <= set(NAMES)
    for place in (0, 1):
        assert len({names[place] for names in NAMES.values()}) == len(Who)


def test_books_that_were_never_checked_say_so(city: City) -> None:
    assert books_check(city) == BooksCheck(under_way=False, at=None, faults=0, counts={}, shown=())


@pytest.mark.parametrize(("path", "kept"), [("/static/huimin/huimin.css", None), ("/demo/", "no-store")])
def test_pages_are_kept_by_nobody_and_what_all_pages_share_may_be(path: str, kept: str | None) -> None:
    """A shared computer must not show the last user's pages again."""
    headers = SecurityHeaders(lambda request: HttpResponse())(RequestFactory().get(path)).headers
    assert headers.get("Cache-Control") == kept


def test_what_is_encrypted_for_its_city_and_row_wants_both_known() -> None:
    title = Invoice._meta.get_field("title")
    assert isinstance(title, EncryptedTextField)
    for row in (Invoice(city_id=1), Invoice(id=1)):
        with pytest.raises(TypeError, match="both must be known"):
            title.place(row)
    assert title.place(Invoice(city_id=1, id=2)).row == "2"


def test_a_row_without_a_code_is_refused_by_what_is_wrong_alone() -> None:
    with pytest.raises(InputError) as caught:
        refuse_unclean(TermsOpened(), "this look", "bad_look")
    assert caught.value.code == "bad_look"
    assert "opened_at: " in str(caught.value)


def test_the_amount_above_which_two_decide_is_the_own_citys(city: City) -> None:
    other = City.objects.create(code="other", name_zh="他市", name_en="Other", second_person_above=5)
    set_second_person_above(actor=command_actor(city), fen=7)
    other.refresh_from_db()
    assert other.second_person_above == 5
    assert City.objects.get(pk=city.pk).second_person_above == 7


def test_who_may_not_reverse_is_told_so(city: City) -> None:
    other = client_actor(ApiClient.objects.select_related("city").get(city=city, code="channel-1"))
    with pytest.raises(NotAllowed) as caught:
        services.authorise_sending(other, reverses=True)
    assert str(caught.value) == str(NotAllowed.of(other, Action.REVERSE))


def test_orders_are_counted_one_by_one_when_premiums_are_added_up_again(city: City) -> None:
    assert verify_city(city).counts["orders"] == Order.objects.of(city).filter(status="issued").count() > 1


def test_the_page_of_a_bill_says_when_it_was_decided_again(api: Caller, covered: City) -> None:
    """A later bill that is dated earlier uses the deductible: what the first is paid changes."""
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    fact = SettlementFact.objects.of(covered).get(setl_id="A")
    detail = claim_detail(covered, fact.pk)
    assert detail is not None
    assert detail.decided_again_at is None
    api.settle(a_bill("B", "2022-03-18", 20_000_00))
    again = claim_detail(covered, fact.pk)
    assert again is not None
    last = BenefitDecisionVersion.objects.of(covered).filter(settlement=fact).latest("pk")
    assert again.decided_again_at == last.decided_at


def test_bills_that_another_fact_would_have_paid_differently_are_told_with_what_was_and_what_would_be_paid(
    api: Caller, covered: City
) -> None:
    paid = int(api.settle(a_bill("A", "2022-04-18", 50_000_00)).json()["payable"].replace(".", ""))
    assert paid > 0
    fact = SettlementFact.objects.of(covered).get(setl_id="A")
    (policy,) = policies_by_id(covered, [fact.policy_id]).values()
    again = decided_again(replace(policy, member=replace(policy.member, pre_existing=frozenset())))
    ((bill, (before, after)),) = again.bills.items()
    assert (bill, before) == ("A", paid)
    assert after > paid, "the father has a disease of before, for which the plan pays less"
    assert again.difference == after - paid
