"""The bureau: a register of insured people, their records and their personal accounts, asked one person at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from huimin.sandbox.misbehaving import Behaviour
from huimin.sandbox.wire import Answer, Request, fen_of, json_answer, problem, yuan_of

__all__ = ["SETTLEMENT_KINDS", "Bureau", "Held"]

_ADDRESSES = (
    "Expected POST /persons, /histories, /settlements, /balances, /holds, /charges or /releases, or GET /holds/KEY."
)
SETTLEMENT_KINDS = ("of_a_stranger", "other_amounts", "outside_period", "one_twice")
"""What a button or a seed may do to the next list of settlements."""
_AMOUNTS = ("medfee_sumamt", "psn_part_amt", "fulamt_ownpay_amt")
"""These go up together, so that the bill is in itself as good as before."""


@dataclass(slots=True)
class Held:
    """Money set aside in a payer's account, in fen."""

    key: str
    payer: str
    insured: str
    amount: int
    content: bytes
    state: str = "held"

    @property
    def yuan(self) -> str:
        return yuan_of(self.amount)


@dataclass(slots=True)
class Bureau:
    """`people`: one mapping a person, as the demonstration writes them (amounts are yuan as text)."""

    people: Iterable[Mapping[str, Any]] = ()
    behaviour: Behaviour = field(default_factory=lambda: Behaviour(SETTLEMENT_KINDS))
    holds: dict[str, Held] = field(default_factory=dict)
    _by_id: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _by_psn: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        for person in self.people:
            self.register(person)

    def register(self, person: Mapping[str, Any]) -> None:
        """Have a person in the register; one with the same numbers is replaced."""
        self._by_id[person["id_number"]] = self._by_psn[person["psn_no"]] = person

    @property
    def count(self) -> int:
        return len(self._by_psn)

    def answer(self, request: Request, kind: str) -> Answer:
        if request.method == "GET" and request.path.startswith("holds/"):
            return self._hold(unquote(request.path.removeprefix("holds/")))
        answers: Mapping[str, Callable[[Mapping[str, str], bytes], Answer]] = {
            "persons": self._person,
            "histories": self._history,
            "settlements": self._settlements,
            "balances": self._balance,
            "holds": self._set_aside,
            "charges": self._charge,
            "releases": self._release,
        }
        wanted = answers.get(request.path) if request.method == "POST" else None
        if wanted is None:
            return problem(404, "no_such_address", _ADDRESSES)
        content = _content(request.body)
        if content is None or content.get("key") != request.key:
            return problem(422, "bad_question", "Expected an object of texts with key (the Idempotency-Key).")
        try:
            return wanted(content, request.body)
        except KeyError as error:
            return problem(422, "bad_question", f"The field {error.args[0]} is absent.")

    def _person(self, asked: Mapping[str, str], body: bytes) -> Answer:
        person = self._by_id.get(asked["id_number"])
        if person is None:
            return json_answer({"key": asked["key"], "match": "not_known"})
        if person.get("not_answered"):
            return problem(422, person["not_answered"], "This person's area cannot be asked at the moment.")
        if person["name"] != asked["name"]:
            return json_answer({"key": asked["key"], "match": "name_differs"})
        told = {name: person[name] for name in ("psn_no", "birth_date", "sex", "spells")}
        told |= {"covers": person.get("covers", [])}
        return json_answer({"key": asked["key"], "match": "found", "person": told})

    def _history(self, asked: Mapping[str, str], body: bytes) -> Answer:
        if not asked["consent"]:
            return problem(403, "consent_missing", "The person's own consent must be named.")
        person = self._by_psn.get(asked["psn_no"])
        if person is None:
            return problem(404, "person_not_known", "Nobody has this number.")
        items = [item for item in person["history"] if item["day"] >= asked["since"]]
        return json_answer({"key": asked["key"], "items": items})

    def _settlements(self, asked: Mapping[str, str], body: bytes) -> Answer:
        """Those from the first to the last day; some wrongly, where a button or a seed says so."""
        if not asked["consent"]:
            return problem(403, "consent_missing", "The person's own consent must be named.")
        person = self._by_psn.get(asked["psn_no"])
        if person is None:
            return problem(404, "person_not_known", "Nobody has this number.")
        known = [{**one, "psn_no": asked["psn_no"]} for one in person.get("settlements", ())]
        found = [one for one in known if asked["first"] <= one["setl_time"][:10] <= asked["last"]]
        told = _wrongly(found, self.behaviour.next(SETTLEMENT_KINDS))
        return json_answer({"key": asked["key"], "settlements": told})

    def _balance(self, asked: Mapping[str, str], body: bytes) -> Answer:
        account = self._account(asked["psn_no"])
        if account is None:
            return problem(404, "no_account", "This person has no personal account.")
        held = yuan_of(self._held_of(asked["psn_no"]))
        told = {name: account[name] for name in ("area", "historic", "current", "relatives")}
        return json_answer({"key": asked["key"], **told, "held": held})

    def _set_aside(self, asked: Mapping[str, str], body: bytes) -> Answer:
        """What comes again under its key is one hold; another one under that key is refused."""
        with self._lock:
            known = self.holds.get(asked["key"])
            if known is not None:
                same = known.content == body
                return _told(known) if same else problem(409, "key_reused", "This key was used for another hold.")
            refusal = self._refusal(asked)
            if refusal is not None:
                return refusal
            held = Held(asked["key"], asked["payer"], asked["insured"], fen_of(asked["amount"]), body)
            self.holds[held.key] = held
        return _told(held)

    def _refusal(self, asked: Mapping[str, str]) -> Answer | None:
        account, payer, insured = self._account(asked["payer"]), asked["payer"], asked["insured"]
        if account is None:
            return problem(422, "no_account", "The payer has no personal account.")
        if insured != payer and account.get("filing", True) and insured not in account["relatives"]:
            return problem(422, "relative_not_filed", "The insured is not filed to share this account.")
        left = fen_of(account["historic"]) - self._held_of(payer)
        if not 0 < fen_of(asked["amount"]) <= left:
            return problem(422, "balance_too_low", "The historic balance does not cover the amount.")
        return None

    def _charge(self, asked: Mapping[str, str], body: bytes) -> Answer:
        with self._lock:
            known = self.holds.get(asked["hold"])
            if known is None:
                # What was held before the sandbox was started again is charged by what the call says.
                if self._account(asked["payer"]) is None:
                    return problem(422, "no_account", "The payer has no personal account.")
                known = Held(asked["hold"], asked["payer"], asked["insured"], fen_of(asked["amount"]), body)
                self.holds[known.key] = known
            if known.state == "released":
                return problem(422, "released", "The hold was given up.")
            if (self._account(known.payer) or {}).get("frozen"):
                return problem(422, "account_frozen", "The account is frozen.")
            known.state = "charged"
        return _told(known, asked["key"])

    def _release(self, asked: Mapping[str, str], body: bytes) -> Answer:
        with self._lock:
            known = self.holds.get(asked["hold"])
            if known is None:
                return problem(404, "hold_not_known", "No hold has this key.")
            if known.state == "charged":
                return problem(422, "charged", "The account was charged already.")
            known.state = "released"
        return _told(known, asked["key"])

    def _hold(self, key: str) -> Answer:
        known = self.holds.get(key)
        return problem(404, "hold_not_known", "No hold has this key.") if known is None else _told(known)

    def _account(self, psn_no: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._by_psn.get(psn_no, {}).get("account")
        return found

    def _held_of(self, payer: str) -> int:
        """What is set aside or charged: the register's balance is that of before."""
        return sum(one.amount for one in self.holds.values() if one.payer == payer and one.state != "released")


def _wrongly(found: list[dict[str, str]], kind: str) -> list[dict[str, str]]:
    """The settlements, the first of them as `kind` has it. Of none nothing can be wrong."""
    if not found or not kind:
        return found
    one = dict(found[0])
    if kind == "one_twice":
        return [one, *found]
    if kind == "of_a_stranger":
        one |= {"psn_no": "P99999999", "setl_id": f"{one['setl_id']}-X"}
        return [*found, one]
    if kind == "outside_period":
        return [one | {"setl_time": "1999-12-31 10:00:00"}, *found[1:]]
    more = {name: yuan_of(fen_of(one[name]) + 100_00) for name in _AMOUNTS if name in one}
    return [one | more, *found[1:]]


def _told(held: Held, key: str = "") -> Answer:
    """`key`: of the call that is answered, where it is not the hold's own."""
    return json_answer({"key": key or held.key, "hold": held.key, "state": held.state, "amount": held.yuan})


def _content(body: bytes) -> dict[str, str] | None:
    """What is asked, if it has the form of a question."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    right = isinstance(content, dict) and all(isinstance(value, str) for value in content.values())
    return content if right else None
