from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_HOME = "huimin.platform.quick_claims"
_MOST_ATTEMPTS = 60
"""Two days of asking a bureau whose answers cannot be used, an hour apart at last: then a person looks."""


class QuickClaims(AppConfig):
    name = _HOME
    label = "quick_claims"

    def ready(self) -> None:
        """Say what workers do. A resident looks at a page that waits for it, so it goes before questions of orders."""
        from huimin.platform.quick_claims.failures import FETCH  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        function, silent = f"{_HOME}.fetching:fetch_settlements", timedelta(seconds=60)
        register_kinds(Kind(FETCH, function, Lane.ORDERS, silent, priority=15, most_attempts=_MOST_ATTEMPTS))
