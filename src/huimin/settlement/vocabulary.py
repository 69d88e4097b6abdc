"""Closed vocabularies: the words that a column may hold, with the spellings that people and programs use for them.

An unknown word is refused with what was found and what is known. It is never read as a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from huimin.errors import InputError
from huimin.settlement.normal import normal_code

__all__ = [
    "HOSPITAL_LEVELS",
    "INSUTYPE_NAMES",
    "INSUTYPE_WORDS",
    "MED_TYPE_NAMES",
    "MED_TYPE_WORDS",
    "NO",
    "PLACE_WORDS",
    "SEX_WORDS",
    "WARD_WORDS",
    "YES",
    "YES_NO",
    "Vocabulary",
]

T = TypeVar("T")

MED_TYPE_NAMES: Mapping[str, tuple[str, str]] = {
    "11": ("普通门诊", "outpatient"),
    "12": ("门诊挂号", "registration"),
    "13": ("急诊", "emergency"),
    "14": ("门诊慢特病", "special outpatient"),
    "21": ("普通住院", "inpatient"),
    "22": ("外伤住院", "inpatient after an injury"),
    "23": ("转外诊治住院", "inpatient after a transfer"),
    "24": ("急诊转住院", "inpatient from emergency"),
    "25": ("异地住院", "inpatient elsewhere"),
    "26": ("单病种住院", "inpatient of a single disease"),
    "28": ("日间手术", "day surgery"),
    "31": ("家庭病床", "bed at home"),
    "41": ("定点药店购药", "pharmacy"),
    "51": ("生育门诊", "maternity outpatient"),
    "52": ("生育住院", "maternity inpatient"),
    "53": ("计划生育手术", "family planning operation"),
    "91": ("其他门诊", "other outpatient"),
    "92": ("其他住院", "other inpatient"),
    "93": ("其他购药", "other pharmacy"),
}
"""医疗类别 (`med_type`) of the national interface, code to its names in Chinese and English.

These are the two-digit codes that hospital programs of several provinces use. Longer codes are a province's own and
must be mapped to these before bills are sent.
"""

INSUTYPE_NAMES: Mapping[str, str] = {
    "310": "职工基本医疗保险",
    "320": "公务员医疗补助",
    "330": "大额医疗费用补助",
    "340": "离休人员医疗保障",
    "350": "一至六级残废军人医疗补助",
    "360": "老红军医疗保障",
    "370": "企业补充医疗保险",
    "380": "新型农村合作医疗",
    "390": "城乡居民基本医疗保险",
    "391": "城镇居民基本医疗保险",
    "392": "城乡居民大病医疗保险",
    "399": "其他特殊人员医疗保障",
    "410": "长期照护保险",
    "510": "生育保险",
}
"""险种类型 (`insutype`) of the national interface. Plans name 310 and 390 only."""

YES, NO = "1", "0"


def _folded(text: str) -> str:
    """The form in which spellings are compared: small letters, and `1` for `1.0`, which programs write in columns with
    gaps.
    """
    word = normal_code(text).casefold()
    whole, point, rest = word.partition(".")
    return whole if point and whole.isdigit() and rest and not rest.strip("0") else word


@dataclass(frozen=True)
class Vocabulary(Generic[T]):
    """Spellings and the value of each. `known` is what a refusal says is known."""

    known: str
    values: Mapping[str, T]

    @classmethod
    def of(cls, known: str, words: Iterable[tuple[T, Iterable[str]]]) -> Vocabulary[T]:
        """From values, each with its spellings in any case."""
        return cls(known, {_folded(spelling): value for value, spellings in words for spelling in spellings})

    def read(self, text: str) -> T:
        """The value that the text spells. Raises InputError with what was found and what is known."""
        found = self.values.get(text)
        if found is None:
            found = self.values.get(_folded(text))
        if found is None:
            raise InputError(f"found {text[:60]!r}; known are {self.known}")
        return found


MED_TYPE_WORDS: Vocabulary[str] = Vocabulary.of(
    "the national codes " + ", ".join(f"{code} ({zh})" for code, (zh, _) in MED_TYPE_NAMES.items()),
    [(code, (code, zh)) for code, (zh, _) in MED_TYPE_NAMES.items()],
)
INSUTYPE_WORDS: Vocabulary[str] = Vocabulary.of(
    "the national codes " + ", ".join(f"{code} ({name})" for code, name in INSUTYPE_NAMES.items()),
    [
        *((code, (code, name)) for code, name in INSUTYPE_NAMES.items()),
        ("310", ("职工", "职工医保")),
        ("390", ("居民", "城乡居民", "居民医保", "城乡居民医保")),
    ],
)
YES_NO: Vocabulary[bool] = Vocabulary.of(
    "1 and 0, 是 and 否, yes and no, Y and N, true and false",
    [
        (True, (YES, "是", "有", "yes", "y", "true", "t")),
        (False, (NO, "否", "无", "没有", "no", "n", "false", "f")),
    ],
)
SEX_WORDS: Vocabulary[str] = Vocabulary.of(
    "1 (男) and 2 (女), M and F",
    [("1", ("1", "男", "男性", "m", "male")), ("2", ("2", "女", "女性", "f", "female"))],
)
_HAN = {"一": 1, "二": 2, "三": 3}
HOSPITAL_LEVELS: Vocabulary[int] = Vocabulary.of(
    "1, 2 and 3 (一级, 二级, 三级)",
    [
        (level, (str(level), f"{han}级", f"{level}级", *(f"{han}级{part}等" for part in "甲乙丙"), f"{han}甲"))
        for han, level in _HAN.items()
    ],
)
PLACE_WORDS: Vocabulary[str] = Vocabulary.of(
    "local (本地), referred (转诊 or 备案) and elsewhere (未备案)",
    [
        ("local", ("local", "本地", "市内")),
        ("referred", ("referred", "转诊", "已转诊", "备案", "已备案")),
        ("elsewhere", ("elsewhere", "未备案", "未转诊")),
    ],
)
WARD_WORDS: Vocabulary[str] = Vocabulary.of(
    "ordinary (普通) and special (特需)",
    [("ordinary", ("ordinary", "普通", "普通病房")), ("special", ("special", "特需", "特需病房", "国际部"))],
)
