from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_migrate, pre_migrate


class Foundation(AppConfig):
    name = "huimin.platform.foundation"
    label = "foundation"

    def ready(self) -> None:
        from huimin.platform.foundation import checks  # noqa: F401, PLC0415 - registers the system checks
        from huimin.platform.foundation.other_versions import refuse_other_version  # noqa: PLC0415
        from huimin.platform.foundation.triggers import ensure_triggers  # noqa: PLC0415

        pre_migrate.connect(refuse_other_version, sender=self)
        post_migrate.connect(ensure_triggers, sender=self)
        from huimin.platform.foundation.accounts import sign_in_failed, signed_in  # noqa: PLC0415

        user_logged_in.connect(signed_in)
        user_login_failed.connect(sign_in_failed)
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.foundation.limits import second_person_limit  # noqa: PLC0415

        register_use_cases(second_person_limit())
