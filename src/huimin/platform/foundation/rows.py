"""The city, rows that belong to a city, and facts among these. Every table of every context is one of these.

Queries begin with the city: by `of` in Django's way, or by `fetch`, `pick` and the like, whose SQL is made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Self, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models

from huimin.platform.foundation import statements
from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.statements import Question, Where

__all__ = [
    "SECOND_PERSON_ABOVE",
    "AppendOnly",
    "AppendOnlyError",
    "City",
    "CityQuerySet",
    "CityRow",
    "KeptForYears",
    "ask_together",
]

M = TypeVar("M", bound=models.Model)


SECOND_PERSON_ABOVE = 50_000_00
"""In fen. Our own assumption, which each city should set: insurers limit handlers by amount, but publish no amounts."""


FEWEST_NOTICE_DAYS = 5
"""Measures for online transactions (网络交易监督管理办法, 2021), article 18: whoever renews by itself reminds five days
before. From memory: no stored source has it."""
RENEWAL_NOTICE_DAYS = 15
"""Our own assumption: a letter takes some days, and somebody of seventy should not have to hurry."""


class City(models.Model):
    """One city's platform: the wall around all its rows."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    demonstration_day = models.DateField(null=True)
    """If set, the city and its people are invented and this day is today. Null in a real city."""
    hotline = models.CharField(max_length=40, blank=True)
    """The telephone number at which a person helps residents; empty if the city has none yet."""
    second_person_above = FenField(default=SECOND_PERSON_ABOVE)
    """A finding that changes what the plan pays by more than this many fen needs a second person.

    Only foundation/limits.py sets it and writes the change into the audit. Verification compares the two.
    """

    renewal_notice_days = models.PositiveSmallIntegerField(default=RENEWAL_NOTICE_DAYS)
    """So many days lie at least between the announcement of an automatic renewal by two roads and the day on which the
    premium is taken.
    """

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(renewal_notice_days__gte=FEWEST_NOTICE_DAYS), name="renewal_is_announced_in_time"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


def ask_together(*questions: Question[Any]) -> list[Any]:
    """The answers to several questions; PostgreSQL is asked in one round."""
    return statements.ask(connections[DEFAULT_DB_ALIAS], questions)


def _inside(city: City, where: Where) -> dict[str, Any]:
    """The condition with the city added. Raises TypeError if it names a city itself."""
    if "city" in where:
        raise TypeError("a condition does not name the city: it is always the one that is given")
    return {"city": city, **where}


def _of_city(city: City, rows: list[M]) -> list[M]:
    for row in rows:
        row._state.fields_cache["city"] = city
    return rows


