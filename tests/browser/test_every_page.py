"""Every page, in both languages, in a real browser: axe, contrast 7:1, its width, its letters, its one heading.

The pages are rendered here, in a transaction that is rolled back, and handed to the browser: one browser, no server.
"""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from django.conf import settings as django_settings  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.db import transaction  # noqa: E402
from playwright.sync_api import Browser, Page, Route  # noqa: E402

from browser_measures import ask, axe, foreign, prepare_to_measure  # noqa: E402
from browser_support import CHROMIUM, browser  # noqa: E402
from huimin.platform.foundation.models import City  # noqa: E402
from listed_pages import NO_PAGES, PAGES, Opened, named_addresses, prepare, render_all  # noqa: E402

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
LANGUAGES = ("zh", "en")
PHONE, SMALL, DESK = (390, 844), (320, 700), (1280, 800)
FEW_ALREADY = 6
"""Things on a page that has one task in any letters: choosing a city."""
HOST = "http://pages.test"

Findings = dict[str, list[str]]


class Seen:
    """What was found, by check and page. A check without findings has none of them in it."""

    def __init__(self) -> None:
        self.found: dict[str, Findings] = {}
        self.things: dict[str, int] = {}
        self.counted = 0

    def add(self, check: str, page: str, findings: list[str]) -> None:
        if findings:
            self.found.setdefault(check, {}).setdefault(page, []).extend(findings)

    def of(self, check: str) -> str:
        """The findings, to be read in a test's failure; whole in HUIMIN_FINDINGS, where it names a directory."""
        pages = self.found.get(check, {})
        if os.environ.get("HUIMIN_FINDINGS"):
            Path(os.environ["HUIMIN_FINDINGS"], f"{check}.json").write_text(
                json.dumps(pages, indent=1, ensure_ascii=False)
            )
        return "\n".join(f"{page}: {finding}" for page, findings in pages.items() for finding in findings)


@pytest.fixture(scope="module")
def city_of_pages(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """The city with what its pages show; rolled back at the end."""
    before = django_settings.SECOND_FACTOR
    with django_db_blocker.unblock(), transaction.atomic():
        django_settings.SECOND_FACTOR = False
        city = City.objects.get(code="demo")
        prepare(city)
        yield city
        transaction.set_rollback(True)
        django_settings.SECOND_FACTOR = before


@pytest.fixture(scope="module")
def rendered(city_of_pages: City) -> dict[tuple[str, bool], list[Opened]]:
    """The pages by language, and those of residents in elderly mode."""
    return {
        (language, large): render_all(city_of_pages, language, large=large)
        for language in LANGUAGES
        for large in (False, True)
    }


@pytest.fixture(scope="module")
def names(city_of_pages: City) -> list[str]:
    """Names of people are written as they are in either language."""
    from huimin.platform.people.models import Resident

    return [person.name for person in Resident.objects.of(city_of_pages)]


@pytest.fixture(scope="module")
def seen(rendered: dict[tuple[str, bool], list[Opened]], names: list[str]) -> dict[str, Seen]:
    """All measures of all pages, each page opened once a language.

    The browser is gone before a test begins: beside its event loop Django would see another database.
    """
    found = {language: Seen() for language in LANGUAGES}
    with browser() as chromium:
        for language in LANGUAGES:
            _look(chromium, rendered[language, False], language, names, found[language])
            _look_at_elderly_mode(chromium, rendered[language, True], found[language])
    return found


def _look(chromium: Browser, opened: list[Opened], language: str, names: list[str], found: Seen) -> None:
    with _Handed(chromium, opened) as page:
        for index, one in enumerate(opened):
            _open(page, index)
            _measure(page, one.listed.title, language, names, found)
            found.counted += 1


def _look_at_elderly_mode(chromium: Browser, opened: list[Opened], found: Seen) -> None:
    """22 px for all text, fewer things than on the page in standard letters, the hotline as a button."""
    with _Handed(chromium, opened) as page:
        for index, one in enumerate(opened):
            title = one.listed.title
            _open(page, index)
            found.add("elderly letters", title, ask(page, "smallest", 22))
            things = ask(page, "things")
            if things >= found.things[title] > FEW_ALREADY:
                found.add("elderly things", title, [f"{things} things, and {found.things[title]} in standard letters"])
            if "/demo/" in one.address and not page.locator("a.hotline[role=button]").is_visible():
                found.add("elderly hotline", title, ["no button to call or ask a person"])
            actions = page.locator("main .main-action:visible").count()
            if actions > 1:
                found.add("elderly things", title, [f"{actions} main actions"])
            for width in (SMALL, PHONE):
                page.set_viewport_size({"width": width[0], "height": width[1]})
                found.add("elderly width", f"{title} at {width[0]} px", ask(page, "overflow"))
                found.add("elderly width", f"{title} at {width[0]} px", ask(page, "columnsOfLetters"))


class _Handed:
    """A browser's page that gets the rendered pages by number, and static files, and nothing else."""

    def __init__(self, chromium: Browser, opened: list[Opened]) -> None:
        self.opened, self.chromium = opened, chromium

    def __enter__(self) -> Page:
        self.context = self.chromium.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, reduced_motion="reduce"
        )
        page = self.context.new_page()
        page.route("**/*", self._answer)
        return page

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/").partition("?")[0])
            kind = mimetypes.guess_type(path)[0]
            route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind) if file else route.fulfill(status=404)
        elif path.strip("/").isdigit():
            route.fulfill(body=self.opened[int(path.strip("/"))].html, content_type="text/html; charset=utf-8")
        else:
            route.abort()


