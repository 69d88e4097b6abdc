"""The contact sheet shows every picture once, by page, size and language, and a gap where one is missing."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("contact_sheet_script", ROOT / "scripts" / "contact_sheet.py")
assert spec is not None and spec.loader is not None
script: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
NAMES = [
    "home-phone-zh.png",
    "home-phone-en.png",
    "home-desk-zh.png",
    "home-desk-en.png",
    "claim-desk-en.png",
    "till.png",
]


def test_a_picture_is_in_the_row_of_its_page_and_the_column_of_its_size_and_language() -> None:
    found = script.by_page(NAMES)
    assert list(found) == ["claim", "home", "till"]
    assert found["home"] == {
        "phone-zh": "home-phone-zh.png",
        "phone-en": "home-phone-en.png",
        "desk-zh": "home-desk-zh.png",
        "desk-en": "home-desk-en.png",
    }
    assert found["claim"] == {"desk-en": "claim-desk-en.png"}
    assert found["till"] == {"desk-zh": "till.png"}


def test_every_picture_is_shown_once_and_every_gap_is_seen() -> None:
    page = script.sheet(NAMES)
    assert sorted(re.findall(r'src="([^"]+)"', page)) == sorted(NAMES)
    assert page.count('class="gap"') == 3 * 4 - len(NAMES)
    assert "<h1>3 pages</h1>" in page


@pytest.mark.parametrize(("pages", "sections"), [(8, 1), (9, 2), (17, 3)])
def test_a_sheet_has_no_more_rows_than_one_picture_can_hold(pages: int, sections: int) -> None:
    page = script.sheet([f"page{number}-desk-zh.png" for number in range(pages)])
    assert page.count("<section>") == sections


def test_a_folder_without_pictures_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main(tmp_path) == 2
    assert "expected those of `make screenshots`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_no_part_of_the_page_s_code(tmp_path: Path) -> None:
    assert "<script>" not in script.sheet(["<script>-desk-zh.png"])
