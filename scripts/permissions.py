"""Writes docs/permissions.md: who may do what, by pages, operations and services, as the code has it.

A test holds the document against the code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "permissions.md"
_INTRODUCTION = """\
# Permissions

Who may do what. `make permissions` makes this page from the one table in `foundation/permissions`, and a test
compares the two. Pages and operations of the API name the actions that they are for; services ask the table before
they write ([ADR 28](adr/0028-one-actor-one-table-of-permissions.md)). Whoever may not is answered `not_allowed`, with
status 403, and told who may.

*Its own*: only what belongs to the actor, such as a resident's policies, the bills that a hospital sent, or the part of
the insurer for which staff act. Everything else is answered as if it was not there. *Purpose*: the actor must say what
for, and the audit keeps it with who looked.

A person of the staff may hold several roles in one city, and may do what any of them may. Where two people are asked
for, the second is another person, whichever roles the two hold. `huimin staff list`, `give` and `take` show roles, give
them and take them back; the audit keeps who did.

谁可以做什么。本页由代码中唯一的权限表生成。“仅限自身”：只能操作属于自己（本人、本机构、本公司）的内容；“须写明用途”：查看时须写明用途，
并与查看人一同记入操作记录。一名工作人员可在同一城市担任多个角色；须两人办理的事项，第二人必须是另一个人，与双方的角色无关。
角色用 huimin staff list、give、take 命令查看、授予和收回，均记入操作记录。
"""


def document() -> str:
    """The Markdown of the page."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings_for_tests")
    import django

    django.setup()
    return "\n".join([_INTRODUCTION, *_roles(), *_actions()]) + "\n"


def _roles() -> Iterator[str]:
    from huimin.platform.foundation.permissions import NAMES

    yield "## Roles\n\n| role | 角色 | in code |\n|---|---|---|"
    for who, (zh, en) in NAMES.items():
        yield f"| {en} | {zh} | `{who}` |"


def _actions() -> Iterator[str]:
    from huimin.platform.foundation.permissions import NAMES, RULES, Scope

    yield "\n## Actions\n\n| action | what | 说明 | who may | where |\n|---|---|---|---|---|"
    where = _addresses()
    for action, rule in RULES.items():
        who = ", ".join(
            f"{NAMES[one][1]} {NAMES[one][0]}{' (its own 仅限自身)' if scope is Scope.OWN else ''}"
            for one, scope in rule.who.items()
        )
        en, zh = (rule.en + "; with a purpose", rule.zh + "；须写明用途") if rule.purpose else (rule.en, rule.zh)
        places = ", ".join(f"`{one}`" for one in where.get(action, [])) or "–"
        yield f"| `{action}` | {en} | {zh} | {who} | {places} |"


def _addresses() -> dict[str, list[str]]:
    """Pages and operations of the API, by action."""
    from huimin.platform.api.addresses import operations
    from huimin.platform.web.accounts import CLOSED
    from huimin.platform.web.addresses import page_addresses

    found: dict[str, list[str]] = {}
    for page in (one for one in page_addresses() if one.name not in CLOSED):
        for action in page.actions:
            found.setdefault(action, []).append(page.route)
    for one in operations():
        for action in one.actions:
            found.setdefault(action, []).append(f"{one.method} /api/v1{one.path}")
    return found


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
