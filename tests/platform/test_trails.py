"""The trails of the walks: each is of a test that is there, and says what went missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import trails
from cast import WANG_FANG
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.people.api import lock_persons
from trails import FOLDER, compared

ROOT = Path(__file__).parents[2]
HEADINGS = [line for path in FOLDER.glob("*.txt") for line in re.findall(r"^## (.+)", path.read_text("utf-8"), re.M)]


def test_every_trail_is_of_a_test_that_is_there_and_every_test_has_one() -> None:
    assert len(set(HEADINGS)) == len(HEADINGS) > 40
    for heading in HEADINGS:
        path, name = re.split("::", heading.partition("[")[0], maxsplit=1)
        assert f"def {name.rpartition('::')[2]}(" in (ROOT / path).read_text("utf-8"), heading


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """As if these lines were written of the walk `a walk`."""
    (folder / "some.txt").write_text("\n".join(("## a walk", *lines)), "utf-8")
    monkeypatch.setattr(trails, "FOLDER", folder)
    monkeypatch.setattr(trails, "_all_kept", trails._all_kept.__wrapped__)


def note(city: City, **detail: object) -> None:
    record_audit(
        city=city, actor="command:test", action="noted", subject=f"city:{city.pk}", at=now(city), detail=detail
    )


NOTED = "1 x foundation_auditevent actor=command action=noted subject=city detail={after:n}"


def test_a_walk_that_leaves_what_is_written_passes(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, monkeypatch, NOTED, "1 x locked: people_resident by id")
    with compared("a walk"):
        note(city, after=5)
        lock_persons(city, [1])


@pytest.mark.parametrize(
    ("walk", "missing"),
    [
        (lambda city: lock_persons(city, [1]), f"-{NOTED}"),
        (lambda city: note(city, after=5), "-1 x locked: people_resident by id"),
        (lambda city: [note(city), lock_persons(city, [1])], f"-{NOTED}"),
    ],
    ids=["no record", "no lock", "a record without its detail"],
)
def test_what_a_walk_leaves_no_longer_is_named(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, walk: Callable[[City], object], missing: str
) -> None:
    written(tmp_path, monkeypatch, NOTED, "1 x locked: people_resident by id")
    with pytest.raises(AssertionError) as caught, compared("a walk"):
        walk(city)
    assert missing in str(caught.value).splitlines()


def test_ids_moments_and_names_are_not_told_and_words_amounts_and_days_are() -> None:
    assert (
        trails._shape({"by": "staff:7", "fen": 5, WANG_FANG: "王芳", "done": True}) == "{by:staff done:true fen:n …:…}"
    )
