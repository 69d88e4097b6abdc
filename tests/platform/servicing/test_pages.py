"""The pages about policies: what a resident sends, and what two people of the staff do with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cast import STRANGER
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people.models import Resident
from huimin.platform.servicing.models import PolicyRequest
from listed_pages import PAGES, Listed, render
from platform_support import logged_in, resident, signed_in
from servicing_support import PAPER, policy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_a_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


OURS = ("policy-correct", "policy-death", "policy-option", "health-", "policy-request")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("listed", [one for one in PAGES if one.name.startswith(OURS)], ids=lambda one: one.title)
def test_each_page_is_there_in_each_of_its_states(city: City, listed: Listed, language: str) -> None:
    with transaction.atomic():
        html = render(city, listed, language).html
        assert "<h1>" in html
        transaction.set_rollback(True)
    forget_all()


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("card.pdf", PAPER, "application/pdf")


def test_a_correction_goes_from_the_resident_to_two_people_and_back(covered: City) -> None:
    policy, browser = policy_of(covered, 1), signed_in(resident(covered))
    page = f"/{covered.code}/policies/{policy.number}/correct/"
    sent = browser.post(page, {"name": "王建國", "words": "写错了", "paper": paper()})
    assert sent.status_code == 302
    (row,) = PolicyRequest.objects.of(covered)
    assert "更正保单信息" in browser.get(page).content.decode()
    at = f"/staff/policy-requests/{row.pk}/"
    handler, approver = logged_in("handler"), logged_in("approver")
    seen = handler.get(at).content.decode()
    assert "王建國" in seen
    assert AuditEvent.objects.of(covered).filter(action="policy_request_opened").count() == 1
    assert handler.post(at, {"do": "propose", "note": "与身份证核对一致"}).status_code == 302
    assert "保费和赔付不变" in approver.get(at).content.decode()
    assert approver.post(at, {"do": "agree", "note": "同意"}).status_code == 302
    assert Resident.objects.of(covered).get(pk=policy.insured_id).name == "王建國"
    assert "已办理" in browser.get(page).content.decode()


def test_a_paper_is_shown_as_it_was_sent_and_runs_nothing(covered: City) -> None:
    policy, browser = policy_of(covered, 1), signed_in(resident(covered))
    browser.post(
        f"/{covered.code}/policies/{policy.number}/death/",
        {"died_on": "2022-04-15", "source": "hospital", "paper": paper()},
    )
    row = PolicyRequest.objects.of(covered).get()
    page = logged_in("handler").get(f"/staff/policy-requests/{row.pk}/").content.decode()
    address = page.partition('href="/staff/policy-requests/')[2].partition('"')[0]
    answer = logged_in("handler").get(f"/staff/policy-requests/{address}")
    assert answer.content == PAPER
    assert "sandbox" in answer["Content-Security-Policy"]
    assert logged_in("insurer").get(f"/staff/policy-requests/{address}").status_code == 403
    assert logged_in("handler").get(f"/staff/policy-requests/{row.pk}/papers/0/").status_code == 404


def test_somebody_elses_policy_and_record_are_not_there(covered: City) -> None:
    stranger = signed_in(resident(covered, STRANGER))
    number = policy_of(covered, 1).number
    for page in ("correct", "death", "option"):
        assert stranger.get(f"/{covered.code}/policies/{number}/{page}/").status_code == 404
    assert stranger.get(f"/{covered.code}/health/1/contest/").status_code == 404
