"""`make bench-bulk`: a list of half a million people, read and checked, and a part of it enrolled, on PostgreSQL.

In one process, as a worker does it. BENCH_ROWS and BENCH_ENROLLED say how many; the table for docs/performance.md says
rows a second and the most memory that the process ever had. The register is made first, and is not counted.
"""

from __future__ import annotations

import itertools
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from member_bills import platform_on_postgresql

ROWS = int(os.environ.get("BENCH_ROWS", "500000"))
ENROLLED = int(os.environ.get("BENCH_ENROLLED", "20000"))
_BATCH = 2_000
_KNOWN = 80
"""People of the demonstration city, with whom the invented register begins."""


def memory_mib() -> int:
    """The most that this process has had."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used // (1024 if sys.platform != "darwin" else 1024 * 1024)


def lines(city: Any) -> Iterator[bytes]:
    """The list, while the register gets the same people: one in fifty is not in it, one in fifty is named otherwise."""
    from huimin.platform.demonstration.population import people
    from huimin.platform.foundation.encryption import blind_index
    from huimin.platform.people.models import Area, Household, Resident

    areas = {area.code: area for area in Area.objects.of(city)}
    household = Household.objects.of(city).order_by("pk")[0]
    fresh = itertools.islice(people(_KNOWN + ROWS), _KNOWN, None)
    yield "编号,姓名,证件号码,保费\n".encode()
    place = 0
    while batch := list(itertools.islice(fresh, _BATCH)):
        Resident.objects.bulk_create(
            Resident(
                city=city,
                psn_no=f"B{one.psn_no}",
                name=one.name,
                id_number=one.id_number,
                id_index=blind_index(city.code, one.id_number),
                telephone=one.telephone,
                birth_date=one.birth_date,
                sex=one.sex,
                area=areas[one.area],
                insutype=one.insutype,
                insured=True,
                household=household,
            )
            for number, one in enumerate(batch, place)
            if number % 50
        )
        for number, one in enumerate(batch, place):
            name = one.name if number % 50 != 1 else "张三丰"
            yield f"N{number},{name},{one.id_number},158.00\n".encode()
        place += len(batch)


def measure() -> None:
    from django.conf import settings

    from huimin.platform.bulk.api import (
        FileKind,
        accept_file,
        bulk_file,
        check_sent,
        enrol_agreed,
        open_organisation,
        propose_deposit,
        send_file,
    )
    from huimin.platform.catalogue.api import plan_on_sale
    from huimin.platform.demonstration.load import load_demonstration
    from huimin.platform.foundation.actors import demonstration_actor, staff_actor
    from huimin.platform.foundation.approvals.services import answer_proposal
    from huimin.platform.foundation.models import Role, User

    settings.BUREAU = ""
    city = load_demonstration(residents=_KNOWN, orders=12, bills=12)
    handler = staff_actor(city, User.objects.get(username="handler").pk, [Role.HANDLER])
    approver = staff_actor(city, User.objects.get(username="approver").pk, [Role.APPROVER])
    name, code = "示范机械厂", "91320100MA0000001B"
    organisation = open_organisation(actor=demonstration_actor(city), code="bench", name=name, credit_code=code)
    year = plan_on_sale(city)
    assert year is not None
    begun = time.perf_counter()
    number = send_file(
        actor=handler,
        organisation="bench",
        plan_year=year,
        kind=FileKind.CONSENTED,
        file_name="list.csv",
        content=lines(city),
    )
    print(f"register and file made in {time.perf_counter() - begun:.0f} s, {memory_mib()} MiB", flush=True)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as home:
        check_sent(city=city, file_id=number, home=Path(home))
    took = time.perf_counter() - begun
    found = bulk_file(city, number)
    assert found is not None
    print(f"checked  {ROWS:>8,} rows  {took:7.1f} s  {ROWS / took:8,.0f} rows/s  {memory_mib():>5} MiB  {found.counts}")
    proposal = propose_deposit(
        actor=handler,
        organisation="bench",
        amount=ENROLLED * 158_00,
        bank="pool-1",
        transfer="B1",
        received_on=date(2022, 2, 1),
    )
    answer_proposal(actor=approver, approval_id=proposal.id, agrees=True, reason="bench")
    accept_file(actor=handler, file_id=number, refused=found.counts.get("faulty", 0))
    begun, done = time.perf_counter(), 0
    while taken := enrol_agreed(city, organisation):
        done += taken
    took = time.perf_counter() - begun
    print(f"enrolled {done:>8,} rows  {took:7.1f} s  {done / took:8,.0f} rows/s  {memory_mib():>5} MiB")


def main() -> None:
    with platform_on_postgresql():
        measure()


if __name__ == "__main__":
    main()
