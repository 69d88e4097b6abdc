"""What tests ask of a page in a real browser: axe, its width, its letters, its headings. An empty list: all is well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

__all__ = ["ask", "axe", "foreign", "prepare_to_measure"]

_TESTS = Path(__file__).resolve().parent
_AXE = _TESTS / "vendor" / "axe" / "axe.min.js"
_MEASURING = _TESTS / "browser" / "measuring.js"
ALLOWED_ENGLISH = re.compile(
    r"huimin [a-z]+ [a-z]+|make run PORT=[0-9]+|plan\.toml|sources\.toml|Bornhuetter[–-]Ferguson|Chain[ -]ladder|Mack"
)
"""Commands, names of files and of methods are written as they are."""
ALLOWED_CHINESE = re.compile(
    r"中文|^惠$|^Published outcome: .*|^The first row names the columns: .*|^“[^”]*”|是 \(yes\)|否 \(no\)"
)
"""Columns and values of files are typed as they are."""


def prepare_to_measure(page: Page) -> None:
    """Call it after each navigation."""
    page.evaluate(_MEASURING.read_text("utf-8"))


def ask(page: Page, measure: str, *arguments: object) -> Any:
    """One of the measures of measuring.js."""
    return page.evaluate(f"([...given]) => huiminMeasures.{measure}(...given)", list(arguments))


def axe(page: Page) -> list[str]:
    """Violations of WCAG 2.2 AA and of a contrast of 7:1, with the first place of each."""
    page.evaluate(_AXE.read_text("utf-8"))
    result = page.evaluate(
        """() => axe.run(document, {
             resultTypes: ["violations"],
             runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
             rules: {"color-contrast-enhanced": {enabled: true}},
           })"""
    )
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in result["violations"]
        for node in one["nodes"][:3]
    ]


def foreign(said: list[str], language: str, names: Sequence[str] = ()) -> list[str]:
    """What stands in the other language: three English words in a row on a Chinese page, Chinese on an English one."""
    found = []
    for words in said:
        if language == "zh":
            left = ALLOWED_ENGLISH.sub("", words)
            if re.search(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){2,}", left):
                found.append(words[:120])
        else:
            left = ALLOWED_CHINESE.sub("", words)
            for name in names:
                left = left.replace(name, "")
            if re.search(r"[\u4e00-\u9fff]", left):
                found.append(words[:120])
    return found
