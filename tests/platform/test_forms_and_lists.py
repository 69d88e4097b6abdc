"""Forms say what is wrong beside the field and in a summary; long lists come page by page."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

import huimin.terms
from cast import STRANGER
from huimin.errors import HuiminError, InputError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.claims.models import ReviewItem
from huimin.platform.claims.selectors import ReviewSearch, open_reviews, review_codes
from huimin.platform.desk.models import Study
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, AuditEvent, City
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.worker_rounds import told_of
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.services import enqueue
from huimin.platform.web.plan_words import found_in_chinese, in_chinese
from huimin.platform.web.sentences import error_sentence, sentence
from huimin.terms import loading
from platform_support import CHINESE, logged_in

pytestmark = pytest.mark.django_db
ENGLISH = "en"


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


def queue_of(city: City, count: int) -> None:
    hospital = ApiClient.objects.get(city=city, code="hospital-1")
    ReviewItem.objects.bulk_create(
        (
            ReviewItem(
                city=city,
                client=hospital,
                setl_id=f"Q-{number:05d}",
                psn_no=f"P{number:08d}",
                body="{}",
                content_digest=f"{number:064d}",
                code="unknown_member" if number % 2 else "missing_med_type",
                reason="no policy has this psn_no",
                received_at=now(city) - timedelta(hours=number),
            )
            for number in range(count)
        ),
        batch_size=1_000,
    )


class TestFaults:
    def test_a_fault_stands_in_a_summary_that_takes_the_focus_and_beside_its_field(self, city: City) -> None:
        page = Client().post("/demo/identity/", {"name": "王芳", "id_number": "110105194912310021"}).content.decode()
        assert re.search(r'<section class="fault-summary"[^>]*role="alert"[^>]*tabindex="-1"[^>]*autofocus', page)
        assert '<a href="#field-id-number">身份证号码有误，请逐位核对。</a>' in page
        assert 'id="field-id-number_error">身份证号码有误，请逐位核对。' in page
        control = next(tag for tag in re.findall("<input[^>]*>", page) if 'id="field-id-number"' in tag)
        assert 'aria-invalid="true"' in control
        assert 'aria-describedby="field-id-number_error"' in control

    def test_what_was_typed_stays(self, city: City) -> None:
        page = Client().post("/demo/identity/", {"name": "王芳", "id_number": "110105194912310021"}).content.decode()
        assert 'value="王芳"' in page
        assert 'value="110105194912310021"' in page

    def test_what_was_left_empty_is_asked_for_field_by_field(self, city: City) -> None:
        page = Client().post("/demo/identity/", {"name": " ", "id_number": ""}).content.decode()
        assert "2 处需要修改" in page
        assert '<a href="#field-name">请填写姓名。</a>' in page

    def test_a_page_without_faults_has_no_summary(self, city: City) -> None:
        assert "fault-summary" not in Client().get("/demo/identity/").content.decode()

    def test_the_log_in_says_what_is_missing_beside_the_field(self, city: City) -> None:
        page = Client().post("/staff/accounts/login/", {"login": "", "password": ""}).content.decode()
        assert 'href="#field-login"' in page
        assert 'id="field-password_error"' in page


class TestSentences:
    def test_a_reason_is_worded_in_the_readers_language_with_what_was_found(self, city: City) -> None:
        values = {"day": "2023-01-02", "periods": "2022-01-01–2022-12-31"}
        with translation.override(CHINESE):
            assert sentence("uncovered_date", values) == (
                "账单日期为 2023年1月2日，不在保障期间（2022年1月1日–2022年12月31日）内。"
            )
        with translation.override(ENGLISH):
            assert "2 January 2023" in sentence("uncovered_date", values)

    def test_fields_are_called_by_their_words(self, city: City) -> None:
        with translation.override(CHINESE):
            assert sentence("missing_amount", {"field": "psn_part_amt"}) == "没有报送个人负担总额。"

    def test_a_code_without_its_values_is_named_in_short_and_never_in_english(self, city: City) -> None:
        with translation.override(CHINESE):
            assert sentence("uncovered_date", {}) == "不在保障期间内。"
            said = error_sentence(HuiminError("something new went wrong", code="never_heard_of"))
        assert "something" not in said
        assert "never_heard_of" in said

    def test_a_held_bill_tells_the_handler_why_in_chinese(self, city: City) -> None:
        item = ReviewItem.objects.of(city).get(setl_id__startswith="D-EXAMPLE")
        page = logged_in("handler").get(f"/staff/reviews/{item.pk}/").content.decode()
        assert "差额 4411.99 元没有说明" in page
        assert "is not explained" not in page


class TestPaging:
    @pytest.mark.parametrize(
        ("text", "number"), [(None, 1), ("", 1), ("3", 3), ("-1", 1), ("x", 1), ("²", 1), ("9" * 20, 1)]
    )
    def test_a_page_number_that_is_none_is_the_first(self, text: str | None, number: int) -> None:
        assert page_number(text) == number

    def test_a_queue_of_ten_thousand_comes_page_by_page(self, city: City, django_assert_max_num_queries: Any) -> None:
        queue_of(city, 10_000)
        with django_assert_max_num_queries(2):
            found = open_reviews(city, ReviewSearch(), 1)
        assert (len(found), found.pages) == (20, -(-found.total // 20))
        page = logged_in("handler").get("/staff/reviews/")
        assert len(page.content) < 60_000
        assert 'rel="next" href="?page=2"' in page.content.decode()

    def test_a_number_past_the_end_is_the_last_page(self, city: City) -> None:
        queue_of(city, 41)
        last = open_reviews(city, ReviewSearch(), 10**5)
        assert last.number == last.pages
        assert last.next is None
        assert last.previous == last.pages - 1

    def test_the_queue_is_searched_by_id_person_reason_sender_and_age(self, city: City) -> None:
        queue_of(city, 60)
        assert [one.setl_id for one in open_reviews(city, ReviewSearch(words="Q-00007"), 1)] == ["Q-00007"]
        assert [one.setl_id for one in open_reviews(city, ReviewSearch(words=STRANGER), 1)] == ["Q-00009"]
        assert open_reviews(city, ReviewSearch(code="missing_med_type", words="Q-"), 1).total == 30
        assert open_reviews(city, ReviewSearch(client="hospital-2", words="Q-"), 1).total == 0
        old = now(city) - timedelta(hours=50, minutes=30)
        assert open_reviews(city, ReviewSearch(received_before=old, words="Q-"), 1).total == 9
        assert "missing_med_type" in review_codes(city)

    def test_the_next_page_keeps_what_was_searched_for(self, city: City) -> None:
        queue_of(city, 60)
        page = logged_in("handler").get("/staff/reviews/?q=Q-&code=missing_med_type").content.decode()
        assert 'href="?q=Q-&amp;code=missing_med_type&amp;page=2"' in page

    def test_the_audit_comes_page_by_page(self, city: City) -> None:
        admin = logged_in("admin")
        AuditEvent.objects.bulk_create(
            AuditEvent(city=city, at=now(city), actor="t", action="t", subject=f"row:{number}") for number in range(41)
        )
        events = [admin.get(f"/staff/administration/?page={page}").context["events"] for page in (1, 2, 3)]
        subjects = [[event.subject for event in page] for page in events]
        assert subjects[:2] == [[f"row:{n}" for n in range(40, 20, -1)], [f"row:{n}" for n in range(20, 0, -1)]]
        assert subjects[2][0] == "row:0"


def said_by_the_core() -> set[str]:
    """Every sentence, found or expected, from which the core makes faults of plan files; values as `7`."""
    said: set[str] = set()
    for path in sorted((Path(huimin.terms.__file__).parent).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
                said |= {words for one in node.args[1:] if (words := _literal(one))}
    return said | set(loading._EXPECTED.values()) | set(loading._PATTERNS.values())


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
    return ""


class TestPlanFaults:
    def test_every_fault_of_a_plan_file_has_its_chinese(self) -> None:
        said = said_by_the_core()
        assert len(said) > 80
        assert [words for words in sorted(said) if in_chinese(words) is None] == []

    def test_values_are_shown_as_they_stand_in_the_file(self) -> None:
        assert in_chinese("at most 200000") == "至多 200000"
        assert found_in_chinese("'x'") == "'x'"

    def test_a_fault_of_the_toml_is_told_by_its_place(self) -> None:
        assert found_in_chinese("Expected '=' after a key (at line 3, column 7)") == "第 3 行第 7 列处写法有误"

    def test_a_sentence_without_chinese_is_not_shown_in_english(self) -> None:
        assert in_chinese("something that nobody foresaw") is None
        assert found_in_chinese("something that nobody foresaw") == "不能用的内容"

    def test_the_designer_is_told_in_the_pages_language(self, city: City) -> None:
        form = {"text": 'name = "x"', "sources": ""}
        assert "必须有这一项" in logged_in("admin").post("/staff/designer/", form).content.decode()
        assert "it is required" in logged_in("admin", ENGLISH).post("/staff/designer/", form).content.decode()


class TestDeskErrors:
    def test_a_failed_study_says_why_in_the_readers_language(self, city: City) -> None:
        year = plan_on_sale(city)
        assert year is not None
        found = Study.objects.create(
            city=city,
            kind="price",
            plan_digest=year.plan_digest,
            plan_text="x",
            sources_text="",
            people=20_000,
            seed=1,
            requested_by="staff:1",
            requested_at=now(city),
            task=enqueue(city=city, kind="study"),
        )
        told = told_of(InputError("found 3 members", code="thin_data", values={"found": "3", "least": "30"}), "study")
        Task.objects.of(city).filter(pk=found.task_id).update(status=Status.FAILED, **told)
        page = logged_in("insurer").get(f"/staff/desk/{found.pk}/").content.decode()
        assert "数据太少：有 3，至少需要 30" in page
        assert "found 3 members" not in page
        assert "found 3; expected 30" in logged_in("insurer", ENGLISH).get(f"/staff/desk/{found.pk}/").content.decode()

    def test_a_failure_that_nobody_foresaw_is_told_without_its_english(self, city: City) -> None:
        with translation.override(CHINESE):
            told = told_of(ZeroDivisionError("division by zero"), "study 1")
            assert sentence(str(told["fault_code"]), {}) == "计算没有完成，原因已写入服务器日志，请联系管理员。"

    @pytest.mark.parametrize(
        ("triangle", "word"),
        [
            ("period,0,1\n2022-01,1,2\n2022-02,1\n", "数据太少：有 2"),
            ("p,0,1,2\na,1,2,x\nb,1,2\nc,1\n", "“x”不是有效的金额"),
        ],
    )
    def test_what_is_wrong_with_a_triangle_stands_beside_it_in_chinese(
        self, city: City, triangle: str, word: str
    ) -> None:
        year = plan_on_sale(city)
        assert year is not None
        form = {"text": year.plan_text, "sources": year.sources_text, "triangle": triangle, "expected": "0"}
        page = logged_in("insurer").post("/staff/desk/?kind=reserve", form).content.decode()
        beside = re.search(r'id="field-triangle_error">([^<]*)', page)
        assert beside is not None
        assert word in beside.group(1)


class TestStaffErrors:
    @pytest.mark.parametrize(("address", "status"), [("/staff/bureau/", 403), ("/staff/reviews/999999999/", 404)])
    def test_staff_keep_their_desk_and_have_a_way_on(self, city: City, address: str, status: int) -> None:
        answer = logged_in("handler").get(address)
        page = answer.content.decode()
        assert answer.status_code == status
        assert 'href="/staff/"' in page
        assert "回到工作台" in page
        assert "回到首页" not in page

    def test_residents_are_led_home(self, city: City) -> None:
        page = Client(HTTP_ACCEPT_LANGUAGE=CHINESE).get("/demo/nowhere/").content.decode()
        assert "回到首页" in page
        assert "工作台" not in page
