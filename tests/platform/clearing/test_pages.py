"""The staff's pages of statements: which wait for whom, what is decided there, and the account."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims_support import limit_is
from clearing_support import PARTY, answered, billed, lines_of, stated_month, states
from huimin.platform.clearing.answering import Answers, Disputed
from huimin.platform.clearing.models import DisputeReason, HospitalStatement
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.payouts.hospital_accounts import hospital_account
from platform_support import Caller, logged_in
from servicing_support import day_is

pytestmark = pytest.mark.django_db
ACCOUNT = {"holder": "第九医院", "number": "3200123456789000", "bank_name": "示范银行", "note": "来函"}


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def statement(api: Caller, covered: City, hospital: ApiClient) -> HospitalStatement:
    billed(api, "A", "2022-04-12")
    billed(api, "B", "2022-04-18", 10_000_00)
    found = stated_month(covered, hospital)
    answered(found, hospital, Answers(disputed={1: Disputed(DisputeReason.OTHER, "账面少 12 元")}))
    return found


def listed(query: str = "") -> str:
    return logged_in("handler").get(f"/staff/hospitals/{query}").content.decode()


def page(statement: HospitalStatement, who: str = "handler", query: str = "") -> str:
    return logged_in(who).get(f"/staff/hospitals/{statement.pk}/{query}").content.decode()


def test_the_list_shows_who_waits_for_whom(covered: City, statement: HospitalStatement) -> None:
    assert "第九医院" in listed()
    assert "第九医院" in listed("?state=waiting")
    assert "第九医院" in listed("?state=disputed&month=2022-04")
    assert "第九医院" not in listed("?state=overdue")
    assert "第九医院" not in listed("?month=2022-03")
    day_is(covered, date(2022, 5, 14))
    assert "第九医院" in listed("?state=overdue")
    for strange in ("?state=paid", "?state=x", "?month=2022-13", "?month=x", "?page=x"):
        assert "第九医院" in listed(strange)


def test_a_statement_shows_its_lines_by_state(statement: HospitalStatement) -> None:
    whole = page(statement)
    assert "账面少 12 元" in whole
    assert "2. B" in whole
    assert "2. B" not in page(statement, query="?state=disputed")
    assert logged_in("handler").get("/staff/hospitals/999999/").status_code == 404
    assert logged_in("bureau").get(f"/staff/hospitals/{statement.pk}/").status_code == 403


def test_a_handler_decides_on_the_page_and_above_the_amount_another_agrees(
    covered: City, statement: HospitalStatement
) -> None:
    line = lines_of(statement)[0].pk
    handler, approver = logged_in("handler"), logged_in("approver")
    address = f"/staff/hospitals/lines/{line}/"
    assert handler.post(address, {"do": "stands", "note": ""}).status_code == 422
    assert handler.post(address, {"do": "propose", "note": "x"}).status_code == 422
    assert handler.post("/staff/hospitals/lines/999999/", {"do": "stands", "note": "x"}).status_code == 404
    limit_is(covered, 1_00)
    assert handler.post(address, {"do": "stands", "note": "无误"}).status_code == 302
    assert states(statement)[0] == "disputed"
    assert 'value="agree"' not in page(statement)
    assert 'value="agree"' in page(statement, "approver")
    assert approver.post(address, {"do": "agree", "note": "同意"}).status_code == 302
    assert states(statement)[0] == "stands"


def test_a_sheet_is_sent_back_on_the_page_and_its_faults_are_all_shown(
    covered: City, statement: HospitalStatement
) -> None:
    handler, address = logged_in("handler"), f"/staff/hospitals/{statement.pk}/upload/"
    book = openpyxl.load_workbook(BytesIO(handler.get(f"/staff/hospitals/{statement.pk}/sheet/").content))
    book.active["I9"] = "好"
    book.active["H8"] = 1
    refused = handler.post(address, {"file": _file(book)})
    assert refused.status_code == 422
    assert all(place in refused.content.decode() for place in ("I9", "H8"))
    assert states(statement) == ["disputed", "open"]
    book = openpyxl.load_workbook(BytesIO(handler.get(f"/staff/hospitals/{statement.pk}/sheet/").content))
    book.active["I9"] = "同意"
    assert handler.post(address, {"file": _file(book)}).status_code == 302
    assert states(statement) == ["disputed", "agreed"]
    assert handler.post(address, {}).status_code == 422
    assert logged_in("approver").post(address, {"file": _file(book)}).status_code == 403


def _file(book: Any) -> SimpleUploadedFile:
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("statement.xlsx", content.getvalue())


def test_an_account_is_given_by_one_and_confirmed_by_another(covered: City, statement: HospitalStatement) -> None:
    handler, approver = logged_in("handler"), logged_in("approver")
    address = f"/staff/hospitals/{statement.pk}/account/"
    wrong = handler.post(address, {**ACCOUNT, "number": "12A"})
    assert (wrong.status_code, "银行账号有误" in wrong.content.decode()) == (422, True)
    assert handler.post(address, {**ACCOUNT, "note": ""}).status_code == 422
    assert handler.post(address, ACCOUNT).status_code == 302
    assert "3200123456789000" in page(statement, "approver")
    assert handler.post(f"{address}answer/", {"do": "agree", "note": "已核对"}).status_code == 403
    assert approver.post(f"{address}answer/", {"do": "agree", "note": ""}).status_code == 422
    assert approver.post(f"{address}answer/", {"do": "agree", "note": "已核对"}).status_code == 302
    found = hospital_account(covered, PARTY)
    assert found is not None
    assert "尾号 9000" in page(statement)
