"""Makes the desk's pages from their templates. Whatever a template is given is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["Table", "Words", "rendered", "words_of"]

_TEMPLATES = Environment(
    loader=PackageLoader("huimin.actuarial.pages"),
    autoescape=True,
    undefined=StrictUndefined,  # a name that is missing is an error, and not an empty place on the page
    trim_blocks=True,
    lstrip_blocks=True,
)


class Words(dict[str, str]):
    """A page's words by key, in one language. What has no words stands for itself, such as an id of the plan."""

    def __missing__(self, key: str) -> str:
        return key


@dataclass(frozen=True, slots=True)
class Table:
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def words_of(pairs: Mapping[str, tuple[str, str]], language: str) -> Words:
    """The words of a page in `language`; each pair is (Chinese, English)."""
    place = 1 if language == "en" else 0
    return Words({key: pair[place] for key, pair in pairs.items()})


def rendered(
    template: str, language: str, words: Words, *, said: Sequence[str] = (), notice: Sequence[str] = (), **shown: Any
) -> str:
    """A page as HTML. `said` stands below its title: what it rests on; `notice` above everything else."""
    html_language = "en" if language == "en" else "zh-CN"
    page = _TEMPLATES.get_template(template)
    return page.render(html_language=html_language, w=words, said=said, notice=notice, **shown)
