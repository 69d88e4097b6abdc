"""Workers as processes, for test_workers: `prepare KEY …`, `work`, `show`, in an installation of their own.

Tasks are of a kind that is made up here. One whose key begins with `hang` never ends the first time it is done, one
that begins with `kill` ends its worker each time. What was done is appended to a file, a line each.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huimin.platform.settings")
DONE = Path(os.environ["HUIMIN_HOME"]) / "done.txt"


def say(text: str) -> None:
    with DONE.open("a") as file:
        file.write(text + "\n")


def do(job: Any) -> None:
    say(f"{job.task.key} begun by {os.getpid()}")
    if job.task.key.startswith("kill"):
        os.kill(os.getpid(), 9)
    if job.task.key.startswith("hang") and not job.task.losses:
        while True:
            time.sleep(0.05)
    say(f"{job.task.key} done")


def main() -> None:
    import django

    django.setup()
    from huimin.platform.foundation.models import City
    from huimin.platform.processes import helpers
    from huimin.platform.tasks.kinds import Kind, Lane, register_kinds
    from huimin.platform.tasks.models import Task
    from huimin.platform.tasks.schedules import Nightly
    from huimin.platform.tasks.services import enqueue

    silent, batch = timedelta(seconds=float(os.environ.get("SILENT", "60"))), int(os.environ.get("BATCH", "1"))
    register_kinds(Kind("made_up", "working:do", Lane.JOBS, silent, batch=batch))
    register_kinds(Kind("each_night", "working:do", Lane.JOBS, silent, schedule=Nightly(hour=2)))
    what, *keys = sys.argv[1:]
    if what == "prepare":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        # Also asked for again, with more tasks for a city that is there.
        city, _ = City.objects.get_or_create(code="old", defaults={"name_zh": "旧", "name_en": "Old"})
        for key in keys:
            enqueue(city=city, kind="made_up", key=key)
    elif what == "show":
        names = ("kind", "key", "status", "attempts", "losses", "fault_code")
        sys.stdout.write(json.dumps(list(Task.objects.order_by("pk").values(*names))))
    else:
        sys.argv[1:] = ["jobs-1"]
        helpers.main()


if __name__ == "__main__":
    main()
