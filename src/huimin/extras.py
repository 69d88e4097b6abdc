"""The parts of Huimin that are installed on demand (pip's extras), and the error that names a missing one.

`pip install huimin` brings the evaluator, the plans and the command. pyproject.toml lists what each extra needs by the
names of packages. This module lists it by the names that Python imports, so that a missing package is noticed before
the part is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from huimin.errors import HuiminError

__all__ = ["EXTRAS", "MissingExtra", "of_missing_module", "require"]

_BATCH = ("numba", "numpy", "openpyxl", "pyarrow")
_ACTUARIAL = (*_BATCH, "jinja2", "matplotlib", "tomlkit")
_DOCUMENTS = ("PIL", "pypdfium2", "zxingcpp")
_PAPERS = (*_DOCUMENTS, "cv2", "onnxruntime", "rapidocr")
_DOORS = ("httpcore", "httpx")
_SERVER = (
    "allauth",
    "axes",
    "chinese_calendar",
    "cryptography",
    "django",
    "fontTools",
    "granian",
    "ninja",
    "psycopg",
    "pylopdf_fonts_zh_cn",
    "segno",
    "typst",
    "whitenoise",
)
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "batch": _BATCH,
    "actuarial": _ACTUARIAL,
    "platform": (*_ACTUARIAL, *_DOORS, *_SERVER),
    "documents": _DOCUMENTS,
    "papers": _PAPERS,
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
    """Check that everything `extra` brings can be imported. `what` begins the error's sentence: it says who needs the
    extra.

    The packages are only looked for, not imported, since importing is slow. Raises MissingExtra (`missing_extra`).
    """
    missing = tuple(name for name in EXTRAS[extra] if find_spec(name) is None)
    if missing:
        raise MissingExtra(extra, what, missing)


def of_missing_module(error: ModuleNotFoundError) -> MissingExtra | None:
    """The MissingExtra error for a module that was not found; None if no extra brings that module.

    For code that imported a part without calling `require` first. The smallest extra that brings the module is named.
    """
    name = (error.name or "").partition(".")[0]
    bringing = [extra for extra in EXTRAS if name in EXTRAS[extra]]
    return MissingExtra(min(bringing, key=lambda extra: len(EXTRAS[extra])), "this", (name,)) if bringing else None
