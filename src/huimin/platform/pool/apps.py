from __future__ import annotations

from django.apps import AppConfig


class Pool(AppConfig):
    name = "huimin.platform.pool"
    label = "pool"

    def ready(self) -> None:
        """Say what computes the context's journal entries again."""
        from huimin.platform.ledger import accounts  # noqa: PLC0415
        from huimin.platform.ledger.verification import register_verifier  # noqa: PLC0415
        from huimin.platform.pool.verification import recompute_roundings  # noqa: PLC0415

        register_verifier(
            "rounding statements",
            groups=(
                accounts.PREMIUM,
                accounts.CLAIMS,
            ),
            recompute=recompute_roundings,
        )
