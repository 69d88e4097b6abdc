"""What pages send that nobody types: buttons, hidden words, ways back. Whatever comes instead does nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from huimin.platform.web.forms.buttons import BackForm, ButtonForm, ChosenForm, StepForm, TapForm, WordsForm

STRANGE = ["", "do=", "do=x", "do=Agree", "do=a%00", "do=agree&do=agree", f"do={'x' * 60_000}", "other=agree"]


def do(sent: str) -> str:
    return ButtonForm(QueryDict(sent), name="do", values=["agree", "stop"]).sent("do")


@pytest.mark.parametrize("sent", STRANGE)
def test_what_is_no_button_of_the_page_is_none(sent: str) -> None:
    assert do(sent) == ""


def test_a_button_is_itself_and_a_page_that_was_only_opened_pressed_none() -> None:
    assert do("do=agree") == "agree"
    assert ButtonForm(None, name="do", values=["agree"]).sent("do") == ""


@pytest.mark.parametrize("name", ["words", "policy", "key"])
@pytest.mark.parametrize("sent", ["", "a\0", "x" * 201, ["a", "a"]])
def test_hidden_text_that_cannot_be_used_is_as_none_and_the_rest_stands(name: str, sent: Any) -> None:
    data = QueryDict(mutable=True)
    data.update({"words": "w", "policy": "p", "key": "k"})
    data.setlist(name, sent if isinstance(sent, list) else [sent])
    form = TapForm(data)
    expected = {"words": "w", "policy": "p", "key": "k", name: ""}
    assert {one: form.sent(one) for one in expected} == expected


def test_the_digest_of_words_and_the_way_back_come_as_they_are() -> None:
    assert WordsForm(QueryDict(f"words={'0' * 64}")).sent("words") == "0" * 64
    assert BackForm(QueryDict("next=/demo/policies/%3Fpage=2")).sent("next") == "/demo/policies/?page=2"


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("step=2&go=back", ("2", "back")),
        *((f"step={one}&go=x", ("", "")) for one in ("0", "4", "x", "-1", "%EF%BC%92", "2&step=3")),
    ],
)
def test_only_a_question_of_the_form_was_answered(sent: str, taken: tuple[str, str]) -> None:
    form = StepForm(QueryDict(sent), last=3)
    assert (form.sent("step"), form.sent("go")) == taken


def test_ticked_rows_are_many_and_stay_ticked_whatever_was_to_be_done_with_them() -> None:
    form = ChosenForm(QueryDict("line=a&line=b&how=x"), ways=("all", "chosen"))
    assert (form.is_valid(), form.ticked) == (False, {"a", "b"})
    assert ChosenForm(None, ways=()).ticked == set()
    form = ChosenForm(QueryDict("line=a&line=b&how=chosen"), ways=("all", "chosen"))
    assert (form.is_valid(), form.cleaned_data) == (True, {"how": "chosen", "line": ["a", "b"]})
