"""Where a part's packages are missing, one sentence says which extra to install, before anything else is done.

That each command says so is tried in tests/distribution, where nothing but the core is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cast import JIANGSU
from huimin.batch.job import small_jobs
from huimin.cli import main
from huimin.errors import HuiminError
from huimin.extras import EXTRAS, MissingExtra, of_missing_module, require

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


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("numpy", "batch"),
        ("pyarrow.dataset", "batch"),
        ("tomlkit", "actuarial"),
        ("jinja2", "actuarial"),
        ("ninja", "platform"),
    ],
)
def test_a_part_that_was_loaded_without_being_asked_for_is_named_all_the_same(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(_: object) -> int:
        raise ModuleNotFoundError(name=module)

    monkeypatch.setattr("huimin.cli.plans._list", load)
    assert main(["plans", "list"]) == 4
    assert capsys.readouterr().err == (
        f"huimin: this needs {module.partition('.')[0]}, which is not installed; "
        f"install with: pip install 'huimin[{extra}]' [missing_extra]\n"
    )


@pytest.mark.parametrize("module", ["huimin.nowhere", "nowhere", None])
def test_a_module_of_no_extra_is_a_fault_of_ours_and_not_hidden(module: str | None) -> None:
    assert of_missing_module(ModuleNotFoundError(name=module)) is None


def test_a_pdf_needs_an_extra_and_says_so_before_a_process_begins(
    tmp_path: Path, absent: Absent, capsys: pytest.CaptureFixture[str]
) -> None:
    absent("pypdfium2")
    (tmp_path / "bill.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    assert main(["documents", "read", str(tmp_path / "bill.pdf")]) == 4
    assert "install with: pip install 'huimin[documents]'" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "data"), [("bill.png", b"\x89PNG\r\n\x1a\n"), ("bill.jpg", b"\xff\xd8\xff")])
def test_a_picture_needs_an_extra_and_says_so(
    name: str, data: bytes, tmp_path: Path, absent: Absent, capsys: pytest.CaptureFixture[str]
) -> None:
    """That a PDF of pictures needs it too, tests/papers tries."""
    absent("rapidocr")
    (tmp_path / name).write_bytes(data)
    assert main(["documents", "read", str(tmp_path / name)]) == 4
    said = capsys.readouterr().err
    assert "needs rapidocr, which is not installed; install with: pip install 'huimin[papers]' [missing_extra]" in said


def test_every_extra_lists_what_the_extras_within_it_list() -> None:
    within = [("batch", "actuarial"), ("actuarial", "platform"), ("batch", "spark"), ("actuarial", "glm")]
    for part, whole in [*within, ("documents", "papers")]:
        assert set(EXTRAS[part]) < set(EXTRAS[whole])


def test_a_small_job_of_csv_files_needs_no_extra_and_a_larger_one_says_which(
    tmp_path: Path, absent: Absent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.csv").write_text("psn_no,cover_from,cover_to\nP1,2022-01-01,2022-12-31\n", "utf-8")
    bill = "S1,P1,2022-03-01,21,30000.00,0.00"
    heads = "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt"
    (tmp_path / "s.csv").write_text(f"{heads}\n{bill}\n", "utf-8")
    files = [f"--members={tmp_path}/m.csv", f"--settlements={tmp_path}/s.csv", f"--out={tmp_path}/out"]
    absent("numba", "numpy", "pyarrow", "openpyxl")
    assert main(["adjudicate", JIANGSU, *files]) == 0
    assert "13000.00 yuan payable" in capsys.readouterr().out
    monkeypatch.setattr(small_jobs, "MOST_ROWS", 1)
    assert main(["adjudicate", JIANGSU, *files]) == 4
    assert "install with: pip install 'huimin[batch]'" in capsys.readouterr().err
