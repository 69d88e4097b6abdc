"""Everything of `disclosure` that other contexts may import."""

from __future__ import annotations

from huimin.platform.disclosure.agreeing import agree_by_code, agreed_to_cover, declare_agreed
from huimin.platform.disclosure.confirming import (
    Decision,
    confirm_key_terms,
    decide_on_advice,
    key_terms_confirmed,
)
from huimin.platform.disclosure.elderly import anybody_elderly
from huimin.platform.disclosure.models import Did, HowAgreed
from huimin.platform.disclosure.sessions.keeping import Moment, keep_moment, keep_reported, kept_until, new_session
from huimin.platform.disclosure.sessions.parts import close_mark, cut, open_mark
from huimin.platform.disclosure.sessions.replaying import (
    KeptMoment,
    KeptPage,
    KeptSession,
    kept_moments,
    kept_page,
    sessions_of_order,
    sessions_of_person,
)

__all__ = [
    "Decision",
    "Did",
    "HowAgreed",
    "KeptMoment",
    "KeptPage",
    "KeptSession",
    "Moment",
    "agree_by_code",
    "agreed_to_cover",
    "anybody_elderly",
    "close_mark",
    "confirm_key_terms",
    "cut",
    "decide_on_advice",
    "declare_agreed",
    "keep_moment",
    "keep_reported",
    "kept_moments",
    "kept_page",
    "kept_until",
    "key_terms_confirmed",
    "new_session",
    "open_mark",
    "sessions_of_order",
    "sessions_of_person",
]
