"""What the sandbox's bureau knows about the invented residents: their cover, medical history and personal accounts.

Assumed: employees have a personal account with 500 to 20,000 yuan from earlier years, and one in three has registered
the family to share it; as in Jiangsu, nobody has to. All records are invented: they are drawn by a seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from huimin.money import format_yuan
from huimin.platform.demonstration.bills import bill
from huimin.platform.demonstration.names import ELSEWHERE, HOSPITALS
from huimin.platform.demonstration.population import FAMILY_OF_FOUR, NEWBORNS_NUMBER, Person, people

__all__ = ["entries", "write_register"]

_FIRST, _LAST = date(2016, 1, 1), date(2021, 11, 30)
_ENDED = date(2021, 8, 31)
_DIAGNOSES = {"hypertension": ("I10.x00",), "listed": ("C34.900", "E11.900", "I63.900", "N18.000")}
_ORDINARY = ("J06.900", "K29.500", "M54.500", "J18.900")
_ONE_IN_SO_MANY_ELSEWHERE = 60
_ELSEWHERE = [{"plan": "邻市惠民保（虚构）", "first": "2022-01-01", "last": "2022-12-31"}]
"""Some work in the next city, and joined its plan."""
_ONE_IN_SO_MANY_FILED = _ONE_IN_SO_MANY_TREATED = 3
_FIRST_SETTLED, _DAYS_SETTLED = date(2022, 1, 3), 60
_ENOUGH_FOR_TWO = "4200.00"
"""Jiangsu's accounts pay while there are more than 4,000 yuan in them."""
_GUIDES_THROUGH = "F0000001"
"""Wang Fang's household, which the guided walk uses, is registered to share her account."""


def write_register(path: Path, count: int) -> None:
    """Write the register of the first `count` residents and of the family of four as JSON.

    The invented people have invented ID numbers.
    """
    path.write_text(json.dumps([*entries(count), *_family_of_four()], ensure_ascii=False), "utf-8")


def _family_of_four() -> Iterator[dict[str, Any]]:
    """The first has an account that can pay for two of them; the last stands in it by both of her numbers."""
    for person in FAMILY_OF_FOUR:
        entry = _entry(person, FAMILY_OF_FOUR, Random(person.psn_no))
        if entry["account"] is not None:
            entry["account"] |= {"historic": _ENOUGH_FOR_TWO}
        yield entry
    yield {**entry, "id_number": NEWBORNS_NUMBER}


def entries(count: int, seed: int = 2022) -> Iterator[dict[str, Any]]:
    random = Random(seed)
    for household, members in groupby(people(count), key=lambda person: person.household):
        family = list(members)
        filed = random.randrange(_ONE_IN_SO_MANY_FILED) == 0 or household == _GUIDES_THROUGH
        for person in family:
            yield _entry(person, family if filed else [], random)


def _entry(person: Person, sharing: Sequence[Person], random: Random) -> dict[str, Any]:
    first = max(_FIRST, person.birth_date)
    spell = {"insutype": person.insutype, "area": person.area, "first": first.isoformat(), "last": None}
    if not person.insured:
        spell["last"] = max(first, _ENDED).isoformat()
    return {
        "id_number": person.id_number,
        "name": person.name,
        "psn_no": person.psn_no,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "spells": [spell],
        "settlements": list(_settlements(person)),
        "history": sorted(_history(person, random), key=lambda item: item["day"]),
        "account": _account(person, sharing, random) if person.insutype == "310" else None,
        "covers": _ELSEWHERE if int(person.psn_no[1:]) % _ONE_IN_SO_MANY_ELSEWHERE == 0 else [],
    }


def _history(person: Person, random: Random) -> list[dict[str, str]]:
    codes = [(random.choice(_DIAGNOSES[group]), group) for group in person.pre_existing]
    codes += [(code, "") for code in random.sample(_ORDINARY, random.randint(0, 2))]
    first = max(_FIRST, person.birth_date)
    days = max(0, (_LAST - first).days)
    return [
        {
            "diagnosis": code,
            "day": (first + timedelta(days=random.randint(0, days))).isoformat(),
            "institution": random.choice(HOSPITALS)[0],
            **({"group": group} if group else {}),
        }
        for code, group in codes
    ]


def _settlements(person: Person) -> Iterator[dict[str, str]]:
    """Bills of hospitals elsewhere, which send the platform nothing: whoever claims by one tap has something to find.

    Drawn for each person alone, so that nothing else of the register depends on them.
    """
    random = Random(person.psn_no)
    if person.household != _GUIDES_THROUGH and random.randrange(_ONE_IN_SO_MANY_TREATED):
        return
    for number in range(random.randint(1, 2)):
        code, name = random.choice(ELSEWHERE)
        day = _FIRST_SETTLED + timedelta(days=random.randrange(_DAYS_SETTLED))
        moment = datetime.combine(day, time(random.randint(8, 17), random.randrange(60)))
        told = bill(f"E{person.psn_no}-{number + 1}", person.psn_no, moment, random)
        yield {"fixmedins_code": code, "fixmedins_name": name, **told}


def _account(person: Person, sharing: Sequence[Person], random: Random) -> dict[str, Any]:
    return {
        "area": person.area,
        "historic": format_yuan(random.randint(500_00, 20_000_00)),
        "current": format_yuan(random.randint(0, 3_000_00)),
        "filing": False,
        "relatives": [relative.psn_no for relative in sharing if relative is not person],
    }
