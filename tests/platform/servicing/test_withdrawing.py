"""A policy is given up: the premium goes back the road by which it came, and every insurer's part with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from acting import acting, themself
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.selectors import lock_policies_of_members, policies_of
from huimin.platform.enrolment.services import OtherMeans, place_order
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments import means as registry
from huimin.platform.payments.means import Collector, MeansKind, register_collector
from huimin.platform.payments.models import Refund
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.servicing.stories import story_by_number
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.tasks.models import Task
from huimin.terms import load_plan_text
from platform_support import Caller, a_bill
from refunds_support import an_order, paid_at_the_company, retry_now
from served import free_port
from work_support import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def sums(city: City, *accounts: str) -> dict[str, int]:
    """Fen by account, summed over its parties."""
    found: dict[str, int] = {}
    for account, fen in Posting.objects.of(city).values_list("account", "amount"):
        if account in accounts:
            found[account] = found.get(account, 0) + fen
    return found


def insurers(city: City) -> dict[str, int]:
    rows = Posting.objects.of(city).filter(account="insurer_premium").values_list("party", "amount")
    found: dict[str, int] = {}
    for party, fen in rows:
        found[party] = found.get(party, 0) + fen
    return found


def insured(city: City, index: int) -> Resident:
    found: Resident = Resident.objects.of(city).get(psn_no=f"P{index + 1:08d}")
    return found


def policy_of(city: City, index: int) -> Policy:
    found: Policy = Policy.objects.of(city).filter(insured=insured(city, index)).latest("pk")
    return found


def statuses(city: City, number: str) -> list[str]:
    story = story_by_number(city, number)
    assert story is not None
    return [one.status.value for one in story.stands]


def with_terms(city: City, withdrawal: str) -> None:
    """As if the plan had been published with this clause, before anybody of the test ordered."""
    year = PlanYear.objects.of(city).get()
    text = year.plan_text.replace(
        "[eligibility]", f'[withdrawal]\n{withdrawal}\nsource = "study:period"\n\n[eligibility]', 1
    )

    digest = load_plan_text(text, year.sources_text).digest
    PlanYear.objects.of(city).update(plan_text=text, plan_digest=digest)
    forget_all()


def day_is(city: City, day: date) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


def test_before_cover_begins_the_whole_goes_back_and_every_insurer_gives_back_its_part(
    api: Caller, city: City, sandbox: Played
) -> None:
    before = insurers(city)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    assert statuses(city, policy.number) == ["not_yet"]
    back = withdraw(actor=themself(policy.holder), number=policy.number)
    assert (back.fen, back.rule) == (158_00, "before_cover")
    assert insurers(city) == before
    assert statuses(city, policy.number) == ["cancelled", "refund_due"]
    work_off()
    retry_now(city)
    assert statuses(city, policy.number) == ["cancelled", "refunded"]
    assert sums(city, "refund_payable").get("refund_payable", 0) == 0
    assert [refund.amount for refund in sandbox.sandbox.company.refunds.values()] == [158_00]
    assert verify_city(city).faults == []


def test_whoever_gave_it_up_may_join_again_and_the_old_policy_stays_to_be_seen(
    api: Caller, city: City, sandbox: Played
) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0))
    first = policy_of(city, 0)
    withdraw(actor=themself(first.holder), number=first.number)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    second = policy_of(city, 0)
    assert second.number != first.number
    assert {one.number for one in policies_of(city, insured(city, 0))} == {first.number, second.number}
    assert statuses(city, second.number) == ["not_yet"]
    assert verify_city(city).faults == []


def test_of_one_of_two_in_an_order_the_half_goes_back_and_the_other_stays_covered(
    api: Caller, city: City, sandbox: Played
) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0, 1))
    own, fathers = policy_of(city, 0), policy_of(city, 1)
    withdraw(actor=themself(fathers.insured), number=fathers.number)
    assert statuses(city, own.number) == ["not_yet"]
    work_off()
    retry_now(city)
    withdraw(actor=themself(own.holder), number=own.number)
    work_off()
    retry_now(city)
    assert [refund.amount for refund in sandbox.sandbox.company.refunds.values()] == [158_00, 158_00]
    assert verify_city(city).faults == []


def test_two_clicks_give_it_up_once(api: Caller, city: City, sandbox: Played) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    withdraw(actor=themself(policy.holder), number=policy.number)
    with pytest.raises(HuiminError) as error:
        withdraw(actor=themself(policy.holder), number=policy.number)
    assert error.value.code == "policy_ended"
    assert Refund.objects.of(city).count() == 1


def test_a_stranger_and_an_unknown_number_are_refused(api: Caller, city: City, sandbox: Played) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    with pytest.raises(NotAllowed):
        withdraw(actor=themself(insured(city, 5)), number=policy.number)
    with pytest.raises(NotAllowed):
        withdraw(actor=acting(city, "bureau"), number=policy.number)
    with pytest.raises(NotAllowed):  # as for a policy of somebody else: which numbers there are is not told
        withdraw(actor=themself(policy.holder), number="HM0")
    with pytest.raises(HuiminError) as error:
        withdraw(actor=acting(city, "handler"), number="HM0")
    assert error.value.code == "policy_not_found"
    assert withdraw(actor=acting(city, "handler"), number=policy.number, note="by telephone").fen == 158_00


def test_once_cover_has_begun_it_is_refused_where_the_terms_do_not_say_what_comes_back(
    api: Caller, city: City, sandbox: Played
) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    day_is(city, policy.cover_from)
    with pytest.raises(HuiminError) as error:
        withdraw(actor=themself(policy.holder), number=policy.number)
    assert error.value.code == "withdrawal_not_in_terms"
    assert statuses(city, policy.number) == ["in_force"]


def test_once_cover_has_begun_the_days_left_come_back_by_the_terms_and_cover_ends_the_next_day(
    api: Caller, city: City, sandbox: Played
) -> None:
    with_terms(city, 'after = "days_left"\nkeeps_percent = "35"')
    before = insurers(city)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    day_is(city, date(2022, 6, 30))
    back = withdraw(actor=themself(policy.holder), number=policy.number)
    days = (date(2022, 12, 31) - policy.cover_from).days + 1
    assert back.fen == round(158_00 * 184 * 65 / (days * 100))
    assert statuses(city, policy.number) == ["in_force", "cancellation_pending", "refund_due"]
    kept = {party: fen - before.get(party, 0) for party, fen in insurers(city).items()}
    assert sum(kept.values()) == -(158_00 - back.fen)
    assert verify_city(city).faults == []
    day_is(city, date(2022, 7, 1))
    assert statuses(city, policy.number) == ["cancelled", "refund_due"]
    (facts,) = [one for one in lock_policies_of_members_now(city, policy.psn_no) if one.id == policy.pk]
    assert facts.member.cover_to == date(2022, 6, 30)
    late = api.settle({**a_bill("S-late", "2022-07-01", 20_000_00), "psn_no": policy.psn_no})
    assert late.status_code == 422
    assert late.json()["code"] == "uncovered_date"
    assert api.settle({**a_bill("S-early", "2022-06-30", 20_000_00), "psn_no": policy.psn_no}).status_code == 200
    assert verify_city(city).faults == []


def lock_policies_of_members_now(city: City, psn_no: str) -> list[Any]:
    with transaction.atomic():
        return lock_policies_of_members(city, psn_no)


def test_a_policy_on_which_something_was_paid_is_not_given_up(api: Caller, city: City, sandbox: Played) -> None:
    with_terms(city, 'cooling_off_days = 60\nafter = "days_left"')
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    day_is(city, policy.cover_from + timedelta(days=2))
    bill = {**a_bill("S-1", str(policy.cover_from), 20_000_00), "psn_no": policy.psn_no}
    assert api.settle(bill).status_code == 200
    with pytest.raises(HuiminError) as error:
        withdraw(actor=themself(policy.holder), number=policy.number)
    assert error.value.code == "claims_on_policy"
    assert verify_city(city).faults == []


def test_within_the_cooling_off_days_it_is_as_if_cover_had_never_been(api: Caller, city: City, sandbox: Played) -> None:
    with_terms(city, 'cooling_off_days = 15\nafter = "not_possible"')
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    day_is(city, policy.cover_from + timedelta(days=14))
    assert withdraw(actor=themself(policy.holder), number=policy.number).rule == "cooling_off"
    assert statuses(city, policy.number) == ["cancelled", "refund_due"]
    bill = {**a_bill("S-1", str(policy.cover_from), 20_000_00), "psn_no": policy.psn_no}
    assert api.settle(bill).json()["code"] == "uncovered_date"


def test_a_bill_that_comes_while_it_is_given_up_waits_and_finds_no_cover(
    api: Caller, city: City, sandbox: Played
) -> None:
    """The withdrawal holds the lock of the member-year, which every settlement takes first."""
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    withdraw(actor=themself(policy.holder), number=policy.number)
    day_is(city, policy.cover_from + timedelta(days=2))
    bill = {**a_bill("S-1", str(policy.cover_from), 20_000_00), "psn_no": policy.psn_no}
    assert api.settle(bill).json()["code"] == "uncovered_date"


def test_both_who_bought_it_and_who_is_insured_are_told(api: Caller, city: City, sandbox: Played) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0, 1))
    policy = policy_of(city, 1)
    withdraw(actor=themself(policy.holder), number=policy.number)
    told = Task.objects.of(city).filter(key__startswith=f"withdrawn-{policy.number}")
    assert {row.key.rsplit("-", 1)[1] for row in told} == {str(policy.holder_id), str(policy.insured_id)}


def test_the_page_says_what_comes_back_and_then_that_it_is_given_up(api: Caller, city: City, sandbox: Played) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    client = Client()
    session = client.session
    session["resident_id"] = [city.code, policy.holder_id]
    session.save()
    address = f"/{city.code}/policies/{policy.number}/withdraw/"
    page = client.get(address).content.decode()
    assert "158.00" in page
    assert "退还全部保费" in page
    assert "退保已受理" in client.post(address, follow=True).content.decode()
    again = client.post(address)
    assert again.status_code == 409
    assert "已经退保" in again.content.decode()
    assert client.get(f"/{city.code}/policies/HM0/withdraw/").status_code == 404


def test_the_books_name_a_policy_whose_row_says_that_it_ended_and_whose_history_does_not(
    api: Caller, city: City, sandbox: Played
) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    Policy.objects.of(city).filter(pk=policy.pk).update(ended_on=policy.cover_from)
    assert any(policy.number in fault for fault in verify_city(city).faults)


@pytest.fixture
def collectors() -> Iterator[list[tuple[dict[str, int], str]]]:
    """Accounts and funds that take back what they paid, and what they were told of it."""
    before, heard = dict(registry._collectors), []

    def given_back(city: City, fen: Mapping[str, int], cause: str, at: datetime) -> None:
        heard.append((dict(fen), cause))

    def quiet(city: City, references: Sequence[str], at: datetime) -> None:
        return None

    register_collector(MeansKind.SUBSIDY, Collector(quiet, quiet, given_back=given_back))
    register_collector(MeansKind.PERSONAL_ACCOUNT, Collector(quiet, quiet))
    yield heard
    registry._collectors.clear()
    registry._collectors.update(before)


def partly_paid_by(api: Caller, city: City, kind: MeansKind) -> Policy:
    """100 yuan by other means, 58 by the payment company."""
    who, year = insured(city, 0), plan_on_sale(city)
    assert year is not None
    placed = place_order(
        actor=themself(who),
        plan_year=year,
        applicant=persons_by_id(city, [who.pk])[who.pk],
        insured=[(persons_by_id(city, [who.pk])[who.pk], Relation.SELF)],
        terms_opened_now=True,
        means=[OtherMeans(who.pk, kind, "320100", 100_00, "M1", sure=True)],
    )
    assert placed.order.payment is not None
    assert api.pay(placed.order.payment.reference, "58.00").content == b"success"
    return policy_of(city, 0)


def test_what_a_fund_paid_goes_back_to_the_fund_and_what_the_payer_paid_to_the_payer(
    api: Caller, city: City, sandbox: Played, collectors: list[tuple[dict[str, int], str]]
) -> None:
    policy = partly_paid_by(api, city, MeansKind.SUBSIDY)
    withdraw(actor=themself(policy.holder), number=policy.number)
    assert collectors == [({"M1": 100_00}, f"withdrawal:{policy.number}")]
    assert Refund.objects.of(city).get().amount == 58_00


def test_a_policy_that_an_account_paid_which_takes_nothing_back_is_not_given_up_alone(
    api: Caller, city: City, sandbox: Played, collectors: list[tuple[dict[str, int], str]]
) -> None:
    policy = partly_paid_by(api, city, MeansKind.PERSONAL_ACCOUNT)
    with pytest.raises(HuiminError) as error:
        withdraw(actor=themself(policy.holder), number=policy.number)
    assert error.value.code == "road_back_unknown"
    assert statuses(city, policy.number) == ["not_yet"]
    assert not Refund.objects.of(city).exists()
