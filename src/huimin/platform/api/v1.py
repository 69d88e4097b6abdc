"""/api/v1/: all its addresses, one module for each group of them, in the order in which they are looked for."""

from __future__ import annotations

from huimin.platform.api.bulk_files import bulk_files
from huimin.platform.api.describing import DescribedAPI
from huimin.platform.api.enrolment import enrolment
from huimin.platform.api.hospital_statements import hospital_statements
from huimin.platform.api.notices import notices
from huimin.platform.api.problems import register_handlers
from huimin.platform.api.reading import StrictParser
from huimin.platform.api.settlements import settlements
from huimin.platform.api.trials import trials

__all__ = ["api"]

api = DescribedAPI(title="Huimin 惠民", version="1", urls_namespace="api", parser=StrictParser())
register_handlers(api)
for group in (bulk_files, trials, hospital_statements, settlements, enrolment, notices):
    api.add_router("", group)
