"""The bureau is slow, silent or wrong: the claim waits and goes on by itself; consents and claims are taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from acting import themself
from cast import FATHER, WANG_FANG
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import AppendOnlyError, City, Exchange
from huimin.platform.quick_claims import fetching
from huimin.platform.quick_claims.claiming import withdraw_quick_claim
from huimin.platform.quick_claims.consents import consents_of, take_fetch_consent_back
from huimin.platform.quick_claims.models import FetchConsent, FetchConsentEnd, QuickClaim, QuickClaimBill
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from platform_support import resident
from quick_support import WORDS, at_bureau, fetched, settled, story, tap
from work_support import work_off

pytestmark = pytest.mark.django_db
BILL = settled("B1", "2022-04-18", 30_000_00)


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        at_bureau(found, BILL)
        yield found


def told_by_text(city: City) -> list[str]:
    tasks = Task.objects.of(city).filter(kind="notice").order_by("pk")
    said = [str(json.loads(task.payload)["template"]) for task in tasks if task.payload]
    return [one for one in said if one.startswith("quick_claim")]


@pytest.mark.parametrize(
    "kind", ["busy", "refuse", "garble", "forge", "contradict", "of_a_stranger", "outside_period", "repeat"]
)
def test_a_bureau_that_is_away_or_wrong_is_asked_again_and_the_claim_says_that_it_waits(
    covered: City, sandbox: Played, kind: str
) -> None:
    behaviour = sandbox.behaviour("bureau")
    for _ in range(2):
        behaviour.press(kind)
    key = tap(covered)
    (claim,) = fetched(covered)
    assert claim.state == "waiting"
    assert not SettlementFact.objects.of(covered).filter(setl_id__startswith="B1").exists()
    assert not ReviewItem.objects.of(covered).filter(setl_id__startswith="B1").exists()
    assert told_by_text(covered) == ["quick_claim_waits"]
    (claim,) = fetched(covered, rounds=3)
    assert claim.state == "answered"
    assert told_by_text(covered) == ["quick_claim_waits", "quick_claim_answered"]
    assert [name for name, _at in story(covered, key).events] == ["made", "waiting", "answered"]
    assert [bill.setl_id for bill in story(covered, key).bills] == ["B1"]


def test_a_silent_bureau_is_waited_for_and_then_asked_again(covered: City, sandbox: Played) -> None:
    for _ in range(2):
        sandbox.behaviour("bureau").press("lose_answer")
    tap(covered)
    assert [one.state for one in fetched(covered)] == ["waiting"]
    assert [one.state for one in fetched(covered, rounds=2)] == ["answered"]


def test_other_amounts_under_the_same_number_are_told_as_the_bureaus_own_and_looked_at(
    covered: City, sandbox: Played
) -> None:
    tap(covered)
    fetched(covered)
    sandbox.behaviour("bureau").press("other_amounts")
    key = tap(covered)
    fetched(covered)
    assert story(covered, key).with_person
    assert SettlementFact.objects.of(covered).filter(setl_id="B1").count() == 1


def test_a_bill_that_is_told_twice_in_one_answer_is_one(covered: City, sandbox: Played) -> None:
    sandbox.behaviour("bureau").press("one_twice")
    key = tap(covered)
    fetched(covered)
    assert [bill.setl_id for bill in story(covered, key).bills] == ["B1"]
    assert QuickClaimBill.objects.of(covered).get().became == "decided"
    assert SettlementFact.objects.of(covered).filter(setl_id="B1").count() == 1


def test_nothing_found_is_said(covered: City, sandbox: Played) -> None:
    at_bureau(sandbox)
    key = tap(covered)
    assert [one.state for one in fetched(covered)] == ["answered"]
    assert story(covered, key).bills == []
    assert told_by_text(covered) == ["quick_claim_answered"]


def test_one_claim_that_waits_holds_up_no_other(covered: City, sandbox: Played) -> None:
    at_bureau(sandbox, settled("W1", "2022-04-18", 1_000_00), psn_no=WANG_FANG)
    for _ in range(2):
        sandbox.behaviour("bureau").press("of_a_stranger")
    tap(covered)
    tap(covered, psn_no=WANG_FANG)
    assert [one.state for one in fetched(covered)] == ["waiting", "waiting"]
    tasks = Task.objects.of(covered).filter(kind="fetch_settlements", status="waiting")
    assert tasks.count() == 2
    assert [one.state for one in fetched(covered, rounds=2)] == ["answered", "answered"]


def asked(city: City) -> int:
    return Exchange.objects.of(city).filter(operation="settlements").count()


def test_a_claim_that_is_withdrawn_while_it_waits_is_not_asked_about_any_more(covered: City, sandbox: Played) -> None:
    person = resident(covered, FATHER)
    key = tap(covered)
    assert withdraw_quick_claim(actor=themself(person), resident_id=person.pk, key=key)
    assert not withdraw_quick_claim(actor=themself(person), resident_id=person.pk, key=key)
    assert [one.state for one in fetched(covered)] == ["withdrawn"]
    assert asked(covered) == 0
    another = tap(covered)
    assert another != key
    assert [one.state for one in fetched(covered)] == ["withdrawn", "answered"]


def test_a_consent_taken_back_between_tap_and_fetch_ends_the_claim_and_nobody_is_asked(
    covered: City, sandbox: Played
) -> None:
    person = resident(covered, FATHER)
    tap(covered)
    (consent,) = consents_of(covered, person.pk)
    for _ in range(2):
        take_fetch_consent_back(actor=themself(person), resident_id=person.pk, consent_id=consent.id)
    (claim,) = fetched(covered)
    assert (claim.state, claim.fault) == ("withdrawn", "consent_taken_back")
    assert asked(covered) == 0
    (consent,) = consents_of(covered, person.pk)
    assert (consent.ended_at is not None, consent.used_at, consent.text) == (True, None, WORDS)
    assert FetchConsentEnd.objects.of(covered).count() == 1


@pytest.mark.parametrize("what", ["consent", "claim"])
def test_what_is_told_after_the_consent_or_the_claim_was_taken_back_is_let_go(
    covered: City, sandbox: Played, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    person, key = resident(covered, FATHER), tap(covered)
    real = fetching.bureau_of

    def meanwhile(city: City) -> Any:
        if what == "consent":
            (consent,) = consents_of(covered, person.pk)
            take_fetch_consent_back(actor=themself(person), resident_id=person.pk, consent_id=consent.id)
        else:
            withdraw_quick_claim(actor=themself(person), resident_id=person.pk, key=key)
        return real(city)

    monkeypatch.setattr(fetching, "bureau_of", meanwhile)
    (claim,) = fetched(covered)
    assert (claim.state, asked(covered)) == ("withdrawn", 1)
    assert not QuickClaimBill.objects.of(covered).exists()
    assert not SettlementFact.objects.of(covered).filter(setl_id="B1").exists()


def test_a_claim_that_has_its_answer_is_not_withdrawn_and_its_consent_can_still_be_taken_back(
    covered: City, sandbox: Played
) -> None:
    person = resident(covered, FATHER)
    key = tap(covered)
    fetched(covered)
    assert not withdraw_quick_claim(actor=themself(person), resident_id=person.pk, key=key)
    (consent,) = consents_of(covered, person.pk)
    assert consent.used_at is not None
    take_fetch_consent_back(actor=themself(person), resident_id=person.pk, consent_id=consent.id)
    assert [one.state for one in fetched(covered)] == ["answered"]


def test_nobody_withdraws_the_claim_or_the_consent_of_another(covered: City, sandbox: Played) -> None:
    key, other = tap(covered), resident(covered, WANG_FANG)
    (consent,) = consents_of(covered, resident(covered, FATHER).pk)
    for number, refused_as in (("claim", "claim_not_known"), ("consent", "consent_not_known")):
        with pytest.raises(HuiminError) as refused:
            if number == "claim":
                withdraw_quick_claim(actor=themself(other), resident_id=other.pk, key=key)
            else:
                take_fetch_consent_back(actor=themself(other), resident_id=other.pk, consent_id=consent.id)
        assert refused.value.code == refused_as
    with pytest.raises(NotAllowed):
        withdraw_quick_claim(actor=themself(other), resident_id=resident(covered, FATHER).pk, key=key)
    assert QuickClaim.objects.of(covered).get().is_open


def test_consents_and_what_became_of_bills_are_facts_with_a_history(covered: City, sandbox: Played) -> None:
    person = resident(covered, FATHER)
    tap(covered)
    fetched(covered)
    (consent,) = FetchConsent.objects.of(covered)
    take_fetch_consent_back(actor=themself(person), resident_id=person.pk, consent_id=consent.pk)
    (history,) = histories_of(covered, "fetch_consent", [consent.pk]).values()
    assert [(event.kind, event.actor) for event in history.events] == [
        ("given", f"resident:{person.pk}"),
        ("taken_back", f"resident:{person.pk}"),
    ]
    with pytest.raises(AppendOnlyError):
        FetchConsent.objects.of(covered).update(text_version="other")
    with pytest.raises(AppendOnlyError):
        QuickClaimBill.objects.of(covered).delete()


def test_the_words_of_a_consent_are_kept_as_they_were_shown_and_encrypted(covered: City, sandbox: Played) -> None:
    tap(covered)
    assert FetchConsent.objects.of(covered).get().text == WORDS.words
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM quick_claims_fetchconsent")
        assert WORDS.words[:4] not in str(cursor.fetchone()[0])


def test_a_worker_that_dies_before_it_has_written_is_followed_by_another(covered: City, sandbox: Played) -> None:
    tap(covered)
    with pytest.raises(RuntimeError), transaction.atomic():
        work_off(Lane.ORDERS)
        raise RuntimeError
    assert QuickClaim.objects.of(covered).get().state == "asking"
    fetched(covered)
    assert QuickClaim.objects.of(covered).get().state == "answered"
    assert SettlementFact.objects.of(covered).filter(setl_id="B1").count() == 1
