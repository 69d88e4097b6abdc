"""Each sees its own city and its own part only, and what is stored gives nothing away."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client

from acting import staff_with
from cast import FATHER, MOTHER, WANG_FANG
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.claims.models import SettlementFact
from huimin.platform.foundation.encryption import Place, UnreadableCiphertextError, blind_index, decrypt, encrypt
from huimin.platform.foundation.models import ApiClient, City, Role, User
from huimin.platform.people.models import IdentityCheck, Resident
from huimin.platform.people.services import send_code
from huimin.platform.web.code_words import AMOUNT_WORDS, FIELD_WORDS, REASON_WORDS
from huimin.settlement import AMOUNT_FIELDS, CARE_COLUMNS, IDENTITIES
from platform_support import Caller, a_bill, logged_in, person, resident, signed_in

ROLE_PAGES = {
    "handler": "/staff/reviews/",
    "insurer": "/staff/insurer/",
    "bureau": "/staff/bureau/",
    "admin": "/staff/administration/",
}


@pytest.fixture
def other_city(db: None) -> City:
    return City.objects.create(code="other", name_zh="另一市", name_en="Other", demonstration_day=date(2022, 2, 15))


def test_the_second_person_opens_the_queue_and_no_other_page(city: City, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    client = logged_in("approver")
    for name, address in ROLE_PAGES.items():
        assert client.get(address).status_code == (200 if name == "handler" else 403)


@pytest.mark.parametrize("name", ROLE_PAGES)
def test_each_role_opens_its_own_page_and_no_other(city: City, settings: Any, name: str) -> None:
    settings.SECOND_FACTOR = False
    client = logged_in(name)
    for other, address in ROLE_PAGES.items():
        assert client.get(address).status_code == (200 if other == name else 403)


def test_staff_without_a_second_factor_are_sent_to_set_one_up(city: City, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    response = logged_in("bureau").get("/staff/bureau/")
    assert (response.status_code, response.url) == (302, "/staff/accounts/2fa/totp/activate/")


def test_the_page_that_sets_up_a_second_factor_opens(city: City) -> None:
    client = Client()
    assert (
        client.post("/staff/accounts/login/", {"login": "bureau", "password": "demonstration-2022"}).status_code == 302
    )
    asked_again = client.get("/staff/accounts/2fa/totp/activate/").url
    response = client.post(asked_again, {"password": "demonstration-2022"}, follow=True)
    assert response.request["PATH_INFO"] == "/staff/accounts/2fa/totp/activate/"
    assert b"data:image/svg" in response.content


def test_nobody_gets_in_without_logging_in_or_signs_up(city: City) -> None:
    assert Client().get("/staff/bureau/").url.startswith("/staff/accounts/login/")
    signup = Client().post("/staff/accounts/signup/", {"username": "intruder", "password1": "a-long-password-1"})
    assert signup.status_code == 404
    assert not User.objects.filter(username="intruder").exists()


def test_five_wrong_passwords_lock_the_account_for_a_while(city: City) -> None:
    client = Client()
    for _ in range(5):
        client.post("/staff/accounts/login/", {"login": "bureau", "password": "wrong"})
    right = client.post("/staff/accounts/login/", {"login": "bureau", "password": "demonstration-2022"})
    assert right.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_staff_member_of_another_city_sees_nothing_of_this_one(city: City, other_city: City, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    plan = PlanYear.objects.of(city).get()
    PlanYear.objects.create(
        city=other_city,
        plan_id=plan.plan_id,
        plan_digest=plan.plan_digest,
        program_digest=plan.program_digest,
        plan_text=plan.plan_text,
        sources_text=plan.sources_text,
        window_first_day=plan.window_first_day,
        window_last_day=plan.window_last_day,
        published_at=plan.published_at,
    )
    staff_with(other_city, "stranger", Role.BUREAU)
    page = logged_in("stranger").get("/staff/bureau/")
    assert page.context["figures"].enrolled == page.context["figures"].residents == 0


def test_a_client_of_another_city_finds_neither_member_nor_settlement(
    api: Caller, covered: City, other_city: City
) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    ApiClient.objects.create(
        city=other_city, key_id="other.h", kind="hospital", code="h", name_zh="院", name_en="H", secret="s"
    )
    stranger = Caller(other_city)
    assert stranger.get("h", "/api/v1/settlements/A").status_code == 404
    held = stranger.post("h", "/api/v1/settlements", a_bill("B", "2022-02-15", 20_000_00))
    assert held.json()["code"] == "unknown_member"


def test_a_hospital_reads_its_own_settlements_only(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00), client="hospital-1")
    assert api.get("hospital-1", "/api/v1/settlements/A").status_code == 200
    assert api.get("hospital-2", "/api/v1/settlements/A").status_code == 404


def test_a_resident_sees_own_claims_and_no_others_not_even_of_whom_they_insured(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    bill = SettlementFact.objects.of(covered).get(setl_id="A").pk
    for psn_no, status in ((WANG_FANG, 404), (FATHER, 200), (MOTHER, 404)):
        assert signed_in(resident(covered, psn_no)).get(f"/demo/claims/{bill}/").status_code == status


def test_a_session_of_one_city_is_nobody_in_another(city: City, other_city: City) -> None:
    assert signed_in(resident(city)).get("/other/policies/").url.startswith("/other/identity/")


def test_names_numbers_and_telephones_are_not_readable_in_the_database(city: City) -> None:
    wang = Resident.objects.of(city).get(psn_no=WANG_FANG)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_resident WHERE id = %s", [wang.pk])
        row = b"|".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in cursor.fetchone())
    for value in (wang.name, wang.id_number, wang.telephone):
        assert value.encode() not in row
    assert wang.name == "王芳"


def test_equal_texts_are_encrypted_differently_and_changed_bytes_are_noticed() -> None:
    place = Place(1, "people_resident", "name", "7")
    first, second = encrypt("王芳", place), encrypt("王芳", place)
    assert first != second
    assert decrypt(first, place) == decrypt(second, place) == "王芳"
    with pytest.raises(UnreadableCiphertextError, match="was changed"):
        decrypt(first[:-1] + bytes([first[-1] ^ 1]), place)


def test_a_blind_index_differs_between_cities() -> None:
    assert blind_index("a", "1") == blind_index("a", "1") != blind_index("b", "1")


def test_the_one_time_code_is_in_the_outbox_encrypted_and_only_its_digest_is_kept(city: City) -> None:
    check = send_code(city=city, **person(0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM tasks_task WHERE key = %s", [f"identity-{check}"])
        payload = bytes(cursor.fetchone()[0])
    place = Place(city.pk, "tasks_task", "payload", f"message identity-{check}")
    code = json.loads(decrypt(payload, place))["code"]
    assert re.fullmatch(r"\d{6}", code)
    assert code.encode() not in payload
    assert code not in IdentityCheck.objects.of(city).get(pk=check).code_digest


def test_an_error_page_repeats_nothing(city: City) -> None:
    response = Client().get("/demo/claims/320106199001011234/")
    assert response.status_code == 302
    assert b"320106199001011234" not in Client().get("/demo/nothing/320106199001011234/").content


def test_every_row_belongs_to_a_city_and_unique_keys_begin_with_it() -> None:
    from django.apps import apps

    cityless = {"City", "User", "SealFrontier"}  # the frontier says how far tables are sealed, over all cities
    seen = 0
    for config in apps.get_app_configs():
        if not config.name.startswith("huimin."):
            continue
        for model in config.get_models():
            if model.__name__ in cityless:
                continue
            seen += 1
            assert model._meta.get_field("city").remote_field.model is City
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.UniqueConstraint):
                    assert constraint.fields[0] == "city", f"{model.__name__}: {constraint.name}"
    assert seen >= 40


def test_every_field_of_a_bill_and_every_identity_has_words_for_the_handler() -> None:
    assert AMOUNT_WORDS.keys() == {*AMOUNT_FIELDS}
    assert FIELD_WORDS.keys() >= {*CARE_COLUMNS}
    assert REASON_WORDS.keys() >= {identity.code for identity in IDENTITIES}
