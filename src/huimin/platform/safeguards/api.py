"""What the rest of the platform may use of `safeguards`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.safeguards.models import Answer, Road
from huimin.platform.safeguards.questions import Question, answer, answer_by_reply, questions_of, questions_to_undo

__all__ = ["Answer", "Question", "Road", "answer", "answer_by_reply", "questions_of", "questions_to_undo"]
