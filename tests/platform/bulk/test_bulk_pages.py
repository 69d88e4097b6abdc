"""The pages of lists and organisations, and of who is asked; and the answer as a file."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulk_support import HEAD, a_list_that_waits, a_list_with_faults, an_employer, asked_and_read, line, the_list
from huimin.platform.bulk.models import BulkRow
from huimin.platform.foundation.models import City
from listed_pages import PAGES, Listed, render
from platform_support import logged_in
from subsidies_support import uncovered
from work_support import work_off

OURS = [one for one in PAGES if one.name.startswith(("bulk", "organisation", "group-cover"))]


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.mark.parametrize("listed", OURS, ids=lambda one: one.title)
def test_every_page_of_lists_and_organisations_opens(city: City, listed: Listed) -> None:
    assert "参保" in render(city, listed, "zh").html


def test_a_page_of_a_list_says_it_in_english_too(city: City) -> None:
    listed = next(one for one in OURS if one.name == "bulk-file" and one.state == "to accept")
    html = render(city, listed, "en").html
    assert "2 people are in order and will be enrolled; 2 have faults and will not." in html
    assert "The same person as row 2." in html


def test_a_list_is_sent_looked_at_and_accepted_by_pages(city: City) -> None:
    an_employer(city)
    client, (person,) = logged_in("handler"), uncovered(city, 1)
    file = SimpleUploadedFile("名单.csv", (HEAD + line(person, "A1")).encode())
    answer = client.post("/staff/bulk/", {"organisation": "factory", "kind": "consented", "file": file})
    assert answer.status_code == 302
    work_off()
    assert "核对无误" in client.get(answer["Location"]).content.decode()
    client.post(f"{answer['Location']}accept/", {"refused": "0"})
    assert BulkRow.objects.of(city).get().state == "agreed"


def test_the_answer_as_a_file_has_a_row_for_each_with_its_policy_or_why_not(city: City) -> None:
    a_list_with_faults(city, Client())
    number = the_list(city)["file_id"]
    answer = logged_in("handler").get(f"/staff/bulk/{number}/result.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(StringIO(text)))
    assert rows[0] == ["行号", "编号", "保单号", "结果", "原因"]
    assert [row[:4] for row in rows[1:]] == [
        ["2", "A1", "", "等待中"],
        ["3", "A2", "", "等待中"],
        ["4", "A3", "", "未办理"],
        ["5", "A4", "", "未办理"],
    ]
    assert rows[3][4] == "证件号码：与第 2 行是同一人。"


def test_the_workbook_of_answers_has_the_policies(city: City) -> None:
    a_list_that_waits(city, Client())
    answer = logged_in("handler").get(f"/staff/bulk/{the_list(city)['file_id']}/result.xlsx")
    (head, first, *_rest) = openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    row = BulkRow.objects.of(city).get(state="enrolled")
    assert head[2] == "保单号"
    assert first[:4] == ("2", row.reference, row.policy, "已参保")


def test_who_is_asked_agrees_by_one_tap_on_their_own_page(city: City) -> None:
    client = Client()
    asked_and_read(city, client)
    row = BulkRow.objects.of(city).get()
    assert "我同意由示范机械厂支付保费" in client.get(f"/{city.code}/group-cover/").content.decode()
    assert "查看并答复" in client.get(f"/{city.code}/policies/").content.decode()
    for neither in ("", "x", "a\0", ["agree", "decline"]):
        page = client.post(f"/{city.code}/group-cover/{row.pk}/", {"answer": neither}, follow=True).content.decode()
        row.refresh_from_db()
        assert ("请选择一项" in page, row.state) == (True, "asked")
    client.post(f"/{city.code}/group-cover/{row.pk}/", {"answer": "agree"})
    row.refresh_from_db()
    assert row.state == "agreed"
