"""A family of four in a real browser: a payer, her husband, her mother of another area, and their newborn child."""

from __future__ import annotations

import re
import time

import pypdfium2
import pytest

playwright = pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from browser_support import CHROMIUM, Served, codes, sign_in, staff_sign_in  # noqa: E402
from huimin.platform.demonstration.population import FAMILY_OF_FOUR, NEWBORNS_NUMBER  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
PAYER, HUSBAND, MOTHER, NEWBORN = FAMILY_OF_FOUR


def phone(chromium: Browser) -> Page:
    page = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    return page


def desk(chromium: Browser, served: Served, name: str, address: str) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    staff_sign_in(page, served, name)
    page.goto(f"{served.staff}/{address}")
    return page


def texts(page: Page, served: Served) -> str:
    """Every text message in the sandbox's inbox, with the telephone that it went to."""
    inbox = page.context.new_page()
    inbox.goto(f"{served.sandbox}/message-gateway/")
    found = inbox.locator("ul.texts").inner_text() if inbox.locator("ul.texts").count() else ""
    inbox.close()
    return str(found)


def until(page: Page, said: str, seconds: float = 60) -> None:
    """Load the page again until it says so: a worker has still to do it."""
    deadline = time.monotonic() + seconds
    while said not in page.locator("main").inner_text():
        assert time.monotonic() < deadline, f"the page never said {said}"
        time.sleep(0.5)
        page.reload()


def add(page: Page, relation: str, name: str, number: str) -> None:
    page.get_by_text("添加家人").click()
    page.get_by_label("与您的关系").select_option(relation)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("身份证号码").fill(number)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator("main .lines").first).to_contain_text(name)


def agrees(page: Page, served: Served, name: str) -> None:
    """The adult gets a code at their own telephone, and passes it on."""
    page.locator("li.person", has_text=name).get_by_role("link", name="请本人同意").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"请{name}同意")
    before = len(codes(page, served))
    page.get_by_role("button", name="发送数字给本人").click()
    for _ in range(40):
        if len(codes(page, served)) > before:
            break
        time.sleep(0.25)
    page.get_by_label("六位数字").fill(codes(page, served)[0])
    page.get_by_role("button", name="本人已同意").click()
    expect(page.locator("li.person", has_text=name)).to_contain_text("本人已同意")


def lines_of(agency: Page) -> list[str]:
    """The states of the payer's lines on a list of her agency, in their order."""
    rows = agency.locator("tbody tr", has_text=PAYER.psn_no)
    return [row.locator(".tag").inner_text() for row in rows.all()]


def fills_in(page: Page, served: Served) -> None:
    """The payer, her mother, her husband and the newborn by its birth certificate; both adults agree by their code."""
    page.goto(f"{served.city}/")
    page.get_by_role("button", name="为自己和家人投保").click()
    sign_in(page, served, (PAYER.name, PAYER.id_number))
    for relation, one in (("parent", MOTHER), ("spouse", HUSBAND), ("child", NEWBORN)):
        add(page, relation, one.name, one.id_number)
    expect(page.locator(".total")).to_contain_text("¥632.00")
    for one in (MOTHER, HUSBAND):
        agrees(page, served, one.name)
    assert page.get_by_role("link", name="请本人同意").count() == 0


def reads(page: Page) -> None:
    """What it covers, and the key terms."""
    page.get_by_role("button", name="下一步：了解保障内容").click()
    page.get_by_role("button", name="查看完整内容").click()
    page.get_by_role("button", name="下一步：五条重要条款").click()
    expect(page.locator(".key-term")).to_have_count(5)
    page.get_by_role("button", name="这五条我都看清楚了，继续").click()


def pays(page: Page) -> None:
    """The account pays for two of them, as its balance has it; the company takes the rest."""
    page.get_by_role("button", name="查询我的个人账户").click()
    until(page, "其余另付")
    page.get_by_label(re.compile("核验参保资格")).check()
    page.get_by_role("button", name=re.compile("用个人账户支付 ¥316.00 [+] ¥316.00")).click()
    expect(page.locator("body")).to_contain_text("¥316.00")
    confirm = page.get_by_role("button", name="确认支付")
    on_order = page.get_by_role("button", name="去支付")
    expect(confirm.or_(on_order)).to_be_visible(timeout=60_000)  # the bureau may have to be asked first
    if on_order.count():
        on_order.click()
    confirm.click()


