"""The resident's pages of claims by one tap: the tap, the claim in each of its states, and the consents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cast import FATHER, WANG_FANG
from door_support import Played, played
from huimin.money import format_yuan_grouped
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.quick_claims.models import FetchConsent, QuickClaim
from huimin.platform.web.quick_claim_words import consent_text
from listed_pages import PAGES, Listed, render
from payouts_support import account_given, owed_to_insured, paid_out
from platform_support import Caller, resident, signed_in
from quick_support import at_bureau, fetched, settled, tap

pytestmark = pytest.mark.django_db
OURS = ("quick-claim", "fetch-consents")


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("listed", [one for one in PAGES if one.name.startswith(OURS)], ids=lambda one: one.title)
def test_each_page_is_there_in_each_of_its_states(city: City, listed: Listed, language: str) -> None:
    with transaction.atomic():
        html = render(city, listed, language).html
        assert "<h1>" in html
        transaction.set_rollback(True)
    forget_all()


def hidden(html: str) -> dict[str, str]:
    """What the first button of the page sends."""
    return dict(re.findall(r'<input type="hidden" name="(policy|key|words)" value="([^"]*)"', html)[:3])


def test_a_resident_reads_the_words_taps_once_and_follows_the_claim_to_the_money(
    covered: City, sandbox: Played
) -> None:
    person = resident(covered, FATHER)
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    account_given(person)
    browser, at = signed_in(person), f"/{covered.code}/claims/quick/"
    page = browser.get(at).content.decode()
    words = consent_text(person.name, (date(2022, 2, 16), date(2022, 4, 20))).words
    assert words in page
    sent = browser.post(at, hidden(page))
    claim = QuickClaim.objects.of(covered).get()
    assert (sent.status_code, sent["Location"]) == (302, f"{at}{claim.key}/")
    assert FetchConsent.objects.of(covered).get().text == words
    assert browser.post(at, hidden(page))["Location"] == f"{at}{claim.key}/"
    assert "正在向医保部门查询您的结算" in browser.get(f"{at}{claim.key}/").content.decode()
    fetched(covered)
    assert "正在付到尾号 0018 的账户" in browser.get(f"{at}{claim.key}/").content.decode()
    assert "最晚 2022年4月30日 前付出" in browser.get(f"{at}{claim.key}/").content.decode()
    paid_out(covered)
    told = browser.get(f"{at}{claim.key}/").content.decode()
    assert "本产品赔付 ¥11,000.00，已付到尾号 0018 的账户。" in told
    assert words in browser.get(f"/{covered.code}/claims/consents/").content.decode()


def test_a_payout_that_pays_other_bills_too_is_shown_with_what_is_for_the_claim(
    api: Caller, covered: City, sandbox: Played
) -> None:
    """A late bill leaves 5,500 yuan owed beside the claim's own bill, and one payout pays both."""
    father = owed_to_insured(api, covered)
    at_bureau(sandbox, settled("B1", "2022-04-19", 1_000_00))
    key = tap(covered)
    fetched(covered)
    account_given(father)
    (payout,) = paid_out(covered)
    told = signed_in(father).get(f"/{covered.code}/claims/quick/{key}/").content.decode()
    own = payout.amount - 5_500_00
    assert own > 0
    assert f"¥{format_yuan_grouped(own)}" in told
    assert f"¥{format_yuan_grouped(payout.amount)}" not in told


def test_other_words_than_those_that_were_seen_are_read_again_first(covered: City, sandbox: Played) -> None:
    browser, at = signed_in(resident(covered, FATHER)), f"/{covered.code}/claims/quick/"
    sent = browser.post(at, {**hidden(browser.get(at).content.decode()), "words": "0" * 64})
    assert (sent.status_code, sent["Location"]) == (302, at)
    assert not QuickClaim.objects.of(covered).exists()
    assert "查询期间已经变化" in browser.get(at).content.decode()


def test_a_claim_is_withdrawn_and_a_consent_taken_back_by_a_button(covered: City, sandbox: Played) -> None:
    person, key = resident(covered, FATHER), tap(covered)
    browser, at = signed_in(person), f"/{covered.code}/claims/quick/{key}/"
    assert "撤回这次理赔" in browser.get(at).content.decode()
    assert browser.post(f"{at}withdraw/").status_code == 302
    told = browser.get(at).content.decode()
    assert "您已撤回这次理赔" in told
    assert "撤回这次理赔</button>" not in told
    browser.post(f"{at}withdraw/")
    assert "不能再撤回" in browser.get(at).content.decode()
    consent = FetchConsent.objects.of(covered).get()
    assert browser.post(f"/{covered.code}/claims/consents/{consent.pk}/back/").status_code == 302
    assert "已收回" in browser.get(f"/{covered.code}/claims/consents/").content.decode()


def test_nobody_sees_or_ends_the_claim_or_consent_of_another(covered: City, sandbox: Played) -> None:
    key = tap(covered)
    browser, consent = signed_in(resident(covered, WANG_FANG)), FetchConsent.objects.of(covered).get()
    home = f"/{covered.code}/claims"
    assert browser.get(f"{home}/quick/{key}/").status_code == 404
    assert browser.post(f"{home}/quick/{key}/withdraw/").status_code == 404
    assert browser.post(f"{home}/consents/{consent.pk}/back/").status_code == 404
    assert [one.state for one in fetched(covered)] != ["withdrawn"]


def test_a_page_that_names_no_policy_of_ones_own_says_what_is_wrong(covered: City, sandbox: Played) -> None:
    browser = signed_in(resident(covered, FATHER))
    sent = browser.post(f"/{covered.code}/claims/quick/", {"policy": "none", "key": "a" * 24})
    assert sent.status_code == 422
    assert "这张保单不能由您一键理赔" in sent.content.decode()


def test_a_large_amount_says_that_two_people_look_at_it(covered: City, sandbox: Played) -> None:
    covered.second_person_above = 1_00
    City.objects.filter(pk=covered.pk).update(second_person_above=1_00)
    person = resident(covered, FATHER)
    at_bureau(sandbox, settled("B1", "2022-04-18", 30_000_00))
    account_given(person)
    key = tap(covered)
    fetched(covered)
    paid_out(covered)
    told = signed_in(person).get(f"/{covered.code}/claims/quick/{key}/").content.decode()
    assert "金额较大，付款前须两人核对" in told
