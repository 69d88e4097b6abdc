"""Whether a personal account may pay for somebody's cover, and how much: a pure function of an area's rule."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.personal_account.rules import AccountRule, Part

__all__ = ["Asked", "Decision", "Hindrance", "decide"]


class Hindrance(enum.StrEnum):
    """Why the account may not pay."""

    NOT_FOR_THIS_RELATION = "not_for_this_relation"
    RELATIVES_NOT_YET = "relatives_not_yet"
    TOO_MANY_RELATIVES = "too_many_relatives"
    NOT_FILED = "not_filed"
    INSURED_ELSEWHERE = "insured_elsewhere"
    NOT_IN_BENEFIT = "not_in_benefit"
    OTHER_TELEPHONE = "other_telephone"
    BALANCE_NOT_ABOVE = "balance_not_above"
    """The balance is not above what the area asks for."""
    DOES_NOT_COVER_ALL = "does_not_cover_all"
    """The account does not cover everything, and the rest may not be paid in another way."""
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to an account, in fen. Facts about the insured are what the bureau says on `day`."""

    day: date
    premium: int
    relation: Relation
    historic: int
    current: int
    held: int = 0
    """Already set aside, and so not available."""
    relatives_before: int = 0
    """How many relatives this account already pays for in this cover year, without the one asked for."""
    filed: bool = False
    same_city: bool = True
    """Whether payer and insured are insured in one city; `same_province` likewise."""
    same_province: bool = True
    in_benefit: bool = True
    telephone_registered: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """`pays` fen from the account and `rest` fen in another way, together the premium; or all reasons why not.

    `unknown` names what the rule does not say but this case needs: somebody has to ask the area before the account
    pays.
    """

    pays: int = 0
    rest: int = 0
    hindrances: tuple[Hindrance, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def may_pay(self) -> bool:
        return not self.hindrances and not self.unknown


def decide(rule: AccountRule, asked: Asked) -> Decision:
    """What the account may pay of the premium. Raises ValueError for a premium that is not above zero."""
    if asked.premium <= 0:
        raise ValueError(f"found a premium of {asked.premium} fen; expected more than 0")
    hindrances, unknown = _of_insured(rule, asked), _unknown(rule, asked)
    if rule.telephone_registered and not asked.telephone_registered:
        hindrances.append(Hindrance.OTHER_TELEPHONE)
    left = _left(rule, asked)
    if rule.above and left <= rule.above:
        hindrances.append(Hindrance.BALANCE_NOT_ABOVE)
    elif left <= 0:
        hindrances.append(Hindrance.NOTHING_LEFT)
    elif left < asked.premium:
        if rule.split is None:
            unknown = (*unknown, "split")
        elif not rule.split:
            hindrances.append(Hindrance.DOES_NOT_COVER_ALL)
    if hindrances or unknown:
        return Decision(hindrances=tuple(hindrances), unknown=unknown)
    pays = min(left, asked.premium)
    return Decision(pays, asked.premium - pays)


def _of_insured(rule: AccountRule, asked: Asked) -> list[Hindrance]:
    found = []
    if asked.relation not in rule.relations:
        found.append(Hindrance.NOT_FOR_THIS_RELATION)
    if asked.relation is Relation.SELF:
        return found
    if rule.relatives_since is not None and asked.day < rule.relatives_since:
        found.append(Hindrance.RELATIVES_NOT_YET)
    if rule.most_relatives is not None and asked.relatives_before >= rule.most_relatives:
        found.append(Hindrance.TOO_MANY_RELATIVES)
    if rule.filing and not asked.filed:
        found.append(Hindrance.NOT_FILED)
    within = {"city": asked.same_city, "province": asked.same_province}
    if rule.relatives_within is not None and not within[rule.relatives_within]:
        found.append(Hindrance.INSURED_ELSEWHERE)
    if rule.relatives_in_benefit and not asked.in_benefit:
        found.append(Hindrance.NOT_IN_BENEFIT)
    return found


def _unknown(rule: AccountRule, asked: Asked) -> tuple[str, ...]:
    """What the rule does not say and this case needs."""
    needed = ["part", "above", "mode"]
    if asked.relation is not Relation.SELF:
        needed += ["filing"]
        if not asked.same_city:
            needed += ["relatives_within"]
    return tuple(name for name in needed if getattr(rule, name) is None)


def _left(rule: AccountRule, asked: Asked) -> int:
    """The part of the balance that may pay. If the sources do not say which part counts it is the smaller one, so that
    no hindrance is overlooked.
    """
    whole = asked.historic + (asked.current if rule.part is Part.TOTAL else 0)
    return whole - asked.held
