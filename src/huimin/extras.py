"""The parts of Huimin that are installed on demand (pip's extras), and one sentence where a part is missing.

`pip install huimin` brings the evaluator, the plans and the command. What else a part needs stands in pyproject.toml,
by the names of packages; here it stands by the names that Python imports, so that a part can be asked for before it is
loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from huimin.errors import HuiminError

__all__ = ["EXTRAS", "MissingExtra", "of_missing_module", "require"]

_BATCH = ("numba", "numpy", "openpyxl", "pyarrow")
_ACTUARIAL = (*_BATCH, "jinja2", "matplotlib", "tomlkit")
_DOORS = ("httpcore", "httpx")
_SERVER = (
    "allauth",
    "axes",
    "chinese_calendar",
    "cryptography",
    "django",
    "granian",
    "ninja",
    "psycopg",
    "segno",
    "whitenoise",
)
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "batch": _BATCH,
    "actuarial": _ACTUARIAL,
    "platform": (*_ACTUARIAL, *_DOORS, *_SERVER),
    "spark": (*_BATCH, "pyspark"),
    "glm": (*_ACTUARIAL, "glum", "pandas", "threadpoolctl"),
}
"""What each extra makes importable, itself and through the extras that it includes."""


class MissingExtra(HuiminError, ImportError):
    """A part was asked for whose packages are not installed. `extra` is what to install."""

    code = "missing_extra"

    def __init__(self, extra: str, what: str, missing: tuple[str, ...]) -> None:
        *others, last = missing
        names = f"{', '.join(others)} and {last}, which are" if others else f"{last}, which is"
        super().__init__(f"{what} needs {names} not installed; install with: pip install 'huimin[{extra}]'")
        self.extra = extra


def require(extra: str, what: str) -> None:
    """Return if everything that `extra` brings can be imported. `what` begins the sentence: who needs it.

    Nothing is imported here, only looked for. Raises MissingExtra (`missing_extra`).
    """
    missing = tuple(name for name in EXTRAS[extra] if find_spec(name) is None)
    if missing:
        raise MissingExtra(extra, what, missing)


def of_missing_module(error: ModuleNotFoundError) -> MissingExtra | None:
    """The same in one sentence, if the module that was not found is of an extra; None if it is not.

    For a part that was loaded without being asked for: the smallest extra that brings the module is named.
    """
    name = (error.name or "").partition(".")[0]
    bringing = [extra for extra in EXTRAS if name in EXTRAS[extra]]
    return MissingExtra(min(bringing, key=lambda extra: len(EXTRAS[extra])), "this", (name,)) if bringing else None
