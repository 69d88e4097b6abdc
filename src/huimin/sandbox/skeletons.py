"""Parties that later work needs: they are there, refuse everything politely, and say what they will do."""

from __future__ import annotations

from collections.abc import Callable

from huimin.sandbox.wire import Answer, Request, problem

__all__ = ["PROMISES", "refusing"]

PROMISES = {
    "pharmacy": ("ask whether a drug is authorised", "record what was handed out", "send the bill"),
    "bill-verification": (
        "say whether an electronic medical bill is genuine",
        "say that it was reversed, and by which bill",
        "limit queries of one bill to five a day",
    ),
    "hospital": ("take requests for a visit's records",),
}
"""What each will do, in its problem document's words. The pages have the same in both languages (page_words.py)."""


def refusing(code: str) -> Callable[[Request, str], Answer]:
    """What a party answers that does nothing yet: 501, with what will be there."""
    detail = f"The sandbox's {code} does nothing yet. It will: {'; '.join(PROMISES[code])}."

    def answer(request: Request, kind: str) -> Answer:
        return problem(501, "not_here_yet", detail)

    return answer
