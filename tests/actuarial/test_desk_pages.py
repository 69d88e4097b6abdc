"""The desk's pages: escaped, in one language, whole by themselves, and every plot beside its table."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from huimin.actuarial.pages.rendering import rendered, words_of
from huimin.actuarial.studies.asked import AskedStudy, perform
from huimin.terms import plan_texts
from plot_support import letters

JIANGSU = "jiangsu/yihuibao-1/2022"
RUNS = {
    "price": {"trend": 6, "expenses": 8, "margin": 2, "insured": 100_000, "shock": 5},
    "renew": {
        "price": 100,
        "take_up": 40,
        "years": 4,
        "target": 85,
        "trend": 6,
        "selection": 0.25,
        "subsidy": 0,
        "account": 0,
    },
    "design": {"designs": 8, "expenses": 8, "fixed": 0},
    "reserve": {"expected": 700_000},
    "city": {},
}
TRIANGLE = "period,0,1,2\n2022-03,412000,655000,700000\n2022-04,388000,640000\n2022-05,431000\n"


@pytest.fixture(scope="module", params=RUNS)
def pages(request: pytest.FixtureRequest) -> dict[str, str]:
    run = AskedStudy(request.param, *plan_texts(JIANGSU), 20_000, 1, RUNS[request.param], TRIANGLE)
    found = perform(run, lambda done, of: None).pages
    assert set(found) == {"zh", "en"}
    return found


class Seen(HTMLParser):
    """Addresses that a page asks for, and the pictures of its plots."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.plots: list[str] = []
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("src", "srcset", "href"):
            if given.get(name):
                (self.plots if str(given[name]).startswith("data:") else self.asked).append(str(given[name]))
        if tag == "img":
            self.names.append(str(given.get("alt")))


def test_a_page_asks_for_nothing_but_what_is_in_it(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert Seen(page).asked == []
        assert "<script" not in page


def test_each_plot_has_a_name_and_a_table_after_it(pages: dict[str, str]) -> None:
    for page in pages.values():
        seen = Seen(page)
        assert seen.names
        assert all(seen.names)
        assert len(seen.plots) == 2 * len(seen.names)
        for after in page.split("</figure>")[1:]:
            assert "<table>" in after.partition("<figure>")[0]


def test_the_letters_of_a_plot_are_in_the_language_of_the_page(pages: dict[str, str]) -> None:
    for language, page in pages.items():
        told = [text for plot in Seen(page).plots for text in letters(plot)]
        words = [text for text in told if not re.fullmatch(r"[\d.,+×–−\s/-]*|\d+-\d+", text)]
        assert words
        chinese = [text for text in words if re.search(r"[\u4e00-\u9fff]", text)]
        assert chinese == (words if language == "zh" else [])


def test_what_is_put_into_a_page_is_escaped() -> None:
    words = words_of({"title": ("标题", "Title")}, "zh")
    page = rendered("base.html", "zh", words, said=["<b>&'\""], notice=["<script>alert(1)</script>"])
    assert "&lt;b&gt;&amp;&#39;&#34;" in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_name_that_a_template_is_not_given_is_an_error_and_no_empty_place() -> None:
    with pytest.raises(UndefinedError, match="targets"):
        rendered("city.html", "en", words_of({}, "en"))


def test_every_template_of_a_page_escapes_by_default() -> None:
    """`safe` and `autoescape false` would put text into a page as it is."""
    templates = [*(Path(__file__).parents[2] / "src/huimin/actuarial/pages/templates").glob("*.html")]
    assert len(templates) > 5
    for path in templates:
        assert not re.search(r"\|\s*safe|autoescape", path.read_text("utf-8")), path.name
