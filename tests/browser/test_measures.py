"""Each measure of a page finds the fault that it is for, and finds nothing on a page that is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from browser_measures import ask, axe, foreign, prepare_to_measure
from browser_support import CHROMIUM, browser

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page  # noqa: E402 - only where it is installed

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

HEAD = '<!doctype html><html lang="en"><head><title>Sound</title><meta name="viewport" content="width=device-width">'
STYLE = "<style>* { font-size: 22px } h1 { font-size: 30px } button { min-height: 48px }</style></head>"
SOUND = f"{HEAD}{STYLE}<body><main><h1>Sound</h1><p>One line.</p><button>Go</button>%s</main></body></html>"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as chromium:
        yield chromium.new_context(viewport={"width": 390, "height": 844}).new_page()


def opened(page: Page, more: str = "") -> Page:
    page.set_content(SOUND % more)
    prepare_to_measure(page)
    return page


Measure = Callable[[Page], list[str]]
MEASURES: dict[str, Measure] = {
    **{
        name: lambda page, name=name: ask(page, name)  # type: ignore[misc]
        for name in ("overflow", "columnsOfLetters", "headings", "focus", "targets")
    },
    "smallest": lambda page: ask(page, "smallest", 22),
    "letters": lambda page: foreign(ask(page, "letters"), "en"),
    "axe": axe,
}
SUMMARY = '<section class="fault-summary" tabindex="-1"><a href="#field">Mend it</a></section>'


@pytest.mark.parametrize("measure", MEASURES)
def test_a_sound_page_has_no_finding(page: Page, measure: str) -> None:
    assert MEASURES[measure](opened(page)) == []


@pytest.mark.parametrize(
    ("measure", "fault", "found"),
    [
        ("overflow", '<div style="width: 900px">wide</div>', "of 390 px: <div> wide"),
        ("columnsOfLetters", '<p style="width: 10px; word-break: break-all">upright</p>', "7 lines for 7 letters"),
        ("headings", "<h1>Another</h1>", "2 h1: <h1> Sound | <h1> Another"),
        ("focus", SUMMARY, "the summary of faults has not the focus"),
        ("focus", SUMMARY, "Mend it leads nowhere"),
        ("focus", f'{SUMMARY}<input name="field" id="field">', "nothing stands beside field"),
        ("targets", '<input style="height: 20px; padding: 0; border: 0" aria-label="x">', "20 px: <input>"),
        ("smallest", '<p style="font-size: 21px">small</p>', "21 px: <p> small"),
        ("letters", "<p>保单</p>", "保单"),
        ("letters", '<button aria-label="保单"></button>', "保单"),
        ("axe", f'<img src="{PIXEL}">', "image-alt (critical)"),
        ("axe", '<p style="color: #707070">pale</p>', "color-contrast-enhanced"),
    ],
)
def test_each_measure_finds_the_fault_that_it_is_for(page: Page, measure: str, fault: str, found: str) -> None:
    findings = MEASURES[measure](opened(page, fault))
    assert any(found in finding for finding in findings), findings


def test_english_on_a_chinese_page_is_found_from_three_words_on() -> None:
    assert foreign(["请先登录", "OK, done", "make run PORT=8000"], "zh") == []
    assert foreign(["Please log in"], "zh") == ["Please log in"]


def test_each_thing_that_is_seen_is_counted_and_what_is_hidden_is_not(page: Page) -> None:
    before = ask(opened(page), "things")
    assert before == 3
    assert ask(opened(page, "<p>One more</p><p hidden>Not this</p>"), "things") == before + 1
