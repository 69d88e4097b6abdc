"""What the templates need beside Django's own: a word by its name."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

__all__ = ["of", "register"]

register = template.Library()


@register.filter
def of(name: str, among: Mapping[str, object]) -> object:
    """`{{ kind|of:w.kind }}`: the word for it, or itself where there is none."""
    return among.get(name, name)
