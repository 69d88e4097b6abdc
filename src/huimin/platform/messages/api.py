"""What the rest of the platform may use of `messages`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.messages.centre import Message, keep_sent, mark_read, messages_of
from huimin.platform.messages.texts import text_of

__all__ = ["Message", "keep_sent", "mark_read", "messages_of", "text_of"]
