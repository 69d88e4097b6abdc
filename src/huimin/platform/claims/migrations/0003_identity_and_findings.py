"""An id belongs to its sender, a bill may have revisions, and a person's findings of held bills are kept.

Bills that are there keep the way in which they were owed: all of it to the sender, under their id alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import PROTECT, Q

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.triggers import append_only, append_only_again

_OWING = [
    (1, "all of it to the sender; `settlement:ID`"),
    (2, "what was answered to the sender, the rest to the insured; `settlement:SENDER:ID`"),
]
_FINDINGS = [
    ("released", "Release"),
    ("second_stands", "Second Stands"),
    ("first_stands", "First Stands"),
    ("asked_again", "Ask Again"),
    ("refused", "Refuse"),
    ("sent_back", "Sent Back"),
]


def _row_of(model: str, related_name: str = "+", *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(model, on_delete=PROTECT, related_name=related_name, null=null)


_FINDING = migrations.CreateModel(
    "ReviewFinding",
    [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("city", _row_of("foundation.city")),
        ("review", _row_of("claims.reviewitem", "findings")),
        ("finding", models.CharField(choices=_FINDINGS, max_length=20)),
        ("note", models.TextField()),
        ("actor", models.CharField(max_length=80)),
        ("at", models.DateTimeField()),
        ("amount", FenField(default=0)),
        ("needs_second", models.BooleanField(default=False)),
        ("agrees_with", _row_of("claims.reviewfinding", null=True)),
    ],
    options={"indexes": [models.Index(fields=["city", "review"], name="findings_of_review")]},
)

_FACTS = [
    migrations.RemoveConstraint("settlementfact", "settlement_in_city"),
    migrations.AddField(
        "settlementfact", "owing", models.PositiveSmallIntegerField(choices=_OWING, default=1), preserve_default=True
    ),
    migrations.AlterField("settlementfact", "owing", models.PositiveSmallIntegerField(choices=_OWING, default=2)),
    migrations.AddField("settlementfact", "revision", models.PositiveSmallIntegerField(default=0)),
    migrations.AddField("settlementfact", "withdrawn", models.BooleanField(default=False)),
    migrations.AlterField("settlementfact", "policy", _row_of("enrolment.policy", "settlements", null=True)),
    migrations.AddIndex(
        "settlementfact",
        models.Index(fields=["city", "psn_no"], name="reversals_of_member", condition=Q(reverses__isnull=False)),
    ),
    migrations.AddConstraint(
        "settlementfact",
        models.UniqueConstraint(fields=["city", "client", "setl_id", "revision"], name="one_fact_a_revision"),
    ),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("claims", "0002_append_only"),
        ("enrolment", "0003_append_only"),
        ("foundation", "0002_append_only"),
    ]
    operations: ClassVar = [
        *_FACTS,
        append_only_again("claims_settlementfact"),
        migrations.RemoveConstraint("reviewitem", "one_review_a_message"),
        migrations.AddField("reviewitem", "settlement", _row_of("claims.settlementfact", null=True)),
        migrations.AddConstraint(
            "reviewitem",
            models.UniqueConstraint(
                fields=["city", "client", "setl_id", "content_digest"], name="one_review_a_message"
            ),
        ),
        _FINDING,
        append_only("claims_reviewfinding"),
    ]
