"""Every action that the audit keeps has a word on the page of recent actions, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

import huimin
from huimin.platform.claims.models import Finding
from huimin.platform.foundation.actors import ActorKind
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.models import ClientKind
from huimin.platform.payments.notices import FOR_A_PERSON
from huimin.platform.web.audit_words import (
    ACTION_WORDS,
    ACTOR_WORDS,
    SUBJECT_WORDS,
    action_in_words,
    actor_in_words,
    subject_in_words,
)
from huimin.platform.web.code_words import CLIENT_KIND_WORDS

SRC = Path(huimin.__file__).parent / "platform"
BEGINNINGS = {
    "account_transfer_": {"received", "returned"},
    "approval_": {*Answer.values, "proposed"},
    "case_": {"taken", "given_back"},
    "policy_request_": {"refused", "granted", "done"},
    "finding_": {*Finding.values},
    "review_": {*Finding.values, "decided_on_resend"},
    "notice_": {*FOR_A_PERSON},
}
"""Actions whose code is made of a beginning and one of these."""
RECORDERS = {"record_audit", "record_look", "_record", "looked", "_looked", "_audit", "audit"}
"""The functions that append to the audit, or that hand an action on to one of them."""


def written() -> set[str]:
    """Every action that the source writes. Refuses a form of writing one that it does not understand."""
    found: set[str] = set()
    for path in sorted(SRC.rglob("*.py")):
        if "migrations" not in path.parts:
            found |= set(_written_in(ast.parse(path.read_text("utf-8")), path))
    return found


def _written_in(tree: ast.Module, path: Path) -> Iterator[str]:
    constants = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            constants |= {ast.unparse(name): value for name, value in zip(names, values, strict=False)}
    handed_on = {one.arg for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for one in node.args.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RECORDERS:
            given = [one.value for one in node.keywords if one.arg == "action"]
            if not given:  # by place: the one argument that is a code
                given = [one for one in node.args if isinstance(one, ast.Constant) and "_" in str(one.value)][:1]
            for one in given:
                yield from _codes(constants.get(ast.unparse(one), one), handed_on, path)


def _codes(node: ast.expr, handed_on: set[str], path: Path) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*_codes(node.body, handed_on, path), *_codes(node.orelse, handed_on, path))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        beginning = str(node.values[0].value)
        yield from (f"{beginning}{end}" for end in BEGINNINGS[beginning])
    else:
        # A parameter: whoever calls gives it, and is looked at there.
        assert isinstance(node, ast.Name), f"{path}: {ast.unparse(node)}"
        assert node.id in handed_on | {"action"}, f"{path}: {node.id}"


def test_every_action_that_the_source_writes_has_words_and_no_other() -> None:
    found = written()
    assert {"shares_set", "review_opened", "staff_signed_in", "books_checked", "role_given"} <= found
    assert found == set(ACTION_WORDS)


@pytest.mark.parametrize("words", [ACTION_WORDS, ACTOR_WORDS, SUBJECT_WORDS, CLIENT_KIND_WORDS])
def test_words_are_chinese_in_chinese_and_english_in_english(words: dict[str, object]) -> None:
    with translation.override("zh-hans"):
        assert all(not str(word).isascii() for word in words.values())
        assert len({str(word) for word in words.values()}) == len(words)
    with translation.override("en"):
        assert {code: str(word) for code, word in words.items() if not str(word).isascii()} == {}


def test_every_kind_of_actor_and_of_client_has_a_word() -> None:
    assert set(ACTOR_WORDS) == set(ActorKind)
    assert set(CLIENT_KIND_WORDS) == set(ClientKind.values)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("staff:12", "工作人员 12", "staff 12"),
        ("client:hospital-1", "接入系统 hospital-1", "client hospital-1"),
        ("queue", "任务队列", "queue"),
        ("unknown", "未知", "unknown"),
        ("something:else", "something:else", "something:else"),
    ],
)
def test_an_actor_is_told_by_a_word_and_its_name(text: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert actor_in_words(text) == chinese
    with translation.override("en"):
        assert actor_in_words(text) == english


def test_an_action_of_an_older_version_stands_as_it_is() -> None:
    assert action_in_words("no_longer_there") == "no_longer_there"


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "应付赔款"), ("en", "Claims payable")])
def test_a_sentence_about_an_account_calls_it_by_its_name(language: str, name: str) -> None:
    shown = engines["django"].from_string("{% load huimin %}{{ sentence|with_account_names }}")
    with translation.override(language):
        said = shown.render({"sentence": "claim_payable of hospital:h-1: <books> 1.00, facts 2.00; my_claim_payable_x"})
    assert said == f"{name} of hospital:h-1: &lt;books&gt; 1.00, facts 2.00; my_claim_payable_x"


def test_every_kind_of_subject_that_the_source_writes_has_a_word() -> None:
    found = set()
    for path in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RECORDERS:
                given = [one.value for one in node.keywords if one.arg == "subject"] or node.args
                found |= {str(one.values[0].value) for one in given if isinstance(one, ast.JoinedStr) and _begins(one)}
    kinds = {text.partition(":")[0] for text in found if ":" in text}
    assert {"review", "plan_year", "task"} <= kinds
    assert kinds - set(SUBJECT_WORDS) == set()


def _begins(text: ast.JoinedStr) -> bool:
    return isinstance(text.values[0], ast.Constant)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("review:7", "挂起账单 7", "held bill 7"),
        ("plan_year:1:2022-01-01", "产品年度 1 · 2022-01-01", "plan year 1 · 2022-01-01"),
        ("reviews", "挂起账单列表", "list of held bills"),
        ("2022-02-15", "2022-02-15", "2022-02-15"),
    ],
)
def test_a_subject_is_told_by_a_word_and_its_number(text: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert subject_in_words(text) == chinese
    with translation.override("en"):
        assert subject_in_words(text) == english
