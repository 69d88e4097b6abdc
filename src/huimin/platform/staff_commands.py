"""`huimin staff`: who holds which role in a city, giving roles and taking them back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from huimin.errors import InputError, did_you_mean
from huimin.platform.commands import actor_in, load_django

if TYPE_CHECKING:
    from huimin.platform.foundation.models import City, Role, User

__all__ = ["give", "list_staff", "take"]


def list_staff(code: str) -> int:
    """Print the city's staff, each with their roles. Raises HuiminError `not_found`."""
    load_django()
    from huimin.platform.foundation.selectors import roles_held, staff_of  # noqa: PLC0415

    for member in staff_of(actor_in(code).city):
        held = [_said(role, one.insurer, one.bound_to) for role, one in roles_held(member).items()]
        sys.stdout.write(f"{member.user.username}: {', '.join(held) or 'no role any more'}\n")
    return 0


def _said(role: Role, insurer: str, bound_to: Sequence[str]) -> str:
    of = f" of {insurer}" if insurer else ""
    return f"{role}{of}{' for ' + ', '.join(bound_to) if bound_to else ''}"


def give(code: str, name: str, role: str, insurer: str = "", bound_to: Sequence[str] = ()) -> int:
    """Give a user a role, and make the account where there is none: its first password is printed once.

    Raises HuiminError and InputError as `give_role` and `make_account` do, and for an insurer that the pool has not and
    areas that the city has not. `bound_to`: the codes of the areas for which an account agency's officer works.
    """
    load_django()
    from django.db import transaction  # noqa: PLC0415

    from huimin.platform.foundation.selectors import user_named  # noqa: PLC0415
    from huimin.platform.foundation.staff import give_role, make_account  # noqa: PLC0415

    actor, chosen, password = actor_in(code), _role(role), ""
    _refuse_unknown_insurer(actor.city, insurer)
    _refuse_unknown_area(actor.city, chosen, bound_to)
    with transaction.atomic():
        user = user_named(name)
        if user is None:
            user, password = make_account(actor=actor, name=name)
        give_role(actor=actor, user=user, role=chosen, insurer_code=insurer, bound_to=bound_to)
    if password:
        sys.stdout.write(f"made the account {name}; its first password, to be changed at once: {password}\n")
    sys.stdout.write(f"{name} is {chosen} in {code} now\n")
    return 0


def take(code: str, name: str, role: str) -> int:
    """Take a role back. Raises HuiminError and InputError."""
    load_django()
    from huimin.platform.foundation.staff import take_role  # noqa: PLC0415

    chosen = _role(role)
    take_role(actor=actor_in(code), user=_user(name), role=chosen)
    sys.stdout.write(f"{name} is {chosen} in {code} no more\n")
    return 0


def _role(word: str) -> Role:
    from huimin.platform.foundation.models import Role  # noqa: PLC0415

    if word not in Role.values:
        meant = did_you_mean(word, Role.values)
        text = f"found the role {word!r}; expected one of {', '.join(Role.values)}. {meant}".rstrip()
        raise InputError(text, code="bad_role")
    return Role(word)


def _user(name: str) -> User:
    from huimin.platform.foundation.selectors import user_named  # noqa: PLC0415

    user = user_named(name)
    if user is None:
        raise InputError(f"found no user {name!r}; `huimin staff list CITY` shows a city's", code="not_found")
    return user


def _refuse_unknown_insurer(city: City, insurer: str) -> None:
    from huimin.platform.pool.api import insurer_codes  # noqa: PLC0415

    known = insurer_codes(city)
    if insurer and insurer not in known:
        text = f"found the insurer {insurer!r}; expected one of the pool: {', '.join(known)}"
        raise InputError(f"{text}. {did_you_mean(insurer, known)}".rstrip(), code="bad_role")


def _refuse_unknown_area(city: City, role: Role, codes: Sequence[str]) -> None:
    from huimin.platform.foundation.models import BOUND_BY  # noqa: PLC0415
    from huimin.platform.people.api import areas  # noqa: PLC0415

    if BOUND_BY.get(role) != "area":
        return
    known = [area.code for area in areas(city)]
    unknown = sorted(set(codes) - set(known))
    if unknown:
        text = f"found the areas {', '.join(unknown)}; expected some of the city's: {', '.join(known)}"
        raise InputError(text, code="bad_role")
