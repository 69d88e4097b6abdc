"""Everything of `desk` that other contexts may import."""

from __future__ import annotations

from huimin.platform.desk.models import Kind
from huimin.platform.desk.selectors import StudyFacts, break_even_of, latest_studies, study_by_id, study_result
from huimin.platform.desk.services import NUMBERS, cancel_study, numbers_of, request_study

__all__ = [
    "NUMBERS",
    "Kind",
    "StudyFacts",
    "break_even_of",
    "cancel_study",
    "latest_studies",
    "numbers_of",
    "request_study",
    "study_by_id",
    "study_result",
]
