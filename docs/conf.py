"""How the documents become a site: Sphinx reads the Markdown of this folder, and what is generated is put in.

Sphinx with MyST and Furo: they are released regularly, refuse a broken reference and load nothing from elsewhere, while
MkDocs had no release since 2024 and its Material theme takes repairs only.
"""

import os
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent / "scripts"), str(DOCS.parent / "src")]

from reference import generated  # noqa: E402

from huimin import __version__  # noqa: E402

project, author, release = "Huimin 惠民", "The Huimin contributors", __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build", "notebooks"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = f"Huimin 惠民 {release}"
html_copy_source = False
html_show_copyright = False
smartquotes = False  # a Chinese font draws a curled apostrophe as wide as a character
html_theme_options = {
    "light_css_variables": {
        "font-stack": 'system-ui, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif',
        "color-brand-primary": "#0f6b52",
        "color-brand-content": "#0f6b52",
    },
    "dark_css_variables": {"color-brand-primary": "#6fc3a9", "color-brand-content": "#6fc3a9"},
}
os.environ["COLUMNS"] = "100"  # the width of the command's help

_ELSEWHERE = {"ARCHITECTURE.md": "explanation/architecture.md", "CHANGELOG.md": "explanation/changes.md"}
"""Files outside this folder that have a page of the site."""
_LINK = re.compile(r"\[([^\]\[]*)\]\((?!https?://|#|mailto:)([^)\s#]+)(#[^)\s]*)?\)")


def _read(app: object, docname: str, source: list[str]) -> None:
    text, folder = source[0], (DOCS / docname).parent
    if (file := re.match(r"<!-- file: (\S+) -->", text)) is not None:
        path = (folder / file[1]).resolve()
        text, folder = path.read_text("utf-8"), path.parent
    text = _LINK.sub(lambda match: _link(match, folder), text)
    text = re.sub(r"<!-- generated: (.+) -->", lambda match: generated(match[1]), text)
    if docname == "adr/README":
        text += "\n```{toctree}\n:hidden:\n:glob:\n\n0*\n```\n"
    source[0] = text


def _link(match: re.Match[str], folder: Path) -> str:
    """A link as the site has it. What stands in the repository and not on the site is named and not linked."""
    words, given, anchor = match[1], match[2], match[3] or ""
    target = (folder / given).resolve()
    within = str(target.relative_to(DOCS.parent))
    target = DOCS / _ELSEWHERE.get(within, target.relative_to(DOCS.parent).as_posix().removeprefix("docs/"))
    if target.is_dir():
        target /= "README.md"
    if target.suffix not in (".md", ".conf", ".png") or not target.exists():
        return words if words.strip("`") == within else f"{words} (`{within}`)"
    return f"[{words}](/{target.relative_to(DOCS)}{anchor})"


def setup(app: object) -> None:
    app.connect("source-read", _read)  # type: ignore[attr-defined]
