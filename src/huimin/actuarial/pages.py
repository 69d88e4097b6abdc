"""Pages of the desk that stand by themselves: style and plots inside, nothing fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from huimin.errors import InputError

__all__ = ["html_page", "html_table", "write_text"]

_STYLE = """
:root { --ink: #22302b; --jade: #00695c; --line: #d8ddd9; --amber: #8a5200; }
body { font: 16px/1.6 "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif; color: var(--ink);
  background: #fbfcfa; margin: 0 auto; max-width: 1080px; padding: 24px 16px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 8px; color: var(--jade); }
.said { color: #46504b; margin: 0 0 24px; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; }
.card { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.card b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; }
.card.needs { border-color: var(--amber); }
.notice { border: 1px solid var(--amber); border-left-width: 6px; border-radius: 8px; background: #fff8ec;
  padding: 12px 16px; margin: 0 0 24px; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; vertical-align: bottom; } td + td, th + th { text-align: right; }
th, td { border-bottom: 1px solid var(--line); padding: 6px 10px; }
td { white-space: nowrap; } th { min-width: 64px; }
td:first-child { white-space: normal; min-width: 96px; }
tr.total td { font-weight: 600; border-top: 2px solid var(--ink); }
figure { overflow-x: auto; margin: 8px 0 16px; padding: 12px; background: #fff;
  border: 1px solid var(--line); border-radius: 8px; }
svg { min-width: 600px; }
.words td { white-space: normal; vertical-align: top; text-align: left; } .words th { text-align: left; }
"""


def html_page(title: str, body: str, language: str, notice: Sequence[str] = ()) -> str:
    """`body` is HTML; `language` zh or en; `notice`: sentences that stand above everything else."""
    tongue = "en" if language == "en" else "zh-CN"
    return (
        f'<!doctype html><html lang="{tongue}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>{_above(notice)}{_named(body)}</main></html>\n"
    )


def _above(notice: Sequence[str]) -> str:
    return f'<div class="notice" role="note">{"<br>".join(map(escape, notice))}</div>' if notice else ""


def _named(body: str) -> str:
    """Each plot named by the heading above it, for those who hear the page."""
    heading = ""
    parts = re.split(r"(<h[12]>.*?</h[12]>)", body, flags=re.S)
    for place, part in enumerate(parts):
        if part.startswith("<h"):
            heading = re.sub(r"<[^>]*>", "", part).replace('"', "&quot;")
        else:
            reached = part.replace("<figure>", '<figure tabindex="0">')
            parts[place] = reached.replace('role="img"', f'role="img" aria-label="{heading}"')
    return "".join(parts)


def write_text(path: Path, text: str) -> None:
    """Raises InputError (`unusable_out`)."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", code="unusable_out") from error


def html_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, total: bool = False) -> str:
    given = list(rows)
    # A column without a name has a cell without text above it, which is no heading.
    head = "".join(f"<th>{escape(name)}</th>" if name else "<td></td>" for name in heads)
    lines = []
    for place, row in enumerate(given):
        mark = ' class="total"' if total and place == len(given) - 1 else ""
        lines.append(f"<tr{mark}>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>")
    body = "".join(lines)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
