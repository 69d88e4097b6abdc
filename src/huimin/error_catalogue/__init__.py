"""Every stable code of an error or refusal: what it says, and what to do, in English and Chinese.

The sentences stand in this folder's files, one a group. They say what a code means in general; the error itself says
what was found. A test compares the files with the code: each code that the source gives is here, and no other.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["GROUPS", "CatalogueEntry", "entry_of", "error_catalogue"]

GROUPS = {
    "request": ("Requests to the API", "接口请求"),
    "bills": ("Bills that are not decided by themselves", "不能自动理算的账单"),
    "joining": ("Joining and paying", "投保与缴费"),
    "policies": ("Policies after they were issued", "保单保全"),
    "invoices": ("Electronic invoices", "电子发票"),
    "subsidies": ("Cover that others pay for", "资助参保"),
    "many": ("Many enrolled at once", "批量参保"),
    "documents": ("Papers of a claim", "理赔材料"),
    "clearing": ("Monthly clearing with hospitals", "医疗机构月度结算"),
    "handling": ("Working on the pages", "页面操作"),
    "plans": ("Plan files, files and jobs", "条款文件与批量任务"),
    "actuary": ("The actuary's desk", "精算台"),
    "running": ("Running the platform", "平台运行"),
}
"""The groups in the order in which they are shown, with their English and Chinese titles."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What a code says (`en`, `zh`), and what to do about it (`mend`, `mend_zh`).

    `status`: the HTTP status under which the API answers it; None for what stands in files, on pages and in terminals.
    """

    code: str
    group: str
    en: str
    zh: str
    mend: str
    mend_zh: str
    status: int | None = None

    def words(self, language: str) -> tuple[str, str]:
        """The sentence and what to do, in Chinese where `language` begins with zh, else in English."""
        return (self.zh, self.mend_zh) if language.startswith("zh") else (self.en, self.mend)


@cache
def error_catalogue() -> dict[str, CatalogueEntry]:
    """All entries by code, group by group."""
    home = files("huimin.error_catalogue")
    return {
        code: CatalogueEntry(code, group, **words)
        for group in GROUPS
        for code, words in tomllib.loads((home / f"{group}.toml").read_text("utf-8")).items()
    }


def entry_of(code: str) -> CatalogueEntry | None:
    """The entry of a code, or None where there is no such code."""
    return error_catalogue().get(code)
