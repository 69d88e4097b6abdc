"""What the rest of the platform may use of `servicing`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.servicing.checking import validity_of
from huimin.platform.servicing.epolicy.making import epolicy
from huimin.platform.servicing.options import change_option, options_of
from huimin.platform.servicing.requests.deciding import (
    agree_to_request,
    close_look,
    propose_request,
    refuse_request,
)
from huimin.platform.servicing.requests.numbering import give_id_number
from huimin.platform.servicing.requests.papers import paper_of
from huimin.platform.servicing.requests.reading import (
    RequestFacts,
    RequestStory,
    open_requests,
    request_story,
    requests_about,
    requests_waiting,
)
from huimin.platform.servicing.requests.requesting import (
    DEATH_SOURCES,
    ask_for_endorsement,
    contest_record,
    report_death,
)
from huimin.platform.servicing.requests.rules import Asks, Step, Turn
from huimin.platform.servicing.statuses import PolicyStatus, Stands
from huimin.platform.servicing.stories import PolicyStory, stories_of
from huimin.platform.servicing.withdrawal import back_today, give_back_unagreed, withdraw

__all__ = [
    "DEATH_SOURCES",
    "Asks",
    "PolicyStatus",
    "PolicyStory",
    "RequestFacts",
    "RequestStory",
    "Stands",
    "Step",
    "Turn",
    "agree_to_request",
    "ask_for_endorsement",
    "back_today",
    "change_option",
    "close_look",
    "contest_record",
    "epolicy",
    "give_back_unagreed",
    "give_id_number",
    "open_requests",
    "options_of",
    "paper_of",
    "propose_request",
    "refuse_request",
    "report_death",
    "request_story",
    "requests_about",
    "requests_waiting",
    "stories_of",
    "validity_of",
    "withdraw",
]
