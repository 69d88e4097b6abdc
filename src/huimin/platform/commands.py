"""What the `huimin` command asks of the platform besides serving: keys for parties outside, messages given up."""

from __future__ import annotations

import os
import sys

__all__ = ["list_given_up", "load_django", "send_message_again", "show_key"]

_SETTINGS = "huimin.platform.settings"


def load_django() -> None:
    """Make the platform's models usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django  # noqa: PLC0415

    django.setup()


def show_key(purpose: str) -> int:
    """Print the key of a purpose that a party outside holds too. Raises UnusableKeysError for all others."""
    load_django()
    from huimin.platform.foundation.keys import shared_key  # noqa: PLC0415

    sys.stdout.write(shared_key(purpose) + "\n")
    return 0


def list_given_up() -> int:
    """Print the messages of every city that were given up, with the reason. Returns 1 where there is one, else 0."""
    load_django()
    from huimin.platform.foundation.leaving import given_up, outbox  # noqa: PLC0415
    from huimin.platform.foundation.selectors import all_cities  # noqa: PLC0415

    state = outbox()
    minutes = int(state.oldest.total_seconds() // 60)
    sys.stdout.write(f"{state.waiting} waiting, the oldest for {minutes} minutes; {state.given_up} given up\n")
    for city in all_cities():
        number, pages = 1, 1
        while number <= pages:
            rows = given_up(city, number)
            number, pages = number + 1, rows.pages
            for message in rows:
                sys.stdout.write(f"{city.code} {message.pk}: {message.topic} {message.key}, {message.failure}\n")
    return 1 if state.given_up else 0


def send_message_again(code: str, message_id: int) -> int:
    """Let the worker try a message again that was given up. Raises HuiminError."""
    load_django()
    from huimin.errors import HuiminError  # noqa: PLC0415
    from huimin.platform.foundation.leaving import send_again  # noqa: PLC0415
    from huimin.platform.foundation.selectors import city_by_code  # noqa: PLC0415

    city = city_by_code(code)
    if city is None:
        raise HuiminError(f"found no city {code!r}; expected the code of a city of this server", code="not_found")
    send_again(city=city, message_id=message_id, actor="command")
    return 0
