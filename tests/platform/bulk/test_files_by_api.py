"""A channel sends a list by the API, in parts, and is told what came of each row."""

from __future__ import annotations

import base64
import csv
import hashlib
from typing import Any

import pytest

from acting import acting
from bulk_support import HEAD, PRICE, accepted, an_employer, line, money_came
from huimin.platform.api import bulk_files
from huimin.platform.bulk import receiving
from huimin.platform.bulk.models import BulkFile, FilePart
from huimin.platform.bulk.sending import cancel_file
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.models import ApiClient, City, ClientKind
from huimin.platform.people.models import Resident
from platform_support import Caller
from subsidies_support import uncovered
from work_support import work_off

FILES = "/api/v1/bulk-files"
PART = 50


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (receiving, bulk_files):
        monkeypatch.setattr(module, "PART_BYTES", PART)


def the_list(people: list[Resident], *more: str) -> bytes:
    return (HEAD + "".join([*(line(one, f"E{one.pk}") for one in people), *more])).encode()


def announced(api: Caller, data: bytes, client: str = "channel-1", **fields: Any) -> dict[str, Any]:
    body = {
        **{"organisation": "factory", "consented": True, "name": "people.csv"},
        **{"size": len(data), "digest": hashlib.sha256(data).hexdigest(), **fields},
    }
    answer: dict[str, Any] = api.post(client, FILES, body).json()
    return answer


def part(api: Caller, file: int, data: bytes, place: int) -> Any:
    content = base64.b64encode(data[place * PART : (place + 1) * PART]).decode()
    return api.post("channel-1", f"{FILES}/{file}/parts", {"place": place, "content": content})


def sent(api: Caller, data: bytes, **fields: Any) -> int:
    found = announced(api, data, **fields)
    for place in reversed(found["missing"]):
        part(api, found["file"], data, place)
    work_off()
    return int(found["file"])


def results(api: Caller, file: int) -> list[dict[str, str]]:
    return list(csv.DictReader(api.get("channel-1", f"{FILES}/{file}/result").content.decode().splitlines()))


def test_a_list_that_came_in_parts_is_checked_accepted_by_staff_and_enrolled(api: Caller, city: City) -> None:
    an_employer(city)
    one, two = uncovered(city, 2)
    money_came(city, PRICE)
    file = sent(api, the_list([one, two]))
    found = api.get("channel-1", f"{FILES}/{file}").json()
    assert (found["state"], found["missing"]) == ("checked", [])
    assert found["rows"] == {"enrolled": 0, "refused": 0, "waiting": 2}
    assert not Policy.objects.of(city).filter(insured=one.pk).exists()
    accepted(city, file)
    found = api.get("channel-1", f"{FILES}/{file}").json()
    assert (found["rows"], found["short"]) == ({"enrolled": 1, "refused": 0, "waiting": 1}, "158.00")
    policy = Policy.objects.of(city).get(insured=one.pk)
    assert results(api, file) == [
        {"row": "2", "reference": f"E{one.pk}", "outcome": "enrolled", "policy": policy.number, "reasons": ""},
        {"row": "3", "reference": f"E{two.pk}", "outcome": "waiting", "policy": "", "reasons": ""},
    ]
    assert Order.objects.of(city).filter(channel="channel-1", applicant=one.pk).count() == 1


def test_a_channel_that_broke_off_is_told_which_parts_are_missing_and_goes_on(api: Caller, city: City) -> None:
    an_employer(city)
    data = the_list(uncovered(city, 3))
    first = announced(api, data)
    assert len(first["missing"]) > 3
    part(api, first["file"], data, 1)
    part(api, first["file"], data, 1)
    again = announced(api, data)
    assert again["file"] == first["file"]
    assert again["missing"] == [place for place in first["missing"] if place != 1]
    assert FilePart.objects.of(city).filter(file=first["file"]).count() == 1
    for place in again["missing"]:
        answer = part(api, first["file"], data, place).json()
    assert answer["state"] == "checking"
    assert part(api, first["file"], data, 0).json()["state"] == "checking"


def test_other_bytes_for_a_place_and_a_part_of_another_size_are_refused(api: Caller, city: City) -> None:
    an_employer(city)
    data = the_list(uncovered(city, 2))
    file = announced(api, data)["file"]
    part(api, file, data, 0)
    assert part(api, file, b"x" * len(data), 0).json()["code"] == "bulk_part_differs"
    assert part(api, file, data[:-1], len(data) // PART).json()["code"] == "bad_bulk_part"
    assert part(api, file, data, len(data) // PART + 1).json()["code"] == "bad_bulk_part"
    answer = api.post("channel-1", f"{FILES}/{file}/parts", {"place": 1, "content": "no base 64!"})
    assert answer.json()["code"] == "bad_bulk_part"


def test_bytes_that_are_not_those_that_were_announced_are_refused_whole(api: Caller, city: City) -> None:
    an_employer(city)
    data = the_list(uncovered(city, 2))
    file = sent(api, data, digest="0" * 64)
    found = api.get("channel-1", f"{FILES}/{file}").json()
    assert found["state"] == "refused"
    assert found["faults"] == [{"column": "", "code": "digest_differs", "found": ""}]


def test_a_channel_is_not_told_whether_the_number_or_the_name_is_wrong(api: Caller, city: City) -> None:
    an_employer(city)
    (one,) = uncovered(city, 1)
    data = the_list([], f"A,王不是,{one.id_number},,,,\n", "B,张三,329901197805200000,,,,\n")
    reasons = {row["reasons"] for row in results(api, sent(api, data))[:1]}
    assert reasons == {"id_number:not_in_register:"}


def test_another_channel_neither_finds_a_list_nor_sends_parts_of_it(api: Caller, city: City) -> None:
    an_employer(city)
    first = ApiClient.objects.get(city=city, code="channel-1")
    same = {"city": city, "kind": ClientKind.CHANNEL, "secret": first.secret, "name_zh": "九", "name_en": "9"}
    ApiClient.objects.create(code="channel-9", key_id="key-9", **same)
    data = the_list(uncovered(city, 1))
    file = announced(api, data)["file"]
    for tail in ("", "/result"):
        assert api.get("channel-9", f"{FILES}/{file}{tail}").json()["code"] == "not_found"
    content = base64.b64encode(data[:PART]).decode()
    answer = api.post("channel-9", f"{FILES}/{file}/parts", {"place": 0, "content": content})
    assert answer.json()["code"] == "not_found"
    assert announced(api, data, client="channel-9")["code"] == "bulk_file_known"


def test_a_list_that_staff_cancelled_takes_no_more_parts_and_may_be_announced_again(api: Caller, city: City) -> None:
    an_employer(city)
    data = the_list(uncovered(city, 1))
    file = announced(api, data)["file"]
    cancel_file(actor=acting(city, "handler"), file_id=file, note="传错了")
    assert part(api, file, data, 0).json()["code"] == "bulk_file_not_open"
    assert announced(api, data)["file"] != file


def test_a_channel_announces_so_many_lists_a_day_and_no_more(
    api: Caller, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_employer(city)
    monkeypatch.setattr(receiving, "FILES_A_DAY", 1)
    one, two = uncovered(city, 2)
    first = announced(api, the_list([one]))
    assert announced(api, the_list([two]))["code"] == "too_many_bulk_files"
    assert announced(api, the_list([one]))["file"] == first["file"]
    assert BulkFile.objects.of(city).count() == 1
