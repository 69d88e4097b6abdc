"""The look-back as one HTML page with its plots: it can be sent by mail and opened anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from huimin.actuarial.lookback.report_words import WORDS
from huimin.actuarial.lookback.review import Lookback
from huimin.actuarial.pages.plots import Plot, bars, waterfall
from huimin.actuarial.pages.rendering import Table, Words, rendered, words_of
from huimin.actuarial.unpriced import reason_in_words
from huimin.money import format_yuan_grouped

__all__ = ["lookback_page"]

_SCALE = {"zh": 10_000, "en": 1_000}
"""How many yuan `scaled` is: large amounts are shown in 万元 in Chinese and in thousands in English."""
_TIMES = 10
"""Ratios above this are shown as factors, which are easier to read than percentages."""


def lookback_page(found: Lookback, language: str, names: Mapping[str, str], notice: Sequence[str] = ()) -> str:
    """HTML. `names` of benefits in that language; `notice` stands above everything else."""
    words = words_of(WORDS, language)
    shown: dict[str, Any] = {
        "cards": _cards(found, words),
        "needs": {words["deficiency"]} if found.deficiency else set(),
        "undecided": f"{found.undecided:,}",
        "left_out": _left_out(found, words, language, names),
        "comparisons": list(_comparisons(found, words, names, _SCALE[language])),
        "too_thin": found.too_thin,
        "reserves": _reserves(found, words),
        "bridge": _bridge(found, words, _SCALE[language]),
        "digests": found.digests,
    }
    said = [f"{found.plan} · {words['valued_on']} {found.valuation.day}"]
    return rendered("lookback.html", language, words, said=said, notice=notice, **shown)


def _cards(found: Lookback, w: Words) -> list[tuple[str, str]]:
    payout = w["no_reserve"] if found.payout_ratio is None else f"{found.payout_ratio:.2%}"
    cards = [
        ("payout_ratio", payout),
        ("decided_ratio", f"{found.decided_ratio:.2%}"),
        ("paid_ratio", w["no_payments"] if found.paid_ratio is None else f"{found.paid_ratio:.2%}"),
        ("members", f"{found.members:,}"),
        ("written", _yuan(found.written)),
        ("earned", _yuan(found.earned)),
        ("decided", _yuan(found.decided)),
        ("paid", w["no_payments"] if found.paid is None else _yuan(found.paid)),
        ("outstanding", "–" if found.too_thin else _yuan(found.outstanding)),
        ("deficiency", _yuan(found.deficiency)),
    ]
    return [(w[key], value) for key, value in cards]


def _left_out(found: Lookback, w: Words, language: str, names: Mapping[str, str]) -> Table | None:
    """The benefits that none of the figures counts, and why."""
    if not found.left_out:
        return None
    rows = [(names.get(one.benefit, one.benefit), reason_in_words(one, language)) for one in found.left_out]
    return Table((w["benefit"], w["why"]), rows)


def _comparisons(found: Lookback, w: Words, names: Mapping[str, str], scale: int) -> Iterator[tuple[str, Plot, Table]]:
    """(by what, plot, table) for each way in which the claims are grouped."""
    for by in ("month", "age", "area", "benefit"):
        groups = [one for one in found.comparisons if one.by == by]
        called = [names.get(one.value, one.value) if by == "benefit" else one.value for one in groups]
        rows = [
            (name, f"{one.actual:,.0f}", f"{one.expected:,.0f}", _ratio(one.ratio), f"{one.error:,.0f}")
            for name, one in zip(called, groups, strict=True)
        ]
        pairs = [(name, (one.actual / scale, one.expected / scale)) for name, one in zip(called, groups, strict=True)]
        plot = bars(pairs, (w["actual"], w["expected"]), across=w[by], unit=w["scaled"])
        heads = [f"{w[by]}, {w['yuan']}", *(w[key] for key in ("actual", "expected", "ratio", "error"))]
        yield w[by], plot, Table(heads, rows)


def _reserves(found: Lookback, w: Words) -> Table | None:
    if found.triangle is None or found.ladder is None:
        return None
    used, chain, plain = found.reserves
    columns = (found.triangle.latest, chain.outstanding, found.ladder.errors, used.outstanding, plain.outstanding)
    rows = [(name, *(f"{column[at]:,.0f}" for column in columns)) for at, name in enumerate(found.triangle.periods)]
    sums = [float(np.sum(column)) for column in columns]
    sums[2] = found.ladder.total_error  # the errors of the months do not add up to that of the whole
    rows.append((w["total"], *(f"{value:,.0f}" for value in sums)))
    keys = ("month", "latest", chain.method, "mack_error", used.method, plain.method)
    return Table([w[key] for key in keys], rows)


def _bridge(found: Lookback, w: Words, scale: int) -> dict[str, Any] | None:
    if found.bridge is None:
        return None
    steps_fen = [(w["opening"], found.bridge.opening), *((w[step.name], step.change) for step in found.bridge.steps)]
    steps_fen.append((w["closing"], found.bridge.closing))
    scaled = [(name, fen / 100 / scale) for name, fen in steps_fen]
    return {
        "plot": waterfall(scaled, across=w["reserve_step"], unit=w["scaled"]),
        "table": Table((w["bridge"], w["yuan"]), [(name, _yuan(fen)) for name, fen in steps_fen]),
    }


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:.0%}" if ratio < _TIMES else f"×{ratio:.0f}"


def _yuan(fen: int) -> str:
    sign = "\N{MINUS SIGN}" if fen < 0 else ""
    return f"{sign}¥{format_yuan_grouped(abs(fen))}"
