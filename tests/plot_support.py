"""Reads the pictures of plots, as the desk's pages hold them."""

from __future__ import annotations

from base64 import b64decode
from xml.etree import ElementTree

TEXT = "{http://www.w3.org/2000/svg}text"


def svg(address: str) -> str:
    kind, _, content = address.partition(";base64,")
    assert kind == "data:image/svg+xml"
    return b64decode(content).decode()


def letters(address: str) -> list[str]:
    """Everything that is written in the picture, in the order in which it stands there."""
    return [element.text or "" for element in ElementTree.fromstring(svg(address)).iter(TEXT)]  # noqa: S314 - our own
