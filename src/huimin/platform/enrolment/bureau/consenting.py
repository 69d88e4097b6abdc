"""Who agrees that the bureau is asked for somebody's records: the person, or a guardian for a minor; nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import PersonFacts, agree_to_history
from huimin.settlement.member import completed_years

__all__ = ["let_bureau_tell"]

_OF_AGE = 18


def let_bureau_tell(
    *,
    actor: Actor,
    applicant: PersonFacts,
    insured: Sequence[tuple[PersonFacts, Relation]],
    text: str,
    agreed: frozenset[int] = frozenset(),
) -> None:
    """Record the applicant's consent to these words for themself and for their minor children, where insured.

    Other adults agree themselves: `agreed` are residents whose own consent a channel holds. Nobody is refused cover for
    saying no: the bureau is then not asked. Raises NotAllowed.
    """
    day = today(actor.city)
    minors = [one.id for one, relation in insured if is_ward(one, relation, day)]
    own = [one.id for one, relation in insured if relation == Relation.SELF or one.id in agreed - set(minors)]
    agree_to_history(actor=actor, applicant_id=applicant.id, residents=own, minors=minors, text=text)


def is_ward(person: PersonFacts, relation: Relation, day: date) -> bool:
    """Whether the applicant agrees for this one, as a parent."""
    return relation == Relation.CHILD and completed_years(person.birth_date, day) < _OF_AGE
