"""Reads JSON from outside strictly: anything that could be read in two ways, or that no row can hold, is refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from huimin.errors import InputError

__all__ = ["StrictParser", "json_from"]

_DEEPEST = 20
_LONGEST_NUMBER = 30
_LONGEST_PLACE = 60


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return json_from(request.body)


def json_from(body: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises InputError (`broken_json`, `bad_text`) with what was found."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(f"found a byte at {error.start} that is not UTF-8") from error
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refused, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _fault(f"found no JSON at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise _fault(f"found more than {_DEEPEST} levels of lists and objects") from error
    _check(value, "the body")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _fault("found one name twice in an object; expected each once")
    return found


def _refused(name: str) -> NoReturn:
    raise _fault(f"found {name}; expected a number that JSON has")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _fault(f"found a number of {len(digits)} digits; expected {_LONGEST_NUMBER} at most")
    return int(digits)


def _check(value: Any, place: str, depth: int = 0) -> None:
    """Refuse texts that the database cannot hold, and nesting that is too deep for later code."""
    if depth > _DEEPEST:
        raise _fault(f"found more than {_DEEPEST} levels of lists and objects")
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, dict):
        for name, content in value.items():
            _check_text(name, f"a name in {place}")
            _check(content, name[:_LONGEST_PLACE], depth + 1)
    elif isinstance(value, list):
        for content in value:
            _check(content, place, depth + 1)


def _check_text(text: str, place: str) -> None:
    if "\0" in text:
        raise InputError(f"{place} holds the character NUL; expected text", code="bad_text")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            sentence = f"{place} holds half of a surrogate pair; expected whole characters"
            raise InputError(sentence, code="bad_text") from error


def _fault(sentence: str) -> InputError:
    return InputError(f"the body is not JSON as this server reads it: {sentence}", code="broken_json")
