"""The platform's contexts, as .importlinter lists them: tests that hold for each read them here, so that new ones are
covered by themselves."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

__all__ = ["CONTEXTS", "PLATFORM", "contract", "layers"]

ROOT = Path(__file__).resolve().parents[1]
PLATFORM = ROOT / "src" / "huimin" / "platform"


def contract(name: str) -> dict[str, str]:
    found = ConfigParser()
    found.read(ROOT / ".importlinter", "utf-8")
    return dict(found[f"importlinter:contract:{name}"])


def layers() -> list[str]:
    """Everything in platform/ that has a place among the layers, from the top down."""
    return contract("contexts")["layers"].replace("|", " ").replace(":", " ").split()


def _contexts() -> tuple[str, ...]:
    """From oversight, below the pages and the HTTP API, down to tasks, above the foundation that all stand on."""
    found = layers()
    return tuple(found[found.index("api") + 1 : found.index("foundation")])


CONTEXTS = _contexts()
