"""A child that was insured by its birth certificate gets its ID number, once the bureau says that it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acting import acting, themself
from door_support import ACCOUNT_HOLDER, Played, played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import find_person
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.numbering import give_id_number
from huimin.platform.tasks.models import Task
from huimin.settlement.identity_number import check_character
from platform_support import signed_in
from servicing_support import granted
from work_support import due_now, work_off

pytestmark = pytest.mark.django_db
CERTIFICATE = "O320012345"


@pytest.fixture
def child(city: City) -> Policy:
    """Somebody's policy, as if they were known by a birth certificate alone."""
    policy = Policy.objects.of(city).select_related("insured", "holder").order_by("pk").first()
    assert policy is not None
    row = policy.insured
    row.id_number, row.id_index = CERTIFICATE, blind_index(city.code, CERTIFICATE)
    row.save()
    return policy


@pytest.fixture
def number(child: Policy) -> str:
    """An ID number of somebody born on the child's day and of its sex, that nobody has."""
    last = 1 if child.sex == "male" else 2
    first = f"329901{child.birth_date:%Y%m%d}95{last}"
    return first + check_character(first)


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        yield found


def known(sandbox: Played, city: City, child: Policy, number: str, **other: str) -> None:
    """The bureau has the child under its new number."""
    row = Resident.objects.of(city).get(pk=child.insured_id)
    sandbox.sandbox.bureau.register(
        {**ACCOUNT_HOLDER, "id_number": number, "name": row.name, "psn_no": row.psn_no, **other}
    )


def asked_again(city: City) -> None:
    for task in Task.objects.of(city).filter(kind="confirm_id_number", finished_at=None):
        due_now(task)
    work_off()


def now_known(city: City, child: Policy) -> str:
    return str(Resident.objects.of(city).get(pk=child.insured_id).id_number)


def test_the_number_is_written_once_the_bureau_confirms_it_and_the_policy_stays(
    city: City, child: Policy, number: str, sandbox: Played
) -> None:
    people, name = Resident.objects.of(city).count(), child.insured.name
    known(sandbox, city, child, number)
    request = give_id_number(actor=themself(child.holder), number=child.number, id_number=number)
    assert now_known(city, child) == CERTIFICATE
    work_off()
    assert now_known(city, child) == number
    assert PolicyRequest.objects.of(city).get(pk=request).closed_at is not None
    after = Policy.objects.of(city).get(pk=child.pk)
    assert (after.number, after.psn_no, after.price, after.given_back) == (child.number, child.psn_no, child.price, 0)
    # Whoever types the one or the other finds the same child, and nobody is in the register twice.
    for typed in (number, CERTIFICATE):
        found = find_person(city=city, id_number=typed, name=name)
        assert found is not None
        assert found.id == child.insured_id
    assert Resident.objects.of(city).count() == people


def test_a_number_that_the_bureau_does_not_know_yet_is_asked_again(
    city: City, child: Policy, number: str, sandbox: Played
) -> None:
    give_id_number(actor=themself(child.holder), number=child.number, id_number=number)
    work_off()
    assert now_known(city, child) == CERTIFICATE
    known(sandbox, city, child, number)
    asked_again(city)
    assert now_known(city, child) == number


@pytest.mark.parametrize("other", [{"psn_no": "P99999999"}, {"name": "别人"}])
def test_a_number_that_the_bureau_has_for_somebody_else_is_left_to_people(
    city: City, child: Policy, number: str, sandbox: Played, other: dict[str, str]
) -> None:
    known(sandbox, city, child, number, **other)
    request = give_id_number(actor=acting(city, "handler"), number=child.number, id_number=number)
    work_off()
    assert now_known(city, child) == CERTIFICATE
    assert Task.objects.of(city).filter(kind="confirm_id_number", finished_at=None).count() == 0
    granted(city, request)
    assert now_known(city, child) == number


def test_what_people_decided_meanwhile_stands(city: City, child: Policy, number: str, sandbox: Played) -> None:
    request = give_id_number(actor=acting(city, "handler"), number=child.number, id_number=number)
    granted(city, request)
    known(sandbox, city, child, number)
    work_off()
    assert now_known(city, child) == number
    assert PolicyRequest.objects.of(city).filter(policy=child).count() == 1


def test_a_number_of_another_birth_or_of_somebody_with_a_number_is_refused(
    city: City, child: Policy, number: str
) -> None:
    handler = acting(city, "handler")
    other = f"329901{child.birth_date.year - 1}{number[10:17]}"
    cases = {
        "other_birth_date": (child.number, other + check_character(other)),
        "bad_identity_number": (child.number, "1"),
        "policy_not_found": ("HM0", number),
    }
    grown = Policy.objects.of(city).exclude(insured=child.insured_id).order_by("pk").first()
    assert grown is not None
    cases["not_by_certificate"] = (grown.number, number)
    for code, (policy, typed) in cases.items():
        with pytest.raises(HuiminError) as error:
            give_id_number(actor=handler, number=policy, id_number=typed)
        assert error.value.code == code
    stranger = Resident.objects.of(city).exclude(pk__in=(child.insured_id, child.holder_id)).first()
    assert stranger is not None
    with pytest.raises(NotAllowed):
        give_id_number(actor=themself(stranger), number=child.number, id_number=number)


def test_the_guardian_does_it_on_one_page(city: City, child: Policy, number: str) -> None:
    browser = signed_in(child.holder)
    address = f"/demo/policies/{child.number}/id-number/"
    assert "出生医学证明" in browser.get(address).content.decode()
    assert browser.post(address, {"id_number": number}).status_code == 302
    assert PolicyRequest.objects.of(city).filter(policy=child, closed_at=None).count() == 1
