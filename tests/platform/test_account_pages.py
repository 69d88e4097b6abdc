"""The pages of agencies, handlers and the bureau about personal accounts, and of days with a payment company."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from account_support import OTHER_AREA, OWN_AREA, a_listed_family
from acting import staff_with
from company_files import DAY, company_file, paid_line
from door_support import Played, played
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import AuditEvent, City, Role
from huimin.platform.payments.models import AccountLine, AccountTransfer, PaymentCase, ReconciledDay
from huimin.platform.payments.reconciliation.services import reconcile
from platform_support import logged_in


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def sandbox(settings: Any):  # type: ignore[no-untyped-def]
    with played(settings) as found:
        yield found


def states(city: City, keys: list[str]) -> list[str]:
    by_key = dict(AccountLine.objects.of(city).filter(key__in=keys).values_list("key", "state"))
    return [by_key[key] for key in keys]


def test_an_officer_sees_their_areas_and_each_look_at_a_list_is_written_down(city: City, sandbox: Played) -> None:
    found, _keys = a_listed_family(city, sandbox.sandbox.bureau)
    own = logged_in(staff_with(city, "own", Role.ACCOUNT_AGENCY, areas=[OWN_AREA]))
    assert "2022-02" in own.get("/staff/agency/").content.decode()
    page = own.get(f"/staff/agency/lists/{found.pk}/").content.decode()
    assert "李秀英" in page
    looks = AuditEvent.objects.of(city).filter(action="account_list_opened", subject=f"account_list:{found.pk}")
    assert looks.get().detail == {"purpose": "account payments"}
    other = logged_in(staff_with(city, "other", Role.ACCOUNT_AGENCY, areas=[OTHER_AREA]))
    assert other.get(f"/staff/agency/lists/{found.pk}/").status_code == 404
    assert other.post(f"/staff/agency/lists/{found.pk}/decide/", {"how": "all"}).status_code == 404
    assert logged_in("handler").get("/staff/agency/").status_code == 403


def test_lines_are_ticked_and_approved_or_struck_out_on_the_page(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    client = logged_in(staff_with(city, "own", Role.ACCOUNT_AGENCY, areas=[OWN_AREA]))
    at = f"/staff/agency/lists/{found.pk}/decide/"
    assert client.post(at, {"how": "chosen"}).status_code == 422
    assert "请选择剔除原因" in client.post(at, {"how": "strike", "line": keys[2]}).content.decode()
    for how in ("", "x", "a\0", ["all", "chosen"]):
        refused = client.post(at, {"how": how, "line": keys[:2]})
        assert refused.status_code == 422
        assert refused.content.decode().count(" checked") == 2
    assert "请选择要办理的事项" in client.post(at, {"line": keys[0]}).content.decode()
    assert states(city, keys) == ["listed"] * 3
    client.post(at, {"how": "strike", "line": keys[2], "reason": "paid_twice"})
    client.post(at, {"how": "chosen", "line": keys[0]})
    assert states(city, keys) == ["approved", "listed", "struck_out"]
    client.post(at, {"how": "all"})
    assert states(city, keys) == ["approved", "approved", "struck_out"]
    again = client.post(at, {"how": "chosen", "line": keys[0]})
    assert again.status_code == 422
    assert "这笔缴费已处于其他状态" in again.content.decode()


def test_the_downloaded_list_is_answered_in_excel_and_sent_back(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    client = logged_in(staff_with(city, "own", Role.ACCOUNT_AGENCY, areas=[OWN_AREA]))
    answer = client.get(f"/staff/agency/lists/{found.pk}/sheet/")
    assert answer["Content-Disposition"].endswith('account-list-329901-2022-02-1.xlsx"')
    book = openpyxl.load_workbook(BytesIO(answer.content))
    for row in (8, 9, 10):
        book.active[f"I{row}"] = "同意"
    book.active["H8"] = 1
    refused = client.post(f"/staff/agency/lists/{found.pk}/upload/", {"file": _file(book)})
    assert refused.status_code == 422
    assert "H8 的金额 1 与清单上的 158.00 不符" in refused.content.decode()
    assert states(city, keys) == ["listed"] * 3
    book.active["H8"] = 158
    client.post(f"/staff/agency/lists/{found.pk}/upload/", {"file": _file(book)})
    assert states(city, keys) == ["approved"] * 3


def _file(book: Any) -> SimpleUploadedFile:
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("list.xlsx", content.getvalue())


def test_a_transfer_is_recorded_by_the_agency_matched_by_a_handler_and_settled_by_the_bureau(
    city: City, sandbox: Played
) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    agency = logged_in(staff_with(city, "own", Role.ACCOUNT_AGENCY, areas=[OWN_AREA]))
    agency.post(f"/staff/agency/lists/{found.pk}/decide/", {"how": "all"})
    sent = {"reference": "B1", "amount": "315.99", "sent_on": "2022-02-15"}
    at = f"/staff/agency/areas/{OWN_AREA}/transfer/"
    assert "应划拨 316.00 元，填写的是 315.99 元" in agency.post(at, sent).content.decode()
    agency.post(at, {**sent, "amount": "316"})
    transfer = AccountTransfer.objects.of(city).get()
    handler, match = logged_in("handler"), f"/staff/accounts-money/transfers/{transfer.pk}/"
    bank = {"bank_day": "2022-02-15", "came": "received"}
    assert "两者不符，未入账" in handler.post(match, {**bank, "amount": "1"}).content.decode()
    for came in ("", "x", ["received", "returned"]):
        assert handler.post(match, {**bank, "amount": "316.00", "came": came}).status_code == 422
    assert states(city, keys) == ["transferred", "transferred", "approved"]
    handler.post(match, {**bank, "amount": "316.00"})
    assert states(city, keys) == ["received", "received", "approved"]
    assert handler.post("/staff/accounts-money/months/2022-02/", {"note": "x"}).status_code == 403
    bureau = logged_in("bureau")
    assert "待清算" in bureau.get("/staff/accounts-money/").content.decode()
    bureau.post("/staff/accounts-money/months/2022-02/", {"note": "清算单 1"})
    assert "待清算" not in bureau.get("/staff/accounts-money/").content.decode()
    assert bureau.post("/staff/accounts-money/months/2022-13/", {"note": "x"}).status_code == 404


def test_a_handler_explains_each_difference_of_a_day_and_closes_it(city: City) -> None:
    reconcile(actor=queue_actor(city), provider="other", day=DAY, content=company_file(paid_line("T1")))
    client, at = logged_in("handler"), f"/staff/reconciliation/other/{DAY}/"
    assert "我方没有收款记录" in client.get(at).content.decode()
    assert "还有 1 笔差异没有查明" in client.post(f"{at}close/", {"note": "x"}).content.decode()
    case = PaymentCase.objects.of(city).get(kind="missing_with_us")
    client.post(f"/staff/payments/{case.pk}/close/", {"note": "支付机构的测试款"})
    torn = SimpleUploadedFile("day.csv", b"x")
    assert "缺少合计行" in client.post(f"{at}file/", {"file": torn}).content.decode()
    picture = SimpleUploadedFile("day.csv", b"\xff\xfe\x00\x81")
    assert "这不是文本文件" in client.post(f"{at}file/", {"file": picture}).content.decode()
    again = SimpleUploadedFile("day.csv", company_file(paid_line("T1")).encode("gb18030"))
    client.post(f"{at}file/", {"file": again})
    client.post(f"{at}close/", {"note": "已查明"})
    assert ReconciledDay.objects.of(city).get(provider="other").state == "closed"
    assert "已查明" in client.get(at).content.decode()
    assert client.get("/staff/reconciliation/other/2022-02-01/").status_code == 404
    assert client.get("/staff/reconciliation/other/yesterday/").status_code == 404


def test_a_handler_asks_for_the_file_of_a_day_that_is_over(city: City) -> None:
    client = logged_in("handler")
    assert (
        "请选择今天以前的日期"
        in client.post("/staff/reconciliation/ask/", {"day": "2022-02-15", "provider": "sandbox"}).content.decode()
    )
    assert client.post("/staff/reconciliation/ask/", {"day": "2022-02-14", "provider": "sandbox"}).status_code == 302
