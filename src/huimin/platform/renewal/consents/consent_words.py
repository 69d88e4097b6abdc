"""The words of the consent to automatic renewal. Who agrees agrees to exactly these; the digest of each is kept."""

from __future__ import annotations

import hashlib

from django.db import transaction

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.renewal.consents.models import KeptWords

__all__ = ["consent_words", "digest_of", "keep_words"]

_WORDS = {
    "zh": "我同意自动续保：每年投保期内，由本平台按当年公布的价格和条款，为{insured}续保{plan}，"
    "保费按我与支付机构签订的代扣协议扣除。扣款前至少{days}天，会用短信和本平台消息两种方式告诉我价格和全部变化；"
    "扣款之前我可以一键取消，扣款之后、保障生效之前取消的，全额退回原账户。我随时可以收回这项同意，代扣协议随之解除。"
    "这项同意与本次投保无关，不同意也不影响现有保障。",
    "en": "I agree to automatic renewal: each year, while joining is open, this platform renews {plan} for "
    "{insured} at the price and on the terms published for that year, and has the premium taken by the "
    "agreement that I sign with the payment company. At least {days} days before any money is taken I am told "
    "the price and every change, by text message and in the message centre. Until then I can cancel with one "
    "tap; if I cancel afterwards and before cover begins, the whole goes back to that account. I can take "
    "this consent back at any time, which ends the agreement too. It has nothing to do with the present "
    "enrolment: without it my cover is the same.",
}


def consent_words(*, plan_name: str, insured: str, days: int, language: str) -> str:
    """`insured`: the name as the page shows it, masked: what is kept tells of nobody."""
    return _WORDS[language].format(plan=plan_name, insured=insured, days=days)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def keep_words(city: City, text: str) -> int:
    """The key of these words, which are kept from now on. Call it inside a transaction."""
    digest = digest_of(text)
    found = KeptWords.objects.of(city).filter(digest=digest).first()
    if found is None:
        with transaction.atomic():
            rows = [KeptWords(city=city, digest=digest, text=text, recorded_at=now(city))]
            KeptWords.objects.bulk_create(rows, ignore_conflicts=True)
        found = KeptWords.objects.of(city).get(digest=digest)
    return int(found.pk)
