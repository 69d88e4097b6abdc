from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_HOME = "huimin.platform.renewal"
_SILENT = timedelta(minutes=30)
_MOST_ATTEMPTS = 40
"""A day and a half of asking the payment company, an hour apart at last: then a person looks."""


class Renewal(AppConfig):
    name = _HOME
    label = "renewal"

    def ready(self) -> None:
        """Say what the calendar asks for: years are counted, renewals announced, paid, and held to their proof."""
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        for name, place, hour in (
            ("count_years", "years.counting:count_years", 2),
            ("announce_renewals", "automatic.announcing:announce_renewals", 5),
            ("check_proofs", "proof.giving_back:check_proofs", 6),
            ("begin_renewals", "automatic.charging:begin_renewals", 9),
        ):
            register_kinds(Kind(name, f"{_HOME}.{place}", Lane.JOBS, _SILENT, priority=-5, schedule=Nightly(hour=hour)))
        earlier = f"{_HOME}.years.importing:read_earlier"
        register_kinds(Kind("read_earlier", earlier, Lane.JOBS, timedelta(minutes=15)))
        one, silent = f"{_HOME}.automatic.charging:renew_one", timedelta(seconds=90)
        register_kinds(Kind("renew_one", one, Lane.JOBS, silent, priority=4, most_attempts=_MOST_ATTEMPTS))
