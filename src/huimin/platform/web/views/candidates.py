"""The people of the draft of an order, with what hinders them, what they are offered, and who has agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.disclosure.api import agreed_to_cover
from huimin.platform.enrolment.api import Offer, check_eligibility
from huimin.platform.foundation.relations import Relation
from huimin.platform.people.api import NamedPerson
from huimin.platform.subsidies.api import FundFacts, funds_by_code
from huimin.platform.web.days import page_language
from huimin.platform.web.draft import draft_of, persons_in_draft
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.residents import EditionForm
from huimin.platform.web.policy_words import other_cover_in_words
from huimin.platform.web.session import CityRequest
from huimin.platform.web.views.agreeing import is_adult_of_family
from huimin.platform.web.views.resident import reason_sentence
from huimin.terms import Edition

__all__ = ["EDITIONS", "RELATIONS", "Candidate", "candidates_of", "chosen_editions", "edition_form", "total_of"]

RELATIONS = {
    Relation.SELF: gettext_lazy("本人"),
    Relation.SPOUSE: gettext_lazy("配偶"),
    Relation.PARENT: gettext_lazy("父母"),
    Relation.CHILD: gettext_lazy("子女"),
}
EDITIONS = "enrolment_editions"
"""Under which the session keeps the edition that was chosen for each person."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person in the draft of an order, and the reasons why they may not join, if any."""

    person: NamedPerson
    relation: Relation
    reasons: list[str]
    codes: tuple[str, ...]
    """The same, as codes."""
    offer: Offer | None
    """Price and first and last day of cover, if the order is paid today."""
    edition_form: EditionForm | None
    """To choose the edition; None where the plan has none."""
    funders: list[tuple[str, int]] = field(default_factory=list)
    """The names of the funds that pay for this person, each with its fen."""
    consent: str = ""
    """Of an adult other than the payer: `code` or `declared` where they agreed, `open` where they have not yet."""

    @property
    def other_cover(self) -> list[str]:
        """What the person has already for the same days, in sentences."""
        return [other_cover_in_words(one) for one in (self.offer.other_cover if self.offer is not None else ())]

    @property
    def advised(self) -> bool:
        """Whether the payer is advised not to join this person."""
        return "not_insured" in self.codes

    @property
    def relation_name(self) -> str:
        return str(RELATIONS[self.relation])


def edition_form(request: CityRequest, plan_year: PlanYearFacts, resident_id: int) -> EditionForm | None:
    """The form of one person's edition, bound where it was sent; None where the plan has no editions."""
    editions = [(edition.id, edition.name.in_language(page_language())) for edition in _plan_editions(plan_year)]
    chosen = {"edition": chosen_editions(request).get(resident_id, "")}
    at = request.resolver_match
    sent = at is not None and at.url_name == "enrol-edition" and at.kwargs["resident_id"] == resident_id
    data = posted(request) if sent else None
    return EditionForm(data, initial=chosen, editions=editions, at=resident_id) if editions else None


def candidates_of(request: CityRequest, plan_year: PlanYearFacts) -> list[Candidate]:
    draft, people = draft_of(request), persons_in_draft(request)
    funds = funds_by_code(request.city)
    results = check_eligibility(
        city=request.city, plan_year=plan_year, residents=people, editions=chosen_editions(request)
    )
    consents = _consents(request, plan_year, people)
    return [
        Candidate(
            person,
            Relation(draft[str(person.id)]),
            [reason_sentence(reason) for reason in results[person.id].reasons],
            results[person.id].reasons,
            results[person.id].offer,
            edition_form(request, plan_year, person.id),
            _funders(results[person.id].offer, funds),
            consents.get(person.id, ""),
        )
        for person in people
    ]


def _consents(request: CityRequest, plan_year: PlanYearFacts, people: Sequence[NamedPerson]) -> dict[int, str]:
    """How far each adult other than the payer has agreed. No statement where there is none."""
    adults = [person.id for person in people if is_adult_of_family(request, person)]
    agreed = agreed_to_cover(request.city, plan_year.id, request.resident.id, adults) if adults else {}
    return {one: str(agreed[one]) if one in agreed else "open" for one in adults}


def _funders(offer: Offer | None, funds: Mapping[str, FundFacts]) -> list[tuple[str, int]]:
    paid = offer.by_funds if offer is not None else {}
    return [(funds[code].name(page_language()), fen) for code, fen in paid.items()]


def total_of(candidates: list[Candidate]) -> int:
    """What the payer pays for those who may join, in fen."""
    return sum(candidate.offer.to_pay for candidate in candidates if candidate.offer is not None)


def chosen_editions(request: CityRequest) -> dict[int, str]:
    """The edition that was chosen for each person of the draft, by resident id."""
    chosen: dict[str, str] = request.session.get(EDITIONS, {})
    return {int(resident_id): edition for resident_id, edition in chosen.items()}


def _plan_editions(plan_year: PlanYearFacts) -> tuple[Edition, ...]:
    return terms_of(plan_year).plan.edition
