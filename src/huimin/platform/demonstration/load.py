"""Loads the demonstration city through the platform's own services."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from huimin.platform.catalogue.api import PlanYearFacts, publish_plan_year
from huimin.platform.claims.api import receive_settlement
from huimin.platform.demonstration.accounts import open_accounts, pay_from_accounts
from huimin.platform.demonstration.bills import bill, held_bills
from huimin.platform.demonstration.bureau_register import entries
from huimin.platform.demonstration.buying import buy
from huimin.platform.demonstration.company_days import compare_with_bank, compare_with_company
from huimin.platform.demonstration.hospital_statements import load_hospital_statements
from huimin.platform.demonstration.invoices import load_invoices
from huimin.platform.demonstration.many import load_many
from huimin.platform.demonstration.names import AGENCY_AREAS, AREAS, HOSPITALS, INSURERS, SPONSORS, STAFF
from huimin.platform.demonstration.population import FAMILY_OF_FOUR, Person, people
from huimin.platform.demonstration.renewals import load_renewals
from huimin.platform.demonstration.subsidies import load_subsidies
from huimin.platform.demonstration.trials import load_trials
from huimin.platform.demonstration.year_begun import load_requests_and_claims
from huimin.platform.enrolment.api import PolicyFacts, policies_of_city
from huimin.platform.foundation.actors import Actor, client_actor, demonstration_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import ApiClient, City, ClientKind, Role, User
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.staff import give_role
from huimin.platform.people.api import Area, Household, PersonFacts, Resident, persons_by_id
from huimin.platform.pool.api import Insurer, set_shares
from huimin.platform.tasks.api import Status, Task

__all__ = ["CITY", "PASSWORD", "RESIDENTS", "load_demonstration"]

CITY = "demo"
PASSWORD = "demonstration-2022"  # noqa: S105 - printed by `make run`; the city is invented
_BATCH = 2_000
_WINDOW = (date(2021, 12, 1), date(2022, 2, 28))
_TODAY = date(2022, 2, 15)
RESIDENTS = 5_000
_WHOLE = 1_000
"""In a smaller city, as tests have one, there are no families left for everything that the demonstration shows."""
_ORDERS = 480
_BILLS = 64
_HOTLINE = "000-0000-0000"
"""A number that nobody has: the city is invented, and a button must not ring a stranger."""


def load_demonstration(residents: int = RESIDENTS, orders: int = _ORDERS, bills: int = _BILLS) -> City:
    """Load the city unless it exists. It is one transaction, so that the city exists completely or not at all."""
    found = City.objects.filter(code=CITY).first()
    if found is not None:
        return found
    with transaction.atomic():
        city = City.objects.create(
            code=CITY,
            name_zh="示范市（演示）",
            name_en="Shifan (demo)",
            demonstration_day=_WINDOW[0],
            hotline=_HOTLINE,
        )
        random = Random(2022)
        _staff(city)
        *hospitals, channel = _clients(city)
        plan_year = _plan_year(city)
        _pool(city, plan_year)
        areas = {code: Area.objects.create(city=city, code=code, name_zh=zh, name_en=en) for code, zh, en, _ in AREAS}
        families = _register(city, areas, people(residents))
        if residents >= _WHOLE:
            _register(city, areas, FAMILY_OF_FOUR)
        _enrol(client_actor(channel), plan_year, families, random, orders)
        open_accounts(city)
        if residents >= _WHOLE:
            pay_from_accounts(client_actor(channel), plan_year, families, last=_TODAY)
            compare_with_company(city, _TODAY)
            compare_with_bank(city, _TODAY)
            load_many(city, plan_year, families, _WINDOW[0])
            load_subsidies(city, client_actor(_as_of(channel, city)), plan_year, families, _WINDOW[0])
            shares = {code: share for code, _, _, share in INSURERS}
            load_renewals(city, client_actor(_as_of(channel, city)), plan_year, families, shares)
        city.demonstration_day = _TODAY
        _claims(city, hospitals, random, bills)
        if residents >= _WHOLE:
            load_hospital_statements(city, _TODAY, _covered(city)[-12:-8])
            told = {one["psn_no"]: one for one in entries(residents)}
            load_requests_and_claims(city, plan_year, _TODAY, told)
            asking, settling = (_as_of(one, city) for one in hospitals[1:3])
            load_trials(asking, settling, _covered(city)[-8:], _TODAY)
        City.objects.filter(pk=city.pk).update(demonstration_day=_TODAY)
        # Nobody waits for these messages: the sandbox's inbox is for messages from now on.
        Task.objects.of(city).update(status=Status.DONE, finished_at=now(city))
        if residents >= _WHOLE:
            load_invoices(city, client_actor(_as_of(channel, city)), plan_year, families)
    return city


def _staff(city: City) -> None:
    password = make_password(PASSWORD)  # hashing is slow on purpose, so it is done once for all users
    for name, role, insurer in STAFF:
        user = User.objects.create(username=name, password=password)
        bound_to = AGENCY_AREAS if role == Role.ACCOUNT_AGENCY else SPONSORS.get(name, ())
        give_role(actor=demonstration_actor(city), user=user, role=Role(role), insurer_code=insurer, bound_to=bound_to)


def _clients(city: City) -> list[ApiClient]:
    """The hospitals, and last the channel."""
    rows = [(ClientKind.HOSPITAL, *hospital) for hospital in HOSPITALS]
    rows.append((ClientKind.CHANNEL, "channel-1", "示范市政务服务App", "City services app (demonstration)"))
    return [
        ApiClient.objects.create(
            city=city,
            key_id=f"{city.code}.{code}",
            kind=kind,
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            secret=secrets.token_hex(32),
        )
        for kind, code, name_zh, name_en in rows
    ]


def _plan_year(city: City) -> PlanYearFacts:
    home = files("huimin") / "plans" / "jiangsu" / "yihuibao-1" / "2022"
    return publish_plan_year(
        actor=demonstration_actor(city),
        plan_text=(home / "plan.toml").read_text("utf-8"),
        sources_text=(home / "sources.toml").read_text("utf-8"),
        window_first_day=_WINDOW[0],
        window_last_day=_WINDOW[1],
    )


def _pool(city: City, plan_year: PlanYearFacts) -> None:
    for code, zh, en, _ in INSURERS:
        Insurer.objects.create(city=city, code=code, name_zh=zh, name_en=en)
    shares = {code: share for code, _, _, share in INSURERS}
    set_shares(
        actor=demonstration_actor(city), plan_year=plan_year, basis_points=shares, lead="lead", from_day=_WINDOW[0]
    )


def _register(city: City, areas: Mapping[str, Area], known: Iterable[Person]) -> list[list[PersonFacts]]:
    """Residents by household."""
    persons = list(known)
    numbers = sorted({person.household for person in persons})
    Household.objects.bulk_create((Household(city=city, number=number) for number in numbers), batch_size=_BATCH)
    households = {household.number: household for household in Household.objects.of(city)}
    rows = [_resident(city, person, areas, households) for person in persons]
    residents = Resident.objects.bulk_create(rows, batch_size=_BATCH)
    families: dict[int, list[PersonFacts]] = defaultdict(list)
    found = persons_by_id(city, [resident.pk for resident in residents])
    for resident in residents:  # in the order of the register: the demonstration is the same each time
        families[resident.household_id].append(found[resident.pk])
    return list(families.values())


def _resident(city: City, person: Person, areas: Mapping[str, Area], households: Mapping[str, Household]) -> Resident:
    return Resident(
        city=city,
        psn_no=person.psn_no,
        name=person.name,
        id_number=person.id_number,
        id_index=blind_index(city.code, person.id_number),
        telephone=person.telephone,
        birth_date=person.birth_date,
        sex=person.sex,
        area=areas[person.area],
        insutype=person.insutype,
        insured=person.insured,
        confirmed_at=timezone.now(),
        household=households[person.household],
        pre_existing=list(person.pre_existing),
    )


def _enrol(
    channel: Actor, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]], random: Random, orders: int
) -> None:
    """Families join day by day, most of them early, and the middle-aged and old more often than the young.

    The first family is left out for whoever tries the demonstration.
    """
    willing = [family for family in families[1:] if all(person.insured for person in family)]
    weights = [sum(_attachment(person) for person in family) / len(family) for family in willing]
    chosen: dict[int, list[PersonFacts]] = {}
    while len(chosen) < min(orders, len(willing) // 2):
        index = random.choices(range(len(willing)), weights)[0]
        chosen[index] = willing[index]
    days = sorted(min(random.randint(0, 75), random.randint(0, 75)) for _ in chosen)
    for family, offset in zip(chosen.values(), days, strict=True):
        channel.city.demonstration_day = _WINDOW[0] + timedelta(days=offset)
        _one_order(channel, plan_year, family, random)


def _attachment(person: PersonFacts) -> float:
    """How likely somebody joins: 64 % of Jiangsu's enrolled were born from 1950 to 1979 (published)."""
    return 3.0 if 1950 <= person.birth_date.year <= 1979 else 1.0


