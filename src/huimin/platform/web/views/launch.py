"""The page of a launch: on a wall, and on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.money import BASIS
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.desk.api import break_even_of
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.permissions import Action
from huimin.platform.oversight.api import Group, Launch, Step, launch_of
from huimin.platform.web.code_words import REASON_WORDS
from huimin.platform.web.days import page_language
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.task_words import kind_in_words
from huimin.platform.web.views.resident import plan_year_or_404

__all__ = ["launch"]

_STEPS = {
    Step.MINUTE: gettext_lazy("每分钟"),
    Step.HOUR: gettext_lazy("每小时"),
    Step.DAY: gettext_lazy("每天"),
}
_FORMS = {Step.MINUTE: "%H:%M", Step.HOUR: "%m-%d %H:00", Step.DAY: "%m-%d"}
_MEANS = {
    "company": gettext_lazy("微信、支付宝等"),
    "account": gettext_lazy("医保个人账户"),
    "fund": gettext_lazy("资助"),
    "cash": gettext_lazy("现金"),
    "subsidy": gettext_lazy("资助"),
    "org": gettext_lazy("单位缴费"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """`share`: of the largest, in whole percent. `count` is None where it is not shown."""

    name: str
    count: int | None
    share: int
    take_up: int | None = None


@staff_page(Action.WATCH_LAUNCH)
def launch(request: CityRequest) -> HttpResponse:
    """One page, brought up to date by itself. Whoever may not see persons sees no figure of fewer than ten."""
    plan_year = plan_year_or_404(request.city)
    step = request.GET.get("step", "")
    asked = Step(step) if step in set(Step) else None
    sees_persons = admits(request.actor, Action.SEE_REVIEWS)
    found = launch_of(request.city, plan_year, step=asked, sees_persons=sees_persons)
    context = {
        **_context(found),
        **_break_even(request, plan_year, found),
        "asked": asked.value if asked is not None else "",
        "few_hidden": not sees_persons,
    }
    template = "staff/launch_figures.html" if request.headers.get("HX-Request") else "staff/launch.html"
    return render(request, template, context)


def _context(found: Launch) -> dict[str, Any]:
    peak = max((count or 0 for _at, count in found.over_time), default=0)
    bars = [
        Bar(timezone.localtime(at).strftime(_FORMS[found.step]), count, _share(count, peak))
        for at, count in found.over_time
    ]
    return {
        "launch": found,
        "step_words": _STEPS[found.step],
        "steps": [(step.value, words, step is found.step) for step, words in _STEPS.items()],
        "over_time": bars,
        "peak": peak,
        "groups": [
            (_("渠道"), _bars(found.by_channel, _channel_names(found))),
            (_("统筹区"), _bars(found.by_area, _names(found))),
            (_("出生年代"), _bars(found.by_decade, {})),
            (_("支付方式"), _bars(found.by_means, {kind: str(words) for kind, words in _MEANS.items()})),
        ],
        "waiting": [(kind_in_words(one.kind), one.count, _minutes(one.oldest)) for one in found.waiting],
        "failing": [(kind_in_words(one.kind), one.code, one.count) for one in found.failing],
        "refused": [(str(REASON_WORDS.get(code, code)), count) for code, count in found.refused],
    }


def _break_even(request: CityRequest, plan_year: PlanYearFacts, found: Launch) -> dict[str, Any]:
    """The take-up at which premiums carry claims, of the latest study of these terms; nothing where there is none."""
    even = break_even_of(request.city, plan_year.plan_digest, terms_of(plan_year).plan.premium.fen or 0)
    if even is None:
        return {"break_even": None}
    return {
        "break_even": even.take_up,
        "studied_price": even.price,
        "needed": -(-found.target * even.take_up // BASIS),
        "carried": found.take_up >= even.take_up,
        "scale": max(even.take_up, found.take_up, 1) * 5 // 4,
    }


def _names(found: Launch) -> dict[str, str]:
    place = 1 if page_language() == "en" else 0
    return {code: names[place] for code, names in found.names.items()}


def _channel_names(found: Launch) -> dict[str, str]:
    return {**_names(found), "web": _("居民自助"), "counter": _("柜台")}


def _bars(groups: Sequence[Group], names: dict[str, str]) -> list[Bar]:
    peak = max((one.count or 0 for one in groups), default=0)
    return [
        Bar(names.get(one.name, one.name), one.count, _share(one.count, peak), one.take_up if one.of else None)
        for one in groups
    ]


def _share(count: int | None, peak: int) -> int:
    return 100 * (count or 0) // peak if peak else 0


def _minutes(oldest: Any) -> int:
    return int(oldest.total_seconds() // 60)
