"""A city for the online benchmark: 20,000 policies in force and as many residents who have not joined yet."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

_BATCH = 2_000
_DAY = date(2022, 2, 15)


@dataclass(frozen=True)
class Workload:
    """What the driver needs: keys, and people by their numbers."""

    hospital: tuple[str, str]
    channel: tuple[str, str]
    payment_key: str
    members: list[str]
    joiners: list[tuple[str, str]]


def load(policies: int, joiners: int = 0) -> Workload:
    """Fill an empty database, in bulk: the benchmark measures requests, not loading.

    `joiners`: how many residents more than are covered; as many by default.
    """
    from django.db import transaction
    from django.utils import timezone

    from huimin.platform.demonstration import load as demonstration
    from huimin.platform.enrolment.models import Order, OrderLine, OrderStatus, Policy
    from huimin.platform.foundation.models import City
    from huimin.platform.payments.models import Payment
    from huimin.platform.people.models import Resident

    with transaction.atomic():
        city = City.objects.create(code="bench", name_zh="测速市", name_en="Bench", demonstration_day=_DAY)
        hospitals = demonstration._clients(city)
        plan_year = demonstration._plan_year(city)
        demonstration._pool(city, plan_year)
        demonstration._register(city, policies + (joiners or policies))
        people = list(Resident.objects.of(city).filter(insured=True).order_by("pk"))
        covered, willing = people[:policies], people[policies:]
        moment = timezone.make_aware(datetime(2021, 12, 1))
        bulk = {"city": city, "created_at": moment}
        payments = Payment.objects.bulk_create(
            [
                Payment(**bulk, reference=f"b{n}", provider="sandbox", amount=15800, status="paid", paid_at=moment)
                for n, _ in enumerate(covered)
            ],
            batch_size=_BATCH,
        )
        orders = Order.objects.bulk_create(
            [
                Order(
                    **bulk,
                    reference=f"b{n}",
                    applicant=person,
                    plan_year_id=plan_year.id,
                    plan_digest=plan_year.plan_digest,
                    payment=payments[n],
                    status=OrderStatus.ISSUED,
                    channel="bench",
                )
                for n, person in enumerate(covered)
            ],
            batch_size=_BATCH,
        )
        lines = OrderLine.objects.bulk_create(
            [
                OrderLine(city=city, order=orders[n], insured=person, relation="self", price=15800)
                for n, person in enumerate(covered)
            ],
            batch_size=_BATCH,
        )
        Policy.objects.bulk_create(
            [
                Policy(
                    city=city,
                    number=f"B{n}",
                    plan_year_id=plan_year.id,
                    plan_digest=plan_year.plan_digest,
                    order_line=lines[n],
                    holder=person,
                    insured=person,
                    psn_no=person.psn_no,
                    price=15800,
                    cover_from=date(2022, 1, 1),
                    cover_to=date(2022, 12, 31),
                    birth_date=person.birth_date,
                    sex=person.sex,
                    insutype=person.insutype,
                    area_id=person.area_id,
                    continuous_years=0,
                    claim_free_years=0,
                    pre_existing=person.pre_existing,
                    issued_at=moment,
                )
                for n, person in enumerate(covered)
            ],
            batch_size=_BATCH,
        )
    from huimin.platform.foundation.keys import shared_key
    from huimin.platform.foundation.models import ApiClient

    channel = ApiClient.objects.get(city=city, code="channel-1")
    return Workload(
        (hospitals[0].key_id, hospitals[0].secret),
        (channel.key_id, channel.secret),
        shared_key("payment notice"),
        [person.psn_no for person in covered],
        [(person.id_number, person.name) for person in willing],
    )


def statements_per_request(workload: Workload) -> dict[str, int]:
    """SQL statements of one settlement, one order and one payment notice, BEGIN and COMMIT among them."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from online_driver import bill_body, notice_request, order_body, signed_request, split_request

    counts = {}

    def send(name: str, request: bytes) -> bytes:
        method, path, headers, body = split_request(request)
        with CaptureQueriesContext(connection) as captured:
            response = Client().generic(method, path, body, content_type="application/json", headers=headers)
        assert response.status_code == 200, response.content
        counts[name] = len(captured)
        return bytes(response.content)

    random = Random(0)
    body = bill_body("WARM", workload.members[0], random, large=True)
    send("settlement", signed_request(workload.hospital, "/api/v1/settlements", "warm-s0", body))
    body = bill_body("WARM-1", workload.members[1], random, large=True)
    send("settlement", signed_request(workload.hospital, "/api/v1/settlements", "warm-s1", body))
    order = send(
        "order", signed_request(workload.channel, "/api/v1/orders", "warm-o", order_body(workload.joiners[-1]))
    )
    send("payment notice", notice_request(workload.payment_key, json.loads(order)))
    return counts


if __name__ == "__main__":
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    loaded = load(int(sys.argv[2]))
    counted = statements_per_request(loaded)
    Path(sys.argv[1]).write_text(json.dumps({"workload": asdict(loaded), "statements": counted}), "utf-8")
