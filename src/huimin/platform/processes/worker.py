"""The web worker that granian starts in each of its processes. It sets up Django and ends with granian."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from huimin.platform.processes.child import PARENT_VARIABLE, end_with_parent

if TYPE_CHECKING:
    from huimin.platform.processes.front import Front

__all__ = ["application"]


def application() -> Front:
    """The factory that granian calls in each worker."""
    if PARENT_VARIABLE in os.environ:
        end_with_parent(int(os.environ[PARENT_VARIABLE]), signal.SIGKILL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huimin.platform.settings")
    # A request waits one second for a lock, helpers longer. The settings read this when they are loaded.
    os.environ.setdefault("HUIMIN_LOCK_SECONDS", "1")
    import django  # noqa: PLC0415

    django.setup(set_prefix=False)
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    from huimin.platform.foundation.keys import refuse_unusable_keys  # noqa: PLC0415
    from huimin.platform.processes.front import Front  # noqa: PLC0415
    from huimin.platform.processes.refusals import limits_from  # noqa: PLC0415

    refuse_unusable_keys()
    front = Front(WSGIHandler(), limits_from(os.environ))
    front.start()
    return front
