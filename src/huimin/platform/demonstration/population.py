"""Five thousand invented residents in households, with ages like Jiangsu's.

Sources: 60 and older 21.84 %, 65 and older 16.20 % of Jiangsu (census of 2020; published). Assumed: 15 % below 15,
households of 1 to 5, 55 % in employees' basic insurance among those of working age, 12 % with a pre-existing condition
from 45 on. A detailed, calibrated city is the actuary's; this one is for looking at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from huimin.platform.demonstration.names import AREAS, COMMON_SURNAMES, GIVEN_FEMALE, GIVEN_MALE
from huimin.settlement.identity_number import check_character

__all__ = ["FAMILY_OF_FOUR", "NEWBORNS_NUMBER", "Person", "people"]

_TODAY = date(2021, 12, 1)
_HOUSEHOLDS = (
    (("adult",), 15),
    (("adult", "adult"), 20),
    (("adult", "adult", "child"), 24),
    (("adult", "adult", "child", "child"), 9),
    (("old", "old"), 16),
    (("old",), 8),
    (("old", "adult", "adult", "child"), 7),
    (("old", "old", "adult", "adult", "child"), 2),
)
_AGES = {"child": (0, 17), "adult": (18, 59), "old": (60, 94)}


@dataclass(frozen=True, slots=True)
class Person:
    psn_no: str
    household: str
    name: str
    id_number: str
    telephone: str
    birth_date: date
    sex: str
    area: str
    insutype: str
    insured: bool
    pre_existing: tuple[str, ...]


def people(count: int, seed: int = 2022) -> Iterator[Person]:
    """`count` people, the same for the same seed. The first household is Wang Fang's, who guides through the walk."""
    random = Random(seed)
    yield from _wang_family()
    number, household = len(_WANG), 1
    kinds = [kind for kind, _ in _HOUSEHOLDS]
    weights = [weight for _, weight in _HOUSEHOLDS]
    taken: set[str] = set()
    while number < count:
        household += 1
        area = random.choices([code for code, *_ in AREAS], [weight for *_, weight in AREAS])[0]
        surname = random.choice(COMMON_SURNAMES)
        for kind in random.choices(kinds, weights)[0][: count - number]:
            number += 1
            yield _person(random, number, household, area, surname, kind, taken)


_WANG = (
    # (given name, sex, birth date, basic insurance, pre-existing)
    ("王芳", "female", date(1978, 5, 20), "310", ()),
    ("王建国", "male", date(1950, 3, 7), "390", ("hypertension",)),
    ("李秀英", "female", date(1952, 11, 2), "390", ()),
    ("周子涵", "female", date(2010, 9, 1), "390", ()),
)


def _wang_family() -> Iterator[Person]:
    for index, (name, sex, birth_date, insutype, groups) in enumerate(_WANG, start=1):
        id_number = _id_number("329901", birth_date, 2 * index + (sex == "male"))
        telephone = f"100{index:08d}"
        yield Person(
            f"P{index:08d}", "F0000001", name, id_number, telephone, birth_date, sex, "329901", insutype, True, groups
        )


def _person(random: Random, number: int, household: int, area: str, surname: str, kind: str, taken: set[str]) -> Person:
    youngest, oldest = _AGES[kind]
    # Past 60 each year of age is a little rarer than the one before.
    age = (
        min(random.randint(youngest, oldest), random.randint(youngest, oldest))
        if kind == "old"
        else (random.randint(youngest, oldest))
    )
    birth_date = _TODAY - timedelta(days=age * 365 + random.randint(0, 364))
    sex = random.choice(("male", "female"))
    own_surname = surname if kind == "child" or random.random() < 0.5 else random.choice(COMMON_SURNAMES)
    name = own_surname + random.choice(GIVEN_MALE if sex == "male" else GIVEN_FEMALE)
    employee = kind == "adult" and random.random() < 0.55
    groups = ("listed",) if age >= 45 and random.random() < 0.12 else ()
    return Person(
        psn_no=f"P{number:08d}",
        household=f"F{household:07d}",
        name=name,
        id_number=_free_id_number(area, birth_date, number, sex, taken),
        telephone=f"100{number:08d}",
        birth_date=birth_date,
        sex=sex,
        area=area,
        insutype="310" if employee else "390",
        insured=random.random() >= 0.02,
        pre_existing=groups,
    )


def _free_id_number(area: str, birth_date: date, number: int, sex: str, taken: set[str]) -> str:
    """A number that nobody has yet. Odd sequence numbers are men's; up to 500 people of one sex can share a birthday
    and area.
    """
    for step in range(500):
        found = _id_number(area, birth_date, 2 * ((number + step) % 499) + (sex == "male"))
        if found not in taken:
            taken.add(found)
            return found
    raise ValueError(f"no ID number is left for {birth_date} in {area}")


def _id_number(area: str, birth_date: date, sequence: int) -> str:
    """A number with the right form and check character. No area has this code, so that no real person has the
    number.
    """
    first_17 = f"{area}{birth_date:%Y%m%d}{sequence % 1000:03d}"
    return first_17 + check_character(first_17)


def _of_family(
    number: int, name: str, id_number: str, birth_date: date, sex: str, area: str = "329901", insutype: str = "390"
) -> Person:
    # The mother lives by herself, in another area.
    household = "F9000001" if area == "329901" else "F9000002"
    psn_no, telephone = f"P{90_000_000 + number}", f"100{90_000_000 + number}"
    return Person(psn_no, household, name, id_number, telephone, birth_date, sex, area, insutype, True, ())


_BORN = date(2022, 1, 20)
FAMILY_OF_FOUR = (
    _of_family(1, "何雨桐", _id_number("329901", date(1990, 4, 12), 970), date(1990, 4, 12), "female", insutype="310"),
    _of_family(2, "陈浩然", _id_number("329901", date(1988, 8, 8), 971), date(1988, 8, 8), "male"),
    _of_family(3, "何桂兰", _id_number("329902", date(1961, 6, 1), 972), date(1961, 6, 1), "female", "329902"),
    _of_family(4, "陈安", "T320000017", _BORN, "female"),
)
"""An employee, her husband, her mother who is insured in another area, and their newborn, who has a birth certificate
and no ID number yet. They are in the register beside the others, and have joined nothing: a visitor may walk as them.
"""
NEWBORNS_NUMBER = _id_number("329901", _BORN, 974)
"""The ID number that the newborn has got meanwhile: the bureau knows it, the platform does not."""
