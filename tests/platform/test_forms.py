"""Every form takes any input: what cannot be used is named beside its field, what was typed stays, nothing breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode

from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.desk.models import Study
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.payments.models import CaseKind, PaymentCase
from huimin.platform.people.models import Consent, IdentityCheck
from huimin.terms import load_plan_text
from listed_pages import (
    _as_newcomer,
    _asked_for_consent,
    _awaiting_code,
    _city,
    _opened,
    _payment_case,
    _relative,
    _review,
    _uncovered,
)
from platform_support import CHINESE, EDITIONS, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@dataclass(frozen=True)
class Sent:
    """A form as it is filled in rightly; `fields` are those that a reader fills in."""

    name: str
    data: dict[str, str]
    who: str = ""
    arguments: Callable[[City], dict[str, Any]] = lambda city: {}
    before: Callable[[City, Client], None] = lambda city, client: None
    query: str = ""
    hidden: tuple[str, ...] = ()
    may_be_empty: tuple[str, ...] = ()

    def open(self, city: City) -> tuple[Client, str]:
        client = logged_in(self.who) if self.who else Client(HTTP_ACCEPT_LANGUAGE=CHINESE)
        self.before(city, client)
        return client, reverse(self.name, kwargs=self.arguments(city)) + self.query


def _editions_on_sale(city: City, client: Client) -> None:
    year = PlanYear.objects.of(city).get()
    text = year.plan_text + EDITIONS
    PlanYear.objects.of(city).update(plan_text=text, plan_digest=load_plan_text(text, year.sources_text).digest)
    forget_all()
    _as_newcomer(city, client)


def _oneself(city: City) -> dict[str, Any]:
    return {**_city(city), "resident_id": _uncovered(city).pk}


PLAN = ("text", "sources", "against")
"""The core itself says of an empty plan file what it lacks."""
NUMBERS = {
    "people": "20000",
    "seed": "1",
    "trend": "6",
    "expenses": "8",
    "margin": "2",
    "insured": "1000",
    "shock": "5",
}
FORMS = (
    Sent("identity", {"name": "王芳", "id_number": "329901197805200027"}, arguments=_city),
    Sent("code", {"code": "123456"}, arguments=_city, before=_awaiting_code),
    Sent(
        "enrol-add",
        {"relation": "parent", "name": "王建国", "id_number": "329901195003070057"},
        arguments=_city,
        before=_as_newcomer,
    ),
    Sent("enrol-edition", {"edition": "plus"}, arguments=_oneself, before=_editions_on_sale),
    Sent("enrol-pay", {"consent": "yes"}, arguments=_city, before=_opened),
    Sent("family-consent", {"code": "123456"}, arguments=_relative, before=_asked_for_consent),
    Sent(
        "calculator",
        {"self_paid": "50000", "self_funded": "1", "pre_existing": "no", "continuous_years": "0"},
        arguments=_city,
        may_be_empty=("self_paid", "self_funded", "pre_existing", "continuous_years"),
    ),
    Sent("review", {"note": "原件已核对", "finding": "asked_again"}, "handler", _review, hidden=("finding",)),
    Sent("payment-case-close", {"note": "已退还"}, "handler", _payment_case),
    Sent("calendar", {"day": "2022-04-18"}, "admin"),
    Sent("designer", {"text": "x", "sources": "y", "against": ""}, "admin", may_be_empty=PLAN),
    Sent("recalculations", {"text": "x", "sources": "y"}, "insurer", may_be_empty=PLAN),
    Sent("studies", {**NUMBERS, "text": "x", "sources": ""}, "insurer", may_be_empty=PLAN),
    Sent(
        "studies",
        {"expected": "0", "triangle": "x", "text": "x", "sources": ""},
        "insurer",
        query="?kind=reserve",
        hidden=("text", "sources"),
        may_be_empty=("triangle", "sources"),
    ),
)
EACH_FIELD = [pytest.param(sent, field, id=f"{sent.name}{sent.query}:{field}") for sent in FORMS for field in sent.data]
FILLED_IN = [one for one in EACH_FIELD if one.values[1] not in one.values[0].hidden]  # type: ignore[union-attr]
LONG = "长" * 60_000


def shown(client: Client, address: str, data: Any, **more: Any) -> str:
    """The page that shows the form again. It is a page like any other: no error, and nothing was done."""
    answer = client.post(address, data, **more)
    assert answer.status_code in (200, 422), answer.status_code
    page = answer.content.decode()
    assert 'class="fault-summary"' in page
    return page


def beside(page: str, field: str) -> str:
    """The sentence beside a field, to which the summary leads."""
    found = re.search(rf'id="(field-{field.replace("_", "-")}[^"_]*)_error">(.*?)</p>', page)
    assert found is not None, f"nothing is said beside {field}"
    assert f'<a href="#{found.group(1)}">' in page
    return found.group(2)


@pytest.mark.parametrize(("sent", "field"), FILLED_IN)
class TestEachField:
    def test_a_character_that_no_column_takes_is_named_and_what_was_typed_elsewhere_stays(
        self, city: City, sent: Sent, field: str
    ) -> None:
        client, address = sent.open(city)
        page = shown(client, address, {**sent.data, field: "a\0b"})
        assert beside(page, field)
        for other, typed in sent.data.items():
            if other not in (field, *sent.hidden) and typed and other != "consent":
                assert re.search(rf'value="{re.escape(typed)}"|>\s*{re.escape(typed)}</textarea>', page), other

    def test_what_is_sent_twice_is_asked_for_once(self, city: City, sent: Sent, field: str) -> None:
        client, address = sent.open(city)
        twice = MultiValueDict({**{name: [value] for name, value in sent.data.items()}, field: [sent.data[field]] * 2})
        kind = {"content_type": "application/x-www-form-urlencoded"}
        assert "有不止一个值，请只填一次" in beside(shown(client, address, urlencode(twice, doseq=True), **kind), field)

    def test_a_file_in_its_place_is_as_nothing(self, city: City, sent: Sent, field: str) -> None:
        client, address = sent.open(city)
        with_file: dict[str, Any] = {**sent.data, field: SimpleUploadedFile("a.txt", b"x")}
        assert client.post(address, with_file).status_code in (200, 302, 422)
        if field not in sent.may_be_empty and (field, sent.name) != ("code", "family-consent"):
            assert beside(shown(client, address, with_file), field)

    def test_however_long_it_is_it_is_answered_beside_it(self, city: City, sent: Sent, field: str) -> None:
        client, address = sent.open(city)
        if field == "sources":
            # The plan file, which is read first, has faults of its own.
            assert client.post(address, {**sent.data, field: LONG}).status_code == 200
        else:
            assert beside(shown(client, address, {**sent.data, field: LONG}), field)


@pytest.mark.parametrize("sent", FORMS, ids=lambda sent: f"{sent.name}{sent.query}")
class TestEachForm:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b'{"name": "x"}', "application/json"),
            (b"\xff\xfe\xff", "application/x-www-form-urlencoded"),
            (b"a=1&a=2&&=&%00=%00", "application/x-www-form-urlencoded"),
        ],
    )
    def test_a_body_of_another_kind_is_answered_with_a_page(
        self, city: City, sent: Sent, body: bytes, kind: str
    ) -> None:
        client, address = sent.open(city)
        answer = client.post(address, body, content_type=kind)
        assert answer.status_code in (200, 302, 422)
        assert "text/html" in answer.headers["Content-Type"]

    def test_a_body_that_breaks_off_is_answered_with_a_page_of_ours(self, city: City, sent: Sent) -> None:
        client, address = sent.open(city)
        answer = client.post(address, b"--x", content_type="multipart/form-data")
        assert answer.status_code == 400
        assert 'class="brand"' in answer.content.decode()


def test_a_body_that_is_too_large_is_answered_with_a_page_of_ours(city: City) -> None:
    client, address = next(one for one in FORMS if one.name == "designer").open(city)
    answer = client.post(address, {"text": "x" * 1_100_000, "sources": ""})
    assert answer.status_code == 400
    assert "提交的内容太大" in answer.content.decode()
    assert 'href="/staff/"' in answer.content.decode()


class TestOtherHosts:
    @pytest.mark.parametrize("host", ["evil.example", "a b", "x" * 300, "[::1", "\\"])
    @pytest.mark.parametrize("address", ["/", "/demo/", "/staff/", "/nowhere/", "/demo/identity/"])
    def test_a_name_that_is_not_ours_gets_a_page_of_ours(self, city: City, host: str, address: str) -> None:
        answer = Client(HTTP_ACCEPT_LANGUAGE="zh-hans").get(address, HTTP_HOST=host)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "<h1>这个网址不属于本平台</h1>" in page
        assert host not in page
        assert "<form" not in page
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    def test_it_is_said_in_english_too_and_asks_nothing_of_the_database(
        self, city: City, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(0):
            page = Client(HTTP_ACCEPT_LANGUAGE="en").get("/demo/", HTTP_HOST="evil.example").content.decode()
        assert "This address is not one of this platform" in page

    def test_a_post_to_it_does_nothing(self, city: City) -> None:
        before = IdentityCheck.objects.of(city).count()
        sent = {"name": "王芳", "id_number": "329901197805200027"}
        assert Client().post("/demo/identity/", sent, HTTP_HOST="evil.example").status_code == 400
        assert IdentityCheck.objects.of(city).count() == before


class TestDays:
    @pytest.mark.parametrize(
        "day", ["2022-W10-1", "20220418", "2022-4-18", "2022-02-30", "２０２２-04-18", "0001-01-01", "9999-12-31", ""]
    )
    def test_a_day_is_written_in_one_way_and_lies_in_this_century(self, city: City, day: str) -> None:
        sent = next(one for one in FORMS if one.name == "calendar")
        client, address = sent.open(city)
        page = shown(client, address, {"day": day})
        assert "例如 2022-04-18" in beside(page, "day") or "2000-01-01 至 2099-12-31" in beside(page, "day")
        assert f'value="{day}"' in page or not day
        city.refresh_from_db()
        assert str(city.demonstration_day) == "2022-02-15"

    @pytest.mark.parametrize("day", ["2022-04-18", " 2022-04-18 ", "2099-12-31"])
    def test_a_day_as_browsers_send_it_is_taken(self, city: City, day: str) -> None:
        client, address = next(one for one in FORMS if one.name == "calendar").open(city)
        assert client.post(address, {"day": day}).status_code == 302
        city.refresh_from_db()
        assert str(city.demonstration_day) == day.strip()


class TestCodes:
    @pytest.mark.parametrize("typed", ["12", "1234567", "abcdef", "12345٣"])
    def test_what_is_no_code_uses_up_no_attempt(self, city: City, typed: str) -> None:
        client, address = next(one for one in FORMS if one.name == "family-consent").open(city)
        assert "六位数字" in beside(shown(client, address, {"code": typed}), "code")
        assert set(IdentityCheck.objects.of(city).values_list("attempts", flat=True)) == {0}

    @pytest.mark.parametrize("typed", ["123 456", "１２３４５６"])
    def test_spaces_and_wide_digits_are_a_code(self, city: City, typed: str) -> None:
        client, address = next(one for one in FORMS if one.name == "family-consent").open(city)
        assert beside(shown(client, address, {"code": typed}), "code") == "验证码不正确，请重新输入。"


@pytest.mark.parametrize("said", ["no", "on", "YES", "true", ""])
def test_only_a_ticked_box_is_a_consent(city: City, said: str) -> None:
    client, address = next(one for one in FORMS if one.name == "enrol-pay").open(city)
    assert beside(shown(client, address, {"consent": said}), "consent") == "请先同意个人信息处理说明，再去支付。"
    assert not Consent.objects.of(city).filter(resident=_uncovered(city)).exists()


class TestNumbers:
    @pytest.mark.parametrize("typed", ["nan", "inf", "1_000", "0x10", "1e999", "1,00", ""])
    def test_what_is_no_number_is_no_number(self, city: City, typed: str) -> None:
        client, address = next(one for one in FORMS if one.name == "studies").open(city)
        assert beside(shown(client, address, {**_study(city), "trend": typed}), "trend")
        assert not Study.objects.of(city).exists()

    @pytest.mark.parametrize("typed", ["20,000", "２００００", "2e4", "20000.0"])
    def test_a_number_is_taken_as_people_write_it(self, city: City, typed: str) -> None:
        client, address = next(one for one in FORMS if one.name == "studies").open(city)
        assert client.post(address, {**_study(city), "people": typed}).status_code == 302
        assert Study.objects.of(city).get().people == 20_000

    @pytest.mark.parametrize("typed", ["¥50,000.00", "５００００", "50000元", "50，000"])
    def test_an_amount_is_taken_as_people_write_it(self, city: City, typed: str) -> None:
        page = Client().post("/demo/calculator/", {"self_paid": typed}).content.decode()
        assert 'class="calculation"' in page
        assert "26,000.00" in page  # (50,000 − 10,000) × 65 %

    def test_all_that_is_wrong_with_a_bill_is_said_at_once(self, city: City) -> None:
        page = Client().post("/demo/calculator/", {"self_paid": "x", "self_funded": "-1"}).content.decode()
        assert "“x”不是有效的金额" in beside(page, "self_paid")
        assert "“-1”不在 0 至" in beside(page, "self_funded")


def _study(city: City) -> dict[str, str]:
    year = plan_on_sale(city)
    assert year is not None
    return {**NUMBERS, "text": year.plan_text, "sources": year.sources_text}


class TestSearching:
    def test_what_cannot_be_looked_for_is_said_and_narrows_nothing(self, city: City) -> None:
        client, _ = next(one for one in FORMS if one.name == "review").open(city)
        page = client.get("/staff/reviews/", {"q": "a\0", "code": "x", "hospital": "\0", "days": "2"}).content.decode()
        assert "4 处需要修改" in page
        assert "无法识别的字符" in beside(page, "q")
        assert 'class="person"' in page

    def test_a_search_that_is_refused_is_not_recorded_as_one(self, city: City) -> None:
        client, _ = next(one for one in FORMS if one.name == "review").open(city)
        client.get("/staff/reviews/", {"q": "长" * 61})
        assert not AuditEvent.objects.of(city).filter(action="reviews_searched").exists()


def test_a_note_is_asked_for_beside_the_case_that_it_is_about(city: City) -> None:
    first, second = (
        PaymentCase.objects.create(
            city=city,
            kind=CaseKind.UNKNOWN_PAYMENT,
            key=f"sandbox:{number}",
            reference="0123456789abcdef",
            amount=158_00,
            detail={},
            opened_at=now(city),
        ).pk
        for number in (1, 2)
    )
    client, _ = next(one for one in FORMS if one.name == "payment-case-close").open(city)
    page = shown(client, f"/staff/payments/{second}/close/", {"note": ""})
    assert f'id="field-note-{second}_error"' in page
    assert f'id="field-note-{first}_error"' not in page


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        *(("/demo/plan/", "/demo/plan/"), ("order", "order"), ("cities", "cities"), ("", "/"), ("\0", "/")),
        *(("//evil.example/", "/"), ("https://evil.example/", "/"), ("javascript:x", "/"), ("x" * 5_000, "/")),
    ],
)
def test_whatever_the_way_back_is_larger_letters_lead_to_a_page_of_ours(
    city: City, address: str, leads_to: str
) -> None:
    answer = Client().post("/display/", {"next": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)
