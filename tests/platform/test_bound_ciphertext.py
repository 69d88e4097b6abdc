"""A ciphertext belongs to one city, table, column and row: anywhere else it is refused, and never another's text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from cast import FATHER, WANG_FANG
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.foundation.encryption import UnreadableCiphertextError
from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.people.models import Resident
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill
from tampering import behind_the_triggers


def run(text: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.fetchall() if cursor.description else []


def stored(table: str, column: str, row: int) -> bytes:
    return bytes(run(f'SELECT "{column}" FROM {table} WHERE id = %s', row)[0][0])  # noqa: S608


def put(table: str, column: str, row: int, blob: bytes) -> None:
    """Whoever may write to the database may do this."""
    with behind_the_triggers(table):
        run(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', blob, row)  # noqa: S608


def wang(city: City, psn_no: str = WANG_FANG) -> Resident:
    return Resident.objects.of(city).get(psn_no=psn_no)


def test_two_names_that_were_swapped_are_noticed(city: City) -> None:
    first, second = wang(city).pk, wang(city, FATHER).pk
    names = stored("people_resident", "name", first), stored("people_resident", "name", second)
    put("people_resident", "name", first, names[1])
    put("people_resident", "name", second, names[0])
    for row in (first, second):
        with pytest.raises(UnreadableCiphertextError, match=f"people_resident {row}, name") as caught:
            _ = Resident.objects.of(city).get(pk=row).name
        assert caught.value.code == "ciphertext_out_of_place"


def test_a_telephone_cannot_become_a_name(city: City) -> None:
    row = wang(city).pk
    put("people_resident", "name", row, stored("people_resident", "telephone", row))
    resident = Resident.objects.of(city).get(pk=row)
    with pytest.raises(UnreadableCiphertextError):
        _ = resident.name
    assert resident.telephone == wang(city).telephone


def test_a_fact_cannot_show_another_bills_text_nor_its_care_as_its_message(api: Caller, covered: City) -> None:
    for setl_id in ("A", "B"):
        api.settle(a_bill(setl_id, "2022-04-18", 20_000_00, diag_codes="C34"))
    first, second = SettlementFact.objects.of(covered).filter(setl_id__in="AB").order_by("setl_id")
    assert '"C34"' in second.care
    put("claims_settlementfact", "care", first.pk, stored("claims_settlementfact", "care", second.pk))
    put("claims_settlementfact", "body", second.pk, stored("claims_settlementfact", "care", second.pk))
    with pytest.raises(UnreadableCiphertextError):
        _ = SettlementFact.objects.of(covered).get(setl_id="A").care
    with pytest.raises(UnreadableCiphertextError):
        _ = SettlementFact.objects.of(covered).get(setl_id="B").body


def test_a_ciphertext_that_names_no_place_is_refused(city: City) -> None:
    row = wang(city).pk
    put("people_resident", "name", row, b"\x01" + stored("people_resident", "name", row)[1:])
    with pytest.raises(UnreadableCiphertextError, match=f"people_resident {row}, name") as caught:
        _ = wang(city).name
    assert caught.value.code == "ciphertext_out_of_place"


def test_a_text_of_another_table_is_refused_though_the_row_has_the_same_number(city: City) -> None:
    review = ReviewItem.objects.of(city).first()
    assert review is not None
    client = ApiClient(city=city, pk=review.pk + 10**6, key_id="t", kind="hospital", code="t", secret="s")
    assert review.body
    review.pk, review.setl_id = client.pk, "T"
    review.save(force_insert=True)
    client.save(force_insert=True)
    put("foundation_apiclient", "secret", client.pk, stored("claims_reviewitem", "body", client.pk))
    with pytest.raises(UnreadableCiphertextError, match="foundation_apiclient"):
        _ = ApiClient.objects.of(city).get(pk=client.pk).secret


def run_now(city: City) -> Any:
    from huimin.platform.foundation.clock import now

    return now(city)


def test_a_row_moved_into_another_city_can_no_longer_be_read(city: City) -> None:
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other", demonstration_day=date(2022, 2, 15))
    row = wang(city).pk
    run("UPDATE people_resident SET city_id = %s WHERE id = %s", other.pk, row)
    with pytest.raises(UnreadableCiphertextError, match=f"city {other.pk}"):
        _ = Resident.objects.of(other).get(pk=row).name


def test_a_message_put_under_another_key_is_refused(city: City) -> None:
    moment = run_now(city)
    for key in ("a", "b"):
        Task.objects.create(city=city, kind="t", key=key, payload=f'"{key}"', created_at=moment, due_at=moment)
    first, second = Task.objects.of(city).filter(kind="t").order_by("key")
    put("tasks_task", "payload", first.pk, stored("tasks_task", "payload", second.pk))
    with pytest.raises(UnreadableCiphertextError):
        _ = Task.objects.of(city).get(pk=first.pk).payload


def test_rows_are_read_alike_whether_by_the_orm_or_by_statements_made_once(city: City) -> None:
    (fetched,) = Resident.objects.fetch(city, {"psn_no": WANG_FANG})
    partly = Resident.objects.of(city).defer("name").get(psn_no=WANG_FANG)
    only = Resident.objects.of(city).only("name").get(psn_no=WANG_FANG)
    assert fetched.name == partly.name == only.name == wang(city).name == "王芳"


def test_a_row_that_is_saved_again_keeps_what_it_says(city: City) -> None:
    resident = wang(city)
    resident.telephone = "13900000000"
    resident.save(update_fields=["telephone"])
    resident = wang(city)
    resident.save()
    assert (wang(city).telephone, wang(city).name) == ("13900000000", "王芳")


def test_an_encrypted_column_cannot_be_updated_without_its_row(city: City) -> None:
    with pytest.raises(TypeError, match="save the row"):
        Resident.objects.of(city).filter(psn_no=WANG_FANG).update(name="张三")


def test_every_table_with_an_encrypted_column_names_its_rows_before_they_are_inserted() -> None:
    found = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, EncryptedTextField):
                continue
            found += 1
            if field.bound_to == ("pk",):
                assert isinstance(model._meta.pk, ReservedKey), model
            else:
                names = {"city", *(other.name for other in model._meta.fields if other.attname in field.bound_to)}
                unique = [{*c.fields} for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
                # Where the digest of the content names the row, two of one name hold one text.
                named = "content_digest" in names or any(fields <= names for fields in unique)
                assert named, f"{model}: {names} name no single row"
    assert found >= 8
