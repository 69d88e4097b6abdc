"""What a plan lists: drugs and implants, hospitals, diseases, and public figures."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.terms.benefit import ListedItem
from huimin.terms.changes.change_words import CHANGE_WORDS
from huimin.terms.changes.leaves import numbered
from huimin.terms.changes.saying import Amounts, Said
from huimin.terms.model import CodeRange, ParameterValue, Plan
from huimin.terms.phrases import day_in_words
from huimin.terms.plan_in_words import Speaker

__all__ = ["said_of_lists"]


def said_of_lists(plan: Plan, language: str) -> Iterator[Said]:
    lists = _Lists(plan, language)
    yield from lists.items()
    yield from lists.hospitals()
    yield from lists.diseases()
    yield from lists.figures()


class _Lists:
    """Says the lists of one plan in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language = plan, language
        self.speaker, self.words = Speaker(plan, language), CHANGE_WORDS[language]

    def items(self) -> Iterator[Said]:
        for one in self.plan.item_list:
            path, heading = ("item_list", one.id), self._heading("lists", one.name.in_language(self.language))
            yield Said(path, heading, "", presence=1)
            yield Said((*path, "name"), heading, one.name.in_language(self.language))
            if one.unknown is not None:
                yield Said((*path, "unknown"), heading, self.words["list_missing"], presence=-1)
            for key, item in numbered(one.item):
                assert isinstance(item, ListedItem)  # noqa: S101 - of the model
                yield Said((*path, "item", key), heading, self._item(item), _counts(item), presence=1)

    def _item(self, item: ListedItem) -> str:
        words, comma = self.words, self.words["list_comma"]
        parts = [words["item"].format(name=item.name, code=item.code)]
        for key, day in (("item_from", item.from_day), ("item_to", item.to_day)):
            parts += [words[key].format(day=day_in_words(day, self.language))] if day is not None else []
        named = (
            ("item_indications", list(item.indications)),
            ("item_lines", [str(line) for line in item.lines]),
            ("item_gene", list(item.gene_tests)),
            ("item_channels", [self._channel(one) for one in item.channels]),
        )
        parts += [words[key].format(texts=comma.join(sorted(texts))) for key, texts in named if texts]
        limits = self.speaker.item_limits(item)
        return words["comma"].join([*parts, *([limits.removeprefix(item.name).lstrip("：: ")] if limits else [])])

    def _channel(self, name: str) -> str:
        return self.words["hospital_channel" if name == "hospital" else name]

    def hospitals(self) -> Iterator[Said]:
        for one in self.plan.hospital_list:
            path, heading = ("hospital_list", one.id), self._heading("hospitals", one.name.in_language(self.language))
            yield Said(path, heading, "")
            yield Said((*path, "name"), heading, one.name.in_language(self.language))
            if one.unknown is not None:
                yield Said((*path, "unknown"), heading, self.words["hospitals_missing"])
            for code in one.codes:
                yield Said((*path, "codes", code), heading, self.words["hospital"].format(code=code))

    def diseases(self) -> Iterator[Said]:
        for one in self.plan.disease_group:
            name = one.name.in_language(self.language)
            path, heading = ("disease_group", one.id), self._heading("disease_groups", name)
            yield Said(path, heading, "")
            yield Said((*path, "name"), heading, name)
            if one.unknown is not None:
                yield Said((*path, "unknown"), heading, self.words["group_missing"])
            for key, codes in numbered(one.codes):
                assert isinstance(codes, CodeRange)  # noqa: S101 - of the model
                alone = codes.first == codes.last
                text = self.words["code" if alone else "code_range"].format(
                    code=codes.first, first=codes.first, last=codes.last
                )
                yield Said((*path, "codes", key), heading, text)

    def figures(self) -> Iterator[Said]:
        for one in self.plan.parameter:
            name = one.name.in_language(self.language)
            path, heading = ("parameter", one.id), self._heading("figures", name)
            yield Said(path, heading, "")
            yield Said((*path, "name"), heading, name)
            for key, value in numbered(one.values):
                assert isinstance(value, ParameterValue)  # noqa: S101 - of the model
                text = self.words["parameter"].format(
                    day=day_in_words(value.from_day, self.language),
                    when=self.speaker.when(value.when),
                    amount=self.speaker.amount(value.fen),
                )
                yield Said((*path, "values", key), heading, " ".join(text.split()))

    def _heading(self, key: str, name: str) -> str:
        return self.words[key].format(name=name)


def _counts(item: ListedItem) -> Amounts:
    """How much of an item counts; where an amount has no limit it is not among them."""
    names = ("unit_limit_fen", "month_limit_fen", "year_limit_fen")
    return Amounts({name: fen for name in names if (fen := getattr(item, name)) is not None})
