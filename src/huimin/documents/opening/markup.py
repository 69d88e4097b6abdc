"""XML from strangers: no document type, hence no entity; no address is ever asked; depth and number are bounded.

Expat itself is used, not defusedxml: refusing every document type is one handler, the bounds on depth and number of
elements would be ours to write in either case, and `pip install huimin` stays without another package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from huimin.documents.errors import DocumentError
from huimin.documents.opening.limits import Limits

__all__ = ["Node", "parse_xml"]

_CUT_OFF = {expat.errors.codes[message] for message in (
    expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_PARTIAL_CHAR,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
)}  # fmt: skip
_CHINESE = re.compile(rb"""^\s*<\?xml[^>]*encoding=["'](gb2312|gbk|gb18030)["']""", re.I)


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, its attributes, its own text and what it contains."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)
    path: str = ""

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the file."""
        left = [self]
        while left:
            node = left.pop()
            yield node
            left.extend(reversed(node.children))

    def first(self, name: str) -> Node | None:
        """The first element of this name at or below this one, whatever the case of its letters."""
        return next((node for node in self.walk() if node.name.lower() == name.lower()), None)


class _Builder:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.root: Node | None = None
        self.open: list[Node] = []
        self.pieces: list[list[str]] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > self.limits.elements or len(self.open) >= self.limits.depth:
            most = f"{self.limits.elements:,} elements, {self.limits.depth} deep"
            message = f"found XML of more than {most}; a bill has some hundred; ask the issuer for the original file"
            raise DocumentError(message, code="document_unpacks_too_large", values={"most": most})
        above = self.open[-1] if self.open else None
        path = f"{above.path}/{_local(name)}" if above else _local(name)
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()}, path=path)
        if above:
            above.children.append(node)
        else:
            self.root = node
        self.open.append(node)
        self.pieces.append([])

    def end(self, _: str) -> None:
        self.open.pop().text = "".join(self.pieces.pop()).strip()

    def characters(self, text: str) -> None:
        self.pieces[-1].append(text)

    def doctype(self, *_: object) -> None:
        message = "found a document type or entities in XML; expected elements alone: entities can read files"
        message += " and grow without end; ask the issuer for the original file"
        raise DocumentError(message, code="document_unsafe_xml")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def parse_xml(data: bytes, limits: Limits | None = None) -> Node:
    """The root element. Raises DocumentError for a document type, too many elements, a cut or a damaged file."""
    builder = _Builder(limits or Limits())
    chinese = _CHINESE.match(data)
    try:
        text = data.decode("gb18030").encode() if chinese else data
        parser = expat.ParserCreate("utf-8" if chinese else None)
        parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
        parser.CharacterDataHandler = builder.characters
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = builder.doctype
        parser.buffer_text = True
        parser.Parse(text, True)
    except expat.ExpatError as error:
        if error.code in _CUT_OFF:
            message = f"found XML that ends too early, in line {error.lineno}; send the whole file again"
            raise DocumentError(message, code="document_cut_off") from error
        found = f"XML that cannot be read at line {error.lineno}: {expat.ErrorString(error.code)}"
        raise _damaged(found) from error
    except (ValueError, LookupError) as error:  # bytes that are not of the encoding, or an encoding nobody knows
        raise _damaged("XML whose letters cannot be read") from error
    if builder.root is None:
        raise _damaged("XML without an element")
    return builder.root


def _damaged(found: str) -> DocumentError:
    message = f"found {found}; expected a whole file as it was issued; send it again"
    return DocumentError(message, code="document_damaged", values={"found": found})
