"""What a page's buttons, boxes and hidden fields send. Nobody types it: anything else than what was offered is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huimin.platform.web.forms.base import PageForm, posted
from huimin.platform.web.forms.fields import Choice, Line, Ticked

__all__ = ["BackForm", "ButtonForm", "ChosenForm", "StepForm", "TapForm", "WordsForm", "pressed"]

_LONGEST_ADDRESS = 2_000


def _hidden(max_length: int = 200) -> Line:
    return Line(label="", max_length=max_length, required=False, widget=forms.HiddenInput())


class _SentForm(PageForm):
    """A form of which nothing is asked again: what cannot be used in it is as if it had not been sent."""

    def sent(self, name: str) -> str:
        """The field's value, "" where there is none that can be used."""
        self.is_valid()
        return str(self.cleaned_data.get(name, "")) if self.is_bound else ""


class ButtonForm(_SentForm):
    """Which button was pressed. `name` is the name that the buttons bear, `values` are theirs."""

    def __init__(self, *arguments: Any, name: str, values: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields[name] = Choice(label="", required=False)
        self.offer(name, [(str(one), str(one)) for one in values])


def pressed(request: HttpRequest, name: str, values: Iterable[str]) -> str:
    """The value of the button that was pressed, "" where it was none of these."""
    return ButtonForm(posted(request), name=name, values=values).sent(name)


class WordsForm(_SentForm):
    """The digest of the words that the page showed, by which one sees whether they are still those that hold."""

    words = _hidden()


class TapForm(WordsForm):
    """A claim by one tap: for which policy, and the key that the page drew."""

    policy = _hidden()
    key = _hidden()


class BackForm(_SentForm):
    """The address to which the reader goes on afterwards. Whether it is one of ours is for the view to see."""

    next = _hidden(_LONGEST_ADDRESS)


class StepForm(_SentForm):
    """Which of `last` questions was answered, and where its reader wants to go."""

    step = Choice(label="", required=False)
    go = Choice(label="", required=False, choices=[(one, one) for one in ("on", "back", "start")])

    def __init__(self, *arguments: Any, last: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("step", [(str(one), str(one)) for one in range(1, last + 1)])


class ChosenForm(PageForm):
    """Which rows of a table were ticked, and what is done with them: the button that was pressed."""

    how = Choice(label=_("办理事项"), widget=forms.HiddenInput, error_messages={"required": _("请选择要办理的事项。")})
    line = Ticked(label="", required=False)

    def __init__(self, *arguments: Any, ways: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("how", [(one, one) for one in ways])

    @property
    def ticked(self) -> set[str]:
        """The rows, whatever else was sent: a page that is shown again has them ticked still."""
        self.is_valid()
        return set(self.cleaned_data.get("line", ())) if self.is_bound else set()
