"""Django's ORM as systems are usually written: a transaction a claim, sums of the year in rows that are updated."""

from __future__ import annotations

import sys
import tempfile
import time
from random import Random

import django
from django.conf import settings

HOME = tempfile.mkdtemp()
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{HOME}/claims.sqlite3",
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402


class Sum(models.Model):  # noqa: DJ008
    member = models.IntegerField(unique=True)
    first = models.BigIntegerField(default=0)
    second = models.BigIntegerField(default=0)
    third = models.BigIntegerField(default=0)

    class Meta:
        app_label = "peers"


class Paid(models.Model):  # noqa: DJ008
    claim = models.IntegerField()
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    third = models.BigIntegerField()

    class Meta:
        app_label = "peers"


PLAN = ((10**6, 6_500, 7_700), (2 * 10**6, 5_500, 6_700), (5 * 10**6, 4_500, 4_500))


def tiers(total: int, deductible: int, low: int, high: int) -> int:
    excess = max(0, total - deductible)
    return (min(excess, 10**7) * low + max(0, excess - 10**7) * high + 5_000) // 10_000


def decide(claim: int, member: int, inside: int, outside: int) -> None:
    with transaction.atomic():
        sums, _ = Sum.objects.select_for_update().get_or_create(member=member)
        left, paid = inside + outside, []
        for name, terms in zip(("first", "second", "third"), PLAN, strict=True):
            base = {"first": inside, "second": outside, "third": left}[name]
            before = getattr(sums, name)
            setattr(sums, name, before + base)
            pays = tiers(before + base, *terms) - tiers(before, *terms)
            paid.append(pays)
            left -= pays
        sums.save()
        Paid.objects.create(claim=claim, first=paid[0], second=paid[1], third=paid[2])


def main(claims: int) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Sum)
        editor.create_model(Paid)
    random = Random(7)
    bills = [(n, n // 16, random.randrange(10**7), random.randrange(10**6)) for n in range(claims)]
    start = time.perf_counter()
    for bill in bills:
        decide(*bill)
    print(f"{claims / (time.perf_counter() - start):.0f} claims/s")


if __name__ == "__main__":
    main(int(sys.argv[1]))
