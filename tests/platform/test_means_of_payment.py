"""An order that is paid by several means: it is complete when each is in, and what fails goes back as it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment.completing import Standing, standing
from huimin.platform.enrolment.models import LineMeans, MeansStatus, Order, Policy
from huimin.platform.enrolment.selectors import means_of_order, order_by_reference, owed_back
from huimin.platform.enrolment.services import OtherMeans, PlacedOrder, place_order
from huimin.platform.foundation.actors import resident_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments import means as registry
from huimin.platform.payments.cases import open_cases
from huimin.platform.payments.means import Collector, MeansKind, means_failed, means_in, register_collector
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.tasks.kinds import Lane
from platform_support import Caller
from work_support import work_off

ACCOUNT, FUND = MeansKind.PERSONAL_ACCOUNT, MeansKind.SUBSIDY
Told = list[tuple[str, str]]


@pytest.fixture
def told() -> Iterator[Told]:
    """What collectors of both kinds were told: `used` or `released`, and the means' reference."""
    before, heard = dict(registry._collectors), []

    def saying(word: str):  # type: ignore[no-untyped-def]
        return lambda _city, references, _at: heard.extend((word, one) for one in references)

    for kind in MeansKind:
        register_collector(kind, Collector(used=saying("used"), released=saying("released")))
    yield heard
    registry._collectors.clear()
    registry._collectors.update(before)


def pay_for(
    city: City, people: Sequence[int], *means: tuple[int, MeansKind, int, str], sure: bool = False
) -> PlacedOrder:
    """An order of the first of `people` for all of them. Each of `means`: for whom, kind, fen, reference."""
    numbers = [f"P{index + 1:08d}" for index in {*people, *(one[0] for one in means)}]
    ids = dict(Resident.objects.of(city).filter(psn_no__in=numbers).values_list("psn_no", "pk"))
    known = persons_by_id(city, ids.values())
    insured = [known[ids[f"P{index + 1:08d}"]] for index in people]
    plan_year = plan_on_sale(city)
    assert plan_year is not None
    return place_order(
        actor=resident_actor(city, insured[0].id),
        plan_year=plan_year,
        applicant=insured[0],
        insured=[(one, Relation.SELF if one is insured[0] else Relation.PARENT) for one in insured],
        terms_opened_now=True,
        means=[
            OtherMeans(ids[f"P{index + 1:08d}"], kind, "320100" if kind is ACCOUNT else "donor", fen, reference, sure)
            for index, kind, fen, reference in means
        ],
    )


def say(city: City, kind: MeansKind, reference: str, failed: str = "") -> None:
    with transaction.atomic():
        if failed:
            means_failed(city=city, kind=kind, reference=reference, reason=failed)
        else:
            means_in(city=city, kind=kind, reference=reference)
    work_off(Lane.ORDERS)


def status(city: City, placed: PlacedOrder) -> str:
    return Order.objects.of(city).get(reference=placed.order.reference).status


def covered(city: City, placed: PlacedOrder) -> int:
    return Policy.objects.of(city).filter(order_line__order__reference=placed.order.reference).count()


def change(before: dict[tuple[str, str], int], city: City) -> dict[tuple[str, str], int]:
    after = balances(city)
    moved = {key: after.get(key, 0) - before.get(key, 0) for key in after.keys() | before.keys()}
    return {key: fen for key, fen in moved.items() if fen and key[0] != "insurer_premium"}


def test_an_order_whose_parts_others_pay_is_issued_when_the_last_of_them_is_in(city: City, told: Told) -> None:
    before = balances(city)
    placed = pay_for(city, [0, 1], (0, ACCOUNT, 158_00, "A1"), (1, FUND, 157_99, "F1"), (1, ACCOUNT, 1, "A2"))
    assert (placed.total, placed.payer_address, placed.order.payment) == (0, "", None)
    for kind, reference in ((FUND, "F1"), (ACCOUNT, "A1")):
        say(city, kind, reference)
        assert (status(city, placed), covered(city, placed)) == ("waiting", 0)
    say(city, ACCOUNT, "A2")
    assert (status(city, placed), covered(city, placed)) == ("issued", 2)
    assert change(before, city) == {("account_held", "agency:320100"): 158_01, ("subsidy_fund", "fund:donor"): 157_99}
    assert sorted(told) == [("used", "A1"), ("used", "A2"), ("used", "F1")]
    # No fund is there: whoever stands in for it here has no draw to show.
    assert verify_city(city).faults == ["draw F1: a fund paid nothing; the policies were issued for ('donor', 15799)"]


@pytest.mark.parametrize("company_first", [True, False])
def test_company_and_account_may_come_in_either_order(api: Caller, city: City, told: Told, company_first: bool) -> None:
    before = balances(city)
    placed = pay_for(city, [0, 1], (1, ACCOUNT, 100_00, "A1"))
    assert placed.total == 216_00
    steps = [lambda: api.pay(placed.order.reference, "216.00"), lambda: say(city, ACCOUNT, "A1")]
    first, second = steps if company_first else reversed(steps)
    first()
    assert (status(city, placed), covered(city, placed)) == ("waiting", 0)
    second()
    assert (status(city, placed), covered(city, placed)) == ("issued", 2)
    assert change(before, city) == {
        ("provider_clearing", "provider:sandbox"): 216_00,
        ("account_held", "agency:320100"): 100_00,
    }
    assert told == [("used", "A1")]
    assert verify_city(city).faults == []


def test_means_that_are_sure_already_wait_for_nobody(city: City, told: Told) -> None:
    placed = pay_for(city, [0], (0, FUND, 158_00, "F1"), sure=True)
    assert covered(city, placed) == 0
    work_off(Lane.ORDERS)
    assert (status(city, placed), covered(city, placed)) == ("issued", 1)


