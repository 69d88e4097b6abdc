"""Every service that writes for somebody takes an actor; of all others tests/listed_services.py says why not."""

from __future__ import annotations

from listed_services import OTHERWISE, SERVICES, WITHOUT
from writing import public_writers


def test_every_service_that_writes_takes_an_actor_or_says_why_not() -> None:
    writers = {one.where: one for one in public_writers()}
    with_actor = {where for where, one in writers.items() if "actor" in one.parameters}
    assert with_actor == {*SERVICES, *OTHERWISE}
    assert set(writers) - with_actor == set(WITHOUT)


def test_services_that_take_an_actor_are_called_by_keyword_alone() -> None:
    for one in public_writers():
        if one.where in SERVICES:
            assert one.keyword_only == one.parameters, one.where
            (annotation,) = (arg.annotation for arg in one.node.args.kwonlyargs if arg.arg == "actor")
            assert getattr(annotation, "id", "") == "Actor", one.where


def test_no_service_takes_a_city_beside_its_actor() -> None:
    assert [one.where for one in public_writers() if one.where in SERVICES and "city" in one.parameters] == []
