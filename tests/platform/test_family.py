"""Bills of a family: the payer sees policy, price and dates; bills with the person's own consent, or as guardian."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from acting import themself
from cast import FATHER, WANG_FANG
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.medical import is_guardian, readable
from huimin.platform.enrolment.models import OrderLine, Policy
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.people.medical import ask_for_consent, consenting, give_consent
from huimin.platform.people.models import IdentityCheck, MedicalConsent, Resident
from huimin.platform.people.services import IdentityError, check_code, send_code
from huimin.platform.tasks.models import Task
from huimin.platform.web.views import family
from platform_support import Caller, a_bill, person, signed_in


def resident(city: City, number: int) -> Resident:
    return Resident.objects.of(city).get(psn_no=f"P{number:08d}")


def code_of(check: int) -> str:
    (message,) = Task.objects.filter(kind="message", key=f"identity-{check}", finished_at=None)
    return str(json.loads(message.payload)["code"])


@pytest.fixture
def billed(api: Caller, covered: City) -> City:
    """Wang Fang insured her father; he has a bill."""
    assert api.settle(a_bill("A", "2022-04-18", 20_000_00, 30_000_00)).status_code == 200
    return covered


def bill(city: City) -> SettlementFact:
    return SettlementFact.objects.of(city).get(setl_id="A")


def fathers_policy(city: City) -> Policy:
    return Policy.objects.of(city).get(psn_no=FATHER)


def test_a_child_who_insured_a_parent_does_not_read_the_parents_bills(billed: City) -> None:
    daughter = signed_in(resident(billed, 1))
    page = daughter.get("/demo/claims/").content.decode()
    assert str(bill(billed).client.name_zh) not in page
    assert "30,000.00" not in page
    assert "须本人同意后才能查看" in page
    assert daughter.get(f"/demo/claims/{bill(billed).pk}/").status_code == 404


def test_the_payer_still_sees_policy_price_and_dates(billed: City) -> None:
    page = signed_in(resident(billed, 1)).get("/demo/policies/").content.decode()
    for words in (fathers_policy(billed).number, "¥158.00", "2022年12月31日"):
        assert words in page


def test_the_parent_reads_their_own_bills(billed: City) -> None:
    father = signed_in(resident(billed, 2))
    assert father.get(f"/demo/claims/{bill(billed).pk}/").status_code == 200
    assert "须本人同意后才能查看" not in father.get("/demo/claims/").content.decode()


def asked(city: City) -> tuple[Client, str]:
    """The daughter asked, and the code that came to her father's telephone."""
    daughter = signed_in(resident(city, 1))
    address = f"/demo/family/consent/{fathers_policy(city).pk}/"
    assert daughter.post(address).status_code == 302
    check = IdentityCheck.objects.of(city).latest("pk")
    assert check.resident_id == resident(city, 2).pk
    return daughter, code_of(check.pk)


def test_with_the_code_from_the_parents_own_telephone_the_child_reads_them(billed: City) -> None:
    daughter, code = asked(billed)
    address = f"/demo/family/consent/{fathers_policy(billed).pk}/"
    answer = daughter.post(address, {"code": code}, follow=True)
    assert "已取得同意" in answer.content.decode()
    assert daughter.get(f"/demo/claims/{bill(billed).pk}/").status_code == 200
    event = AuditEvent.objects.of(billed).get(action="claim_viewed")
    assert event.detail == {"purpose": "family_claims"}
    consent = MedicalConsent.objects.of(billed).get()
    assert (consent.given, consent.purpose, len(consent.text_digest)) == (True, "family_claims", 64)
    assert AuditEvent.objects.of(billed).filter(action="medical_consent_given").count() == 1


def test_a_wrong_code_gives_nothing_and_five_of_them_end_it(billed: City) -> None:
    daughter, code = asked(billed)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    address = f"/demo/family/consent/{fathers_policy(billed).pk}/"
    for _ in range(5):
        assert "验证码不正确" in daughter.post(address, {"code": wrong}).content.decode()
    assert "验证码已失效" in daughter.post(address, {"code": code}).content.decode()
    assert daughter.get(f"/demo/claims/{bill(billed).pk}/").status_code == 404


def test_a_code_for_consent_signs_nobody_in_and_a_code_to_sign_in_is_no_consent(billed: City) -> None:
    daughter, father = resident(billed, 1), resident(billed, 2)
    check = ask_for_consent(actor=themself(daughter), grantee=daughter, resident=father)
    with pytest.raises(IdentityError):
        check_code(city=billed, check_id=check, code=code_of(check))
    own = send_code(city=billed, **person(1))
    with pytest.raises(IdentityError):
        give_consent(actor=themself(daughter), grantee=daughter, check_id=own, code=code_of(own), text="x")
    other = resident(billed, 3)
    with pytest.raises(IdentityError):
        give_consent(actor=themself(other), grantee=other, check_id=check, code=code_of(check), text="x")
    assert consenting(billed, daughter, [father.pk]) == set()


