"""The database's address is read as PostgreSQL's own library reads it, and its password is told to nobody."""

from __future__ import annotations

from typing import Any

import pytest

from huimin.errors import InputError
from huimin.platform.settings import _database


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (
            "postgresql://anna:p%40ss%2Fword@db.example:5433/huimin",
            {"NAME": "huimin", "USER": "anna", "PASSWORD": "p@ss/word", "HOST": "db.example", "PORT": "5433"},
        ),
        ("postgres://anna@[::1]/huimin", {"NAME": "huimin", "USER": "anna", "HOST": "::1", "PORT": ""}),
        ("postgresql://postgres:@/postgres?host=/run/postgresql", {"NAME": "postgres", "HOST": "/run/postgresql"}),
        ("postgresql://one:1,two:2/huimin", {"HOST": "one,two", "PORT": "1,2"}),
        ("host=db.example dbname=huimin", {"NAME": "huimin", "HOST": "db.example"}),
    ],
)
def test_an_address_is_taken_in_every_form_that_postgresql_knows(address: str, named: dict[str, str]) -> None:
    found = _database(address)
    assert {name: found[name] for name in named} == named
    assert found["ENGINE"] == "huimin.platform.foundation.postgresql"


def test_options_of_the_address_go_along_with_the_servers_limits() -> None:
    options: dict[str, Any] = _database("postgresql://h/d?sslmode=require&options=-c%20work_mem%3D8MB")["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["options"].startswith("-c lock_timeout=")
    assert options["options"].endswith(" -c work_mem=8MB")
    assert options["server_side_binding"] is True


@pytest.mark.parametrize(
    "address",
    [
        "mysql://anna:secret@db.example/huimin",
        "postgresql://anna:secret@db.example/huimin?nonsense=1",
        "postgresql://anna:secret@db.example",
        "anna:secret",
    ],
)
def test_what_is_no_address_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(InputError, match="expected postgresql://USER:PASSWORD@HOST:PORT/NAME") as refused:
        _database(address)
    assert refused.value.code == "bad_database_url"
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_without_an_address_the_embedded_database_is_used() -> None:
    assert _database("")["ENGINE"] == "huimin.platform.foundation.sqlite"
