"""What a sender was told when another trial took a trial's place: kept as JSON beside the trial's end, read here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from huimin.platform.claims.trials.figures import Changed
from huimin.platform.claims.trials.meanwhile import Came, Cause

__all__ = ["NamedChange", "Told"]


@dataclass(frozen=True, slots=True)
class NamedChange:
    """A line that is another now, with its benefit's name by the terms that held then; "" for the whole bill."""

    line: Changed
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Told:
    """What differs between two trials, and why."""

    changes: Sequence[NamedChange]
    came: Sequence[Came]

    def to_json(self) -> str:
        changes = [{**asdict(one.line), "name_zh": one.name_zh, "name_en": one.name_en} for one in self.changes]
        return json.dumps({"changes": changes, "came": [asdict(one) for one in self.came]}, ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> Told:
        said = json.loads(text)
        changes = [
            NamedChange(
                Changed(one["what"], one["benefit"], one["before"], one["after"]), one["name_zh"], one["name_en"]
            )
            for one in said["changes"]
        ]
        return cls(changes, [Came(Cause(one["cause"]), one["setl_id"]) for one in said["came"]])
