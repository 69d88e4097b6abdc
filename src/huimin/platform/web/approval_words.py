"""What is said to whoever answered another's proposal. A page that says more of one answer puts its own words there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from huimin.platform.foundation.approvals.models import Answer

__all__ = ["ANSWERED"]

ANSWERED = {
    Answer.APPROVED: gettext_lazy("已同意并执行。"),
    Answer.SENT_BACK: gettext_lazy("已退回。"),
    Answer.OUTDATED: gettext_lazy("提请之后情况有变，没有执行；须重新提请。"),
}
