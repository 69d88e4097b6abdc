"""docs/permissions.md is what the table of permissions says."""

from __future__ import annotations

from documents.test_site import script

permissions = script("permissions")


def test_the_document_of_permissions_is_what_the_table_says() -> None:
    assert permissions.DOCUMENT.read_text("utf-8") == permissions.document(), "run `make permissions` and read it"


def test_the_document_names_every_role_every_action_and_an_address_of_each_kind() -> None:
    text = permissions.document()
    for words in ("| lead insurer | 主承保公司 | `lead_insurer` |", "`see_reviews`", "须写明用途", "仅限自身"):
        assert words in text
    assert "`POST /api/v1/settlements`" in text
    assert "`/staff/reviews/<int:review_id>/`" in text
