"""The sandbox's pages in a real browser: both languages, phone and desk, axe, and buttons that do what they say."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from browser_measures import ask, axe, foreign, prepare_to_measure  # noqa: E402
from browser_support import CHROMIUM  # noqa: E402
from huimin.sandbox.message_gateway import Text  # noqa: E402
from huimin.sandbox.party import Seen  # noqa: E402
from huimin.sandbox.payment_company import Refund  # noqa: E402
from huimin.sandbox.server import Sandbox, make_server  # noqa: E402
from huimin.sandbox.wire import sign  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
LANGUAGES = {"zh": "zh-hans", "en": "en"}
PARTIES = (
    *("payment-company", "message-gateway", "hospital", "bureau", "invoice-platform", "bank", "pharmacy"),
    "bill-verification",
)
WIDTHS = {"small": (320, 700), "phone": (390, 844), "desk": (1280, 800)}
NAMES = ("江苏示例市", "演示第一医院", "【惠民】您的验证码是 123456，10 分钟内有效。", "English", "中文")
KEY = "a key of the tests"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[tuple[Sandbox, str]]:
    keys = dict.fromkeys(("payment request", "payment notice", "message gateway"), KEY)
    hospitals = {"demo.hospital-1": {"name": "演示第一医院", "secret": "x"}}
    environment = {"HUIMIN_SANDBOX_KEYS": json.dumps(keys), "HUIMIN_SANDBOX_HOSPITALS": json.dumps(hospitals)}
    # Nobody answers as the platform.
    found = Sandbox.from_environment({**environment, "HUIMIN_SANDBOX_PLATFORM": "http://127.0.0.1:9"})
    server = make_server(0, found)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield found, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(chromium: Browser, address: str, language: str = "zh") -> Page:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.add_cookies([{"name": "language", "value": LANGUAGES[language], "url": address}])
    return context.new_page()


def payers_page(address: str, reference: str = "0123456789abcdef01234567") -> str:
    fields = {
        "reference": reference,
        "amount": "316.00",
        "subject": "江苏示例市",
        "notify": f"{address}/nowhere",
        "back": f"{address}/payment-company/",
    }
    query = urlencode(fields)
    return f"{address}/payment-company/pay?{query}&signature={sign(KEY, query.encode())}"


def lived_in(sandbox: Sandbox) -> None:
    """Something of everything to show."""
    for number, state in enumerate(("waiting", "paid", "failed")):
        fields = {"reference": f"{number}23456789abcdef01234567", "amount": "158.00", "subject": "江苏示例市"}
        sandbox.company.open({**fields, "notify": "x", "back": "/"}).state = state
    sandbox.company.refunds["R"] = Refund("refund:0123456789", "R", "T", 158_00, b"", "done")
    said = "【惠民】您的验证码是 123456，10 分钟内有效。"
    sandbox.gateway.texts = {
        str(n): Text("09:30:00", "13900000000", said, state, b"") for n, state in enumerate(("accepted", "failed"))
    }
    party = sandbox.parties["message-gateway"]
    party.seen.appendleft(Seen("09:30:00", "POST", "/texts", "", 200))
    party.seen.appendleft(Seen("09:30:01", "GET", "/texts/1%3Anotice%3Aclaim-184467440737095", "lose_answer", 0))
    party.behaviour.press("slow")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_sandbox_is_sound_in_both_languages(
    sandbox: tuple[Sandbox, str], chromium: Browser, language: str
) -> None:
    lived_in(sandbox[0])
    page = opened(chromium, sandbox[1], language)
    addresses = {"index": "/", **{code: f"/{code}/" for code in PARTIES}, "nothing": "/nothing"}
    found: list[str] = []
    for name, address in {**addresses, "pay": payers_page("")}.items():
        for size, (width, height) in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(sandbox[1] + address)
            prepare_to_measure(page)
            findings = [*ask(page, "overflow"), *ask(page, "columnsOfLetters"), *ask(page, "headings")]
            findings += [*ask(page, "targets"), *foreign(ask(page, "letters"), language, NAMES)]
            found += [f"{name} {size}: {one}" for one in findings]
            if os.environ.get("HUIMIN_PICTURES"):
                page.screenshot(
                    path=Path(os.environ["HUIMIN_PICTURES"], f"{name}-{size}-{language}.png"), full_page=True
                )
        found += [f"{name}: {one}" for one in axe(page)]
    assert found == []


def test_the_language_is_switched_and_stays(sandbox: tuple[Sandbox, str], chromium: Browser) -> None:
    page = opened(chromium, sandbox[1])
    page.goto(f"{sandbox[1]}/bank/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("银行")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(f"{sandbox[1]}/bank/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bank")
    page.get_by_role("link", name="All parties").click()
    expect(page.get_by_role("link", name="Payment company")).to_be_visible()


def test_a_button_makes_the_next_call_go_wrong_and_a_seed_all_that_come(
    sandbox: tuple[Sandbox, str], chromium: Browser
) -> None:
    behaviour = sandbox[0].parties["message-gateway"].behaviour
    behaviour.sow(0, 0)
    page = opened(chromium, sandbox[1])
    page.goto(f"{sandbox[1]}/message-gateway/")
    page.get_by_role("button", name="办理后应答丢失").click()
    expect(page.locator(".note")).to_have_text("已排队：办理后应答丢失")
    assert behaviour.next_ones == ["lose_answer"]
    page.get_by_label("随机种子").fill("7")
    page.get_by_label("出错比例（%）").fill("30")
    page.get_by_role("button", name="按种子出错").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("会出错 30%")
    assert (behaviour.seed, behaviour.percent, behaviour.next_ones) == (7, 30, [])
    page.get_by_role("button", name="恢复正常").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("守规矩")


def test_a_payer_who_pays_goes_back_and_the_company_shows_it(sandbox: tuple[Sandbox, str], chromium: Browser) -> None:
    page = opened(chromium, sandbox[1])
    page.goto(payers_page(sandbox[1], "fedcba9876543210"))
    expect(page.locator(".amount")).to_have_text("¥316.00")
    page.get_by_role("button", name="确认支付").click()
    expect(page).to_have_url(f"{sandbox[1]}/payment-company/")
    expect(page.locator("li", has_text="fedcba9876543210")).to_contain_text("已支付")


def test_a_payment_request_that_the_platform_did_not_sign_is_refused(
    sandbox: tuple[Sandbox, str], chromium: Browser
) -> None:
    page = opened(chromium, sandbox[1])
    answer = page.goto(payers_page(sandbox[1]).replace("316.00", "1.00"))
    assert answer is not None
    assert answer.status == 400
    expect(page.get_by_role("heading", level=1)).to_have_text("付款请求的签名不正确")


def test_a_hospitals_bill_that_the_platform_does_not_take_says_so(
    sandbox: tuple[Sandbox, str], chromium: Browser
) -> None:
    page = opened(chromium, sandbox[1])
    page.goto(f"{sandbox[1]}/hospital/")
    expect(page.get_by_label("医疗费总额")).to_have_value("172172.38")
    page.get_by_role("button", name="结算", exact=True).click()
    expect(page.locator("main")).to_contain_text("平台没有回答")