def _open(page: Page, index: int) -> None:
    page.goto(f"{HOST}/{index}")
    prepare_to_measure(page)


def _measure(page: Page, title: str, language: str, names: list[str], found: Seen) -> None:
    for name, (width, height) in {"320 px": SMALL, "390 px": PHONE}.items():
        page.set_viewport_size({"width": width, "height": height})
        found.add("width", f"{title} at {name}", ask(page, "overflow"))
        found.add("columns", f"{title} at {name}", ask(page, "columnsOfLetters"))
    found.add("headings", title, ask(page, "headings"))
    found.add("letters", title, foreign(ask(page, "letters"), language, names))
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    found.things[title] = ask(page, "things")
    if one_in_focus := ask(page, "focus"):
        found.add("focus", title, one_in_focus)
    found.add("targets", title, ask(page, "targets"))
    found.add("axe", title, axe(page))
    page.evaluate(
        "() => { const page = document.documentElement;"
        " page.style.fontSize = 2 * parseFloat(getComputedStyle(page).fontSize) + 'px'; }"
    )
    for name, (width, height) in {"320 px": SMALL, "390 px": PHONE, "1280 px": DESK}.items():
        page.set_viewport_size({"width": width, "height": height})
        found.add("width", f"{title} at {name} and 200 %", ask(page, "overflow"))
        found.add("columns", f"{title} at {name} and 200 %", ask(page, "columnsOfLetters"))


def test_every_address_of_the_pages_is_listed_or_said_to_be_no_page() -> None:
    listed = {one.name for one in PAGES}
    assert named_addresses() - listed - set(NO_PAGES) == set()
    assert listed | set(NO_PAGES) <= named_addresses() | {"enrol-add", "calendar"}


@needs_browser
@pytest.mark.parametrize("language", LANGUAGES)
class TestEveryPage:
    def test_axe_finds_nothing_and_text_has_a_contrast_of_7_to_1(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("axe") == ""

    def test_nothing_is_wider_than_the_page_on_phones_and_at_200_percent(
        self, seen: dict[str, Seen], language: str
    ) -> None:
        assert seen[language].of("width") == ""

    def test_no_text_stands_one_letter_to_a_line(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("columns") == ""

    def test_each_page_has_one_heading_of_the_first_level(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("headings") == ""

    def test_nothing_is_said_in_the_other_language(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("letters") == ""

    def test_a_finger_meets_what_it_aims_at(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("targets") == ""

    def test_a_summary_of_faults_has_the_focus_and_an_answer_is_in_sight(
        self, seen: dict[str, Seen], language: str
    ) -> None:
        assert seen[language].of("focus") == ""

    def test_elderly_mode_has_22_px_for_all_text(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("elderly letters") == ""

    def test_elderly_mode_has_fewer_things_on_every_page_and_one_main_action(
        self, seen: dict[str, Seen], language: str
    ) -> None:
        assert seen[language].of("elderly things") == ""

    def test_elderly_mode_has_the_hotline_as_a_button(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("elderly hotline") == ""

    def test_elderly_mode_fits_a_small_phone(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].of("elderly width") == ""

    def test_every_listed_page_was_looked_at(self, seen: dict[str, Seen], language: str) -> None:
        assert seen[language].counted == len(PAGES)
