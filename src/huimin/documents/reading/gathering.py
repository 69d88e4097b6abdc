"""Putting together what several sources of one file say: the better source's value stands, what differs is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from huimin.documents.paper import Confidence, Field, NamedAmount, Origin, Paper, PaperKind, Place, Row, Unread
from huimin.documents.reading.names import AMOUNTS
from huimin.documents.reading.provinces import named_amounts, province_of
from huimin.documents.reading.values import plain, printed_fen, written_fen

__all__ = ["Gathering"]


@dataclass(slots=True)
class Gathering:
    """Sources are added from the best to the worst. Rows are taken from the first source that has any."""

    kind: PaperKind = PaperKind.UNKNOWN
    fields: dict[str, Field] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    unread: dict[str, Unread] = field(default_factory=dict)
    differing: list[Field] = field(default_factory=list)
    texts: list[tuple[str, Place]] = field(default_factory=list)
    named: list[NamedAmount] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)

    def add(self, name: str, text: str, origin: Origin, place: Place, confidence: Confidence) -> None:
        """One value as it stands. An empty one is not there; one that cannot be an amount is kept as unread."""
        value: int | str | None = plain(text)
        if value == "":
            return
        if name in AMOUNTS:
            value = written_fen(text) if origin is Origin.XML else printed_fen(text)
        if value is None:
            self.unread.setdefault(name, Unread(name, plain(text)[:80], place))
            return
        found = Field(name, value, origin, place, confidence)
        known = self.fields.setdefault(name, found)
        if _bare(known.value) != _bare(value):
            self.differing.append(found)

    def add_rows(self, rows: list[Row]) -> None:
        self.rows = self.rows or rows

    def paper(self) -> Paper:
        area, code = (self._text(name) for name in ("area", "bill_code"))
        province = province_of(area, code)
        named = list(self.named)
        remark = self.fields.get("remark")
        clear = remark is not None and remark.confidence is not Confidence.DOUBTFUL
        told = [*self.texts, *([(str(remark.value), remark.place)] if remark and clear else [])]
        for text, place in told:
            named += named_amounts(text, province, place)
        unread = tuple(one for name, one in self.unread.items() if name not in self.fields)
        fields, differing = tuple(self.fields.values()), tuple(self.differing)
        return Paper(self.kind, fields, tuple(self.rows), tuple(named), unread, differing, tuple(self.pictures))

    def _text(self, name: str) -> str | None:
        found = self.fields.get(name)
        return str(found.value) if found else None


def _bare(value: int | str) -> int | str:
    """A text without what sources write otherwise though they say the same: spaces, dashes, brackets."""
    return "".join(letter for letter in value if letter.isalnum()) if isinstance(value, str) else value
