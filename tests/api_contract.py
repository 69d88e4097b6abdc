"""Every answer that a test gets from the API is held to the OpenAPI document: its status, its problem, its form."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from huimin.platform.api.operations import ALWAYS, OPERATIONS
from huimin.platform.api.v1 import api

__all__ = ["hold_to_document", "operation_of"]


def operation_of(method: str, path: str) -> str | None:
    """The described operation that a request meets; None where it meets none. An escaped slash is one to the server."""
    asked = unquote(path.partition("?")[0])
    for name in OPERATIONS:
        given, template = name.split(" ")
        # An id may hold a slash: it is the last part.
        pattern = re.sub(r"\\\{[^}]*\\\}$", ".+", re.sub(r"\\\{[^}]*\\\}(?=/)", "[^/]+", re.escape(template)))
        if given == method.lower() and re.fullmatch(f"/api/v1{pattern}", asked):
            return name
    return None


def hold_to_document(method: str, path: str, answer: Any) -> None:
    name = operation_of(method, path)
    if name is None:
        return
    if answer["Content-Type"] == "application/problem+json":
        code = json.loads(answer.content)["code"]
        assert code in (*OPERATIONS[name].problems, *ALWAYS), f"{name} may answer {code}: say so in operations.py"
    elif answer["Content-Type"].startswith("application/json"):
        _form_of(name).validate(json.loads(answer.content))


@cache
def _form_of(name: str) -> Draft202012Validator:
    whole = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    method, path = name.split(" ")
    content = whole["paths"][f"/api/v1{path}"][method]["responses"]["200"]["content"]
    return Draft202012Validator({**content["application/json"]["schema"], "components": whole["components"]})
