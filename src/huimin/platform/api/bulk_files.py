"""/api/v1/bulk-files: a channel sends lists of people in parts, and asks how they stand and what came of each row."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema
from pydantic import ConfigDict, Field

from huimin.errors import InputError
from huimin.money import format_yuan
from huimin.platform.api.enrolment_schemas import IdempotencyKey, Text
from huimin.platform.api.problems import problem
from huimin.platform.api.signatures import SignedClient
from huimin.platform.bulk.api import (
    PART_BYTES,
    FileFacts,
    FileKind,
    add_part,
    announce_file,
    bulk_file,
    missing_parts,
    results_of,
)
from huimin.platform.catalogue.api import plan_on_sale
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ONE_ANSWER_FOR_A_KEY, ApiClient, IdempotentRequest
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import content_digest, first_answer, remember_answer, writing_together
from huimin.settlement.cells import csv_pieces

__all__ = ["bulk_files"]

bulk_files = Router()
_SENDER = SignedClient(Action.SEND_BULK_FILE)
_OUTCOMES = {"enrolled": "enrolled", "ordered": "waiting", "ready": "waiting", "asked": "waiting", "agreed": "waiting"}


class BulkFileIn(Schema):
    """A list that is about to come. `size` in bytes, `digest`: SHA-256 of all of them, in small hexadecimal digits."""

    model_config = ConfigDict(extra="forbid")
    organisation: Annotated[Text, Field(description="code of the organisation that pays")]
    consented: Annotated[
        bool, Field(strict=True, description="true: you have each person's consent; false: the city asks each of them")
    ]
    name: Text
    size: Annotated[int, Field(strict=True)]
    digest: Text


class BulkPartIn(Schema):
    """One part. `place` from 0; `content` in base 64."""

    model_config = ConfigDict(extra="forbid")
    place: Annotated[int, Field(strict=True, ge=0, le=100_000)]
    content: Annotated[str, Field(strict=True, max_length=990_000)]


class FaultOut(Schema):
    """`column`: one of the columns by its English name, or empty; `found`: what stands there, if it tells of nobody."""

    column: str
    code: str
    found: str


class BulkFileOut(Schema):
    """How a list stands.

    `state`: `coming` while parts are `missing`, `checking`, `checked` until the city's staff accept it, `accepted`,
    `refused` as a whole for `faults`, `cancelled`. `rows` by how they stand: `enrolled`, `refused`, `waiting`.
    `short`: what is missing of the organisation's money for those who only wait for it.
    """

    file: int
    state: str
    part_bytes: int
    missing: list[int]
    faults: list[FaultOut]
    rows: dict[str, int]
    short: str


@bulk_files.post("/bulk-files", auth=_SENDER, response=BulkFileOut, tags=["enrolment"])
def post_bulk_file(request: HttpRequest, body: BulkFileIn, idempotency_key: Header[IdempotencyKey]) -> Any:
    """Announce a list. The same bytes of this channel, or the same Idempotency-Key, get the same file as it stands."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    digest = content_digest(body.dict())
    known = first_answer(client=client, key=idempotency_key, digest=digest)
    if known is None:
        try:
            with writing_together():
                known = {"file": _announced(client, body)}
                remember_answer(client=client, key=idempotency_key, digest=digest, answer=known, at=now(client.city))
        except IntegrityError as error:
            if not violates(error, IdempotentRequest, ONE_ANSWER_FOR_A_KEY):
                raise
            known = first_answer(client=client, key=idempotency_key, digest=digest)
    found = bulk_file(client.city, known["file"]) if known is not None else None
    assert found is not None  # noqa: S101 - it was kept above, or with the first answer
    return _file_json(client, found)


@bulk_files.post("/bulk-files/{file}/parts", auth=_SENDER, response=BulkFileOut, tags=["enrolment"])
def post_bulk_part(request: HttpRequest, file: int, body: BulkPartIn) -> Any:
    """Send one part, in any order; with the last of them the check begins. The same part again changes nothing."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    if _own(client, file) is None:
        return _not_found()
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise InputError("the content is not base 64; expected one part of the file", code="bad_bulk_part") from error
    add_part(actor=client_actor(client), file_id=file, place=body.place, content=content)
    return _file_json(client, _own(client, file))


@bulk_files.get("/bulk-files/{file}", auth=_SENDER, response=BulkFileOut, tags=["enrolment"])
def get_bulk_file(request: HttpRequest, file: int) -> Any:
    """How a list of this channel stands."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    found = _own(client, file)
    return _not_found() if found is None else _file_json(client, found)


@bulk_files.get("/bulk-files/{file}/result", auth=_SENDER, tags=["enrolment"])
def get_bulk_result(request: HttpRequest, file: int) -> HttpResponse:
    """What came of each row so far, as CSV: row, your number, outcome, policy, and why not."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    if _own(client, file) is None:
        return _not_found()
    return HttpResponse(csv_pieces(_result_rows(client, file)), content_type="text/csv; charset=utf-8")


def _announced(client: ApiClient, body: BulkFileIn) -> int:
    plan_year = plan_on_sale(client.city)
    if plan_year is None:
        raise InputError("this city has no plan on sale", code="not_found")
    return announce_file(
        actor=client_actor(client),
        organisation=body.organisation,
        plan_year=plan_year,
        kind=FileKind.CONSENTED if body.consented else FileKind.ASKING,
        file_name=body.name,
        size=body.size,
        digest=body.digest,
    )


def _own(client: ApiClient, file: int) -> FileFacts | None:
    found = bulk_file(client.city, file)
    return found if found is not None and found.channel == client.code else None


def _not_found() -> HttpResponse:
    return problem("not_found", "this channel sent no such file")


def _file_json(client: ApiClient, found: FileFacts | None) -> dict[str, Any]:
    assert found is not None  # noqa: S101 - its caller has found it
    rows = dict.fromkeys(("enrolled", "refused", "waiting"), 0)
    for state, count in found.counts.items():
        rows[_OUTCOMES.get(state, "refused")] += count
    return {
        "file": found.id,
        "state": found.state,
        "part_bytes": PART_BYTES,
        "missing": missing_parts(client.city, found.id),
        "faults": [{"column": column, "code": code, "found": said} for column, code, said in found.faults],
        "rows": rows,
        "short": format_yuan(found.short),
    }


def _told(column: str, code: str, found: str) -> tuple[str, str, str]:
    """A channel is told that number and name are not together in the register, not which of them is there."""
    return column, "not_in_register" if code in ("unknown_person", "name_differs") else code, found


def _result_rows(client: ApiClient, file: int) -> Iterator[Sequence[object]]:
    """A reason is `column:code:found`; several are joined by `;`."""
    yield ["row", "reference", "outcome", "policy", "reasons"]
    for row in results_of(client.city, file):
        reasons = ";".join(":".join(_told(*fault)) for fault in row.faults)
        yield [row.number, row.reference, row.outcome, row.policy, reasons]
