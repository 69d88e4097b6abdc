"""Who lives with whom: couples, children with their mothers, and elders with grown children."""

from __future__ import annotations

import numpy as np

from huimin.actuarial.city.parameters import Parameters
from huimin.actuarial.city.streams import by_band, stream
from huimin.batch.table.rows import Flags, Integers

__all__ = ["join_households"]

_GROWN = 20
_LEAVES = 30
_OLD = 65
_MARRIED_AGES = (30, 45, 65, 75)
_MOTHER_AT = (28, 4.5)
"""Age of mothers at birth: mean and standard deviation."""
_HUSBAND_OLDER = (2, 2.5)


def join_households(parameters: Parameters, age: Integers, female: Flags, seed: int) -> Integers:
    """The household of each person, counted from 0. Everybody points to somebody of their household, and each chain of
    pointers ends at its head.
    """
    rng = stream(seed, "households")
    head = np.arange(len(age))
    married = (age >= _GROWN) & (rng.random(len(age)) < by_band(age, _MARRIED_AGES, parameters.numbers("married")))
    _join_couples(head, age, female, married, rng)
    at_home, later = parameters.numbers("with_parents")
    single = head == np.arange(len(age))
    single[np.unique(head[~single])] = False
    chance = np.where(age < _GROWN, at_home, np.where((age < _LEAVES) & single, later, 0.0))
    children = np.flatnonzero(rng.random(len(age)) < chance)
    _join_children(head, children, age, female, parameters.number("mothers"), rng)
    moves = rng.random(len(age)) < parameters.number("elders_with_children")
    _join_elders(head, np.flatnonzero((age >= _OLD) & (head == np.arange(len(age))) & moves), age, rng)
    while (head != head[head]).any():
        head = head[head]
    return np.unique(head, return_inverse=True)[1]


def _join_couples(head: Integers, age: Integers, female: Flags, married: Flags, rng: np.random.Generator) -> None:
    """Let husbands point to wives. Both are sorted by age, with some randomness, and matched in that order."""
    wives, husbands = np.flatnonzero(married & female), np.flatnonzero(married & ~female)
    mean, spread = _HUSBAND_OLDER
    wives = wives[np.argsort(age[wives] + mean + spread * rng.standard_normal(len(wives)), kind="stable")]
    husbands = husbands[np.argsort(age[husbands] + spread * rng.standard_normal(len(husbands)), kind="stable")]
    pairs = min(len(wives), len(husbands))
    head[_spread(husbands, pairs)] = _spread(wives, pairs)


def _spread(people: Integers, count: int) -> Integers:
    """Choose `count` of them, in order. Those who are left out are spread over all ages."""
    return people[np.linspace(0, len(people) - 1, count).astype(np.int64)]


def _join_children(
    head: Integers, children: Integers, age: Integers, female: Flags, mothers: float, rng: np.random.Generator
) -> None:
    """Let children point to women who are older by a mother's age at birth; several to one woman if there are few."""
    mean, spread = _MOTHER_AT
    wanted = age[children] + np.clip(np.rint(mean + spread * rng.standard_normal(len(children))), 18, 45)
    for years in np.unique(wanted):
        mine = children[wanted == years]
        women = np.flatnonzero(female & (age == years))
        women = rng.permutation(women)[: max(1, int(np.ceil(mothers * len(women))))]
        if len(women):
            head[mine] = women[np.arange(len(mine)) % len(women)]


def _join_elders(head: Integers, elders: Integers, age: Integers, rng: np.random.Generator) -> None:
    """Let elders point to somebody of the age of a grown child; everybody who points to them comes along. A host is
    always older than people who point to their mothers, so that pointers never form a circle.
    """
    wanted = age[elders] - np.clip(np.rint(_MOTHER_AT[0] + _MOTHER_AT[1] * rng.standard_normal(len(elders))), 18, 40)
    for years in np.unique(wanted):
        mine = elders[wanted == years]
        hosts = np.flatnonzero((age == years) & (age >= _LEAVES) & (age < _OLD))
        if len(hosts):
            head[mine] = rng.choice(hosts, len(mine))
