"""Adults agree themselves that somebody of the family insures them: by a code, or as the payer declares.

No law makes this consent a condition of cover that pays costs of care: a payer has an insurable interest in
spouse, parents and children (保险法第三十一条, from memory). It is asked all the same, so that nobody is
insured without knowing it. Who has not agreed by their own code is asked after the policy was issued, and may
have it undone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.disclosure.models import CoverAgreed, HowAgreed
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import NamedPerson, check_agreed

__all__ = ["agree_by_code", "agreed_to_cover", "declare_agreed"]


def agree_by_code(
    *, actor: Actor, payer: NamedPerson, plan_year: PlanYearFacts, check_id: int, code: str, words: str, language: str
) -> NamedPerson:
    """The person who passed the code on agrees to these words. Returns them.

    Raises NotAllowed; IdentityError (`wrong_code`, `code_expired`).
    """
    resident = check_agreed(actor=actor, payer=payer, check_id=check_id, code=code)
    _keep(actor, payer.id, resident.id, plan_year, HowAgreed.CODE, words, language)
    return resident


def declare_agreed(
    *, actor: Actor, payer: NamedPerson, resident_id: int, plan_year: PlanYearFacts, words: str, language: str
) -> None:
    """The payer declares that the person, who has no telephone, agreed to them in person. Raises NotAllowed."""
    authorise(actor, Action.ENROL, owner=f"resident:{payer.id}")
    _keep(actor, payer.id, resident_id, plan_year, HowAgreed.DECLARED, words, language)


def agreed_to_cover(city: City, plan_year_id: int, payer_id: int, residents: Sequence[int]) -> dict[int, HowAgreed]:
    """How each of these agreed to be insured by this payer; a code counts before a declaration. One statement."""
    where = {"resident": list(residents), "payer": payer_id, "plan_year": plan_year_id}
    found: dict[int, HowAgreed] = {}
    for resident, how in CoverAgreed.objects.pick(city, ("resident", "how"), where, ("id",)):
        if found.get(resident) is not HowAgreed.CODE:
            found[resident] = HowAgreed(how)
    return found


def _keep(
    actor: Actor, payer_id: int, resident_id: int, plan_year: PlanYearFacts, how: HowAgreed, words: str, language: str
) -> None:
    city = actor.city
    row = CoverAgreed(
        city=city,
        resident_id=resident_id,
        payer_id=payer_id,
        plan_year_id=plan_year.id,
        how=how,
        words=words,
        words_digest=hashlib.sha256(words.encode()).hexdigest(),
        language=language,
        given_at=now(city),
    )
    CoverAgreed.objects.queue([row])
