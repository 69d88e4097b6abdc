"""The font of our documents: which characters it has, and what stands in place of one that it lacks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

__all__ = ["font_folder", "lacking", "writable"]

_PACKAGE, _FONT = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
"""Noto Sans SC under the SIL Open Font License, brought by its own package: a file of eight megabytes is no source."""


def font_folder() -> Path:
    return Path(str(files(_PACKAGE)))


@cache
def _characters() -> frozenset[int]:
    with TTFont(font_folder() / _FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(text: str) -> list[str]:
    """The characters of a text that the font has no picture for, in their order."""
    return [character for character in text if ord(character) not in _characters() and character.isprintable()]


def writable(text: str) -> str:
    """The text with each character that the font lacks written by its number: 〔U+20BB7〕.

    A box would say nothing; another character would be another name.
    """
    lacks = set(lacking(text))
    return "".join(f"〔U+{ord(one):04X}〕" if one in lacks else one for one in text)
