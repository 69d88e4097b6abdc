from __future__ import annotations

from django.apps import AppConfig


class Enrolment(AppConfig):
    name = "huimin.platform.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        """Say what computes the context's journal entries again."""
        from huimin.platform.enrolment.verification import recompute_premium  # noqa: PLC0415
        from huimin.platform.ledger.api import CLEARING, PREMIUM, SUBSIDIES, register_verifier  # noqa: PLC0415

        register_verifier(
            "premium",
            groups=(CLEARING, PREMIUM, SUBSIDIES),
            recompute=recompute_premium,
        )
