"""The walk in a real browser, on a real server: a phone in Chinese, a desk, and English by a switch."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from browser_support import (  # noqa: E402
    CHROMIUM,
    FATHER,
    Served,
    codes,
    sign_in,
    staff_sign_in,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
PHONE = {"width": 390, "height": 844}


def phone(chromium: Browser) -> Page:
    page = chromium.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    return page


def desk(chromium: Browser, served: Served, name: str, work: str = "") -> Page:
    """Signed in as staff. `work`: the link of the first page to follow; who has a single page is led to it."""
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    staff_sign_in(page, served, name)
    if work:
        page.get_by_role("link", name=work).click()
    return page


def fits_its_width(page: Page) -> bool:
    """Whether nothing is wider than the window. The locator waits for the page where a navigation is on its way."""
    return bool(page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth"))


def test_the_whole_walk(served: Served, chromium: Browser) -> None:
    page = phone(chromium)

    # 1. The plan in plain words, English by a switch, and back.
    page.goto(f"{served.city}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("江苏医惠保1号")
    expect(page.locator("main")).to_contain_text("超过1万元的部分，赔付65%至77%")
    page.get_by_role("button", name="English").click()
    expect(page.locator("main")).to_contain_text("65%–77% of what exceeds ¥10,000")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("main")).to_contain_text("超过1万元的部分，赔付65%至77%")
    assert fits_its_width(page)

    # 2. Who one is; oneself and a parent; what it covers; pay.
    page.get_by_role("button", name="为自己和家人投保").click()
    sign_in(page, served)
    page.get_by_text("添加家人").click()
    page.get_by_label("与您的关系").select_option("parent")
    page.get_by_label("姓名").fill(FATHER[0])
    page.get_by_label("身份证号码").fill(FATHER[1])
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator(".total")).to_contain_text("¥316.00")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="查看完整内容").click()
    expect(page.locator("main")).to_contain_text("不保障的内容")
    page.get_by_role("button", name="下一步：五条重要条款").click()
    # Her father is over 65: large letters, one of the five at a time, and none can be passed over.
    page.get_by_role("button", name="开始看").click()
    for part in range(1, 6):
        expect(page.locator("main")).to_contain_text(f"第 {part} 条，共 5 条")
        if part == 3:
            expect(page.get_by_role("heading", level=2).first).to_contain_text("不保证续保")
        if part < 5:
            page.get_by_role("button", name="看懂了，下一条").click()
    page.get_by_role("button", name="这五条我都看清楚了，继续").click()
    page.get_by_label(re.compile("核验参保资格")).check()
    page.get_by_label(re.compile("近五年")).check()
    page.get_by_role("button", name=re.compile("去支付")).click()
    expect(page.locator("body")).to_contain_text("¥316.00")
    page.get_by_role("button", name="支付，通知两次").click()
    expect(page.get_by_text("投保成功")).to_be_visible(timeout=15_000)
    numbers = page.locator(".policy .number").all_inner_texts()
    assert len(set(numbers)) == 2
    assert all(re.fullmatch(r"HM2022\d{13}", number) for number in numbers)

    # 3. The demonstration's calendar moves on, and a hospital settles the father's bill.
    admin = desk(chromium, served, "admin", "系统管理")
    admin.locator("input[name=day]").fill("2022-04-18")
    admin.get_by_role("button", name="移到这一天").click()
    expect(admin.locator("main")).to_contain_text("今天是 2022年4月18日")
    admin.goto(f"{served.sandbox}/hospital/")
    admin.locator("input[name=setl_id]").fill("WALK-1")
    admin.get_by_role("button", name="结算", exact=True).click()
    expect(admin.locator("pre")).to_contain_text('"payable": "62122.38"')

    # 4. The resident sees the decision and its steps.
    # The father's bills are his: he agrees by the code that came to his telephone.
    page.goto(f"{served.city}/claims/")
    expect(page.locator("main")).not_to_contain_text("¥62,122.38")
    page.get_by_role("button", name="请本人同意").click()
    before = len(codes(page, served))
    page.get_by_role("button", name="发送验证码给本人").click()
    for _ in range(40):
        if len(codes(page, served)) > before:
            break
        time.sleep(0.25)
    page.get_by_label("六位数字").fill(codes(page, served)[0])
    page.get_by_role("button", name="本人已同意").click()
    expect(page.locator("main")).to_contain_text("¥62,122.38")
    page.locator("main ul a").first.click()
    expect(page.locator(".calculation")).to_contain_text("超出部分 100,000.00 × 55%")
    expect(page.locator(".legend")).to_contain_text("¥56,722.73")
    assert fits_its_width(page)

    # 5. A reversal: the bill is out, and says so.
    admin.locator("input[name=setl_id]").fill("WALK-2")
    admin.locator("input[name=reverses]").fill("WALK-1")
    admin.get_by_role("button", name="结算", exact=True).click()
    expect(admin.locator("pre")).to_contain_text('"status": "reversal"')
    page.reload()
    expect(page.locator("main")).to_contain_text("这笔账单已被冲销")

    # 6. The books agree with the facts: on the page, and by the command.
    admin.goto(f"{served.staff}/administration/")
    admin.get_by_role("button", name="现在核对").click()
    expect(admin.get_by_text("账实相符")).to_be_visible(timeout=30_000)
    command = [sys.executable, "-m", "huimin.cli", "ledger", "verify"]
    result = subprocess.run(
        command, env={"HUIMIN_HOME": served.home, "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "the books agree with the facts" in result.stdout


def test_a_handler_confirms_facts_and_types_no_amount(served: Served, chromium: Browser) -> None:
    page = desk(chromium, served, "handler", "人工审核")
    page.locator(".queue a", has_text="D-EXAMPLE").click()
    expect(page.locator("main")).to_contain_text("4411.99")
    expect(page.locator("main form input[inputmode=decimal]")).to_have_count(0)
    page.get_by_label("处理依据").fill("原件显示为其他基金支付")
    # What does not add up is not decided by anybody's word: its sender corrects it.
    page.get_by_role("button", name="挂起原因已核实，按原内容理算").click()
    expect(page.locator("#faults")).to_contain_text("4411.99")
    page.get_by_label("处理依据").fill("原件显示为其他基金支付")
    page.get_by_role("button", name="请发送方更正后重发").click()
    expect(page.get_by_text("已记录。")).to_be_visible()
    expect(page.locator(".queue")).to_contain_text("D-EXAMPLE")


def test_the_bureau_sees_charts_drawn_from_the_database(served: Served, chromium: Browser) -> None:
    page = desk(chromium, served, "bureau", "全市统计")
    expect(page.locator("figure.chart canvas")).to_have_count(4)
    page.locator("figure.chart summary").nth(1).click()
    expect(page.locator("figure.chart").nth(1).locator("tbody tr")).to_have_count(13)


def test_an_insurer_sees_its_own_part_and_the_lead_the_pool(served: Served, chromium: Browser) -> None:
    own = desk(chromium, served, "insurer03")
    expect(own.locator("h1")).to_have_text("白鹭财险")
    expect(own.locator("main")).not_to_contain_text("东渚人寿")
    lead = desk(chromium, served, "insurer", "保费与赔款")
    expect(lead.locator("tbody tr")).to_have_count(11)


def test_a_parent_sees_only_what_is_theirs_and_pages_fit_320_px(served: Served, chromium: Browser) -> None:
    page = phone(chromium)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{served.city}/policies/")
    sign_in(page, served, FATHER)
    expect(page.locator(".policy")).to_have_count(1)
    for address in ("policies/", "claims/", "help/", "plan/", ""):
        page.goto(f"{served.city}/{address}")
        assert fits_its_width(page), address


def test_pages_work_in_large_letters_and_without_scripts(served: Served, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served.city}/")
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_class("large")
    for address in ("", "plan/", "help/", "identity/"):
        page.goto(f"{served.city}/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
