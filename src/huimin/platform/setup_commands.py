"""`huimin setup`: what a city needs before it opens, in the order in which it is needed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.errors import HuiminError, InputError, did_you_mean
from huimin.platform.commands import actor_in, load_django

if TYPE_CHECKING:
    from huimin.platform.catalogue.api import PlanYearFacts
    from huimin.platform.foundation.models import City

__all__ = [
    "add_client",
    "add_insurer",
    "declare",
    "extend",
    "open_a_city",
    "open_account_area",
    "publish",
    "set_invoice_issuer",
    "set_pool_shares",
    "suspend_clocks",
]


def open_a_city(code: str, name_zh: str, name_en: str, hotline: str) -> int:
    load_django()
    from huimin.platform.foundation.cities import open_city  # noqa: PLC0415

    open_city(code=code, name_zh=name_zh, name_en=name_en, hotline=hotline)
    sys.stdout.write(f"{code} is open: nobody is in its register and nothing is on sale yet\n")
    return 0


def publish(code: str, plan: Path, sources: Path | None, first_day: date, last_day: date) -> int:
    """Put the plan of a file on sale. `sources`: the file beside it, unless another is named."""
    load_django()
    from huimin.platform.catalogue.api import publish_plan_year  # noqa: PLC0415

    published = publish_plan_year(
        actor=actor_in(code),
        plan_text=_text(plan),
        sources_text=_text(sources or plan.with_name("sources.toml")),
        window_first_day=first_day,
        window_last_day=last_day,
    )
    sys.stdout.write(
        f"{published.plan_id} is on sale in {code} from {first_day} to {last_day}\n"
        f"digest of its terms: {published.plan_digest}\n"
    )
    return 0


def extend(code: str, plan_id: str, last_day: date, reason: str) -> int:
    load_django()
    from huimin.platform.catalogue.api import extend_window  # noqa: PLC0415

    extend_window(actor=actor_in(code), plan_id=plan_id, last_day=last_day, reason=reason)
    sys.stdout.write(f"everybody may join {plan_id} in {code} until {last_day}\n")
    return 0


def add_insurer(code: str, insurer: str, name_zh: str, name_en: str) -> int:
    load_django()
    from huimin.platform.pool.api import register_insurer  # noqa: PLC0415

    register_insurer(actor=actor_in(code), code=insurer, name_zh=name_zh, name_en=name_en)
    sys.stdout.write(f"{insurer} may have a share in the plan years of {code}\n")
    return 0


def set_pool_shares(code: str, plan_id: str, lead: str, from_day: date, shares: Mapping[str, int]) -> int:
    """`shares`: basis points by insurer."""
    load_django()
    from huimin.platform.pool.api import set_shares  # noqa: PLC0415

    actor = actor_in(code)
    plan_year = _plan_year(actor.city, plan_id)
    set_shares(actor=actor, plan_year=plan_year, basis_points=shares, lead=lead, from_day=from_day)
    sys.stdout.write(f"the shares of {len(shares)} insurers count from {from_day}; {lead} leads\n")
    return 0


def add_client(code: str, kind: str, client: str, name_zh: str, name_en: str) -> int:
    """Register a system and print its key once."""
    load_django()
    from huimin.platform.foundation.cities import register_client  # noqa: PLC0415
    from huimin.platform.foundation.models import ClientKind  # noqa: PLC0415

    given = register_client(actor=actor_in(code), kind=ClientKind(kind), code=client, name_zh=name_zh, name_en=name_en)
    sys.stdout.write(
        f"key id: {given.key_id}\nsecret: {given.secret}\n"
        "Hand the secret over by a safe way; it is not shown again. docs/how-to/signing.md says how to sign.\n"
    )
    return 0


def open_account_area(code: str, area: str, place: str, from_day: date) -> int:
    """`place`: of the published rules by which accounts of the area may pay."""
    load_django()
    from huimin.platform.payments.api import set_account_area  # noqa: PLC0415

    set_account_area(actor=actor_in(code), area=area, place=place, since=from_day)
    sys.stdout.write(f"personal accounts of {area} may pay from {from_day} by the rules of {place}\n")
    return 0


def set_invoice_issuer(code: str, plan_id: str, name: str, credit_code: str, tax_rate: int | None, item: str) -> int:
    """`tax_rate`: basis points, None where the product is exempt."""
    load_django()
    from huimin.platform.invoicing.api import set_issuer  # noqa: PLC0415

    actor = actor_in(code)
    plan_year = _plan_year(actor.city, plan_id)
    set_issuer(actor=actor, plan_year=plan_year, name=name, credit_code=credit_code, tax_rate=tax_rate, item=item)
    taxed = "exempt from tax" if tax_rate is None else f"with {tax_rate} basis points of tax in them"
    sys.stdout.write(f"{name} issues the invoices of {plan_id} in {code} now, {taxed}\n")
    return 0


def _plan_year(city: City, plan_id: str) -> PlanYearFacts:
    """Raises HuiminError (`not_found`), which names the plan years of the city."""
    from huimin.platform.catalogue.api import plan_ids, plan_year_named  # noqa: PLC0415

    plan_year = plan_year_named(city, plan_id)
    if plan_year is None:
        known = plan_ids(city)
        text = f"found no plan year {plan_id!r} in {city.code}; expected one of {', '.join(known) or 'none yet'}"
        raise HuiminError(f"{text}. {did_you_mean(plan_id, known)}".rstrip(), code="not_found")
    return plan_year


def declare(code: str, day: date, reason: str, *, worked: bool) -> int:
    load_django()
    from huimin.platform.foundation.clocks.declaring import declare_day  # noqa: PLC0415

    declare_day(actor=actor_in(code), day=day, worked=worked, reason=reason)
    sys.stdout.write(f"{day} is {'worked' if worked else 'a day off'} in {code}; deadlines are counted again\n")
    return 0


def suspend_clocks(code: str, first_day: date, last_day: date, reason: str, *, take_back: bool) -> int:
    load_django()
    from huimin.platform.foundation.clocks.declaring import (  # noqa: PLC0415
        declare_moratorium,
        take_back_moratorium,
    )

    act = take_back_moratorium if take_back else declare_moratorium
    act(actor=actor_in(code), first_day=first_day, last_day=last_day, reason=reason)
    counts = "count again" if take_back else "count for no clock"
    sys.stdout.write(f"the days from {first_day} to {last_day} {counts} in {code}; deadlines are counted again\n")
    return 0


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"{path}: no such file", code="no_such_file")
    return path.read_text("utf-8")
