"""What somebody says is so on a policy, read and checked before anybody decides on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.clock import today
from huimin.platform.people.api import areas, identities_of, refuse_taken_number
from huimin.platform.servicing.endorsing.learned import issued_facts
from huimin.platform.servicing.endorsing.state import Endorsement, facts_on
from huimin.platform.servicing.requests.failures import RequestError
from huimin.settlement import INSUTYPES
from huimin.settlement.documents import parse_document
from huimin.settlement.names import check_name

__all__ = ["MAY_CHANGE", "MAY_CORRECT", "checked_facts", "facts_now"]

MAY_CORRECT = ("name", "id_number", "birth_date", "sex", "insutype", "area")
MAY_CHANGE = ("insutype", "area")
"""Who somebody is does not change within a year: what was written wrongly is corrected."""
_SEXES = ("male", "female")


def facts_now(policy: PolicyFacts, endorsements: list[Endorsement]) -> dict[str, Any]:
    """The facts as they are on the policy today, with the name and the number of the register."""
    identity = identities_of(policy.city, [policy.insured_id])[policy.insured_id]
    of_policy = facts_on(issued_facts(policy), endorsements, max(today(policy.city), policy.cover_sold[0]))
    return {**of_policy, "name": identity.name, "id_number": identity.id_number}


def checked_facts(
    policy: PolicyFacts, said: Mapping[str, Any], now: Mapping[str, Any], *, change: bool
) -> dict[str, Any]:
    """The facts that are another than `now`, as JSON has them. An ID number brings its birth date and sex with it.

    Raises RequestError: `fact_not_changeable`, `fact_unreadable`, `nothing_to_correct`; InputError
    (`bad_identity_number`, `bad_name`); HuiminError `id_number_taken`.
    """
    unknown = set(said) - set(MAY_CHANGE if change else MAY_CORRECT)
    if unknown:
        text = f"found {', '.join(sorted(unknown))}; expected one of {', '.join(MAY_CHANGE if change else MAY_CORRECT)}"
        raise RequestError(text, code="fact_not_changeable")
    found = {name: _READ[name](policy, value) for name, value in said.items() if value not in ("", None)}
    if "id_number" in found:
        document = parse_document(found["id_number"])
        if document.birth_date is not None and document.sex is not None:
            found |= {"birth_date": document.birth_date.isoformat(), "sex": document.sex}
    found = {name: value for name, value in found.items() if value != now.get(name)}
    if not found:
        raise RequestError("everything named is as it is on the policy already", code="nothing_to_correct")
    return found


def _name(_policy: PolicyFacts, value: str) -> str:
    return check_name(value)


def _birth_date(policy: PolicyFacts, value: Any) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(value)
    if not date(1900, 1, 1) <= day <= policy.cover_sold[1]:
        raise _unreadable("birth_date", "a day from 1900 to the end of cover")
    return day.isoformat()


def _number(policy: PolicyFacts, value: str) -> str:
    return refuse_taken_number(policy.city, policy.insured_id, value)


def _one_of(name: str, choices: Mapping[str, Any]) -> Any:
    def read(_policy: PolicyFacts, value: str) -> Any:
        if value not in choices:
            raise _unreadable(name, f"one of {', '.join(choices)}")
        return choices[value]

    return read


def _area(policy: PolicyFacts, value: Any) -> int:
    known = {area.code: area.id for area in areas(policy.city)}
    if value not in known:
        raise _unreadable("area", f"one of {', '.join(sorted(known))}")
    return known[value]


def _unreadable(name: str, expected: str) -> RequestError:
    return RequestError(f"the {name} cannot be read; expected {expected}", code="fact_unreadable")


_READ: Mapping[str, Any] = {
    "name": _name,
    "id_number": _number,
    "birth_date": _birth_date,
    "sex": _one_of("sex", {one: one for one in _SEXES}),
    "insutype": _one_of("insutype", {one: one for one in INSUTYPES.values()}),
    "area": _area,
}
