"""The faults of a plan file in Chinese. The core reports them in English: what was found and what was expected.

The core's sentences have a few dozen forms. Each is listed here with its Chinese; `{}` stands for a value of the file,
which is shown as it is. `tests/platform/test_forms_and_lists.py` compares the list with the core.
"""

from __future__ import annotations

import re

__all__ = ["found_in_chinese", "in_chinese"]

_FORMS = (
    ("nothing", "没有写"),
    ("no condition", "没有条件"),
    ("no part for days left to keep it of", "没有按剩余天数退还的部分可供扣留"),
    ("nothing that is taken away", "没有减去任何项"),
    ("terms beside unknown", "既写了条款又写了 unknown"),
    ("tiers beside tiers_unknown", "既写了 tiers 又写了 tiers_unknown"),
    ("none or several of yuan, parameter and unknown", "yuan、parameter、unknown 都没写或写了不止一个"),
    ("both or neither of {} and {}", "{} 和 {} 都写了，或都没写"),
    ("a deductible of an allowance", "给津贴写了免赔额"),
    ("a shared deductible, or one per settlement", "共用的免赔额，或按次的免赔额"),
    ("two limits per {} for one member and bill", "同一人同一账单有两个按 {} 的限额"),
    ("two shares from {} of one benefit", "同一责任从 {} 起有两份份额"),
    ("two that fit the same member or bill: {} and {}", "有两项适用于同一人或同一账单：{} 和 {}"),
    ("both days and unknown, or a day missing without it", "既写了日期又写了 unknown，或缺一个日期而没写 unknown"),
    ("late joining beside a window that is not known", "投保期未知，却写了补投保"),
    ("no shares of all benefits on the first day of cover", "保障首日没有涵盖全部责任的份额"),
    ("no value that holds on the first day of cover", "保障首日没有有效的取值"),
    ("values that leave some members out", "取值漏掉了一部分参保人"),
    ("an exception that always holds", "永远成立的例外"),
    ("an exception that never holds", "永不成立的例外"),
    ("the {} {} shared with nobody", "{} {} 没有人共用"),
    ("the shared {} {} on other terms", "共用的 {} {} 条款不一致"),
    ("a condition on {}", "以 {} 为条件"),
    ("{} insurers that lead", "{} 家主承保"),
    ("{} {} times", "{} 出现 {} 次"),
    ("{} twice for one day and indication", "{} 在同一日同一适应症下出现两次"),
    ("{} parameters", "{} 个参数"),
    ("{} in all", "合计 {}"),
    ("{} after adjustments", "调整后为 {}"),
    ("{} bytes", "{} 字节"),
    ("byte {} not in UTF-8", "第 {} 字节不是 UTF-8"),
    ("an empty text", "空的文字"),
    ("tables nested too deeply", "表套得太深"),
    ("this key; it is required", "必须有这一项"),
    ("no such key: it is unknown here, or misspelt", "不应有这一项：无法识别，或拼写有误"),
    ("a date such as 2022-01-01, without quotes", "日期，如 2022-01-01，不加引号"),
    ("a date such as 2022-01-01", "日期，如 2022-01-01"),
    ("text in quotes", "加引号的文字"),
    ("a list in [ ]", "写在 [ ] 里的列表"),
    ("a table", "一个表"),
    ("true or false", "true 或 false"),
    ("a whole number", "整数"),
    ("exactly one of them", "只写其中一个"),
    ("either of them", "只写其中一个"),
    ("either of them: it is not claimed by a bill", "只写其中一个：它不随账单申请"),
    ("another word: decisions say so of bills that no benefit covers", "换一个词：没有责任保障的账单，决定里用的是它"),
    ("it of a benefit whose terms are unknown", "条款未知的责任写了它"),
    ("settings beside claimed_apart", "既写了 settings 又写了 claimed_apart"),
    ("terms that are known", "已知的条款"),
    ("either the terms or unknown, not both", "条款或 unknown 只写其一"),
    ('its {}, or unknown = "why" for the whole benefit', '写明 {}，或给整个责任写 unknown = "原因"'),
    ("the id of {}", "{} 的编号"),
    ("none; free_days where its first days bring nothing", "不写免赔额；头几天不给付的写 free_days"),
    ("an allowance per day", "按日的津贴"),
    ("an annual one of its own under gross tiers", "按总额分段时用自己的年免赔额"),
    ("0: the first tier starts at the deductible", "0：第一段从免赔额开始"),
    ("at most {}, the deductible: nothing is said of what lies between", "至多 {}（免赔额）：其间没有规定"),
    ("at most highest_percent, {}", "至多为 highest_percent，即 {}"),
    ("at most one", "至多一个"),
    ("at most {}", "至多 {}"),
    ("at least two that share it", "至少两项共用"),
    ("at least one fact of the member or bill", "至少一个参保人或账单的事实"),
    ("at least one fact of the member", "至少一个参保人的事实"),
    ("at least {}", "至少 {}"),
    ("a setting that is not in settings as well", "没有同时写在 settings 里的就医方式"),
    ("more than {}, where the tier before starts: tiers may not overlap", "大于前一段的起点 {}：各段不能重叠"),
    ("a benefit with known terms that stands before", "排在前面且条款已知的责任"),
    ("a rate from 0% to 100% for every member", "对每个人都在 0% 至 100% 之间的比例"),
    ("a rate from 0 % to 100 %", "0% 至 100% 的比例"),
    ("an amount that is not negative", "不小于 0 的金额"),
    ("both days, or unknown = why not", "两个日期，或写 unknown = 原因"),
    ("a day not before first_day, {}", "不早于 first_day {} 的日期"),
    ("a day not before {}", "不早于 {} 的日期"),
    ("a day after the window's last, {}, and not after the last of cover", "投保期末日 {} 之后、不晚于保障末日的日期"),
    ("the window's last day", "投保期的末日"),
    ("an id that no benefit has", "没有责任用过的编号"),
    ("an id that no other {} has", "没有别的 {} 用过的编号"),
    ("each insurer once", "每家公司出现一次"),
    ("each once", "各出现一次"),
    ("one that some bills do not meet", "有些账单不符合的例外"),
    ("one that some bills do meet", "有些账单符合的例外"),
    ("personal_account: others have none", "personal_account：其他付款方没有这一项"),
    ("conditions that exclude each other, or one narrower than the other", "互斥的条件，或一宽一窄"),
    ("{}: the notice of 2025-07-31 forbids it", "{}：2025 年 7 月 31 日的通知禁止约定"),
    ("no preset payout ratio", "不预设赔付率"),
    ("no fund pool", "不设资金池"),
    ("no change of terms inside the cover year", "保障年度内不改条款"),
    ("UTF-8 text", "UTF-8 文字"),
    ("a source, or assumed = the reason when the clauses are silent", "出处；条款没有写时，写 assumed = 理由"),
    ("one for everybody, or one for each basic insurance", "对所有人一个，或每种基本医保一个"),
    ("a condition that somebody can meet", "有人能符合的条件"),
    ("a source that sources.toml names", "sources.toml 里有的出处"),
    ("a code from {} on", "{} 及以后的代码"),
    ("the same terms for all", "各处条款一致"),
    ("a fact of the member: there is no bill to ask", "参保人的事实：这里没有账单"),
    ("six digits", "六位数字"),
    ("an ICD-10 code such as C34 or C34.9", "ICD-10 代码，如 C34 或 C34.9"),
    ("a document of sources.toml, or document:clause", "sources.toml 里的文件，或“文件:条款”"),
    ("a code of letters and digits, which may end in *", "字母和数字组成的代码，可以 * 结尾"),
    ("a code of letters and digits", "字母和数字组成的代码"),
    ("small letters, digits and _, a letter first", "小写字母、数字和 _，字母开头"),
    ("a name such as city/plan/2026, in small letters", "小写的名称，如 city/plan/2026"),
    ("words", "文字"),
    ("one from {}", "从 {} 起有效的一个"),
    ("one", "一个"),
)
_COMPILED = tuple(
    (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.S), chinese) for english, chinese in _FORMS
)
_SYNTAX = re.compile(r".*\(at (?:line (\d+), column (\d+)|end of document)\)", re.S)
_AN_ENGLISH_SENTENCE = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")


def in_chinese(words: str) -> str | None:
    """The Chinese for a sentence of the core about a plan file; None where it has none yet."""
    for form, chinese in _COMPILED:
        match = form.fullmatch(words)
        if match:
            return chinese.format(*(in_chinese(group) or group for group in match.groups()))
    return None if _AN_ENGLISH_SENTENCE.search(words) else words


def found_in_chinese(words: str) -> str:
    """The Chinese for what was found in a file. A value is shown as it is, a TOML syntax error by its place."""
    syntax = _SYNTAX.fullmatch(words)
    if syntax:
        line, column = syntax.groups()
        return f"第 {line} 行第 {column} 列处写法有误" if line else "文件末尾处写法有误"
    return in_chinese(words) or "不能用的内容"