class CityQuerySet(models.QuerySet[M]):
    """Queries begin with the city. `of` is the only way in that the architecture tests allow."""

    def of(self, city: City) -> Self:
        """The city's rows. Raises QueuedModelError in a block that has written this model and not sent it yet."""
        statements.refuse_queued(connections[self.db], self.model)
        return self.filter(city=city)

    def asking(
        self,
        city: City,
        where: Where,
        *,
        order_by: tuple[str, ...] = (),
        lock: bool = False,
        without: tuple[str, ...] = (),
    ) -> Question[list[M]]:
        """A question for the city's rows with these values (statements/where.py), for `ask_together`."""
        question = statements.rows_where(
            connections[self.db],
            self.model,
            _inside(city, where),
            order_by=order_by,
            lock=lock,
            without=without,
        )
        return replace(question, made=lambda found: _of_city(city, question.made(found)))

    def fetch(
        self,
        city: City,
        where: Where,
        *,
        order_by: tuple[str, ...] = (),
        lock: bool = False,
        without: tuple[str, ...] = (),
    ) -> list[M]:
        """The city's rows with these values; for the paths that must be fast."""
        (found,) = ask_together(self.asking(city, where, order_by=order_by, lock=lock, without=without))
        return cast(list[M], found)

    def fetch_one(self, city: City, where: Where, *, lock: bool = False) -> M | None:
        """The city's row with these values, which no two rows share; None where no row has them."""
        (found,) = self.fetch(city, where, lock=lock) or (None,)
        return found

    def picking(
        self,
        city: City,
        names: tuple[str, ...],
        where: Where,
        order_by: tuple[str, ...] = (),
        *,
        lock: bool = False,
    ) -> Question[list[list[Any]]]:
        """A question for the values of some fields of the city's rows, for `ask_together`."""
        condition = _inside(city, where)
        return statements.values_where(connections[self.db], self.model, names, condition, order_by, lock=lock)

    def pick(
        self,
        city: City,
        names: tuple[str, ...],
        where: Where,
        order_by: tuple[str, ...] = (),
        *,
        lock: bool = False,
    ) -> list[list[Any]]:
        """The values of some fields of the city's rows that match `where`."""
        (found,) = ask_together(self.picking(city, names, where, order_by, lock=lock))
        return cast(list[list[Any]], found)

    def summing(self, city: City, names: tuple[str, ...], sums: str, where: Where) -> Question[list[list[Any]]]:
        """A question for the values of some fields and for `sums` (SQL that we write) over the rows that share them."""
        return statements.sums_where(connections[self.db], self.model, names, sums, _inside(city, where))

    def insert(self, rows: Iterable[M]) -> None:
        """Insert new rows in one statement and set their keys."""
        statements.insert(connections[self.db], self.model, list(rows))

    def queue(self, rows: Iterable[M], *, keyed: bool = False) -> None:
        """Insert new rows together with the other writes of `writing_together`. `keyed` sets their keys at once."""
        statements.queue(connections[self.db], self.model, list(rows), keyed=keyed)

    def queue_values(self, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert rows given as values of these fields, together with the other writes of `writing_together`."""
        statements.queue_values(connections[self.db], self.model, names, list(rows))

    def rewrite(self, row: M, *names: str) -> None:
        """Write these fields of a row back."""
        statements.rewrite(connections[self.db], row, names)

    def rewrite_each(self, rows: Sequence[M], *names: str) -> None:
        """Write these fields of many rows back."""
        statements.rewrite_each(connections[self.db], rows, names)


class CityRow(models.Model):
    """A row that belongs to a city."""

    sealed: ClassVar[tuple[str, ...]] = ()
    """Columns that never change once the row is written, and that are sealed (seals/). `*` means all of them."""
    # The city has no index of its own: nearly all rows are of one city, and each table's indexes begin with it.
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", db_index=False)
    objects: ClassVar[CityQuerySet[Any]] = CityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True


class AppendOnlyError(TypeError):
    """Code tried to change or delete a fact. Facts are only appended; a correction is a new row that names the old
    one.
    """


class AppendOnlyQuerySet(CityQuerySet[M]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def rewrite(self, row: M, *names: str) -> None:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def rewrite_each(self, rows: Sequence[M], *names: str) -> None:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")


class AppendOnly(CityRow):
    """A fact. It is never changed or deleted: this class refuses that, and so do triggers in the database
    (triggers.py).
    """

    append_only: ClassVar[bool] = True
    sealed: ClassVar[tuple[str, ...]] = ("*",)
    objects: ClassVar[AppendOnlyQuerySet[Any]] = AppendOnlyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnlyError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{type(self).__name__} is append-only")


class ExpiringQuerySet(AppendOnlyQuerySet[M]):
    def remove_expired(self, city: City, day: date) -> int:
        """Remove the city's rows that did not have to be kept any more on the day before; say how many.

        The database lets go of no row before its time, whoever asks (triggers.py).
        """
        return self.of(city).filter(keep_until__lt=day)._raw_delete(self.db)


class KeptForYears(AppendOnly):
    """A fact that the law wants kept for some years, and that goes afterwards. Until then nobody removes it.

    Verifying seals takes it as right that a row is gone whose seal is older than `kept_years`.
    """

    kept_years: ClassVar[int]
    keep_until = models.DateField()
    """The last day on which the row must be there."""
    objects: ClassVar[ExpiringQuerySet[Any]] = ExpiringQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
