"""Whether an actor may do something. This is the only module that reads the table of permissions."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, Who
from huimin.platform.foundation.permissions import RULES, Action, Scope

__all__ = [
    "NotAllowed",
    "admits",
    "authorise",
    "authorise_enrolling",
    "may",
    "refuse_other_roles",
    "refuse_without_purpose",
]


class NotAllowed(HuiminError):
    """An actor asked for something that the table does not allow them. Nothing was done."""

    code = "not_allowed"

    @classmethod
    def of(cls, actor: Actor, *actions: Action) -> NotAllowed:
        """The error that says that this actor may do none of these actions, and who may."""
        pairs = [pair for action in actions for pair in RULES[action].who.items()]
        allowed = {**dict(pairs), **{who: scope for who, scope in pairs if scope is Scope.ALL}}
        listed = ", ".join(f"{who} (its own)" if scope is Scope.OWN else who for who, scope in allowed.items())
        roles = ", ".join(sorted(actor.roles)) or "no role"
        said = f"{actor.code or actor.text} ({roles}) may not {' or '.join(actions)}; it is for: {listed}"
        values = {"who": actor.text, "action": " ".join(actions), "allowed": " ".join(allowed)}
        return cls(said, values=values)


def admits(actor: Actor | None, *actions: Action) -> bool:
    """Whether the actor has a role that may do one of these actions at all. None stands for an anonymous visitor.

    Addresses and menus use this. `authorise` also checks whose the thing is, and the purpose, when it is done.
    """
    roles = _roles(actor)
    return any(roles & RULES[action].who.keys() for action in actions)


def may(actor: Actor, action: Action, *, owner: str = "") -> bool:
    """Whether the actor may do this to what belongs to `owner` (`resident:7`, `client:3`, `insurer:lead`).

    A role that may do it only to its own is refused if no owner is named.
    """
    who = RULES[action].who
    scopes = {who[role] for role in _roles(actor) if role in who}
    return Scope.ALL in scopes or (Scope.OWN in scopes and actor.owns(owner))


def authorise(actor: Actor, action: Action, *, owner: str = "") -> None:
    """Raise NotAllowed unless `may` allows it and the actor has a purpose where the table asks for one."""
    rule = RULES[action]
    if not may(actor, action, owner=owner):
        raise NotAllowed.of(actor, action)
    if rule.purpose:
        refuse_without_purpose(actor, action)


def authorise_enrolling(actor: Actor, resident_id: int) -> None:
    """Raise NotAllowed unless the actor may order cover for this person: themself, a channel, or staff at a counter."""
    at_counter = may(actor, Action.SERVE_AT_COUNTER)
    authorise(actor, Action.SERVE_AT_COUNTER if at_counter else Action.ENROL, owner=f"resident:{resident_id}")


def refuse_other_roles(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless the actor has a role that may do this at all, if only to its own.

    For services that must first read whose the thing is. Then they ask `authorise`.
    """
    if not admits(actor, action):
        raise NotAllowed.of(actor, action)


def refuse_without_purpose(actor: Actor, what: str) -> None:
    """Raise NotAllowed if the actor gives no purpose."""
    if not actor.purpose.strip():
        said = f"{actor.text} must say what for: it is written down with who did {what}"
        raise NotAllowed(said, values={"who": actor.text, "action": str(what), "allowed": ""})


def _roles(actor: Actor | None) -> frozenset[Who]:
    return frozenset({Who.ANYONE}) | (actor.roles if actor is not None else frozenset())
