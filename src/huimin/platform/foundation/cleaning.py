"""Refusing a new row whose fields are not what its model expects, in one sentence."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils import translation

from huimin.errors import InputError

__all__ = ["refuse_unclean"]


def refuse_unclean(row: models.Model, what: str, code: str, leaving_out: Collection[str] = ()) -> None:
    """Raise InputError (`code`) with every field that is wrong. Its field `code`, if any, may have a-z, 0-9, - and _.

    `what`: what the row stands for, to begin the sentence. `leaving_out`: fields that need not be filled.
    """
    with translation.override("en"):  # for commands, whose words are English
        wrong: dict[str, list[str]] = {}
        try:
            row.full_clean(exclude=leaving_out)
        except ValidationError as error:
            wrong = dict(error.message_dict)
        if hasattr(row, "code") and "code" not in wrong:
            try:
                validate_slug(row.code)
            except ValidationError as error:
                wrong["code"] = error.messages
    if wrong:
        said = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in wrong.items())
        raise InputError(f"{what} cannot be taken in: {said}", code=code)
