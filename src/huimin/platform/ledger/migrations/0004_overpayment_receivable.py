"""An account for what the insured owe back."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_ACCOUNTS = [
    ("provider_clearing", "支付渠道待清算"),
    ("premium_unshared", "保费待分配"),
    ("insurer_premium", "保险公司保费"),
    ("premium_receivable", "应收资助保费"),
    ("refund_payable", "应退保费"),
    ("receipt_unallocated", "待查来款"),
    ("claims_unshared", "赔款待分配"),
    ("insurer_claims", "保险公司赔款"),
    ("claim_payable", "应付赔款"),
    ("overpayment_receivable", "应收多付赔款"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0003_sharing")]
    operations: ClassVar = [
        migrations.AlterField("posting", "account", models.CharField(choices=_ACCOUNTS, max_length=30)),
    ]
