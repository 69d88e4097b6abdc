"""The story of a case in the page's language: what happened, what holds, and what is due when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huimin.platform.claims.api import CaseStory, Happened
from huimin.platform.foundation.clocks import Clock, Source, State, Unit
from huimin.platform.foundation.events import Event
from huimin.platform.web.audit_words import actor_in_words
from huimin.platform.web.code_words import FINDING_WORDS, OUTCOME_WORDS, REASON_WORDS
from huimin.platform.web.days import day_in_words, page_language

__all__ = ["ClockLine", "StoryLine", "clock_lines", "lines_of_clocks", "name_of", "status_words", "story_lines"]

_HAPPENED: dict[str, Promise | str] = {
    Happened.HELD: gettext_lazy("收到并挂起"),
    Happened.TAKEN: gettext_lazy("领取"),
    Happened.GIVEN_BACK: gettext_lazy("退回队列"),
    Happened.ASKED_AGAIN: gettext_lazy("请发送方更正后重发"),
    Happened.SENT_AGAIN: gettext_lazy("发送方已重发，仍需审核"),
    Happened.FOUND: gettext_lazy("认定"),
    Happened.PROPOSED: gettext_lazy("认定，提请复核"),
    Happened.AGREED: gettext_lazy("复核同意"),
    Happened.SENT_BACK: gettext_lazy("退回初审"),
    Happened.OUTDATED: gettext_lazy("应付金额已变，须重新初审"),
    Happened.WITHDRAWN: gettext_lazy("撤回提请"),
    Happened.CLOSED: gettext_lazy("办结"),
}
_STATUSES: dict[str, Promise | str] = {
    "taken": gettext_lazy("已领取"),
    "with_second_person": gettext_lazy("待复核"),
    "with_sender": gettext_lazy("待发送方重发"),
    "to_be_found_again": gettext_lazy("须重新初审"),
    "closed": gettext_lazy("已办结"),
}
"""`open` has no words here, because the place in the queue shows it."""
_CLOCKS: dict[str, Promise | str] = {
    "decision": gettext_lazy("理算决定"),
    "handling": gettext_lazy("初审"),
    "second_person": gettext_lazy("复核"),
    "contest": gettext_lazy("异议答复"),
    "request": gettext_lazy("保全办理"),
}
_SOURCES: dict[Source, Promise | str] = {
    Source.LAW: gettext_lazy("法定期限"),
    Source.CONTRACT: gettext_lazy("合同期限"),
    Source.PROMISE: gettext_lazy("服务承诺"),
}


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One event: what happened, with details, by whom, when and why. `amount` is in fen; 0 if there is none."""

    words: str
    detail: str
    who: str
    at: datetime
    reason: str
    amount: int


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: what is due, by which rule, and its state. `late`: it should have been done by now."""

    name: str
    rule: str
    stands: str
    late: bool


def name_of(actor: str, names: Mapping[str, tuple[str, str]]) -> str:
    """The name of an actor; empty for nobody."""
    if actor in names:
        zh, en = names[actor]
        return en if page_language() == "en" else zh
    return actor_in_words(actor) if actor else ""


def story_lines(story: CaseStory) -> list[StoryLine]:
    return [
        StoryLine(
            words=str(_HAPPENED.get(event.kind, event.kind)),
            detail=_detail(event),
            who=name_of(event.actor, story.names),
            at=event.happened_at,
            reason=event.reason,
            amount=event.data.get("amount", 0) if event.kind == Happened.PROPOSED else 0,
        )
        for event in story.events
    ]


def status_words(story: CaseStory) -> list[str]:
    return [str(words) for status, words in _STATUSES.items() if status in story.statuses]


def clock_lines(story: CaseStory) -> list[ClockLine]:
    return lines_of_clocks(story.clocks, story.today)


def lines_of_clocks(clocks: Iterable[Clock], today: date) -> list[ClockLine]:
    """The last run of each clock. The events show the earlier ones."""
    last = {clock.rule.name: clock for clock in clocks}
    return [
        ClockLine(
            name=str(_CLOCKS[clock.rule.name]),
            rule=_rule(clock),
            stands=_stands(clock, today),
            late=clock.state in (State.OVERDUE, State.MISSED),
        )
        for clock in last.values()
    ]


def _detail(event: Event) -> str:
    if event.kind == Happened.HELD:
        code = event.data.get("code", "")
        return str(REASON_WORDS.get(code, code))
    if event.kind == Happened.CLOSED:
        outcome = event.data.get("outcome", "")
        return str(OUTCOME_WORDS.get(outcome, outcome))
    finding = event.data.get("finding", "")
    return str(FINDING_WORDS.get(finding, finding))


def _rule(clock: Clock) -> str:
    return _("%(source)s，%(days)s") % {"source": _SOURCES[clock.rule.source], "days": _days(clock, clock.rule.days)}


def _days(clock: Clock, count: int) -> str:
    words = (
        ngettext("%(count)s 个工作日", "%(count)s 个工作日", count)
        if clock.rule.unit == Unit.WORKING_DAYS
        else ngettext("%(count)s 天", "%(count)s 天", count)
    )
    return words % {"count": count}


def _stands(clock: Clock, today: date) -> str:
    left = {"left": _days(clock, clock.days_left)}
    if clock.state == State.PAUSED and clock.paused_since is not None:
        return _("自 %(day)s 起暂停，恢复后还剩 %(left)s") % {"day": day_in_words(clock.paused_since), **left}
    if clock.due_on is None or clock.stopped_on is not None:
        return _ended(clock)
    due = {"day": day_in_words(clock.due_on)}
    if clock.state == State.OVERDUE:
        late = (today - clock.due_on).days
        words = ngettext("%(count)s 天", "%(count)s 天", late) % {"count": late}
        return _("已于 %(day)s 到期，逾期 %(late)s") % {**due, "late": words}
    if clock.due_on == today:
        return _("今天到期")
    if not clock.days_left:
        return _("须在 %(day)s 前完成") % due
    return _("须在 %(day)s 前完成，还剩 %(left)s") % {**due, **left}


def _ended(clock: Clock) -> str:
    ended = {"day": day_in_words(clock.stopped_on or clock.started_on)}
    if clock.state == State.MISSED and clock.due_on is not None:
        return _("%(day)s 完成，晚于期限 %(due)s") % {**ended, "due": day_in_words(clock.due_on)}
    return _("%(day)s 完成，没有逾期") % ended