def test_what_is_said_twice_issues_nothing_twice(city: City, told: Told) -> None:
    placed = pay_for(city, [0], (0, ACCOUNT, 158_00, "A1"))
    say(city, ACCOUNT, "A1")
    say(city, ACCOUNT, "A1", failed="struck_out")
    assert (status(city, placed), covered(city, placed), told) == ("issued", 1, [("used", "A1")])


def test_an_account_that_fails_before_the_company_is_paid_ends_the_order_and_lets_the_rest_go(
    api: Caller, city: City, told: Told
) -> None:
    placed = pay_for(city, [0, 1], (1, ACCOUNT, 100_00, "A1"), (1, FUND, 58_00, "F1"))
    say(city, ACCOUNT, "A1", failed="balance_not_above")
    assert (status(city, placed), covered(city, placed), told) == ("failed", 0, [("released", "F1")])
    found = order_by_reference(city, placed.order.reference)
    assert found is not None
    assert [(one.status, one.reason) for one in means_of_order(found)] == [
        ("failed", "balance_not_above"),
        ("expected", ""),
    ]
    # The payer pays all the same, on a page that was open: all of it is owed back.
    api.pay(placed.order.reference, "158.00")
    assert (status(city, placed), covered(city, placed), owed_back(found)) == ("refund_due", 0, 158_00)
    assert balances(city)["refund_payable", ""] == -158_00
    assert verify_city(city).faults == []


def test_an_account_that_fails_later_leaves_out_its_person_and_their_other_money_is_owed_back(
    api: Caller, city: City, told: Told
) -> None:
    placed = pay_for(city, [0, 1], (1, ACCOUNT, 100_00, "A1"))
    api.pay(placed.order.reference, "216.00")
    say(city, ACCOUNT, "A1", failed="balance_not_above")
    assert (status(city, placed), covered(city, placed)) == ("issued", 1)
    assert balances(city)["refund_payable", ""] == -58_00
    assert balances(city).get(("account_held", "agency:320100"), 0) == 0
    assert [(case.kind, case.amount) for case in open_cases(city, 1)] == [("no_cover", 58_00)]
    assert verify_city(city).faults == []


def test_an_order_without_company_whose_only_account_fails_has_failed_and_owes_nothing(city: City, told: Told) -> None:
    placed = pay_for(city, [0], (0, ACCOUNT, 158_00, "A1"))
    say(city, ACCOUNT, "A1", failed="not_filed")
    assert (status(city, placed), covered(city, placed)) == ("failed", 0)
    assert open_cases(city, 1).rows == []
    assert verify_city(city).faults == []


def test_cover_begins_by_the_day_of_the_order_however_long_an_agency_takes(city: City, told: Told) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day="2022-02-28")
    city.refresh_from_db()
    placed = pay_for(city, [0], (0, ACCOUNT, 158_00, "A1"))
    City.objects.filter(pk=city.pk).update(demonstration_day="2022-03-20")
    city.refresh_from_db()
    say(city, ACCOUNT, "A1")
    policy = Policy.objects.of(city).get(order_line__order__reference=placed.order.reference)
    assert str(policy.cover_from) == "2022-03-01"
    assert verify_city(city).faults == []


def test_a_person_covered_meanwhile_by_another_order_costs_the_account_nothing(
    api: Caller, city: City, told: Told
) -> None:
    by_account = pay_for(city, [0], (0, ACCOUNT, 158_00, "A1"))
    by_company = pay_for(city, [0])
    api.pay(by_company.order.reference, "158.00")
    say(city, ACCOUNT, "A1")
    assert (status(city, by_company), status(city, by_account)) == ("issued", "failed")
    assert told == [("released", "A1")]
    assert verify_city(city).faults == []


@pytest.mark.parametrize("fen", [0, -1, 158_01])
def test_means_of_nothing_or_of_more_than_the_own_part_are_refused(city: City, told: Told, fen: int) -> None:
    with pytest.raises(HuiminError) as caught:
        pay_for(city, [0], (0, ACCOUNT, fen, "A1"))
    assert caught.value.code == "means_not_of_order"
    assert not LineMeans.objects.of(city).exists()


def test_means_for_somebody_whom_the_order_does_not_insure_are_refused(city: City, told: Told) -> None:
    with pytest.raises(HuiminError) as caught:
        pay_for(city, [0], (1, ACCOUNT, 1, "A1"))
    assert caught.value.code == "means_not_of_order"


def test_a_line_of_which_the_company_paid_nothing_leaves_nothing_to_pay_back(
    api: Caller, city: City, told: Told
) -> None:
    placed = pay_for(city, [0, 1], (1, ACCOUNT, 158_00, "A1"))
    assert placed.total == 158_00
    api.pay(placed.order.reference, "158.00")
    say(city, ACCOUNT, "A1", "balance_too_low")
    assert status(city, placed) == "issued"
    found = order_by_reference(city, placed.order.reference)
    assert found is not None
    assert owed_back(found) == 0
    assert list(open_cases(city, 1)) == []
    assert Policy.objects.of(city).filter(order_line__order=found.id).count() == 1


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], Standing.COMPLETE),
        ([MeansStatus.IN], Standing.COMPLETE),
        ([MeansStatus.FAILED, MeansStatus.IN], Standing.COMPLETE),
        ([MeansStatus.IN, MeansStatus.EXPECTED], Standing.WAITS),
        ([MeansStatus.FAILED, MeansStatus.EXPECTED], Standing.WAITS),
    ],
)
def test_an_order_without_a_company_waits_while_any_of_its_means_is_expected(
    statuses: list[MeansStatus], expected: Standing
) -> None:
    assert standing(None, [LineMeans(status=one) for one in statuses]) is expected