def test_the_text_says_who_asks_and_names_nobody_whole(billed: City) -> None:
    check = ask_for_consent(
        actor=themself(resident(billed, 1)), grantee=resident(billed, 1), resident=resident(billed, 2)
    )
    payload = json.loads(Task.objects.get(key=f"identity-{check}").payload)
    assert (payload["template"], payload["who"]) == ("family_consent", "王*")


@pytest.mark.parametrize("who", [1, 2])
def test_either_of_the_two_ends_a_consent_at_once(billed: City, who: int) -> None:
    daughter, code = asked(billed)
    daughter.post(f"/demo/family/consent/{fathers_policy(billed).pk}/", {"code": code})
    ending = signed_in(resident(billed, who))
    other = resident(billed, 3 - who)
    assert other.name in ending.get("/demo/family/").content.decode()
    ending.post(f"/demo/family/withdraw/{other.pk}/")
    assert daughter.get(f"/demo/claims/{bill(billed).pk}/").status_code == 404
    event = AuditEvent.objects.of(billed).get(action="medical_consent_withdrawn")
    assert event.actor == f"resident:{resident(billed, who).pk}"
    # Given again, it counts again: the last word of the two.
    check = ask_for_consent(
        actor=themself(resident(billed, 1)), grantee=resident(billed, 1), resident=resident(billed, 2)
    )
    give_consent(
        actor=themself(resident(billed, 1)),
        grantee=resident(billed, 1),
        check_id=check,
        code=code_of(check),
        text="x",
    )
    assert daughter.get(f"/demo/claims/{bill(billed).pk}/").status_code == 200


def test_withdrawing_where_there_is_nothing_records_nothing(billed: City) -> None:
    signed_in(resident(billed, 2)).post(f"/demo/family/withdraw/{resident(billed, 1).pk}/")
    assert not MedicalConsent.objects.of(billed).exists()


def test_nobody_is_asked_more_than_three_times_a_day(billed: City) -> None:
    daughter, father = resident(billed, 1), resident(billed, 2)
    for _ in range(3):
        ask_for_consent(actor=themself(daughter), grantee=daughter, resident=father)
    with pytest.raises(IdentityError) as caught:
        ask_for_consent(actor=themself(daughter), grantee=daughter, resident=father)
    assert caught.value.code == "asked_too_often"


def test_consent_is_asked_only_of_whom_one_insured(billed: City) -> None:
    for number, status in ((1, 200), (2, 404), (3, 404)):
        page = signed_in(resident(billed, number)).get(f"/demo/family/consent/{fathers_policy(billed).pk}/")
        assert page.status_code == status


def as_child(city: City, born: date, **changes: Any) -> Policy:
    """The father's policy as that of a child of Wang Fang's, born on this day, in her household."""
    policy = Policy.objects.of(city).select_related("insured", "order_line").get(psn_no=FATHER)
    OrderLine.objects.of(city).filter(pk=policy.order_line_id).update(relation=changes.get("relation", "child"))
    policy.insured.birth_date = born
    policy.insured.household_id = changes.get("household", resident(city, 1).household_id)
    policy.insured.save()
    return Policy.objects.of(city).select_related("insured", "order_line").get(pk=policy.pk)


def test_a_guardian_reads_a_minors_bills_until_the_eighteenth_birthday(covered: City) -> None:
    policy, mother = as_child(covered, date(2004, 4, 20)), resident(covered, 1)
    assert is_guardian(mother, policy, policy.insured, date(2022, 4, 19))
    assert not is_guardian(mother, policy, policy.insured, date(2022, 4, 20))
    assert readable(covered, mother, [policy.pk], date(2022, 4, 19)) == {policy.pk}


def test_a_child_born_on_the_29th_of_february_is_of_age_on_the_1st_of_march(covered: City) -> None:
    policy, mother = as_child(covered, date(2004, 2, 29)), resident(covered, 1)
    assert is_guardian(mother, policy, policy.insured, date(2022, 2, 28))
    assert not is_guardian(mother, policy, policy.insured, date(2022, 3, 1))


def test_a_minor_who_is_called_a_spouse_or_lives_elsewhere_is_not_in_ones_care(covered: City) -> None:
    mother = resident(covered, 1)
    spouse = as_child(covered, date(2015, 1, 1), relation="spouse")
    assert not is_guardian(mother, spouse, spouse.insured, date(2022, 4, 20))
    elsewhere = Resident.objects.of(covered).exclude(household_id=mother.household_id).first()
    assert elsewhere is not None
    policy = as_child(covered, date(2015, 1, 1), household=elsewhere.household_id)
    assert not is_guardian(mother, policy, policy.insured, date(2022, 4, 20))


def test_a_minor_does_not_read_the_bills_of_who_insured_them(covered: City) -> None:
    policy = as_child(covered, date(2015, 1, 1))
    mothers = Policy.objects.of(covered).select_related("insured", "order_line").get(psn_no=WANG_FANG)
    assert readable(covered, policy.insured, [mothers.pk, policy.pk], date(2022, 4, 20)) == {policy.pk}


def test_the_words_of_consent_say_who_what_and_that_it_can_be_withdrawn() -> None:
    with override("zh-hans"):
        words = str(family.CONSENT) % {"name": "王芳"}
    assert "王芳" in words
    assert "账单" in words
    assert "撤回" in words
