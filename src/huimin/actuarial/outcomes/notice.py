"""The warning above every figure of the synthetic city: its people are invented, and what the real plan paid."""

from __future__ import annotations

from huimin.actuarial.outcomes.published import Published, published_outcomes

__all__ = ["invented_people", "paid_a_head"]

_A_HEAD = ("derived_per_head", "derived_per_head_earned", "derived_per_head_high", "derived_per_head_floor")
"""Yuan paid for each insured, the best first: on those insured, on person-years, the top of a range, a floor."""
_INVENTED = {
    "zh": "以下数字来自虚构城市：人和账单都是随机生成的，尚未按真实产品的赔付校准，不能作为定价依据。",
    "en": "These figures are for an invented city: people and bills are drawn at random and are not calibrated to what "
    "real plans paid. They are no basis for a price.",
}
_PUBLISHED = {
    "zh": "公开结果：{plan}（{year}）截至{as_of}人均赔付{value}元。出处：{sources}。",
    "en": "Published outcome: {plan} ({year}) had paid {value} yuan a head by {as_of}. Sources: {sources}.",
}
_NOTHING = {
    "zh": "没有找到{plan}已公开的赔付结果可供对照。",
    "en": "No published outcome of {plan} is known for comparison.",
}


def paid_a_head(plan_id: str) -> Published | None:
    """What the plan paid for each insured, by the latest source: of this cover year, else of its nearest one.

    `plan_id`: a plan year of the catalogue, such as `jiangsu/yihuibao-1/2022`.
    """
    name, _, year = plan_id.rpartition("/")
    found = [one for one in published_outcomes() if one.catalogue == name and name and one.measure in _A_HEAD]
    dated = [(one, one.cover_from.year) for one in found if one.cover_from is not None]
    if not dated or not year.isdigit():
        return None

    def nearness(pair: tuple[Published, int]) -> tuple[int, int, str]:
        one, first = pair
        # Sorted from the best: nearest year, best measure, and then the latest date, which `max` below turns round.
        return -abs(first - int(year)), -_A_HEAD.index(one.measure), one.as_of

    return max(dated, key=nearness)[0]


def invented_people(plan_id: str, language: str) -> list[str]:
    """Two sentences: that the people are invented and uncalibrated, and what was published of the plan."""
    one = paid_a_head(plan_id)
    if one is None or one.cover_from is None:
        return [_INVENTED[language], _NOTHING[language].format(plan=plan_id)]
    said = _PUBLISHED[language].format(
        plan=one.plan, year=one.cover_from, as_of=one.as_of, value=one.value, sources="; ".join(_sources(one))
    )
    return [_INVENTED[language], said]


def _sources(one: Published) -> list[str]:
    """Where a figure comes from: of arithmetic, the sources of what was paid and of how many were insured."""
    if not one.measure.startswith("derived_"):
        return [one.source]
    same = [row for row in published_outcomes() if (row.plan, row.cover_from) == (one.plan, one.cover_from)]
    paid = [
        row.source for row in same if row.measure.startswith("paid") and row.unit == "yuan" and row.as_of == one.as_of
    ]
    insured = [row.source for row in same if row.measure in ("insured", "person_years_insured")]
    return list(dict.fromkeys((*paid[:1], *insured[:1]))) or [one.note or one.source]
