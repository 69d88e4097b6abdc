"""What happened to a subject, and what is so because of it.

A subject is anything that has a history: a held bill, a payment that does not fit, the city itself. Its events are
appended and numbered; its statuses and clocks are computed from them, and stored nowhere but for queues (ADR 29).
"""

from __future__ import annotations

from huimin.platform.foundation.events.event import Event, Subject, has_happened, that_stand
from huimin.platform.foundation.events.statuses import StatusRule, statuses

__all__ = ["Event", "StatusRule", "Subject", "has_happened", "statuses", "that_stand"]
