"""Opening a city on this server, and letting the systems of others call it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.db import transaction

from huimin.errors import HuiminError, InputError
from huimin.platform.foundation.actors import Actor, command_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.cleaning import refuse_unclean
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City, ClientKind
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit

__all__ = ["Credentials", "institution_named", "open_city", "register_client"]

_SECRET_BYTES = 32
_KEYLESS = "institution:"
"""How the key of an institution begins that sends nothing itself. No signature is made with such a key."""


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
    HuiminError (`client_known`) where the city has a client with this code. An institution that was known without a key
    keeps its bills.
    """
    authorise(actor, Action.SET_UP)
    city = actor.city
    known = ApiClient.objects.of(city).filter(code=code).first()
    if known is not None and not known.key_id.startswith(_KEYLESS):
        text = f"the city has a client {code!r} already; give the new system another code"
        raise HuiminError(text, code="client_known")
    given = Credentials(f"{city.code}.{code}", secrets.token_hex(_SECRET_BYTES))
    names = {"code": code, "name_zh": name_zh, "name_en": name_en}
    client = ApiClient(city=city, key_id=given.key_id, kind=kind, secret=given.secret, **names)
    if known is not None:
        client.pk, client._state.adding = known.pk, False
    refuse_unclean(client, f"the client {code!r}", "bad_client")
    client.save()
    detail = {"kind": str(kind)}
    subject = f"client:{client.pk}"
    record_audit(city=city, actor=actor.text, action="client_registered", subject=subject, at=now(city), detail=detail)
    return given


def institution_named(*, city: City, code: str, name: str) -> ApiClient:
    """The hospital or pharmacy with this code. One that is no client yet becomes known by its name and gets no key.

    Call it inside a transaction. Raises InputError (`bad_client`) where the code is that of a client of another kind.
    """
    first = {
        "key_id": f"{_KEYLESS}{city.code}.{code}",
        "kind": ClientKind.HOSPITAL,
        "name_zh": name,
        "name_en": name,
        "secret": secrets.token_hex(_SECRET_BYTES),
        "active": False,
    }
    client, _ = ApiClient.objects.of(city).get_or_create(city=city, code=code, defaults=first)
    if client.kind not in (ClientKind.HOSPITAL, ClientKind.PHARMACY):
        text = f"found {code!r}, which is the code of a {client.kind}; expected that of a hospital or pharmacy"
        raise InputError(text, code="bad_client")
    client.city = city
    return client
