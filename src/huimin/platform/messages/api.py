"""What the rest of the platform may use of `messages`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.messages.centre import Message, keep_sent, mark_read, messages_of, messages_with_keys
from huimin.platform.messages.replies import ids_in, key_at_gateway, plain_reply
from huimin.platform.messages.texts import text_of

__all__ = [
    "Message",
    "ids_in",
    "keep_sent",
    "key_at_gateway",
    "mark_read",
    "messages_of",
    "messages_with_keys",
    "plain_reply",
    "text_of",
]
