"""The sandbox's pages: one a party, one look, two languages. Templates are Django's, without the rest of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from huimin.sandbox.page_words import words

__all__ = ["STYLE", "prepare", "rendered"]

_HERE = Path(__file__).parent
STYLE = (_HERE / "static" / "sandbox.css").read_bytes()
_ENGINE = Engine(
    dirs=[str(_HERE / "templates")],
    libraries={"sandbox": "huimin.sandbox.filters"},
    builtins=["huimin.sandbox.filters"],
)


def prepare() -> None:
    """Django's templates ask its settings how numbers are written. Call it once, in a process of its own."""
    from django.conf import settings  # noqa: PLC0415

    settings.configure(USE_I18N=False)


def rendered(template: str, language: str, **values: Any) -> str:
    """A page in one language. Whatever is put into it is escaped."""
    shown: Mapping[str, Any] = {"language": language, "w": words(language), **values}
    return _ENGINE.get_template(template).render(Context(shown))
