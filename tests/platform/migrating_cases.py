"""Bills that were held before histories were kept, brought to the newest: run by test_migrating_money.

Their rows are sealed before and audited, as an installation's are; afterwards seals and books are as true as before.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

OLD = [
    ("claims", "0010_city_without_index"),
    ("foundation", "0010_city_without_index"),
    ("seals", "0002_city_without_index"),
]
HELD = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday, nine in the morning in China."""
SEEN = {"bill": 60_000_00, "years": {"P": 60_000_00}}


def add(table: str, row: dict[str, Any]) -> int:
    """Insert a row whose relatives need not be there. Returns its key."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA foreign_keys = OFF")
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", list(row.values()))  # noqa: S608
        return int(cursor.fetchone()[0])


def review(setl_id: str, after: int = 0, **fields: Any) -> int:
    row = {"city_id": 1, "client_id": 1, "setl_id": setl_id, "psn_no": "P1", "body": b"\x02", "content_digest": setl_id}
    row |= {"code": "unbalanced_total", "reason": "r", "values": "{}", "amount": 7, "closed_by": "", "outcome": ""}
    return add("claims_reviewitem", {**row, "note": "", "received_at": HELD + timedelta(days=after), **fields})


def finding(of: int, what: str, actor: str, after: int, **fields: Any) -> int:
    row = {"city_id": 1, "review_id": of, "finding": what, "note": f"note {what}", "actor": actor, "amount": 0}
    return add("claims_reviewfinding", {**row, "at": HELD + timedelta(days=after), "needs_second": False, **fields})


def large(of: int, after: int, **fields: Any) -> int:
    fields = {"amount": 60_000_00, "needs_second": True, "would_pay": json.dumps(SEEN), **fields}
    return finding(of, "released", "staff:1", after, **fields)


def closed(of: int, outcome: str, actor: str, after: int, note: str = "") -> None:
    at = HELD + timedelta(days=after)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_reviewitem SET closed_at = %s, closed_by = %s, outcome = %s, note = %s WHERE id = %s",
            [at, actor, outcome, note, of],
        )
    row = {"city_id": 1, "at": at, "actor": actor, "action": f"review_{outcome}", "subject": f"review:{of}"}
    add("foundation_auditevent", {**row, "detail": "{}"})


def fill() -> dict[str, int]:
    """Held bills in every state that there was, by what became of them."""
    city = {"id": 1, "code": "old", "name_zh": "旧", "name_en": "Old", "hotline": "", "second_person_above": 50_000_00}
    add("foundation_city", city)
    client = {"id": 1, "city_id": 1, "key_id": "k", "kind": "hospital", "code": "h", "name_zh": "院", "name_en": "H"}
    add("foundation_apiclient", {**client, "secret": b"\x02", "active": True})
    found = {
        name: review(name) for name in ("open", "asked", "asked_and_sent", "waits", "agreed", "back", "old", "twice")
    }
    found["sent"] = review("asked_and_sent", 5, content_digest="other")
    finding(found["asked"], "asked_again", "staff:1", 3)
    finding(found["asked_and_sent"], "asked_again", "staff:1", 3)
    large(found["waits"], 1)
    first = large(found["agreed"], 1)
    finding(found["agreed"], "released", "staff:2", 2, agrees_with_id=first, would_pay=json.dumps(SEEN))
    closed(found["agreed"], "released", "staff:2", 2, "note released")
    first = large(found["back"], 1)
    finding(found["back"], "sent_back", "staff:2", 2, agrees_with_id=first)
    finding(found["back"], "refused", "staff:1", 3)
    closed(found["back"], "refused", "staff:1", 3, "note refused")
    first = large(found["old"], 1, would_pay=None)
    finding(found["old"], "outdated", "staff:2", 2, agrees_with_id=first, amount=1)
    large(found["twice"], 1)
    large(found["twice"], 2)
    closed(found["twice"], "decided_on_resend", "client:1", 4)
    return found


def seal() -> None:
    """As the sealing worker of that version did, for the tables that are looked at here."""
    from huimin.platform.claims.models import ReviewFinding, ReviewItem
    from huimin.platform.foundation.models import AuditEvent
    from huimin.platform.seals.frontier import Frontier
    from huimin.platform.seals.models import SealFrontier
    from huimin.platform.seals.rows import columns_of, digests
    from huimin.platform.seals.services import _append

    leaves, second = {}, int(HELD.timestamp())
    for model in (ReviewItem, ReviewFinding, AuditEvent):
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        leaves[model._meta.db_table] = list(digests(model, columns_of(model), keys))
        frontier = Frontier().after(dict.fromkeys(keys, 1), second)
        SealFrontier.objects.create(
            table=model._meta.db_table, through=frontier.through, gaps=[list(gap) for gap in frontier.gaps]
        )
    _append(1, leaves, HELD)


STORIES = {
    "open": ["held"],
    "asked": ["held", "asked_again"],
    "asked_and_sent": ["held", "asked_again", "sent_again"],
    "sent": ["held"],
    "waits": ["held", "proposed"],
    "agreed": ["held", "proposed", "agreed", "closed"],
    "back": ["held", "proposed", "sent_back", "found", "closed"],
    "old": ["held", "proposed", "outdated"],
    "twice": ["held", "proposed", "withdrawn", "proposed", "closed"],
}
PLACES = {
    # Two working days after the Monday; after the answer of Saturday the 7th; one after Tuesday the 3rd.
    "open": ("handler", date(2026, 3, 4)),
    "asked": ("sender", None),
    "asked_and_sent": ("handler", date(2026, 3, 10)),
    "sent": ("handler", date(2026, 3, 10)),
    "waits": ("second_person", date(2026, 3, 4)),
    "agreed": ("nobody", None),
    "back": ("nobody", None),
    "old": ("handler", date(2026, 3, 6)),
    "twice": ("nobody", None),
}
FINDINGS = {
    "waits": [("released", "waited_for")],
    "agreed": [("released", "given")],
    "back": [("released", "refused"), ("refused", "not_needed")],
    "old": [("released", "refused")],
    "twice": [("released", "refused"), ("released", "refused")],
}


def main() -> None:
    django.setup()
    MigrationExecutor(connection).migrate(OLD)
    if connection.vendor == "sqlite":
        connection.check_constraints = lambda table_names=None: None  # type: ignore[method-assign]
    found = fill()
    seal()
    call_command("migrate", verbosity=0)
    from huimin.platform.claims.cases.case import USE_CASE, subject_of
    from huimin.platform.claims.cases.checking import check_queue
    from huimin.platform.claims.models import ReviewFinding, ReviewItem
    from huimin.platform.foundation.approvals.selectors import open_proposals
    from huimin.platform.foundation.events.recording import history_of
    from huimin.platform.foundation.findings.recording import findings_about
    from huimin.platform.foundation.models import City
    from huimin.platform.ledger.verification import verify_city
    from huimin.platform.seals.services import seal_waiting
    from huimin.platform.seals.verification import verify_seals

    city = City.objects.get()
    rows = {name: ReviewItem.objects.of(city).defer("body").get(pk=key) for name, key in found.items()}
    stories = {name: history_of(city, subject_of(key)).events for name, key in found.items()}
    assert {name: [event.kind for event in events] for name, events in stories.items()} == STORIES
    assert {name: (row.turn, row.due_on) for name, row in rows.items()} == PLACES
    for name, row in rows.items():
        chain = findings_about(city, subject_of(row.pk), "held_bill")
        assert [(one.answer, one.agreement.value) for one in chain] == FINDINGS.get(name, []), name
    assert stories["agreed"][2].reason == "note released"
    assert stories["twice"][-1].data == {"outcome": "decided_on_resend"}
    (waiting,) = open_proposals(city, [USE_CASE], 1).rows
    assert (waiting.would_change, waiting.proposed_by, waiting.arguments) == (SEEN, "staff:1", {"finding": "released"})
    assert ReviewFinding.objects.of(city).count() == 12
    assert check_queue(city) == []
    for _ in range(2):
        assert verify_seals(city).faults == []
        assert verify_city(city).faults == []
        seal_waiting()
    print("migrated")


main()
