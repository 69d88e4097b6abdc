"""Where a part's packages are missing, one sentence says which extra to install, before anything else is done.

That each command says so is tried in tests/distribution, where nothing but the core is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from cast import JIANGSU
from huimin.cli import main
from huimin.errors import HuiminError
from huimin.extras import EXTRAS, MissingExtra, require

Absent = Callable[..., None]
FILES = ["--members", "m.csv", "--settlements", "s.csv", "--out", "out"]


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Absent:
    """Makes packages look as though they were not installed."""

    def make(*names: str) -> None:
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)

    return make


def test_an_extra_that_is_installed_is_passed_in_silence() -> None:
    require("batch", "this")


def test_one_missing_package_is_named_with_the_extra_that_brings_it(absent: Absent) -> None:
    absent("tomlkit")
    with pytest.raises(MissingExtra) as refused:
        require("actuarial", "huimin.actuarial")
    assert refused.value.message == (
        "huimin.actuarial needs tomlkit, which is not installed; install with: pip install 'huimin[actuarial]'"
    )
    assert (refused.value.code, refused.value.extra) == ("missing_extra", "actuarial")


def test_several_missing_packages_are_named_together(absent: Absent) -> None:
    absent("numba", "numpy", "pyarrow")
    with pytest.raises(MissingExtra, match=r"huimin\.batch needs numba, numpy and pyarrow, which are not installed"):
        require("batch", "huimin.batch")


def test_a_missing_extra_is_an_error_of_ours_and_an_import_error() -> None:
    """A program that tries an import, as is usual in Python, notices it too."""
    assert issubclass(MissingExtra, HuiminError) and issubclass(MissingExtra, ImportError)


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        (["price", JIANGSU, "--city", "1000", "--glm"], "glum", "glm"),
        (["adjudicate", JIANGSU, *FILES, "--engine", "spark"], "pyspark", "spark"),
    ],
)
def test_an_option_that_needs_more_than_its_command_says_so_before_the_work_begins(
    command: list[str], package: str, extra: str, absent: Absent, capsys: pytest.CaptureFixture[str]
) -> None:
    """The city is too small to be priced and the files do not exist: neither was looked at."""
    absent(package)
    assert main(command) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(
        f"needs {package}, which is not installed; install with: pip install 'huimin[{extra}]' [missing_extra]\n"
    )


def test_every_extra_lists_what_the_extras_within_it_list() -> None:
    for part, whole in (("batch", "actuarial"), ("actuarial", "platform"), ("batch", "spark"), ("actuarial", "glm")):
        assert set(EXTRAS[part]) < set(EXTRAS[whole])
