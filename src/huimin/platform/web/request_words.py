"""What is asked about policies, in words: kinds, facts and their values, what happened, and what the platform found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.money import format_yuan
from huimin.platform.foundation.models import City
from huimin.platform.people.api import areas
from huimin.platform.servicing.api import Asks, RequestFacts, RequestStory, Step, Turn
from huimin.platform.web.days import day_in_words, page_language
from huimin.platform.web.stories import StoryLine

__all__ = [
    "ASKS_WORDS",
    "DEATH_WORDS",
    "FACT_WORDS",
    "INSUTYPE_WORDS",
    "TURN_WORDS",
    "WHY_CONTESTED",
    "Consequence",
    "consequences",
    "look_in_words",
    "said_in_words",
    "standing_in_words",
    "step_lines",
]

ASKS_WORDS: dict[str, Promise | str] = {
    Asks.CORRECT: gettext_lazy("更正保单信息"),
    Asks.CHANGE: gettext_lazy("变更保单信息"),
    Asks.DEATH: gettext_lazy("身故登记"),
    Asks.CONTEST: gettext_lazy("健康记录异议"),
    Asks.LOOK: gettext_lazy("待人工判断"),
}
FACT_WORDS: dict[str, Promise | str] = {
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("证件号码"),
    "birth_date": gettext_lazy("出生日期"),
    "sex": gettext_lazy("性别"),
    "insutype": gettext_lazy("基本医保类型"),
    "area": gettext_lazy("统筹区"),
    "edition": gettext_lazy("版本"),
    "pre_existing": gettext_lazy("既往症"),
}
INSUTYPE_WORDS: dict[str, Promise | str] = {"310": gettext_lazy("职工医保"), "390": gettext_lazy("居民医保")}
_SEX_WORDS: dict[str, Promise | str] = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}
DEATH_WORDS: dict[str, Promise | str] = {
    "death_certificate": gettext_lazy("死亡医学证明"),
    "household_register": gettext_lazy("户口注销证明"),
    "hospital": gettext_lazy("医院证明"),
    "bureau": gettext_lazy("医保部门通知"),
}
WHY_CONTESTED: dict[str, Promise | str] = {
    "borrowed_card": gettext_lazy("不是我看的病，医保卡被他人使用"),
    "error": gettext_lazy("诊断或日期登记有误"),
}
TURN_WORDS: dict[str, Promise | str] = {
    Turn.HANDLER: gettext_lazy("待经办"),
    Turn.SECOND_PERSON: gettext_lazy("待复核"),
    Turn.NOBODY: gettext_lazy("已办结"),
}
_STEP_WORDS: dict[str, Promise | str] = {
    Step.ASKED: gettext_lazy("收到"),
    Step.PROPOSED: gettext_lazy("提请复核"),
    Step.SENT_BACK: gettext_lazy("退回经办"),
    Step.OUTDATED: gettext_lazy("情况有变，须重新提请"),
    Step.WITHDRAWN: gettext_lazy("撤回提请"),
    Step.GRANTED: gettext_lazy("已办理"),
    Step.REFUSED: gettext_lazy("不予办理"),
    Step.DONE: gettext_lazy("已处理"),
}
_LOOKS: dict[str, Promise | str] = {
    "price_unknown": gettext_lazy("按更正后的信息，条款没有写明保费。"),
    "ended_with_difference": gettext_lazy("保单已终止，更正后保费相差 %(named)s 元，没有自动补收或退还。"),
    "others_pay_otherwise": gettext_lazy(
        "更正后保费相差 %(named)s 元，由他人承担的部分也随之变化，没有自动补收或退还。"
    ),
    "not_eligible": gettext_lazy("按更正后的信息，本不能投保：基本医保类型不在投保范围内。"),
    "bills_differ": gettext_lazy("变更日以后的账单 %(named)s 按新信息赔付会不同；条款没有写明，仍按原信息理算。"),
    "death_premium_unknown": gettext_lazy("条款没有写明身故后是否退还保费，须核对合同。"),
    "bills_after_death": gettext_lazy("身故日以后的账单 %(named)s 已经理算，请与医院核实日期。"),
}
_IN_FEN = ("ended_with_difference", "others_pay_otherwise")


@dataclass(frozen=True, slots=True)
class Consequence:
    """What would follow for one policy. Amounts in fen; `bills`: (the bill, before, after)."""

    number: str
    costs: int
    back: int
    ends_on: date | None
    bills: tuple[tuple[str, int, int], ...]
    looks: tuple[str, ...]


def consequences(would_change: Mapping[str, Any]) -> list[Consequence]:
    """For each policy, what the second person agrees to."""
    found = []
    for one in would_change.get("policies", ()):
        ends = one.get("ends_on")
        found.append(
            Consequence(
                number=one["policy"],
                costs=one.get("costs", 0),
                back=one.get("back", 0),
                ends_on=date.fromisoformat(ends) if ends else None,
                bills=tuple((bill, before, after) for bill, (before, after) in one.get("bills", {}).items()),
                looks=tuple(look_in_words(why, named) for why, *named in one.get("to_look", ())),
            )
        )
    return found


def look_in_words(why: str, named: list[str]) -> str:
    texts = [format_yuan(int(one)) for one in named] if why in _IN_FEN else named
    return str(_LOOKS.get(why, why)) % {"named": "、".join(texts)}


def said_in_words(city: City, story: RequestStory) -> list[tuple[str, str]]:
    """What is asked, as (what, what it is to be). It holds personal data."""
    content = story.content
    rows = [(str(FACT_WORDS[name]), _value(city, name, value)) for name, value in content.get("facts", {}).items()]
    if content.get("from_day"):
        rows.append((_("从哪天起"), day_in_words(date.fromisoformat(content["from_day"]))))
    if story.facts.asks is Asks.DEATH:
        rows.append((_("身故日期"), day_in_words(date.fromisoformat(content["day"]))))
        rows.append((_("证明材料"), str(DEATH_WORDS[content["source"]])))
    if story.facts.asks is Asks.CONTEST:
        rows.append((_("异议理由"), str(WHY_CONTESTED.get(content["why"], content["why"]))))
    if story.facts.asks is Asks.LOOK:
        rows.append((_("事项"), look_in_words(content["why"], content["named"])))
    if content.get("words"):
        rows.append((_("说明"), content["words"]))
    return rows


def _value(city: City, name: str, value: Any) -> str:
    if name == "birth_date":
        return day_in_words(date.fromisoformat(value))
    if name == "area":
        return next((one.name(page_language()) for one in areas(city) if one.id == value), str(value))
    if name == "pre_existing":
        return "、".join(value) or "—"
    words = {"insutype": INSUTYPE_WORDS, "sex": _SEX_WORDS}.get(name, {})
    return str(words.get(value, value))


def standing_in_words(facts: RequestFacts) -> str:
    """How far a request is, for whoever asked."""
    if facts.outcome is not None:
        return str(_STEP_WORDS[facts.outcome])
    return str(TURN_WORDS[facts.turn])


def step_lines(story: RequestStory, names: Mapping[str, str]) -> list[StoryLine]:
    """Each step with who did it; `names`: of staff, by how rows name them."""
    return [
        StoryLine(
            words=str(_STEP_WORDS[Step(event.kind)]),
            detail="",
            who=names.get(event.actor, event.actor),
            at=event.happened_at,
            reason=event.reason,
            amount=0,
        )
        for event in story.events
    ]
