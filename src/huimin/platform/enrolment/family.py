"""Whether the relations that somebody gives for a family are possible, and who of it is who."""

from __future__ import annotations

from collections.abc import Sequence

from huimin.errors import HuiminError
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import PersonFacts

__all__ = ["refuse_impossible", "refuse_impossible_relation"]


def refuse_impossible(applicant: PersonFacts, insured: Sequence[tuple[PersonFacts, Relation]]) -> None:
    """Raise HuiminError (`person_twice`, `relation_impossible`) for an order that names no family."""
    if len({person.id for person, _ in insured}) < len(insured):
        raise HuiminError("the order names a person twice", code="person_twice")
    for person, relation in insured:
        refuse_impossible_relation(applicant, person, relation)


def refuse_impossible_relation(applicant: PersonFacts, person: PersonFacts, relation: Relation) -> None:
    """Raise HuiminError (`relation_impossible`): a child is born after its parent, and nobody is their own spouse."""
    same = person.id == applicant.id
    fits = {
        Relation.SELF: same,
        Relation.SPOUSE: not same,
        Relation.CHILD: applicant.birth_date < person.birth_date,
        Relation.PARENT: person.birth_date < applicant.birth_date,
    }
    if not fits[relation]:
        raise HuiminError(
            f"found a {relation} who cannot be one by the two birth dates; expected a child younger than its parent, "
            "and nobody but the applicant as self",
            code="relation_impossible",
        )
