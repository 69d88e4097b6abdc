"""Forms of designers and actuaries: a plan file with its sources, a plan to compare it with, the numbers of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Lines, Number

__all__ = ["CatalogueForm", "DesignForm", "PlanForm", "StudyForm"]

_LONGEST_TRIANGLE = 50_000
Choices = Iterable[tuple[str, Any]]


class CatalogueForm(PageForm):
    """Which plan of the catalogue to open. Sent in the address."""

    plan = Choice(label=_("从目录打开"), required=False)

    def __init__(self, *arguments: Any, plans: Choices, label: Any = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("plan", plans)
        self.fields["plan"].label = label or self.fields["plan"].label


class PlanForm(PageForm):
    """A plan file and its sources. The core itself checks their length and content."""

    text = Lines(label="plan.toml", rows=20)
    sources = Lines(label="sources.toml", rows=12)


class DesignForm(PlanForm):
    """A plan file to look at, and one of the catalogue to compare it with."""

    against = Choice(label=_("与哪个产品比较"), required=False)

    def __init__(self, *arguments: Any, plans: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["text"].widget.attrs["rows"] = 26
        self.offer("against", [("", _("不比较")), *plans])


class StudyForm(PlanForm):
    """The numbers that one kind of study needs, with their labels, and its terms or triangle."""

    def __init__(self, *arguments: Any, labels: Mapping[str, Any], triangle: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, label in labels.items():
            self.fields[name] = Number(label=label)
        if triangle:
            self.fields["triangle"] = Lines(
                label=_("已付赔款三角形"), rows=14, help_text=_HINT, max_length=_LONGEST_TRIANGLE
            )
            for name in ("text", "sources"):
                self.fields[name].widget = forms.HiddenInput()
        self.labels = labels


_HINT = _("首行为标题，每行一个发生期，从左到右为各经过期的累计已付（元）；可从 Excel 直接粘贴。")
