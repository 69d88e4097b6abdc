"""Commands of `huimin` on the platform besides serving: keys, the queue of work, seals, closing months."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huimin.platform.foundation.actors import Actor
    from huimin.platform.foundation.models import City
    from huimin.platform.tasks.api import View

__all__ = [
    "actor_in",
    "cancel",
    "even_out",
    "list_tasks",
    "load_django",
    "print_heads",
    "retry",
    "set_second_person",
    "show_demonstration_keys",
    "show_key",
    "verify_all_seals",
]

_SETTINGS = "huimin.platform.settings"


def load_django() -> None:
    """Make the platform's models usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django  # noqa: PLC0415

    django.setup()


def show_key(purpose: str) -> int:
    """Print the key of a purpose that a party outside shares. Raises UnusableKeysError for any other purpose."""
    load_django()
    from huimin.platform.foundation.keys import shared_key  # noqa: PLC0415

    sys.stdout.write(shared_key(purpose) + "\n")
    return 0


def show_demonstration_keys(code: str, address: str) -> int:
    """Print the keys of one client of the demonstration cities, or of all, as lines that a shell reads.

    A real city's keys are never printed. Raises HuiminError (`not_a_demonstration`) if there is no such client.
    """
    load_django()
    from huimin.errors import HuiminError  # noqa: PLC0415
    from huimin.platform.foundation.selectors import all_cities, clients  # noqa: PLC0415

    cities = [city for city in all_cities() if city.demonstration_day is not None]
    found = [client for city in cities for client in clients(city) if code in ("", client.code)]
    if not found:
        what = f"no client {code!r} of a demonstration city" if code else "no demonstration city"
        message = f"found {what}; `huimin serve --demonstration` makes one with hospital-1 and channel-1"
        raise HuiminError(message, code="not_a_demonstration")
    for client in found:
        sys.stdout.write(f"# {client.name_en}, invented\n")
        sys.stdout.write(f"HUIMIN_CLIENT={client.key_id}\nHUIMIN_SECRET={client.secret}\n")
    sys.stdout.write(f"HUIMIN_ADDRESS={shlex.quote(address)}\n")
    return 0


def list_tasks(view: str = "failed", kind: str = "") -> int:
    """Print the state of the queue, and the tasks of every city in one `view`, by default those that failed.

    Returns 1 if any task has failed, otherwise 0.
    """
    load_django()
    from huimin.platform.foundation.selectors import all_cities  # noqa: PLC0415
    from huimin.platform.tasks.api import Lane, View, figures  # noqa: PLC0415

    failed = 0
    for lane in Lane:
        found = figures([lane])
        minutes = int(found.oldest.total_seconds() // 60)
        failed += found.failed
        sys.stdout.write(
            f"{lane}: {found.waiting} waiting, the oldest for {minutes} minutes; {found.running} being done; "
            f"{found.failed} failed\n"
        )
    for city in all_cities():
        _print_tasks(city, View(view), kind)
    return 1 if failed else 0


def _print_tasks(city: City, view: View, kind: str) -> None:
    from huimin.platform.tasks.api import tasks  # noqa: PLC0415

    number, pages = 1, 1
    while number <= pages:
        rows = tasks(city, view, number, kind)
        number, pages = number + 1, rows.pages
        for task in rows:
            more = [f"{task.percent_done} %"] if task.percent_done else []
            more += [f"{task.attempts} attempts"] if task.attempts else []
            more += [task.fault_code] if task.fault_code else []
            sys.stdout.write(f"{city.code} {task.pk}: {task.kind} {task.key}, {', '.join([task.status, *more])}\n")


def retry(code: str, task_id: int) -> int:
    """Let a task that failed or was cancelled be tried again. Raises HuiminError."""
    load_django()
    from huimin.platform.tasks.api import retry_task  # noqa: PLC0415

    retry_task(actor=actor_in(code), task_id=task_id)
    return 0


def cancel(code: str, task_id: int) -> int:
    """Cancel a task that waits or is being done. Raises HuiminError."""
    load_django()
    from huimin.platform.tasks.api import cancel_task  # noqa: PLC0415

    cancel_task(actor=actor_in(code), task_id=task_id)
    return 0


def set_second_person(code: str, yuan: str, reason: str) -> int:
    """Set the amount above which a finding needs a second person in a city; a raise is only proposed. Raises
    HuiminError.
    """
    load_django()
    from huimin.money import parse_yuan  # noqa: PLC0415
    from huimin.platform.foundation.limits import set_second_person_above  # noqa: PLC0415

    proposal = set_second_person_above(actor=actor_in(code), fen=parse_yuan(yuan), reason=reason)
    if proposal is not None:
        print("proposed; it counts when an administrator of the city has agreed, at /staff/approvals/")
    return 0


def actor_in(code: str) -> Actor:
    """The actor for commands on the server, in the city with this code. Raises HuiminError (`not_found`)."""
    from huimin.errors import HuiminError  # noqa: PLC0415
    from huimin.platform.foundation.actors import command_actor  # noqa: PLC0415
    from huimin.platform.foundation.selectors import city_by_code  # noqa: PLC0415

    city = city_by_code(code)
    if city is None:
        raise HuiminError(f"found no city {code!r}; expected the code of a city of this server", code="not_found")
    return command_actor(city)


def print_heads() -> int:
    """Print the end of each city's chain of seals, one line of JSON each: keep them where this machine cannot write."""
    load_django()
    from huimin.platform.foundation.selectors import all_cities  # noqa: PLC0415
    from huimin.platform.seals.api import head_of, head_text  # noqa: PLC0415

    for city in all_cities():
        head = head_of(city)
        if head is None:
            sys.stderr.write(f"{city.code}: nothing is sealed yet; `huimin serve` seals every minute\n")
        else:
            sys.stdout.write(head_text(head) + "\n")
    return 0


def verify_all_seals(heads: Path | None = None) -> int:
    """Compare every row with its seal. `heads`: a file of what `print_heads` printed. Returns 1 when any differs."""
    load_django()
    from huimin.platform.foundation.selectors import all_cities  # noqa: PLC0415
    from huimin.platform.seals.api import read_head, verify_seals  # noqa: PLC0415

    kept = [read_head(line) for line in heads.read_text("utf-8").splitlines() if line.strip()] if heads else []
    wrong = 0
    for city in all_cities():
        result = verify_seals(city, *(head for head in kept if head.city == city.code))
        sys.stdout.write(f"{city.code}: {result.summary()}\n")
        for fault in result.faults:
            sys.stdout.write(f"  ! {fault}\n")
        sys.stdout.write("  every row that is sealed is as it was sealed\n" if not result.faults else "")
        wrong += len(result.faults)
    return 1 if wrong else 0


def even_out() -> int:
    """Close the months that are over in every city, and print what each insurer got more or less."""
    load_django()
    from huimin.platform.foundation.actors import command_actor  # noqa: PLC0415
    from huimin.platform.foundation.selectors import all_cities  # noqa: PLC0415
    from huimin.platform.pool.api import close_months  # noqa: PLC0415

    for city in all_cities():
        closed = close_months(actor=command_actor(city))
        sys.stdout.write(f"{city.code}: {len(closed)} months closed\n")
        for one in closed:
            for evening in one.evenings:
                changes = ", ".join(f"{insurer} {fen:+d}" for insurer, fen in sorted(evening.change.items()))
                sys.stdout.write(f"  {one.month:%Y-%m} {evening.account} {evening.sharing}: {changes or '0'} fen\n")
    return 0
