"""An installation from before the one queue, brought to the newest: run by test_migrating_money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OLD = [
    ("foundation", "0006_second_person"),
    ("catalogue", "0002_initial"),
    ("desk", "0004_fault_codes"),
    ("recalculation", "0003_fault_codes"),
]
NOW = datetime(2022, 2, 1, tzinfo=UTC)
DELIVERED, HEARD = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)


def encrypted(city: int, topic: str, key: str, text: str) -> bytes:
    """As messages were encrypted when they had a table of their own."""
    from huimin.platform.foundation.encryption import Place, encrypt

    return encrypt(text, Place(city, "foundation_outboxmessage", "payload", f"{topic} {key}"))


def fill(apps: Any) -> None:
    city = apps.get_model("foundation", "City").objects.create(code="old", name_zh="旧", name_en="Old")
    common = {"created_at": NOW, "next_attempt_at": HEARD}
    for key, state in (
        ("waits", {"attempts": 3, "failure": "refused_503"}),
        ("delivered", {"attempts": 1, "delivered_at": DELIVERED}),
        ("given up", {"attempts": 24, "given_up_at": DELIVERED, "failure": "names_nobody"}),
    ):
        row = {"city_id": city.pk, "topic": "notice", "key": key, "attempts": 0, "failure": "", **common, **state}
        row["payload"] = encrypted(city.pk, "notice", key, f'"{key}"')
        names = ", ".join(f'"{name}"' for name in row)
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(row))
            values = [_stored(value) for value in row.values()]
            cursor.execute(f"INSERT INTO foundation_outboxmessage ({names}) VALUES ({places})", values)  # noqa: S608
    _fill_jobs(apps, city)
    _fill_staff(apps, city)


def _fill_staff(apps: Any, city: Any) -> None:
    """Of when each had one role, and a code could stand where it meant nothing."""
    users, members = apps.get_model("foundation", "User"), apps.get_model("foundation", "StaffMember")
    for name, role, insurer in (("a", "handler", "stray"), ("b", "insurer", "lead"), ("c", "insurer", "")):
        members.objects.create(city=city, user=users.objects.create(username=name), role=role, insurer_code=insurer)


def _stored(value: Any) -> Any:
    return value.isoformat(" ") if isinstance(value, datetime) else value


def _fill_jobs(apps: Any, city: Any) -> None:
    year = apps.get_model("catalogue", "PlanYear").objects.create(
        city=city,
        plan_id="p",
        plan_digest="d",
        program_digest="d",
        plan_text="",
        sources_text="",
        window_first_day=NOW.date(),
        window_last_day=NOW.date(),
        published_at=NOW,
    )
    texts = {"city": city, "plan_digest": "d", "plan_text": "", "sources_text": "", "requested_at": NOW}
    study = {**texts, "kind": "price", "people": 20_000, "seed": 1, "requested_by": "staff:1"}
    studies = apps.get_model("desk", "Study").objects
    studies.create(**study, status="waiting")
    studies.create(**study, status="running", heard_at=HEARD, done=3, of=4, attempts=1)
    studies.create(**study, status="done", heard_at=HEARD, finished_at=DELIVERED, pages={"en": "kept"})
    told = {"fault": "found 3", "fault_code": "thin_data", "fault_values": {"found": "3"}}
    studies.create(**study, status="failed", finished_at=DELIVERED, **told)
    studies.create(**study, status="cancelled", finished_at=DELIVERED)
    recalculations = apps.get_model("recalculation", "Recalculation").objects
    recalculations.create(**texts, plan_year=year, requested_by="staff:1", status="running", heard_at=HEARD)


def migrated(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def look() -> None:
    from huimin.platform.desk.models import Study
    from huimin.platform.recalculation.models import Recalculation
    from huimin.platform.tasks.models import Task

    look_at_staff()
    messages = {task.key: task for task in Task.objects.filter(kind="notice")}
    assert {key: task.payload for key, task in messages.items()} == {key: f'"{key}"' for key in messages}
    assert {key: (task.status, task.attempts, task.fault_code, task.finished_at) for key, task in messages.items()} == {
        "waits": ("waiting", 3, "refused_503", None),
        "delivered": ("done", 1, "", DELIVERED),
        "given up": ("failed", 24, "names_nobody", DELIVERED),
    }
    assert messages["waits"].due_at == HEARD
    assert {task.lane for task in messages.values()} == {"messages"}
    assert set(Task.objects.exclude(kind="notice").values_list("lane", flat=True)) == {"jobs"}
    studies = list(Study.objects.order_by("pk").select_related("task"))
    assert [study.task.status for study in studies] == ["waiting", "waiting", "done", "failed", "cancelled"]
    assert [study.task.finished_at for study in studies] == [None, None, DELIVERED, DELIVERED, DELIVERED]
    assert {(study.task.kind, study.task.city_id == study.city_id) for study in studies} == {("study", True)}
    assert (studies[1].task.percent_done, studies[1].task.attempts) == (75, 0)
    assert studies[2].pages == {"en": "kept"}
    failed = studies[3].task
    assert (failed.fault, failed.fault_code, failed.fault_values) == ("found 3", "thin_data", {"found": "3"})
    recalculation = Recalculation.objects.get()
    assert (recalculation.task.kind, recalculation.task.status) == ("recalculation", "waiting")


def look_at_staff() -> None:
    from huimin.platform.foundation.models import StaffRole

    roles = StaffRole.objects.order_by("member__user__username")
    assert list(roles.values_list("member__user__username", "role", "insurer_code")) == [
        ("a", "handler", ""),
        ("b", "insurer", "lead"),
        ("c", "insurer", ""),
    ]
    assert {role.member.city_id == role.city_id for role in roles.select_related("member")} == {True}


def main() -> None:
    django.setup()
    fill(migrated(OLD))
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    look()
    print("migrated")


if __name__ == "__main__":
    main()
