"""What a worker does with a study."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from huimin.actuarial.studies.asked import AskedStudy, perform
from huimin.errors import HuiminError
from huimin.platform.catalogue.api import plan_on_sale
from huimin.platform.desk.models import Kind, Study
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.recalculation.api import write_members, write_settlements
from huimin.platform.tasks.api import Attempt, Write, folder

__all__ = ["do_study"]


def do_study(attempt: Attempt) -> Write:
    found: Study = Study.objects.of(attempt.task.city).get(task=attempt.task.pk)
    terms = (found.plan_text, found.sources_text)
    asked = AskedStudy(found.kind, *terms, found.people, found.seed, found.numbers, found.triangle_text)
    with folder(attempt) as home:
        if found.kind == Kind.LOOKBACK:
            asked = replace(asked, files=_files(found.city, home), day=timezone.localdate(now(found.city)))
        outcome = perform(asked, attempt.progress)
    books = {language: b64encode(book).decode() for language, book in outcome.workbooks.items()}

    def write() -> None:
        rows = Study.objects.of(found.city).filter(pk=found.pk)
        rows.update(pages=outcome.pages, document=outcome.document, workbooks=books)

    return write


def _files(city: City, home: Path) -> tuple[Path, Path]:
    """The members and bills of the plan year on sale. Raises HuiminError (`nothing_on_sale`)."""
    year = plan_on_sale(city)
    if year is None:
        raise HuiminError("found no plan year on sale; expected one to look back on", code="nothing_on_sale")
    members, settlements = home / "members.parquet", home / "settlements.parquet"
    write_members(members, city, year)
    write_settlements(settlements, city, year)
    return members, settlements
