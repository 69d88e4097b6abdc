"""A person of the staff may hold several roles in their one city; what they open, and what they may, follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from acting import acting, staff_with
from huimin.cli import main
from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Who, command_actor, queue_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AuditEvent, City, Role, StaffRole, User
from huimin.platform.foundation.staff import give_role, take_role
from huimin.platform.pool.models import Share
from huimin.platform.pool.selectors import leading_insurer
from huimin.platform.web.actors import acting_staff
from platform_support import logged_in


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


def given(city: City, user: User, role: Role, insurer: str = "", areas: tuple[str, ...] = ()) -> None:
    give_role(actor=command_actor(city), user=user, role=role, insurer_code=insurer, bound_to=areas)


def test_one_person_in_two_roles_opens_the_pages_of_both_and_no_third(city: City) -> None:
    client = logged_in(staff_with(city, "both", Role.BUREAU, Role.HANDLER))
    assert client.get("/staff/bureau/").status_code == 200
    assert client.get("/staff/reviews/").status_code == 200
    assert client.get("/staff/administration/").status_code == 403


def test_the_door_lists_all_that_a_person_of_several_roles_may_work_on(city: City) -> None:
    page = logged_in(staff_with(city, "both", Role.BUREAU, Role.HANDLER)).get("/staff/")
    found = [one.address.removeprefix("/staff") for one in page.context["work"]]
    assert found == [
        *("/reviews/", "/payments/", "/policy-requests/", "/refunds/", "/sample/", "/payouts/", "/hospitals/"),
        *("/overpayments/", "/invoices/", "/other-cover/", "/sessions/", "/reconciliation/"),
        *("/accounts-money/", "/earlier-years/", "/renewals/", "/tills/", "/bulk/", "/organisations/", "/funds/"),
        *("/was-it-you/", "/bureau/", "/launch/"),
    ]
    waiting = [one.waiting for one in page.context["work"]]
    assert waiting[0] > 0
    assert [waiting[1], waiting[-1]] == [0, None]
    assert str(waiting[0]) in page.content.decode()


def test_the_door_leads_whoever_has_one_page_straight_to_it(city: City) -> None:
    assert logged_in(User.objects.get(username="civil")).get("/staff/").url == "/staff/sponsor/"
    assert logged_in(User.objects.get(username="donor")).get("/staff/").url == "/staff/sponsor/"


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        (
            "handler",
            [
                *("/staff/reviews/", "/staff/payments/", "/staff/policy-requests/", "/staff/refunds/"),
                *(
                    "/staff/sample/",
                    "/staff/payouts/",
                    "/staff/hospitals/",
                    "/staff/overpayments/",
                    "/staff/invoices/",
                    "/staff/other-cover/",
                    "/staff/sessions/",
                ),
                *("/staff/reconciliation/", "/staff/accounts-money/"),
                *("/staff/earlier-years/", "/staff/renewals/", "/staff/tills/", "/staff/bulk/"),
                *("/staff/organisations/", "/staff/funds/", "/staff/was-it-you/"),
                "/staff/launch/",
            ],
        ),
        ("insurer", ["/staff/insurer/", "/staff/recalculations/", "/staff/desk/", "/staff/launch/"]),
        (
            "admin",
            [
                *("/staff/funds/", "/staff/launch/", "/staff/administration/", "/staff/approvals/"),
                *("/staff/administration/tasks/", "/staff/designer/"),
            ],
        ),
    ],
)
def test_the_door_lists_the_pages_of_a_role_that_has_several(city: City, name: str, addresses: list[str]) -> None:
    page = logged_in(User.objects.get(username=name)).get("/staff/")
    assert [one.address for one in page.context["work"]] == addresses


def test_a_role_that_was_taken_back_opens_nothing_any_more(city: City) -> None:
    user = staff_with(city, "both", Role.BUREAU, Role.HANDLER)
    take_role(actor=command_actor(city), user=user, role=Role.BUREAU)
    client = logged_in(user)
    assert client.get("/staff/bureau/").status_code == 403
    assert client.get("/staff/reviews/").status_code == 200
    take_role(actor=command_actor(city), user=user, role=Role.HANDLER)
    assert client.get("/staff/").status_code == 403


def test_the_refusal_names_the_roles_that_may(city: City) -> None:
    client = logged_in(User.objects.get(username="bureau"))
    assert "可以打开的角色：经办、复核" in client.get("/staff/reviews/").content.decode()
    client.cookies["language"] = "en"
    assert "Roles that may open it: handler, approver" in client.get("/staff/reviews/").content.decode()


def test_giving_and_taking_a_role_are_in_the_audit_with_who_did_it(city: City) -> None:
    user = User.objects.create_user(username="new", password="x")
    given(city, user, Role.INSURER, "insurer-03")
    take_role(actor=command_actor(city), user=user, role=Role.INSURER)
    events = AuditEvent.objects.of(city).filter(subject=f"staff:{user.pk}").order_by("pk")
    assert [(event.actor, event.action, event.detail) for event in events] == [
        ("command", "role_given", {"role": "insurer", "insurer": "insurer-03"}),
        ("command", "role_taken", {"role": "insurer"}),
    ]


@pytest.mark.parametrize(("role", "insurer"), [(Role.INSURER, ""), (Role.HANDLER, "lead")])
def test_an_insurers_code_goes_with_the_role_insurer_and_no_other(city: City, role: Role, insurer: str) -> None:
    user = User.objects.create_user(username="new", password="x")
    with pytest.raises(HuiminError) as caught:
        given(city, user, role, insurer)
    assert caught.value.code == "bad_role"
    assert acting_staff(user) is None


def test_a_role_is_held_once_and_one_that_is_not_held_cannot_be_taken(city: City) -> None:
    user = staff_with(city, "new", Role.HANDLER)
    with pytest.raises(HuiminError) as caught:
        given(city, user, Role.HANDLER)
    assert caught.value.code == "role_held"
    with pytest.raises(HuiminError) as caught:
        take_role(actor=command_actor(city), user=user, role=Role.BUREAU)
    assert caught.value.code == "role_not_held"
    member = StaffRole.objects.of(city).get(member__user=user).member
    for values in ({"role": "handler"}, {"role": "bureau", "insurer_code": "lead"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffRole.objects.create(city=city, member=member, **values)


def test_a_user_works_in_one_city_and_gets_no_role_in_another(city: City) -> None:
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other")
    user = staff_with(city, "new", Role.HANDLER)
    with pytest.raises(HuiminError) as caught:
        given(other, user, Role.HANDLER)
    assert caught.value.code == "staff_of_another_city"
    with pytest.raises(HuiminError) as caught:
        take_role(actor=command_actor(other), user=user, role=Role.HANDLER)
    assert caught.value.code == "role_not_held"
    assert acting(city, "new").roles == {Who.HANDLER}


def run(*words: str) -> int:
    return main(["staff", *words])


def test_the_command_lists_a_citys_staff_with_their_roles(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    take_role(actor=command_actor(city), user=User.objects.get(username="bureau"), role=Role.BUREAU)
    given(city, User.objects.get(username="handler"), Role.APPROVER)
    assert run("list", "demo") == 0
    assert capsys.readouterr().out.splitlines() == [
        "admin: administrator",
        "agency: account_agency for area:329901, area:329902, area:329903",
        *("approver: approver", "bureau: no role any more"),
        *("civil: sponsor for sponsor:civil-affairs", "counter: counter", "donor: sponsor for sponsor:charity"),
        "handler: handler, approver",
        *("insurer: insurer of lead", "insurer03: insurer of insurer-03"),
    ]


def test_the_command_gives_a_role_and_makes_the_account_with_a_password_that_works(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("give", "demo", "zhang", "insurer", "--insurer", "insurer-04") == 0
    first, second = capsys.readouterr().out.splitlines()
    password = first.rpartition(" ")[2]
    assert first == f"made the account zhang; its first password, to be changed at once: {password}"
    assert second == "zhang is insurer in demo now"
    assert User.objects.get(username="zhang").check_password(password)
    assert acting(city, "zhang").insurer == "insurer-04"
    assert run("give", "demo", "zhang", "bureau") == 0
    assert capsys.readouterr().out == "zhang is bureau in demo now\n"
    assert acting(city, "zhang").roles == {Who.INSURER, Who.BUREAU}
    assert run("take", "demo", "zhang", "insurer") == 0
    assert acting(city, "zhang").roles == {Who.BUREAU}
    actions = AuditEvent.objects.of(city).filter(actor="command").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["account_made", "role_given", "role_given", "role_taken"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("give", "demo", "zhang", "handlr"), "Did you mean handler?"),
        (("give", "demo", "zhang", "insurer", "--insurer", "insurer-4"), "expected one of the pool: insurer-01"),
        (("give", "demo", "zhang", "insurer"), "bad_role"),
        (("give", "demo", "zh ang", "handler"), "bad_user_name"),
        (("take", "demo", "nobody", "handler"), "found no user 'nobody'"),
        (("take", "demo", "bureau", "handler"), "role_not_held"),
        (("list", "nowhere"), "not_found"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_does_nothing(
    city: City, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    before = StaffRole.objects.of(city).count()
    assert run(*words) != 0
    assert said in capsys.readouterr().err
    assert StaffRole.objects.of(city).count() == before
    assert not User.objects.filter(username__startswith="zh").exists()


def test_a_worker_gives_no_roles(city: City) -> None:
    user = User.objects.create_user(username="new", password="x")
    with pytest.raises(NotAllowed):
        give_role(actor=queue_actor(city), user=user, role=Role.HANDLER)
    assert acting_staff(user) is None


def another_leads_from(city: City, day: date) -> None:
    """From this day on insurer-03 leads the pool, and bears all of it."""
    old = Share.objects.of(city).filter(insurer__code="insurer-03")[0]
    fields = {"city": city, "plan_year": old.plan_year, "insurer": old.insurer}
    Share.objects.create(**fields, basis_points=10_000, is_lead=True, from_day=day)


def test_the_lead_of_today_leads_until_the_shares_of_another_begin(city: City) -> None:
    assert leading_insurer(city) == "lead"
    assert Who.LEAD_INSURER in acting(city, "insurer").roles
    assert Who.LEAD_INSURER not in acting(city, "insurer03").roles
    assert city.demonstration_day is not None
    another_leads_from(city, city.demonstration_day)
    assert leading_insurer(city) == "insurer-03"
    assert Who.LEAD_INSURER not in acting(city, "insurer").roles
    assert Who.LEAD_INSURER in acting(city, "insurer03").roles


def test_shares_of_days_to_come_make_nobody_the_lead_yet(city: City) -> None:
    day = city.demonstration_day
    assert day is not None
    another_leads_from(city, day.replace(day=day.day + 1))
    assert leading_insurer(city) == "lead"


def test_a_city_without_a_plan_has_no_lead(city: City) -> None:
    assert leading_insurer(City.objects.create(code="other", name_zh="另一市", name_en="Other")) == ""


def test_an_agencys_officer_acts_for_the_areas_of_the_role_alone(city: City) -> None:
    user = staff_with(city, "officer")
    given(city, user, Role.ACCOUNT_AGENCY, areas=("329902", "329901", "329902"))
    actor = acting_staff(user)
    assert actor is not None
    assert actor.bound_to == {"area:329901", "area:329902"}
    assert actor.owns("area:329902")
    assert not actor.owns("area:329903")
    assert StaffRole.objects.get(member__user=user).bound_to == "329901 329902"


@pytest.mark.parametrize(("role", "areas"), [(Role.ACCOUNT_AGENCY, ()), (Role.HANDLER, ("329901",))])
def test_areas_go_with_the_role_of_an_agency_and_with_no_other(city: City, role: Role, areas: tuple[str, ...]) -> None:
    user = staff_with(city, "officer")
    with pytest.raises(HuiminError, match="expected codes with account_agency") as refused:
        given(city, user, role, areas=areas)
    assert refused.value.code == "bad_role"
    with pytest.raises(IntegrityError), transaction.atomic():
        given(city, user, Role.BUREAU)
        StaffRole.objects.filter(member__user=user).update(role=role, bound_to=" ".join(areas))


def test_the_command_gives_an_agencys_role_for_areas_of_the_city_and_lists_them(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", "give", city.code, "officer", "account_agency", "--areas", "329901", "329902"]) == 0
    assert main(["staff", "list", city.code]) == 0
    assert "officer: account_agency for area:329901, area:329902" in capsys.readouterr().out
    assert main(["staff", "give", city.code, "other", "account_agency", "--areas", "320500"]) == 2
    assert "expected some of the city's: 329901" in capsys.readouterr().err
