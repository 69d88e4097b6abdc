"""Another edition before cover begins: one policy throughout, and only what differs is paid or goes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from acting import acting, themself
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.enrolment.differences import differences_open
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.enrolment.selectors import policies_by_id
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.servicing.options import change_option, options_of
from huimin.platform.servicing.withdrawal import withdraw
from platform_support import EDITIONS, Caller, person
from refunds_support import paid_at_the_company, retry_now
from served import free_port
from servicing_support import day_is, insurers, pay_difference, policy_of, statuses, sums, with_terms
from work_support import work_off

pytestmark = pytest.mark.django_db

GOVERNMENT = """
[[premium.parts]]
payer = "government"
percent = "0.50"
when = { age_from = 0 }
source = "study:premium"
"""


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        with_terms(city, EDITIONS)
        yield found


def joined(api: Caller, city: City, sandbox: Played, edition: str) -> Policy:
    body = {
        "applicant": person(0),
        "insured": [{**person(0), "relation": "self", "edition": edition}],
        "terms_opened": True,
    }
    paid_at_the_company(sandbox, api, api.post("channel-1", "/api/v1/orders", body).json())
    return policy_of(city, 0)


def edition(city: City, policy: Policy) -> str | None:
    return policies_by_id(city, [policy.pk])[policy.pk].member.edition


def test_the_dearer_edition_is_so_once_the_difference_is_paid_and_the_policy_stays_the_one_it_is(
    api: Caller, city: City, sandbox: Played
) -> None:
    policy = joined(api, city, sandbox, "ordinary")
    changed = change_option(actor=themself(policy.holder), number=policy.number, edition="plus")
    assert (changed.fen, edition(city, policy)) == (100_00, "ordinary")
    assert api.pay(changed.order, "100.00").content == b"success"
    assert edition(city, policy) == "plus"
    policy.refresh_from_db()
    assert (policy.price, policy.added, policy.given_back) == (158_00, 100_00, 0)
    assert Policy.objects.of(city).filter(insured=policy.insured_id).count() == 1
    assert statuses(city, policy.number) == ["not_yet", "corrected"]
    assert verify_city(city).faults == []


def test_the_cheaper_edition_is_so_at_once_and_what_is_over_goes_back(api: Caller, city: City, sandbox: Played) -> None:
    policy = joined(api, city, sandbox, "plus")
    changed = change_option(actor=themself(policy.holder), number=policy.number, edition="ordinary")
    assert (changed.fen, changed.order, edition(city, policy)) == (100_00, "", "ordinary")
    work_off()
    retry_now(city)
    assert [one.amount for one in sandbox.sandbox.company.refunds.values()] == [100_00]
    assert verify_city(city).faults == []


def test_there_and_back_and_given_up_leaves_no_fen_with_anybody(api: Caller, city: City, sandbox: Played) -> None:
    before = insurers(city)
    policy = joined(api, city, sandbox, "ordinary")
    actor = themself(policy.holder)
    up = change_option(actor=actor, number=policy.number, edition="plus")
    pay_difference(sandbox, api, city, up.order)
    assert change_option(actor=actor, number=policy.number, edition="ordinary").fen == 100_00
    assert withdraw(actor=actor, number=policy.number).fen == 158_00
    work_off()
    retry_now(city)
    assert insurers(city) == before
    assert sums(city, "refund_payable", "premium_unshared") == {"refund_payable": 0, "premium_unshared": 0}
    assert sum(one.amount for one in sandbox.sandbox.company.refunds.values()) == 258_00
    assert verify_city(city).faults == []


def test_a_difference_that_is_paid_when_cover_has_begun_goes_back_and_the_edition_stays(
    api: Caller, city: City, sandbox: Played
) -> None:
    policy = joined(api, city, sandbox, "ordinary")
    changed = change_option(actor=themself(policy.holder), number=policy.number, edition="plus")
    day_is(city, policy.cover_from)
    assert api.pay(changed.order, "100.00").content == b"success"
    assert edition(city, policy) == "ordinary"
    assert Order.objects.of(city).get(reference=changed.order).status == "refund_due"
    assert verify_city(city).faults == []


def test_the_last_day_before_cover_is_in_time_and_the_first_day_of_cover_is_not(
    api: Caller, city: City, sandbox: Played
) -> None:
    policy = joined(api, city, sandbox, "plus")
    assert policy.cover_from == date(2022, 2, 16)
    facts = policies_by_id(city, [policy.pk])[policy.pk]
    assert [one.costs for one in options_of(facts)] == [-100_00]
    day_is(city, date(2022, 2, 16))
    facts = policies_by_id(city, [policy.pk])[policy.pk]
    assert options_of(facts) == []
    with pytest.raises(HuiminError) as refused:
        change_option(actor=themself(policy.holder), number=policy.number, edition="ordinary")
    assert refused.value.code == "cover_has_begun"


def test_an_unknown_edition_a_second_difference_and_a_stranger_are_refused(
    api: Caller, city: City, sandbox: Played
) -> None:
    policy = joined(api, city, sandbox, "ordinary")
    actor = themself(policy.holder)
    for name in ("gold", "ordinary"):
        with pytest.raises(HuiminError) as refused:
            change_option(actor=actor, number=policy.number, edition=name)
        assert refused.value.code == "edition_unknown"
    change_option(actor=actor, number=policy.number, edition="plus")
    with pytest.raises(HuiminError) as refused:
        change_option(actor=acting(city, "handler"), number=policy.number, edition="plus")
    assert refused.value.code == "difference_open"
    assert len(differences_open(city, [policy.pk])) == 1
    stranger = Resident.objects.of(city).exclude(pk=policy.holder_id).first()
    assert stranger is not None
    with pytest.raises(NotAllowed):
        change_option(actor=themself(stranger), number=policy.number, edition="plus")


def test_where_others_pay_a_part_that_would_be_another_a_person_has_to_look(
    api: Caller, city: City, sandbox: Played
) -> None:
    with_terms(city, GOVERNMENT)
    policy = joined(api, city, sandbox, "ordinary")
    with pytest.raises(HuiminError) as refused:
        change_option(actor=themself(policy.holder), number=policy.number, edition="plus")
    assert refused.value.code == "edition_for_a_person"
