"""What the rest of the platform may use of `servicing`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.servicing.checking import validity_of
from huimin.platform.servicing.epolicy.making import epolicy
from huimin.platform.servicing.statuses import PolicyStatus, Stands
from huimin.platform.servicing.stories import PolicyStory, stories_of
from huimin.platform.servicing.withdrawal import back_today, give_back_unagreed, withdraw

__all__ = [
    "PolicyStatus",
    "PolicyStory",
    "Stands",
    "back_today",
    "epolicy",
    "give_back_unagreed",
    "stories_of",
    "validity_of",
    "withdraw",
]
