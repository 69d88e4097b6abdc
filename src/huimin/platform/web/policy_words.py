"""How a policy stands, in words: one for each status, with its day where that tells something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huimin.platform.enrolment.api import OtherCover
from huimin.platform.renewal.api import YearsOfPerson
from huimin.platform.servicing.api import PolicyStatus, PolicyStory, Stands
from huimin.platform.web.days import day_in_words

__all__ = ["PolicyCard", "SeenYears", "other_cover_in_words", "stands_in_words"]

_WORDS = {
    PolicyStatus.NOT_YET: _("尚未生效，%(day)s起保障"),
    PolicyStatus.IN_FORCE: _("保障中"),
    PolicyStatus.EXPIRED: _("已到期（%(day)s止）"),
    PolicyStatus.CANCELLATION_PENDING: _("退保已受理，%(day)s起终止"),
    PolicyStatus.CANCELLED: _("已退保（%(day)s起）"),
    PolicyStatus.DIED: _("被保险人已身故，保障终止（%(day)s）"),
    PolicyStatus.REFUND_DUE: _("退款办理中（%(day)s受理）"),
    PolicyStatus.REFUNDED: _("已退款（%(day)s）"),
    PolicyStatus.CORRECTED: _("信息已更正（%(day)s）"),
    PolicyStatus.CHANGED: _("信息已变更（%(day)s起）"),
}

_DAYS_OF_A_BABY = 730


@dataclass(frozen=True, slots=True)
class PolicyCard:
    """What a policy's card shows. `qr` is the picture of its number, as SVG."""

    story: PolicyStory
    name: str
    qr: str

    @property
    def may_change_option(self) -> bool:
        """Whether cover has not begun and the plan has editions."""
        not_yet = self.story.has(PolicyStatus.NOT_YET)
        return not_yet and self.story.policy.member.edition is not None

    @property
    def is_baby(self) -> bool:
        """Whether the insured may have been enrolled by a birth certificate: born within two years before the cover."""
        policy = self.story.policy
        born = policy.member.birth_date
        return born is not None and (policy.cover_sold[0] - born).days < _DAYS_OF_A_BABY

    @property
    def stands(self) -> list[str]:
        return stands_in_words(self.story.stands)


@dataclass(frozen=True, slots=True)
class SeenYears:
    """A person's years on a page. `claims`: whether the reader may know if something was claimed."""

    name: str
    found: YearsOfPerson
    claims: bool


def stands_in_words(stands: Sequence[Stands]) -> list[str]:
    return [str(_WORDS[one.status]) % {"day": day_in_words(one.day)} for one in stands]


def other_cover_in_words(one: OtherCover) -> str:
    """What the person has already, and that a second policy pays nothing more of the same bill."""
    words = gettext(
        "已有“%(plan)s”（%(first)s至%(last)s）。惠民保只报销实际花费，同一张账单不会赔两次：再买一份，不会多赔。"
    )
    return words % {"plan": one.plan, "first": day_in_words(one.first), "last": day_in_words(one.last)}