def numbers_of(page: Page) -> dict[str, str]:
    """The four policies of the order by the name of the insured."""
    expect(page.get_by_text("投保成功")).to_be_visible(timeout=60_000)
    cards = page.locator(".policy")
    expect(cards).to_have_count(4)
    numbers = dict(zip(cards.locator("h2").all_inner_texts(), cards.locator(".number").all_inner_texts(), strict=True))
    assert set(numbers) == {one.name for one in FAMILY_OF_FOUR}
    assert all(re.fullmatch(r"HM2022\d{13}", number) for number in numbers.values())
    return numbers


def document_of(page: Page, served: Served, number: str) -> tuple[str, int]:
    """The e-policy's words, and how many of a thousand of its picture's dots are dark."""
    answer = page.request.get(f"{served.city}/policies/{number}/policy.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.body())
    assert len(document) == 1
    shades = document[0].render(scale=0.5).to_pil().convert("L").histogram()
    return document[0].get_textpage().get_text_bounded(), 1000 * sum(shades[:160]) // sum(shades)


def approved_and_transferred(chromium: Browser, served: Served) -> None:
    """The payer's agency puts both lines on its list and approves them; the area of each insured pays over."""
    agency = desk(chromium, served, "agency", "agency/")
    agency.locator("section.sheet", has_text=PAYER.area).get_by_role("button", name="现在生成清单").click()
    agency.goto(f"{served.staff}/agency/")
    agency.locator("section.sheet", has_text=PAYER.area).locator("tbody a").first.click()
    assert lines_of(agency) == ["待审核", "待审核"]
    for row in agency.locator("tbody tr", has_text=PAYER.psn_no).all():
        row.get_by_role("checkbox").check()
    agency.get_by_role("button", name="同意", exact=True).click()
    assert lines_of(agency) == ["已同意", "已同意"]
    listed = agency.url
    for place, area in enumerate((PAYER.area, MOTHER.area)):
        agency.goto(f"{served.staff}/agency/")
        section = agency.locator("section.sheet", has_text=area).first
        owed = re.search(r"应划拨 ¥([\d,.]+)", section.inner_text())
        assert owed is not None
        section.get_by_label("划拨凭证号").fill(f"HB-FAMILY-{place}")
        section.get_by_label("金额（元）").fill(owed[1].replace(",", ""))
        section.get_by_label("划拨日期").fill("2022-02-15")
        section.get_by_role("button", name="登记已划拨").click()
    agency.goto(listed)
    assert lines_of(agency) == ["已划拨", "已划拨"]


def gets_a_number(page: Page, served: Served, number: str) -> None:
    """The newborn is in the household register now: one step, and the bureau says that it is the same child."""
    at = f"{served.city}/policies/{number}/id-number/"
    page.goto(at)
    page.locator("input[name=id_number]").fill(NEWBORNS_NUMBER)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("医保部门核对后自动更新")
    page.goto(at)
    until(page, "已办理")


def test_a_family_pays_in_two_ways_and_everybody_has_a_policy(served: Served, chromium: Browser) -> None:
    page = phone(chromium)
    fills_in(page, served)
    reads(page)
    pays(page)
    numbers = numbers_of(page)
    for one in FAMILY_OF_FOUR:
        said, dark = document_of(page, served, numbers[one.name])
        for words in (one.name, PAYER.name, numbers[one.name], one.id_number[-4:]):
            assert words in said
        assert dark > 5, "the page is blank"
    approved_and_transferred(chromium, served)
    gets_a_number(page, served, numbers[NEWBORN.name])
    said, _ = document_of(page, served, numbers[NEWBORN.name])
    assert NEWBORNS_NUMBER[-4:] in said
    # Everybody was asked or told at their own telephone; the payer has it all on one page.
    told = texts(page, served)
    assert [one.name for one in (PAYER, MOTHER, HUSBAND) if one.telephone not in told] == []
    page.goto(f"{served.city}/messages/")
    expect(page.locator("main")).to_contain_text("您的保单已生效")
    expect(page.locator("main")).to_contain_text(f"保单 {numbers[NEWBORN.name]} 的信息已批改")
