"""A small demonstration city under every platform test; each test runs in a transaction that is rolled back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations as DatabaseOperations

from held_rows import rows_are_locked_before_they_are_written
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.demonstration.load import load_demonstration
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.foundation.triggers import protected_tables
from huimin.terms import load_plan_text
from platform_support import Caller, person
from trails import compared, kept


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One test asks for the database, so that there is one in which to load the city, whichever tests are run."""
    ours = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    for item in ours[:1]:
        item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the city once."""
    with django_db_blocker.unblock():
        load_demonstration(residents=80, orders=12, bills=12)


@pytest.fixture(autouse=True, scope="session")
def _rows_are_locked_before_they_are_written(django_db_setup: None) -> Iterator[None]:
    with rows_are_locked_before_they_are_written():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A walk is held to the trail that is written of it."""
    with compared(item.nodeid) if kept(item.nodeid) is not None else nullcontext():
        return (yield)


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied_between_tests() -> Iterator[None]:
    """Tests that commit are followed by a TRUNCATE, which the triggers refuse: here, and only here, they are lifted."""
    empty = DatabaseOperations.execute_sql_flush

    def lifted(operations: Any, sql_list: list[str]) -> None:
        tables = [*protected_tables()]
        with transaction.atomic(), operations.connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            empty(operations, sql_list)
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    DatabaseOperations.execute_sql_flush = lifted if connection.vendor == "postgresql" else empty
    yield
    DatabaseOperations.execute_sql_flush = empty


@pytest.fixture
def city(db: None) -> City:
    """The demonstration city on 15 February 2022, inside the enrolment window."""
    return City.objects.get(code="demo")


@pytest.fixture
def api(city: City) -> Caller:
    return Caller(city)


@pytest.fixture
def covered(api: Caller, city: City) -> City:
    """Wang Fang and her father enrolled, covered from 16 February, and it is 20 April: whatever the time of day, bills
    of the 19th are past."""
    body = {
        "applicant": person(0),
        "insured": [{**person(0), "relation": "self"}, {**person(1), "relation": "parent"}],
        "terms_opened": True,
    }
    order = api.post("channel-1", "/api/v1/orders", body).json()
    assert api.pay(order["reference"], order["total"]).content == b"success"
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2022, 4, 20))
    city.refresh_from_db()
    forget_all()
    return city


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation of its own, with keys, on the same kind of database."""
    keys = {f"HUIMIN_{name}_KEY": value * 32 for name, value in (("SECRET", "s"), ("DATA", "5a"), ("PAYMENT", "p"))}
    keys["HUIMIN_HOME"] = str(tmp_path)
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield keys
        return
    name = f"huimin_of_its_own_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {**keys, "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sell(city: City) -> Callable[..., None]:
    """The city sells the plan with some terms more, or others."""

    def change(more: str = "", old: str = "", new: str = "") -> None:
        plan_year = PlanYear.objects.of(city).get()
        text = plan_year.plan_text.replace(old, new) + more if old else plan_year.plan_text + more
        digest = load_plan_text(text, plan_year.sources_text).digest
        PlanYear.objects.of(city).update(plan_text=text, plan_digest=digest)
        forget_all()

    return change
