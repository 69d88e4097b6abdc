"""Amounts in Chinese capitals (大写), as bills print their total.

Our own forty lines: cn2an 0.5 gives a float for an amount with decimals, which money here never is, and takes what no
bill may print, such as digits out of their order.
"""

from __future__ import annotations

import re

__all__ = ["capitals_fen"]

_LETTERS = ("零〇", "壹一", "贰二貳", "叁三參", "肆四", "伍五", "陆六陸", "柒七", "捌八", "玖九")
_DIGITS = {letter: value for value, letters in enumerate(_LETTERS) for letter in letters}
_UNITS = {"仟": 1000, "千": 1000, "佰": 100, "百": 100, "拾": 10, "十": 10}
_ONE = "[^元圆零角分整正]"
_FRAME = re.compile(rf"(?:人民币)?(负?)(?:([^元圆角分整正]+)[元圆])?(?:零?({_ONE})角)?(?:零?({_ONE})分)?[整正]?")
_MYRIAD, _HUNDRED_MILLION, _TEN = 10_000, 100_000_000, 10


def capitals_fen(text: str) -> int | None:
    """Fen, or None for what is not a whole amount in capitals.

    >>> capitals_fen("陆仟贰佰捌拾叁元柒角玖分"), capitals_fen("壹拾万零伍圆整"), capitals_fen("陆仟贰佰")
    (628379, 10000500, None)
    """
    match = _FRAME.fullmatch(re.sub(r"[\s¥￥]", "", text))
    if match is None or not any(match.group(2, 3, 4)):
        return None
    yuan = _whole(match.group(2)) if match.group(2) else 0
    jiao, fen = (_digit(match.group(place)) for place in (3, 4))
    if yuan is None or jiao is None or fen is None:
        return None
    amount = yuan * 100 + jiao * _TEN + fen
    return -amount if match.group(1) else amount


def _digit(letter: str | None) -> int | None:
    return 0 if letter is None else _DIGITS.get(letter)


def _whole(text: str) -> int | None:
    """Whole yuan. Units have to fall within each section, and sections too."""
    for sign, unit in (("亿", _HUNDRED_MILLION), ("万", _MYRIAD)):
        if sign in text:
            before, after = text.split(sign, 1)
            high, low = _section(before) if sign == "万" else _whole(before), _whole(after) if after else 0
            return None if not high or low is None or low >= unit else high * unit + low
    return _section(text)


def _section(text: str) -> int | None:
    """Up to 9,999: each unit after its digit, the greater before the smaller; zeros stand in gaps."""
    total, digit, above = 0, None, _MYRIAD
    for letter in text:
        unit = _UNITS.get(letter)
        if unit is None:
            if digit or letter not in _DIGITS:
                return None
            digit = _DIGITS[letter]
            continue
        if unit >= above or (not digit and (unit != _TEN or total)):
            return None
        total, digit, above = total + (digit or 1) * unit, None, unit
    return None if digit and above < _TEN else total + (digit or 0)
