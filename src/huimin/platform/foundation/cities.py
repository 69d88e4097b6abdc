"""Opening a city on this server, and letting the systems of others call it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, command_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.cleaning import refuse_unclean
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City, ClientKind
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit

__all__ = ["Credentials", "open_city", "register_client"]

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client signs its requests with. The secret is shown once, to be handed over by a safe way."""

    key_id: str
    secret: str = field(repr=False)


@transaction.atomic
def open_city(*, code: str, name_zh: str, name_en: str, hotline: str = "") -> City:
    """A new city with nobody in it and nothing on sale. `code` stands in its addresses and never changes.

    Whoever types commands on the server may open one: there is no actor in a city before it is there. Raises
    InputError (`bad_city`) for a code that is taken or not of a-z, 0-9, - and _, or for an empty name.
    """
    city = City(code=code, name_zh=name_zh, name_en=name_en, hotline=hotline)
    refuse_unclean(city, f"the city {code!r}", "bad_city", leaving_out={"demonstration_day"})
    city.save()
    actor = command_actor(city)
    record_audit(city=city, actor=actor.text, action="city_opened", subject=f"city:{code}", at=now(city))
    return city


@transaction.atomic
def register_client(*, actor: Actor, kind: ClientKind, code: str, name_zh: str, name_en: str) -> Credentials:
    """Give another organisation's system a key of its own.

    Raises NotAllowed; InputError (`bad_client`) for a code with other characters than a-z, 0-9, - and _, or no name;
    HuiminError (`client_known`) where the city has a client with this code.
    """
    authorise(actor, Action.SET_UP)
    city = actor.city
    if ApiClient.objects.of(city).filter(code=code).exists():
        text = f"the city has a client {code!r} already; give the new system another code"
        raise HuiminError(text, code="client_known")
    given = Credentials(f"{city.code}.{code}", secrets.token_hex(_SECRET_BYTES))
    names = {"code": code, "name_zh": name_zh, "name_en": name_en}
    client = ApiClient(city=city, key_id=given.key_id, kind=kind, secret=given.secret, **names)
    refuse_unclean(client, f"the client {code!r}", "bad_client")
    client.save()
    detail = {"kind": str(kind)}
    subject = f"client:{client.pk}"
    record_audit(city=city, actor=actor.text, action="client_registered", subject=subject, at=now(city), detail=detail)
    return given
