"""`make look`: the pictures of `make screenshots` side by side, so that all pages are seen at one glance.

Writes `index.html`, whose pictures lead to the whole ones, and the same as pictures, `contact-sheet-1.png` and so on:
a row for each page, a column for each size and language. A page whose picture is missing in a column shows a gap.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "screenshots"
COLUMNS = (
    ("phone-zh", "phone, Chinese"),
    ("phone-en", "phone, English"),
    ("desk-zh", "desk, Chinese"),
    ("desk-en", "desk, English"),
)
ROWS_OF_A_SHEET = 8
_NAME = re.compile(r"(?P<page>.+)-(?P<column>(?:phone|desk)-(?:zh|en))\.png")
_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 16px; width: 1568px; background: #fff; color: #222 }
table { border-collapse: collapse; table-layout: fixed; width: 100% }
th, td { border: 1px solid #bbb; padding: 6px; vertical-align: top; text-align: left }
thead th { background: #eee } th:first-child { width: 130px; overflow-wrap: anywhere }
a { display: block; max-height: 420px; overflow: hidden } img { display: block; width: 100% }
.phone { width: 230px } .gap { color: #888 }
"""


def by_page(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Page to column to file. A picture of no size and language stands in the desk's first column."""
    found: dict[str, dict[str, str]] = {}
    for name in sorted(names):
        match = _NAME.fullmatch(name)
        page, column = (match["page"], match["column"]) if match else (name.removesuffix(".png"), "desk-zh")
        found.setdefault(page, {})[column] = name
    return found


def sheet(names: Iterable[str]) -> str:
    """The HTML page of all pictures, in sections of a few rows."""
    rows = list(by_page(names).items())
    starts = range(0, len(rows), ROWS_OF_A_SHEET)
    sections = "".join(_section(rows[start : start + ROWS_OF_A_SHEET]) for start in starts)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title><style>{_STYLE}</style>'
    return f"{head}<body><h1>{len(rows)} pages</h1>{sections}</body></html>\n"


def _section(rows: Sequence[tuple[str, dict[str, str]]]) -> str:
    heads = "".join(f'<th class="{key.partition("-")[0]}">{words}</th>' for key, words in COLUMNS)
    lines = "".join(chain.from_iterable(_row(page, pictures) for page, pictures in rows))
    return f"<section><table><thead><tr><th></th>{heads}</tr></thead><tbody>{lines}</tbody></table></section>"


def _row(page: str, pictures: dict[str, str]) -> Iterator[str]:
    yield f"<tr><th>{escape(page)}</th>"
    for column, words in COLUMNS:
        name = escape(pictures.get(column, ""), quote=True)
        shown = f'<a href="{name}"><img src="{name}" alt="{escape(page)}, {words}"></a>' if name else "–"
        yield f'<td class="{"" if name else "gap"}">{shown}</td>'
    yield "</tr>"


def photograph(page: Path) -> list[Path]:
    """A picture of each section of the sheet, beside it."""
    sys.path.insert(0, str(ROOT / "tests"))
    from browser_support import browser

    made = []
    with browser() as chromium:
        tab = chromium.new_page(viewport={"width": 1600, "height": 1000})
        tab.goto(page.as_uri())
        for number, section in enumerate(tab.locator("section").all(), 1):
            made.append(page.with_name(f"contact-sheet-{number}.png"))
            section.screenshot(path=made[-1])
    return made


def main(folder: Path = PICTURES) -> int:
    for old in folder.glob("contact-sheet-*.png"):
        old.unlink()
    names = [path.name for path in folder.glob("*.png")]
    if not names:
        print(f"{folder} has no pictures; expected those of `make screenshots`.", file=sys.stderr)
        return 2
    page = folder / "index.html"
    page.write_text(sheet(names), "utf-8")
    print(f"{page} and {len(photograph(page))} pictures of it, of {len(names)} pictures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
