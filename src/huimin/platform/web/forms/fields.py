"""Fields that accept any input and report faults in the page's language, by their label."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

__all__ = ["Agreement", "Choice", "Code", "Day", "Figure", "Line", "Lines", "Number", "Ticked", "Upload"]

_LONGEST_LINE = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?(?:[eE][+-]?[0-9]{1,2})?")


class Labelled(forms.Field):
    """A field whose error messages name it: `%(label)s` stands for its label."""

    default_error_messages: ClassVar[dict[str, Any]] = {"required": _("请填写%(label)s。")}

    def clean(self, value: Any, *initial: Any) -> Any:
        """`initial`: what a field for files is cleaned beside."""
        try:
            return super().clean(value, *initial)
        except ValidationError as error:
            for one in error.error_list:
                one.params = {**(one.params or {}), "label": self.label}
            raise


class _Text(Labelled, forms.CharField):
    kept = "\t\r\n"
    """The control characters that it may have."""
    default_error_messages: ClassVar[dict[str, Any]] = {
        "max_length": _("%(label)s：最多 %(limit_value)s 个字，现有 %(show_value)s 个，请缩短。"),
        "unreadable": _("%(label)s：含有无法识别的字符，请删去后重新填写。"),
    }

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if any(unicodedata.category(one) == "Cc" and one not in self.kept for one in text):
            raise ValidationError(self.error_messages["unreadable"])
        return text


class Line(_Text):
    """One line of text, without the spaces around it."""

    kept = ""

    def __init__(self, *, max_length: int = _LONGEST_LINE, attributes: Mapping[str, Any] | None = None, **named: Any):
        named.setdefault("widget", forms.TextInput(attrs=dict(attributes or {})))
        super().__init__(max_length=max_length, **named)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without `maxlength`, because a browser would silently cut pasted text."""
        return {}


class Lines(_Text):
    """Text of several lines as it was typed, with the line ends of files."""

    def __init__(self, *, rows: int, max_length: int | None = None, required: bool = False, **named: Any) -> None:
        attributes = {"rows": rows, "cols": False, "spellcheck": "false", "class": "code"}
        widget = forms.Textarea(attrs=attributes)
        super().__init__(widget=widget, strip=False, max_length=max_length, required=required, **named)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class Figure(Line):
    """An amount or a count as people write it, cleaned of ¥, 元 and commas. The code that computes with it checks its
    range.
    """

    def __init__(self, *, inputmode: str, **named: Any) -> None:
        super().__init__(attributes={"inputmode": inputmode, "autocomplete": "off"}, max_length=40, **named)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value))
        return text.replace(",", "").removeprefix("¥").removesuffix("元").strip()


class Code(Line):
    """The six digits of a message. Spaces and full-width digits are accepted."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("请填写短信里的六位数字。"),
        "six_digits": _("验证码是六位数字，请对照短信重新填写。"),
    }

    def __init__(self, *, autocomplete: str, **named: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": autocomplete}
        super().__init__(label=_("六位数字"), attributes=attributes, **named)

    def to_python(self, value: Any) -> str:
        code = "".join(unicodedata.normalize("NFKC", super().to_python(value)).split())
        if code and not re.fullmatch("[0-9]{6}", code):
            raise ValidationError(self.error_messages["six_digits"])
        return code


class Day(Labelled):
    """A day as browsers send it. Other forms that Python would accept, such as weeks and `20220418`, are refused."""

    widget = forms.DateInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("请填写%(label)s，例如 2022-04-18。"),
        "invalid": _("%(label)s应写作年-月-日，例如 2022-04-18。"),
        "out_of_range": _("%(label)s应在 %(first)s 至 %(last)s 之间。"),
    }

    def __init__(self, *, first: date, last: date, **named: Any) -> None:
        widget = forms.DateInput({"type": "date", "min": first.isoformat(), "max": last.isoformat()}, format="%Y-%m-%d")
        super().__init__(widget=widget, **named)
        self.first, self.last = first, last

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(self.error_messages["invalid"])
        if not self.first <= day <= self.last:
            named = {"first": self.first.isoformat(), "last": self.last.isoformat()}
            raise ValidationError(self.error_messages["out_of_range"], params=named)
        return day


class Number(Labelled):
    """A number. Decimal points, commas between thousands, and `1e6` are accepted; `nan` and `1_000` are not."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("%(label)s：应填写数字。")}

    def __init__(self, **named: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(widget=widget, **named)

    def to_python(self, value: Any) -> float | None:
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        plain = text.replace(",", "") if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text) else text
        if not _NUMBER.fullmatch(plain):
            raise ValidationError(self.error_messages["invalid"])
        return float(plain)


class Upload(Labelled, forms.FileField):
    """A file that is sent. What is in it is read by whoever it is for."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("请选择文件。"),
        "missing": _("请选择文件。"),
        "empty": _("请选择文件。"),
        "invalid": _("请选择文件。"),
    }


class Choice(Labelled, forms.ChoiceField):
    """One of the offered choices."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("请选择%(label)s。"),
        "invalid_choice": _("请选择%(label)s。"),
    }


class Ticked(Labelled):
    """The rows of a table that were ticked, by the values of their boxes. Whoever acts on them knows all there are."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [str(one) for one in value or ()]


class _Box(forms.CheckboxInput):
    """A box that only the value `yes` ticks, so that consent is never guessed from another word."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return bool(data.get(name) == "yes")


class Agreement(Labelled, forms.BooleanField):
    """A box to tick."""

    widget = _Box

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"value": "yes"}
