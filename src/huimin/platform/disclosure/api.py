"""What the rest of the platform may use of `disclosure`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.disclosure.confirming import (
    Decision,
    confirm_key_terms,
    decide_on_advice,
    key_terms_confirmed,
)
from huimin.platform.disclosure.elderly import anybody_elderly

__all__ = ["Decision", "anybody_elderly", "confirm_key_terms", "decide_on_advice", "key_terms_confirmed"]
