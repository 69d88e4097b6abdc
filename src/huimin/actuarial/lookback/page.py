"""The look-back as one HTML page with its plots: it can be sent by mail and opened anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np

from huimin.actuarial.lookback.report_words import WORDS
from huimin.actuarial.lookback.review import Lookback
from huimin.actuarial.pages import html_page, html_table
from huimin.actuarial.plots import bars, waterfall
from huimin.actuarial.unpriced import reason_in_words
from huimin.money import format_yuan_grouped

__all__ = ["lookback_page"]

_WAN = 10_000
_TIMES = 10
"""A ratio from which on percentages say nothing that a factor does not say better."""
_Say = Callable[[str], str]


def lookback_page(found: Lookback, language: str, names: Mapping[str, str], notice: Sequence[str] = ()) -> str:
    """HTML. `names` of benefits in that language; `notice` stands above everything else."""
    place = 1 if language == "en" else 0

    def say(key: str) -> str:
        return WORDS[key][place] if key in WORDS else key

    body = [
        _cards(found, say),
        _left_out(found, say, language, names),
        _comparisons(found, say, names),
        _reserves(found, say),
        _bridge(found, say),
        _sources(found, say),
    ]
    said = f"{escape(found.plan)} · {say('valued_on')} {found.valuation.day}"
    head = f"<h1>{escape(say('title'))}</h1><p class=said>{said}</p>"
    return html_page(say("title"), head + "".join(body), language, notice)


def _cards(found: Lookback, say: _Say) -> str:
    payout = say("no_reserve") if found.payout_ratio is None else f"{found.payout_ratio:.2%}"
    cards = [
        ("payout_ratio", payout),
        ("decided_ratio", f"{found.decided_ratio:.2%}"),
        ("paid_ratio", say("no_payments") if found.paid_ratio is None else f"{found.paid_ratio:.2%}"),
        ("members", f"{found.members:,}"),
        ("written", _yuan(found.written)),
        ("earned", _yuan(found.earned)),
        ("decided", _yuan(found.decided)),
        ("paid", say("no_payments") if found.paid is None else _yuan(found.paid)),
        ("outstanding", "–" if found.too_thin else _yuan(found.outstanding)),
        ("deficiency", _yuan(found.deficiency)),
    ]
    needs = {"deficiency"} if found.deficiency else set()
    cells = (
        f'<div class="card{" needs" if key in needs else ""}">{escape(say(key))}<b>{escape(value)}</b></div>'
        for key, value in cards
    )
    return f'<div class="cards">{"".join(cells)}</div>'


def _left_out(found: Lookback, say: _Say, language: str, names: Mapping[str, str]) -> str:
    """The benefits that none of the figures counts."""
    if not found.left_out:
        return ""
    rows = [(names.get(one.benefit, one.benefit), reason_in_words(one, language)) for one in found.left_out]
    head = f"<h2>{escape(say('left_out'))}</h2><p>{escape(say('undecided'))}: {found.undecided:,}</p>"
    return head + html_table([say("benefit"), say("why")], rows)


def _comparisons(found: Lookback, say: _Say, names: Mapping[str, str]) -> str:
    parts = [f"<h2>{escape(say('actual_expected'))}</h2>"]
    for by in ("month", "age", "area", "benefit"):
        groups = [one for one in found.comparisons if one.by == by]
        called = [names.get(one.value, one.value) if by == "benefit" else one.value for one in groups]
        rows = [
            (name, f"{one.actual:,.0f}", f"{one.expected:,.0f}", _ratio(one.ratio), f"{one.error:,.0f}")
            for name, one in zip(called, groups, strict=True)
        ]
        plot = bars(
            [(name, (one.actual / _WAN, one.expected / _WAN)) for name, one in zip(called, groups, strict=True)],
            (say("actual"), say("expected")),
            say("ten_thousand"),
        )
        heads = [f"{say(by)}, {say('yuan')}", *(say(key) for key in ("actual", "expected", "ratio", "error"))]
        parts.append(f"<figure>{plot}</figure>{html_table(heads, rows)}")
    return "".join(parts)


def _reserves(found: Lookback, say: _Say) -> str:
    head = f"<h2>{escape(say('reserves'))}</h2>"
    if found.triangle is None or found.ladder is None:
        return f"{head}<p><b>{escape(say('too_thin'))}</b>: {escape(found.too_thin)}</p>"
    used, chain, plain = found.reserves
    columns = (found.triangle.latest, chain.outstanding, found.ladder.errors, used.outstanding, plain.outstanding)
    rows = [(name, *(f"{column[at]:,.0f}" for column in columns)) for at, name in enumerate(found.triangle.periods)]
    sums = [float(np.sum(column)) for column in columns]
    sums[2] = found.ladder.total_error
    rows.append((say("total"), *(f"{value:,.0f}" for value in sums)))
    heads = [say("month"), say("latest"), say(chain.method), say("mack_error"), say(used.method), say(plain.method)]
    return f"{head}{html_table(heads, rows, total=True)}"


def _bridge(found: Lookback, say: _Say) -> str:
    if found.bridge is None:
        return ""
    steps = [(say("opening"), found.bridge.opening), *((say(step.name), step.change) for step in found.bridge.steps)]
    steps.append((say("closing"), found.bridge.closing))
    plot = waterfall([(name, fen / 100 / _WAN) for name, fen in steps], say("ten_thousand"))
    rows = [(name, _yuan(fen)) for name, fen in steps]
    table = html_table([say("bridge"), say("yuan")], rows, total=True)
    return f"<h2>{escape(say('bridge'))}</h2><figure>{plot}</figure>{table}"


def _sources(found: Lookback, say: _Say) -> str:
    said = "<br>".join(f"{escape(name)}: {escape(digest)}" for name, digest in found.digests)
    return f"<h2>{escape(say('sources'))}</h2><p class=said>{said}</p>"


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:.0%}" if ratio < _TIMES else f"×{ratio:.0f}"


def _yuan(fen: int) -> str:
    sign = "\N{MINUS SIGN}" if fen < 0 else ""
    return f"{sign}¥{format_yuan_grouped(abs(fen))}"
