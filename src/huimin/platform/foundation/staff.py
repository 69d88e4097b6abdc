"""Accounts of a city's staff: making accounts, giving roles and taking roles back."""

from __future__ import annotations

from collections.abc import Collection
from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.db import transaction

from huimin.errors import HuiminError, InputError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import BOUND_BY, Role, StaffMember, StaffRole, User
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import staff_member_of
from huimin.platform.foundation.services import record_audit

__all__ = ["give_role", "lock_staff", "make_account", "take_role"]

_PASSWORD_BYTES = 12


@transaction.atomic
def make_account(*, actor: Actor, name: str) -> tuple[User, str]:
    """A new user and their first password, which is only returned here: the database has its hash.

    The user may do nothing before a role is given. Raises NotAllowed; InputError (`bad_user_name`) for a name that is
    taken or has characters that no name may have.
    """
    authorise(actor, Action.GIVE_ROLE)
    user, password = User(username=name), token_urlsafe(_PASSWORD_BYTES)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        text = f"{name!r} cannot be a user's name: {' '.join(error.messages)}"
        raise InputError(text, code="bad_user_name") from error
    user.save()
    city, subject = actor.city, f"staff:{user.pk}"
    record_audit(city=city, actor=actor.text, action="account_made", subject=subject, at=now(city))
    return user, password


@transaction.atomic
def give_role(*, actor: Actor, user: User, role: Role, insurer_code: str = "", bound_to: Collection[str] = ()) -> None:
    """Give a user a role in the actor's city, in addition to the roles they have there.

    `insurer_code` belongs to the role insurer and to no other. `bound_to` belongs to roles that are held for some areas
    or funds only (`BOUND_BY`): it has their codes. Raises NotAllowed; InputError (`bad_role`); HuiminError
    `staff_of_another_city`, since a user works in one city, and `role_held`.
    """
    authorise(actor, Action.GIVE_ROLE)
    if (role == Role.INSURER) != (insurer_code != ""):
        text = f"found the role {role} with the insurer {insurer_code!r}; expected one with the role insurer alone"
        raise InputError(text, code="bad_role")
    if (role in BOUND_BY) != bool(bound_to):
        text = f"found the role {role} for {' '.join(bound_to) or 'nothing'}; expected codes with {', '.join(BOUND_BY)}"
        raise InputError(f"{text} and with no other role", code="bad_role")
    member = staff_member_of(user) or StaffMember.objects.create(city=actor.city, user=user)
    if member.city_id != actor.city.pk:
        text = f"{user.username} belongs to another city's staff; make an account of its own for this city"
        raise HuiminError(text, code="staff_of_another_city")
    if StaffRole.objects.of(actor.city).filter(member=member, role=role).exists():
        raise HuiminError(f"{user.username} is {role} already", code="role_held")
    codes = " ".join(sorted(set(bound_to)))
    StaffRole.objects.create(city=actor.city, member=member, role=role, insurer_code=insurer_code, bound_to=codes)
    _record(actor, user, "role_given", role, insurer_code, codes)


@transaction.atomic
def take_role(*, actor: Actor, user: User, role: Role) -> None:
    """Take a role back. The user keeps their account and other roles.

    Raises NotAllowed; HuiminError `role_not_held`.
    """
    authorise(actor, Action.GIVE_ROLE)
    if not StaffRole.objects.of(actor.city).filter(member__user=user, role=role).delete()[0]:
        raise HuiminError(f"{user.username} is not {role} in this city", code="role_not_held")
    _record(actor, user, "role_taken", role)


def _record(actor: Actor, user: User, action: str, role: Role, insurer_code: str = "", bound_to: str = "") -> None:
    detail = {"role": str(role)}
    detail |= {name: code for name, code in (("insurer", insurer_code), ("bound_to", bound_to)) if code}
    city, subject = actor.city, f"staff:{user.pk}"
    record_audit(city=city, actor=actor.text, action=action, subject=subject, at=now(city), detail=detail)


def lock_staff(number: str) -> None:
    """Nobody else who locks this person of the staff goes on until the transaction ends. `number`: `Actor.key`."""
    User.objects.select_for_update(no_key=True).filter(pk=int(number)).first()
