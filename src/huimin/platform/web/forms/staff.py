"""Forms of handlers and administrators: findings and reasons, searches, the demonstration's day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.platform.payments.api import DifferenceAnswer
from huimin.platform.safeguards.api import Answer
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Day, Line, Upload

__all__ = [
    "ApprovalForm",
    "CallForm",
    "CaseForm",
    "DayForm",
    "DoingForm",
    "EarlierFileForm",
    "FindingForm",
    "PersonForm",
    "ProofForm",
    "RenewalNoteForm",
    "SampleForm",
    "SearchForm",
    "SessionsForm",
    "WorkForm",
]

Choices = Iterable[tuple[str, Any]]
_LONGEST_NOTE, _LONGEST_ID = 1_000, 60
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class EarlierFileForm(PageForm):
    """An older insurer's list, and who says so, by a paper of which day."""

    file = Upload(label=_("名单文件（CSV 或 XLSX）"))
    source = Line(label=_("资料来源"))
    source_day = Day(label=_("资料日期"), first=_FIRST_DAY, last=_LAST_DAY)


class ProofForm(PageForm):
    """The policy or order whose proof of consent is looked for."""

    reference = Line(label=_("保单号或订单号"), max_length=_LONGEST_ID)


class RenewalNoteForm(PageForm):
    """What was said to somebody about their renewal, or what they said."""

    note = Line(
        label=_("情况说明"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )


class FindingForm(PageForm):
    """What was found about a held bill, and why. The finding is the value of the button that was pressed."""

    finding = Choice(label=_("处理结论"), widget=forms.HiddenInput, error_messages={"required": _("请选择处理结论。")})
    note = Line(
        label=_("处理依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )

    def __init__(self, *arguments: Any, findings: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("finding", findings)


class ApprovalForm(PageForm):
    """A second person's answer to a proposal, and why. The answer is the value of the button that was pressed."""

    answer = Choice(label=_("复核意见"), widget=forms.HiddenInput, error_messages={"required": _("请选择同意或退回。")})
    note = Line(
        label=_("复核依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("answer", [("agree", _("同意")), ("send_back", _("退回"))])


class CaseForm(PageForm):
    """What was done about a payment that did not match an order."""

    note = Line(
        label=_("处理结果"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )


class DifferenceForm(CaseForm):
    """What was found about a difference with the bank, and how it is known. `policy` is asked for where money that came
    in may repay one.
    """

    answer = Choice(label=_("认定结论"), error_messages={"required": _("请选择认定的结论。")})
    policy = Line(label=_("保单号（款项归还多付赔款时填写）"), max_length=40, required=False)
    note = Line(
        label=_("处理依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )
    field_order = ("answer", "policy", "note")

    def __init__(self, *arguments: Any, answers: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer_answers(answers)

    def offer_answers(self, answers: Choices) -> None:
        self.offer("answer", [("", "—"), *answers])
        if DifferenceAnswer.REPAYS not in [value for value, _words in answers]:
            self.fields.pop("policy", None)


class DoingForm(CaseForm):
    """What is to be done about a refund, and why. What is done is the button that was pressed."""

    do = Choice(label=_("办理事项"), widget=forms.HiddenInput, error_messages={"required": _("请选择要办理的事项。")})

    def __init__(self, *arguments: Any, doings: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("do", [(one, one) for one in doings])


class SampleForm(CaseForm):
    """Whether a bill was decided rightly, and by what one can see it. The answer is the button that was pressed."""

    answer = Choice(
        label=_("认定结论"),
        widget=forms.HiddenInput,
        choices=[("right", _("算对")), ("wrong", _("算错"))],
        error_messages={"required": _("请选择认定的结论。")},
    )
    note = Line(
        label=_("认定依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明认定依据，它是记录的一部分。")},
    )


class SearchForm(PageForm):
    """A search in the queue, sent in the address. A field that cannot be used does not restrict the search."""

    q = Line(
        label=_("结算号开头，或人员编号"), max_length=_LONGEST_ID, required=False, attributes={"autocomplete": "off"}
    )
    turn = Choice(label=_("待谁处理"), required=False)
    code = Choice(label=_("原因"), required=False)
    hospital = Choice(label=_("来源"), required=False)
    days = Choice(label=_("已等待"), required=False)

    def __init__(
        self,
        *arguments: Any,
        turns: Choices,
        codes: Choices,
        hospitals: Choices,
        ages: Sequence[tuple[str, Any]],
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.offer("turn", [("", _("全部")), *turns])
        self.offer("code", [("", _("全部原因")), *codes])
        self.offer("hospital", [("", _("全部来源")), *hospitals])
        self.offer("days", [("", _("不限")), *ages])


class DayForm(PageForm):
    """The day to which a demonstration's calendar is set."""

    day = Day(label=_("日期"), first=_FIRST_DAY, last=_LAST_DAY)


class WorkForm(PageForm):
    """The kind of work that is shown, sent in the address. A kind that does not exist does not restrict the list."""

    kind = Choice(label=_("类别"), required=False)

    def __init__(self, *arguments: Any, kinds: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("kind", [("", _("全部")), *kinds])


class CallForm(PageForm):
    """What somebody said on the telephone, and which of the two it comes to: the button that was pressed."""

    note = Line(label=_("来电内容"), max_length=1_000)
    answer = Choice(
        label=_("认定结论"),
        widget=forms.HiddenInput,
        choices=Answer.choices,
        error_messages={"required": _("请选择一项。"), "invalid_choice": _("请选择一项。")},
    )


class PersonForm(PageForm):
    """Who calls."""

    name = Line(label=_("姓名"), max_length=_LONGEST_ID, attributes={"autocomplete": "off"})
    id_number = Line(label=_("身份证号码"), max_length=_LONGEST_ID, attributes={"autocomplete": "off"})


class SessionsForm(PageForm):
    """Whose enrolment session is looked for: by order or policy, or by who it was."""

    reference = Line(label=_("订单号或保单号"), max_length=_LONGEST_ID, required=False)
    name = Line(label=_("姓名"), max_length=_LONGEST_ID, required=False, attributes={"autocomplete": "off"})
    id_number = Line(label=_("身份证号码"), max_length=_LONGEST_ID, required=False, attributes={"autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not found.get("reference") and not (found.get("name") and found.get("id_number")):
            self.refuse_all(str(_("请填写订单号或保单号，或者同时填写姓名和身份证号码。")))
        return found
