"""Who looked at whom, what for; and no ID number in clear in what people or programs write."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cast import FATHER, WANG_FANG
from huimin.errors import InputError
from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.masking import mask_personal
from huimin.platform.foundation.models import AuditEvent, City, RecordedFinding, User
from huimin.platform.foundation.services import record_audit
from huimin.platform.people.models import Resident
from platform_support import Caller, a_bill, logged_in

ID_18, ID_15, TELEPHONE = "11010519491231002X", "110105491231002", "13912345678"


@pytest.fixture(autouse=True)
def _password_alone(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"病人 {ID_18} 来电", "病人 **************002X 来电"),
        (f"病人{ID_18.lower()}。", "病人**************002x。"),
        ("110105 19491231 002X", "**************002X"),
        ("110105-1949-1231-0021", "**************0021"),
        ("１１０１０５１９４９１２３１００２Ｘ", "**************002X"),
        ("电话：１３８１２３４５６７８／备用", "电话：*******5678／备用"),
        (f"旧证 {ID_15}", "旧证 ***********1002"),
        (f"电话{TELEPHONE}", "电话*******5678"),
        ("139 1234 5678", "*******5678"),
        ("+86 139-1234-5678", "*********5678"),
        # A mistyped check digit tells as much as a right one.
        ("110105194912310021", "**************0021"),
    ],
)
def test_an_id_number_or_a_telephone_in_a_text_is_masked(written: str, kept: str) -> None:
    assert mask_personal(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "结算号 202204180000123456",  # no day of birth where one would stand: 0418 0000
        "320000000000000000",
        "金额 123456.78 元，保单 HM2022000000000100",
        FATHER,
        "座机 010-12345678",
        "12912345678",
        "2022-04-18 10:00:00",
        "",
    ],
)
def test_other_numbers_stay_as_they_are(written: str) -> None:
    assert mask_personal(written) == written


def test_neither_reason_nor_values_nor_psn_no_of_a_held_bill_keep_an_id_number(api: Caller, covered: City) -> None:
    held = api.settle(a_bill("HELD", f"2022-04-18 {ID_18}", 20_000_00, psn_no=ID_18))
    assert held.status_code != 200
    review = ReviewItem.objects.of(covered).get(setl_id="HELD")
    with connection.cursor() as cursor:
        cursor.execute('SELECT psn_no, reason, "values" FROM claims_reviewitem WHERE id = %s', [review.pk])
        row = str(cursor.fetchone())
    assert ID_18 not in row
    assert review.psn_no == "**************002X"
    assert ID_18 in review.body, "the encrypted message is whole"


def test_a_handlers_note_keeps_no_id_number(api: Caller, covered: City, settings: Any) -> None:
    api.settle(a_bill("HELD", "2022-04-18", 20_000_00, psn_no="NOBODY"))
    review = ReviewItem.objects.of(covered).get(setl_id="HELD")
    page = logged_in("handler").post(
        f"/staff/reviews/{review.pk}/", {"finding": "refused", "note": f"查无此人 {ID_18}，电话 {TELEPHONE}"}
    )
    assert page.status_code == 302
    finding = RecordedFinding.objects.of(covered).get(subject_kind="review", subject_id=str(review.pk))
    assert finding.reason == "查无此人 **************002X，电话 *******5678"
    review.refresh_from_db()
    assert ID_18 not in review.note


def test_the_audit_keeps_no_id_number_whoever_writes_one(city: City) -> None:
    from huimin.platform.foundation.clock import now

    record_audit(
        city=city, actor="t", action="t", subject=f"person:{ID_18}", at=now(city), detail={"of": [{"who": ID_18}]}
    )
    event = AuditEvent.objects.of(city).get(action="t")
    assert event.subject == "person:**************002X"
    assert event.detail == {"of": [{"who": "**************002X"}]}


def test_a_register_that_puts_id_numbers_where_bureau_numbers_stand_is_refused(city: City) -> None:
    resident = Resident.objects.of(city).get(psn_no=WANG_FANG)
    resident.psn_no = resident.id_number
    with pytest.raises(InputError, match="expected the number that the bureau gave"):
        resident.save()
    with pytest.raises(InputError, match="psn_no is an ID number"):
        Resident.objects.bulk_create([resident])


def test_a_handler_who_opens_a_bill_is_recorded_with_the_purpose(api: Caller, covered: City, settings: Any) -> None:
    api.settle(a_bill("HELD", "2022-04-18", 20_000_00, psn_no="NOBODY"))
    review = ReviewItem.objects.of(covered).get(setl_id="HELD")
    client = logged_in("handler")
    client.get(f"/staff/reviews/{review.pk}/")
    event = AuditEvent.objects.of(covered).get(action="review_opened")
    handler = User.objects.get(username="handler")
    assert (event.actor, event.subject) == (f"staff:{handler.pk}", f"review:{review.pk}")
    assert event.detail == {"purpose": "claims handling"}
    client.get("/staff/reviews/?q=P00000002")
    assert AuditEvent.objects.of(covered).filter(action="reviews_searched").count() == 1
    client.get("/staff/reviews/")
    assert AuditEvent.objects.of(covered).filter(action="reviews_searched").count() == 1


def test_the_bureaus_looks_are_recorded(city: City, settings: Any) -> None:
    logged_in("bureau").get("/staff/bureau/")
    event = AuditEvent.objects.of(city).get(action="figures_opened")
    assert event.detail == {"purpose": "supervision"}


def test_staff_who_log_in_and_who_fail_to_are_recorded(city: City) -> None:
    address = "/staff/accounts/login/"
    Client().post(address, {"login": "bureau", "password": "wrong"})
    Client().post(address, {"login": "nobody at all", "password": "wrong"})
    Client().post(address, {"login": "bureau", "password": "demonstration-2022"})
    user = User.objects.get(username="bureau")
    events = AuditEvent.objects.of(city).filter(action__startswith="staff_").order_by("pk")
    assert [(event.actor, event.action, event.subject) for event in events] == [
        ("unknown", "staff_sign_in_failed", f"staff:{user.pk}"),
        (f"staff:{user.pk}", "staff_signed_in", f"staff:{user.pk}"),
    ]
