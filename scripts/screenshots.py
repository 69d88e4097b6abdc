"""Opens every page as a picture: phone (390 px) and desk (1280 px), Chinese and English, in var/screenshots."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import Page  # noqa: E402

from browser_support import (  # noqa: E402
    FATHER,
    WANG_FANG,
    Served,
    browser,
    served_city,
    sign_in,
    staff_sign_in,
)

OUT = ROOT / "var" / "screenshots"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with served_city() as served, browser() as chromium:
        for language in ("zh", "en"):
            for name, size in (("phone", PHONE), ("desk", DESK)):
                context = chromium.new_context(viewport=size, locale="zh-CN" if language == "zh" else "en-GB")
                cookie = {"name": "language", "value": "zh-hans" if language == "zh" else "en"}
                context.add_cookies([{**cookie, "url": served.root}])
                page = context.new_page()

                def shot(what: str, page: Page = page, tail: str = f"{name}-{language}") -> None:
                    page.screenshot(path=OUT / f"{what}-{tail}.png", full_page=True)

                enrol = language == "zh" and name == "phone"
                resident_pages(page, served, shot, enrol)
                elderly_pages(page, served, shot)
                staff_pages(page, served, shot)
                context.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")


def resident_pages(page: Page, served: Served, shot: Callable[[str], None], enrol: bool) -> None:
    page.goto(f"{served.city}/")
    shot("home")
    page.goto(f"{served.city}/calculator/")
    shot("calculator")
    page.locator("input[name=self_paid]").fill("115227.53")
    page.locator("input[name=self_funded]").fill("3617.58")
    page.locator("main button").click()
    shot("calculator-answer")
    for name in ("plan", "help", "identity"):
        page.goto(f"{served.city}/{name}/")
        shot(name)
    page.get_by_label("姓名").or_(page.get_by_label("Name")).fill("王小明")
    page.locator("input[name=id_number]").fill("110105194912310021")
    page.locator("main button").click()
    shot("identity-fault")
    page.goto(f"{served.city}/enrol/")
    sign_in(page, served, WANG_FANG)
    page.goto(f"{served.city}/enrol/")
    shot("enrol-who")
    if enrol:
        walk(page, served, shot)
    page.goto(f"{served.city}/policies/")
    shot("policies")
    page.goto(f"{served.city}/claims/")
    shot("claims")
    link = page.locator("main ul a").first
    if link.count():
        link.click()
        shot("claim")


def elderly_pages(page: Page, served: Served, shot: Callable[[str], None]) -> None:
    """The same pages in elderly mode (大字版): larger, and with fewer things."""
    page.context.add_cookies([{"name": "large", "value": "1", "url": served.root}])
    for name in ("", "plan/", "help/", "calculator/", "policies/", "claims/"):
        page.goto(f"{served.city}/{name}")
        shot(f"elderly-{name.strip('/') or 'home'}")
    page.goto(f"{served.city}/calculator/")
    page.locator("input[name=self_paid]").fill("115227.53")
    page.locator("button[value=on]").click()
    shot("elderly-calculator-second")
    page.context.clear_cookies(name="large")


def walk(page: Page, served: Served, shot: Callable[[str], None]) -> None:
    page.locator("summary").first.click()
    page.locator("select[name=relation]").select_option("parent")
    page.locator("details input[name=name]").fill(FATHER[0])
    page.locator("details input[name=id_number]").fill(FATHER[1])
    page.locator("details button").click()
    shot("enrol-who-two")
    page.locator("a.main-action").click()
    shot("enrol-terms-closed")
    page.locator("main form button").click()
    shot("enrol-terms-open")
    page.locator("a.main-action").click()
    shot("enrol-key-terms")
    page.locator("button.main-action").click()
    shot("enrol-pay")
    page.locator("input[name=consent]").check()
    page.locator("button.main-action").click()
    shot("cashier")
    page.locator("button[value=pay]").click()
    page.locator(".policy").first.wait_for()
    shot("order-issued")
    staff = page.context.browser.new_context(viewport=DESK)  # type: ignore[union-attr]
    desk = staff.new_page()
    staff_sign_in(desk, served, "admin")
    desk.locator("input[type=date]").fill("2022-04-18")
    desk.locator("form[action$='/calendar/'] button").click()
    desk.goto(f"{served.sandbox}/hospital/")
    desk.locator("main form button").click()
    desk.screenshot(path=OUT / "hospital-counter.png", full_page=True)
    staff.close()


def staff_pages(page: Page, served: Served, shot: Callable[[str], None]) -> None:
    page.goto(f"{served.staff}/accounts/login/")
    shot("staff-login")
    for name in ("bureau", "handler", "insurer", "insurer03", "admin"):
        page.context.clear_cookies(name="sessionid")
        staff_sign_in(page, served, name)
        page.wait_for_load_state("networkidle")
        shot(f"staff-{name}")
        if name == "handler":
            page.locator(".queue a").first.click()
            shot("staff-review")
        if name == "insurer":
            recalculation(page, served, shot)
        if name == "admin":
            page.goto(f"{served.staff}/designer/?plan=shanghai/huhuibao/2025")
            page.locator("select[name=against]").select_option("shanghai/huhuibao/2022")
            page.locator("main button.main-action").click()
            page.wait_for_load_state("networkidle")
            shot("staff-designer")
            page.locator("textarea[name=text]").fill('name = "x"')
            page.locator("main button.main-action").click()
            shot("staff-designer-faults")


def recalculation(page: Page, served: Served, shot: Callable[[str], None]) -> None:
    """The year decided again with a lower deductible."""
    page.goto(f"{served.staff}/recalculations/")
    text = page.locator("textarea[name=text]")
    text.fill(text.input_value().replace('yuan = "10000.00"', 'yuan = "6000.00"', 1))
    page.locator("main button.main-action").click()
    shot("staff-recalculation-waiting")
    page.locator("dl.figures").wait_for(timeout=60_000)
    shot("staff-recalculation")
    page.goto(f"{served.staff}/recalculations/")
    shot("staff-recalculations")


if __name__ == "__main__":
    main()