def _one_order(channel: Actor, plan_year: PlanYearFacts, family: list[PersonFacts], random: Random) -> None:
    adults = [person for person in family if person.birth_date.year <= 2003] or family
    applicant = max(adults, key=_attachment)
    others = [person for person in family if person != applicant and random.random() < 0.6]
    insured = [(applicant, Relation.SELF)] + [(person, _relation(applicant, person)) for person in others]
    buy(channel, plan_year, applicant, insured)


def _relation(applicant: PersonFacts, person: PersonFacts) -> Relation:
    years = (person.birth_date - applicant.birth_date).days / 365
    if years > 15:
        return Relation.CHILD
    return Relation.PARENT if years < -15 else Relation.SPOUSE


def _claims(city: City, hospitals: Sequence[ApiClient], random: Random, count: int) -> None:
    covered = _covered(city)
    last = _TODAY - timedelta(days=1)
    for number in range(count):
        policy = random.choice(covered)
        day = date(2022, 1, 1) + timedelta(days=random.randint(0, (last - date(2022, 1, 1)).days))
        moment = datetime(day.year, day.month, day.day, random.randint(8, 17), random.randint(0, 59))
        client = random.choice(hospitals)
        receive_settlement(client=_as_of(client, city), body=bill(f"D{number:06d}", policy.psn_no, moment, random))
    for body in held_bills(covered[0].psn_no):
        receive_settlement(client=_as_of(hospitals[0], city), body=body)


def _covered(city: City) -> list[PolicyFacts]:
    """The policies whose cover began with the year."""
    return [policy for policy in policies_of_city(city) if policy.member.cover_from == date(2022, 1, 1)]


def _as_of(client: ApiClient, city: City) -> ApiClient:
    client.city = city
    return client
