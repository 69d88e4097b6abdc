"""The bureau over HTTP, as the sandbox speaks it.

Questions about a person are POSTs, though they change nothing: an ID number has no place in an address, which every
machine on the way writes down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar
from urllib.parse import quote

from django.conf import settings

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.foundation.models import City
from huimin.platform.gateways.bureau import (
    Balance,
    Bureau,
    BureauSettlement,
    HistoryItem,
    Hold,
    HoldRequest,
    HoldState,
    InsuredPerson,
    Match,
    Matched,
    OtherPlan,
    Spell,
)
from huimin.platform.gateways.door import Call, Door
from huimin.platform.gateways.doors import door_to
from huimin.platform.gateways.failures import Refused, Unclear
from huimin.platform.gateways.plain_codes import plain_code
from huimin.settlement.content import refuse_what_cannot_be_kept
from huimin.settlement.reading import KNOWN_SETTLEMENT_COLUMNS, LONGEST_ID, settlement_from_row

__all__ = ["HttpBureau", "bureau_of"]

_PARTY = "bureau"
_PERSONAL = frozenset({"id_number", "name"})
_MOST_ITEMS, _LONGEST = 10_000, 60
_LONGEST_INSTITUTION, _LONGEST_NAME = 40, 80
_CODE = re.compile(r"[a-z0-9_-]+")
T = TypeVar("T")


class HttpBureau:
    def __init__(self, door: Door, city: City) -> None:
        self._door, self._city = door, city

    def find_person(self, key: str, id_number: str, name: str) -> Matched:
        asked = {"key": key, "id_number": id_number, "name": name}
        return self._asked("find_person", "persons", asked, _matched)

    def history(self, key: str, psn_no: str, consent: str, since: date) -> tuple[HistoryItem, ...]:
        asked = {"key": key, "psn_no": psn_no, "consent": consent, "since": since.isoformat()}
        return self._asked("history", "histories", asked, lambda content: _history(content, since))

    def settlements(self, key: str, psn_no: str, consent: str, first: date, last: date) -> tuple[BureauSettlement, ...]:
        asked = {"key": key, "psn_no": psn_no, "consent": consent, "first": str(first), "last": str(last)}
        return self._asked(
            "settlements", "settlements", asked, lambda content: _settlements(content, psn_no, first, last)
        )

    def balance(self, key: str, psn_no: str) -> Balance | None:
        try:
            return self._asked("balance", "balances", {"key": key, "psn_no": psn_no}, _balance)
        except Refused as failure:
            if failure.reason == "no_account":
                return None
            raise

    def hold(self, request: HoldRequest) -> Hold:
        content = {
            "key": request.key,
            "payer": request.payer,
            "insured": request.insured,
            "amount": format_yuan(request.amount),
        }
        found = self._done("hold", Call("hold", "POST", "holds", request.key, content), request.key)
        if found.amount != request.amount:
            raise Unclear(_PARTY, "hold", "contradicts")
        return found

    def charge(self, request: HoldRequest) -> Hold:
        named = {"payer": request.payer, "insured": request.insured, "amount": format_yuan(request.amount)}
        found = self._of_hold("charge", "charges", request.key, named)
        if (found.amount, found.state) != (request.amount, HoldState.CHARGED):
            raise Unclear(_PARTY, "charge", "contradicts")
        return found

    def release(self, key: str) -> Hold:
        return self._of_hold("release", "releases", key, {})

    def _of_hold(self, operation: str, path: str, key: str, named: Mapping[str, str]) -> Hold:
        """Have something done with what is held under this key."""
        ours = f"{operation}:{key}"
        call = Call(operation, "POST", path, ours, {"key": ours, "hold": key, **named})
        return self._done(operation, call, ours, of=key)

    def query_hold(self, key: str) -> Hold | None:
        try:
            return self._done("query_hold", Call("query_hold", "GET", f"holds/{quote(key, safe='')}", key), key)
        except Refused as failure:
            if failure.reason == "hold_not_known":
                return None
            raise

    def _asked(self, operation: str, path: str, asked: Mapping[str, str], made: Callable[[Any], T]) -> T:
        call = Call(operation, "POST", path, asked["key"], asked, _PERSONAL, only_reads=True)
        return self._understood(call, asked["key"], made)

    def _done(self, operation: str, call: Call, key: str, of: str = "") -> Hold:
        return self._understood(call, key, lambda content: _hold(content, of or key))

    def _understood(self, call: Call, key: str, made: Callable[[Any], T]) -> T:
        """The answer's meaning. One about something else, or that says what cannot be, says nothing."""
        content = self._door.call(self._city, call).content
        try:
            if content.get("key") != key:
                raise InputError("it answers another question")
            return made(content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unclear(_PARTY, call.operation, "contradicts") from error


def _matched(content: Mapping[str, Any]) -> Matched:
    match, said = Match(content["match"]), content.get("person")
    if (match is Match.FOUND) != (said is not None):
        raise InputError("it names a person though it found none, or found one and does not name them")
    if said is None:
        return Matched(match)
    spells = tuple(sorted((_spell(one) for one in said["spells"]), key=lambda spell: spell.first))
    if any(one.last is None or one.last >= after.first for one, after in pairwise(spells)):
        raise InputError("two spells of basic insurance overlap")
    sex = {"male": "male", "female": "female"}[said["sex"]]
    covers = None if said.get("covers") is None else tuple(_other_plan(one) for one in said["covers"])
    return Matched(match, InsuredPerson(_word(said["psn_no"]), _day(said["birth_date"]), sex, spells, covers))


def _other_plan(said: Mapping[str, Any]) -> OtherPlan:
    found = OtherPlan(said["plan"].strip(), _day(said["first"]), _day(said["last"]))
    if not 0 < len(found.plan) <= _LONGEST or not found.plan.isprintable() or found.last < found.first:
        raise InputError("cover elsewhere has no name, or ends before it begins")
    return found


def _spell(said: Mapping[str, Any]) -> Spell:
    last = said.get("last")
    found = Spell(
        _word(said["insutype"]), _word(said["area"]), _day(said["first"]), None if last is None else _day(last)
    )
    if found.last is not None and found.last < found.first:
        raise InputError("a spell ends before it begins")
    return found


def _history(content: Mapping[str, Any], since: date) -> tuple[HistoryItem, ...]:
    items = content["items"]
    if len(items) > _MOST_ITEMS:
        raise InputError(f"found {len(items)} items; expected {_MOST_ITEMS} at most")
    found = tuple(_item(one) for one in items)
    if any(item.day < since for item in found):
        # The consent is for a period. What lies outside it must not be known here.
        raise InputError("an item lies before the period that was asked for")
    return found


def _item(said: Mapping[str, Any]) -> HistoryItem:
    group = said.get("group")
    return HistoryItem(
        _word(said["diagnosis"]), _day(said["day"]), _word(said["institution"]), "" if group is None else _word(group)
    )


def _settlements(content: Mapping[str, Any], psn_no: str, first: date, last: date) -> tuple[BureauSettlement, ...]:
    told = content["settlements"]
    if len(told) > _MOST_ITEMS:
        raise InputError(f"found {len(told)} settlements; expected {_MOST_ITEMS} at most")
    found = [_settlement(one) for one in told]
    if any(one.content["psn_no"] != psn_no for one in found):
        # Nobody agreed that a stranger's bill is known here, and who mixes people up may have mixed up the rest.
        raise InputError("a settlement is somebody else's")
    if not all(first <= one.settled_on <= last for one in found):
        raise InputError("a settlement lies outside the period that was asked for")
    return tuple(sorted(found, key=lambda one: (one.content["setl_time"], one.setl_id)))


def _settlement(said: Mapping[str, Any]) -> BureauSettlement:
    """Only the fields of a bill are kept: the consent is for settlements."""
    content = {name: _text(value) for name, value in said.items() if name in KNOWN_SETTLEMENT_COLUMNS and value}
    name = said["fixmedins_name"].strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InputError("an institution has no name that can be shown")
    settlement = settlement_from_row(content)
    refuse_what_cannot_be_kept(settlement)
    return BureauSettlement(
        institution=_institution(said["fixmedins_code"]),
        institution_name=name,
        setl_id=plain_code(content["setl_id"], LONGEST_ID),
        settled_on=settlement.setl_time.date(),
        content=content,
    )


def _institution(value: Any) -> str:
    """Its code as the platform writes it: clients have codes in small letters."""
    code = plain_code(value, _LONGEST_INSTITUTION).lower()
    if not _CODE.fullmatch(code):
        raise InputError("an institution's code has other signs than letters, digits, - and _")
    return code


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InputError("a settlement's field is no text")
    return value


def _balance(content: Mapping[str, Any]) -> Balance:
    historic, current, held = (parse_yuan(content[name]) for name in ("historic", "current", "held"))
    if min(historic, current, held) < 0 or held > historic + current:
        raise InputError("an account holds less than nothing, or more is set aside than there is")
    return Balance(_word(content["area"]), historic, current, held, frozenset(map(_word, content["relatives"])))


def _hold(content: Mapping[str, Any], key: str) -> Hold:
    if content["hold"] != key:
        raise InputError("it is of another hold")
    return Hold(key, HoldState(content["state"]), parse_yuan(content["amount"]))


def _day(value: Any) -> date:
    found: date = date.fromisoformat(value)
    return found


def _word(value: Any) -> str:
    return plain_code(value, _LONGEST)


def bureau_of(city: City) -> Bureau:
    """The bureau that knows this city's insured."""
    return HttpBureau(door_to(_PARTY, settings.BUREAU, request_key=_PARTY, answer_key=_PARTY), city)
