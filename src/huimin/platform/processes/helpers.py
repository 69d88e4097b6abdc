"""`python -m huimin.platform.processes.helpers NAME`: one of the helpers of `huimin serve`, until it is stopped."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

__all__ = ["main"]


def _outbox() -> Callable[[], None]:
    from huimin.platform.outbox import run  # noqa: PLC0415 - models are known only after django.setup()

    return run


def _recalculation() -> Callable[[], None]:
    from huimin.platform.recalculation.worker import work  # noqa: PLC0415

    return work


def _desk() -> Callable[[], None]:
    from huimin.platform.desk.worker import work  # noqa: PLC0415

    return work


def _seals() -> Callable[[], None]:
    from huimin.platform.seals.worker import work  # noqa: PLC0415

    return work


_HELPERS = {"outbox": _outbox, "recalculation": _recalculation, "desk": _desk, "seals": _seals}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huimin.platform.settings")
    import django  # noqa: PLC0415

    django.setup()
    _HELPERS[sys.argv[1]]()()


if __name__ == "__main__":
    main()
