"""What happened to a subject, and the statuses and deadlines that follow.

A subject is anything that has a history: a held bill, a payment that does not match its order, the city itself. Its
events are appended and numbered. Its statuses and clocks are computed from them and stored only where a queue needs
them for sorting (ADR 29).
"""

from __future__ import annotations

from huimin.platform.foundation.events.event import Event, Subject, has_happened, that_stand
from huimin.platform.foundation.events.statuses import StatusRule, statuses

__all__ = ["Event", "StatusRule", "Subject", "has_happened", "statuses", "that_stand"]
