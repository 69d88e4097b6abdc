from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_MOST_ATTEMPTS = 180
"""A week of asking, an hour apart: a new number reaches the bureau some days after the police has given it."""


class Servicing(AppConfig):
    name = "huimin.platform.servicing"
    label = "servicing"

    def ready(self) -> None:
        """Say what computes the entries of premium that moved after policies were issued, what two people decide about
        policies, and what is done when a difference is paid."""
        from huimin.platform.enrolment.api import register_difference  # noqa: PLC0415
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import PREMIUM, SUBSIDIES, register_verifier  # noqa: PLC0415
        from huimin.platform.servicing.endorsing.carrying_out import difference_paid  # noqa: PLC0415
        from huimin.platform.servicing.options import OPTION, option_paid  # noqa: PLC0415
        from huimin.platform.servicing.requests.deciding import policy_request  # noqa: PLC0415
        from huimin.platform.servicing.verification import recompute_reversals  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        register_verifier("premium that moved later", groups=(PREMIUM, SUBSIDIES), recompute=recompute_reversals)
        register_use_cases(policy_request())
        register_difference("endorsement", difference_paid)
        register_difference(OPTION, option_paid)
        silent, confirm = timedelta(minutes=2), "huimin.platform.servicing.requests.numbering:confirm_id_number"
        register_kinds(Kind("confirm_id_number", confirm, Lane.JOBS, silent, most_attempts=_MOST_ATTEMPTS))
