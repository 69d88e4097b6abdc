"""Which action of the table of permissions each address of the API is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huimin.platform.api.signatures import SignedClient
from huimin.platform.api.v1 import api
from huimin.platform.foundation.permissions import Action

__all__ = ["Operation", "operations"]

_WITHOUT_A_CLIENT: Mapping[str, Action] = {
    "post_payment_notice": Action.REPORT_PAYMENT,
    "post_agreement_notice": Action.REPORT_PAYMENT,
    "post_reply": Action.REPORT_REPLY,
}
"""Operations that no client signs: the payment company and the message gateway sign in their own ways."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`actions` is empty if the address does not say what it is for; a test refuses that."""

    method: str
    path: str
    name: str
    actions: tuple[Action, ...]


def operations() -> list[Operation]:
    """Every operation of the API, in the order in which they are declared."""
    found = []
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for one in view.operations:
                name = one.view_func.__name__
                signed = [auth.actions for auth in one.auth_callbacks if isinstance(auth, SignedClient)]
                named = _WITHOUT_A_CLIENT.get(name)
                actions = signed[0] if signed else (named,) if named else ()
                found += [Operation(method, path, name, actions) for method in one.methods]
    return found
