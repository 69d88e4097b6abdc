"""Every error and refusal that a page may have to tell has words of the page's own, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import huimin
from huimin.platform.web.code_words import REASON_WORDS
from huimin.platform.web.sentences import SENTENCES

SRC = Path(huimin.__file__).parent
ROOMS = ("errors.py", "money.py", "settlement", "adjudication", "actuarial", "terms", "platform")
NEVER_ON_A_PAGE = {
    **dict.fromkeys(
        ("payout", "quick_claim", "huimin_error", "bad_input", "enrolment", "review", "approval"), "a tree's trunk"
    ),
    **dict.fromkeys(
        ("identity_not_shown", "subsidy", "policy_request", "bulk", "counter", "trial", "clearing"), "a tree's trunk"
    ),
    **dict.fromkeys(("month_not_over", "nothing_to_state", "statement_made"), "of statements, which workers make"),
    **dict.fromkeys(("no_account_to_pay", "nothing_to_pay_out"), "whoever pays a hospital asks both first"),
    **dict.fromkeys(
        ("answers_refused", "line_unknown"), "pages say what is wrong with each line, and know their lines"
    ),
    **dict.fromkeys(("broken_json", "bad_request", "not_found", "conflict", "idempotency_key_reused"), "the API's"),
    **dict.fromkeys(("bad_window", "not_for_sale", "no_shares", "bad_shares", "bad_head"), "a command's"),
    **dict.fromkeys(("bad_database_url", "database_of_another_version", "unwritable_file"), "a command's"),
    **dict.fromkeys(("bad_party", "entry_without_fact", "group_without_verifier"), "a programmer's"),
    **dict.fromkeys(
        ("agreement_not_known", "bill_settled", "trial_cancelled", "trial_too_old", "too_many_trials"), "the API's"
    ),
    "verifier_of_other_group": "a programmer's",
    **dict.fromkeys(("busy_port", "unusable_out", "unusable_file", "no_such_plan", "bad_program"), "a command's"),
    **dict.fromkeys(("bad_day", "bad_parameter", "unknown_parameter", "missing_balance"), "a command's"),
    **dict.fromkeys(("bad_expectation", "bad_probabilities", "bad_level", "open_bridge"), "a programmer's"),
    **dict.fromkeys(("ciphertext_out_of_place", "unusable_keys"), "the server's"),
    **dict.fromkeys(
        ("unbalanced_entry", "not_secured", "sandbox", "unknown_provider", "bad_signature", "bad_notice"),
        "the server's",
    ),
    **dict.fromkeys(("bad_party", "entry_without_fact", "unwritable_file"), "a programmer's, and a command's"),
    **dict.fromkeys(("tables_older", "bad_role", "role_held", "role_not_held"), "a command's"),
    **dict.fromkeys(("staff_of_another_city", "bad_user_name"), "a command's"),
    **dict.fromkeys(
        ("client_known", "insurer_known", "bad_moratorium", "no_moratorium", "no_such_file"), "a command's"
    ),
    **dict.fromkeys(("terms_changed", "link_in_text", "bad_reply"), "the server's"),
    "bad_client": "a command's, and a worker's",
    "bad_account_area": "a command's",
    **dict.fromkeys(("group_without_verifier", "verifier_of_other_group"), "a programmer's"),
    **dict.fromkeys(("unreadable", "six_digits", "invalid", "out_of_range"), "a form field's, which words it itself"),
    **dict.fromkeys(
        ("door", "door_unreachable", "door_refused", "door_unclear", "door_duplicate"),
        "a worker's",
    ),
    **dict.fromkeys(("not_open", "not_failed", "not_a_bureau_number"), "said by its view"),
    "plan_faults": "told fault by fault, see plan_words",
}
"""Codes that no page shows, and whose they are."""


def codes() -> dict[str, Path]:
    """Every stable code in the source, with a module that gives it."""
    found: dict[str, Path] = {}
    for room in ROOMS:
        paths = [SRC / room] if room.endswith(".py") else sorted((SRC / room).rglob("*.py"))
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found.update(dict.fromkeys(_codes_in(node), path))
    return found


def _codes_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", "")
        if name == "Refusal":
            return _texts(node.args[1:2])
        return _texts([one.value for one in node.keywords if one.arg == "code"]) if name.endswith("Error") else []
    if isinstance(node, ast.ClassDef):
        given = [
            one for one in node.body if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "code"
        ]
        return _texts([one.value for one in given])
    return []


def _texts(nodes: list[ast.expr]) -> list[str]:
    return [one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_every_code_has_words_or_is_said_to_be_never_on_a_page() -> None:
    """For a new one, add a sentence to web/sentences.py or a name to code_words.py, and its English to django.po."""
    found = codes()
    assert len(found) > 100
    told = set(SENTENCES) | set(REASON_WORDS) | set(NEVER_ON_A_PAGE)
    assert {code: str(path) for code, path in found.items() if code not in told} == {}


def test_nothing_is_listed_that_has_words() -> None:
    assert set(NEVER_ON_A_PAGE) & (set(SENTENCES) | set(REASON_WORDS)) == set()
