"""OFD (GB/T 33190): structured files attached to it first, then the text that its tags name."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from huimin.documents.errors import DocumentError
from huimin.documents.opening.archive import Archive
from huimin.documents.opening.limits import Limits
from huimin.documents.opening.markup import Node, parse_xml
from huimin.documents.paper import Confidence, Origin, PaperKind, Place
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.names import FISCAL_TAGS, LABELS, TAX_TAGS
from huimin.documents.reading.structured import read_structured

__all__ = ["read_ofd"]

_ROOT = "OFD.xml"
_BOX_PARTS = 4
_Where = tuple[str, Place]


def read_ofd(data: bytes, into: Gathering, limits: Limits) -> None:
    """Add what an OFD says. Raises DocumentError for an archive that is none, or must not be opened."""
    archive = Archive(data, limits)
    if _ROOT not in archive:
        message = "found a ZIP archive without OFD.xml in it; expected an OFD; unpack it and send the bill itself"
        raise DocumentError(message, code="document_wrong_type", values={"found": "a ZIP archive"})
    package = _Package(archive, limits)
    documents = [node.text for node in package.xml(_ROOT).walk() if node.name == "DocRoot"]
    if not documents:
        message = "found an OFD that names no document; expected a whole file as it was issued; send it again"
        raise DocumentError(message, code="document_damaged", values={"found": "OFD"})
    for path in (resolve("", name) for name in documents):
        root = package.xml(path)
        _check_pages(root, limits)
        package.read_attachments(path, root, into)
        package.read_tags(path, root, into)


def _check_pages(root: Node, limits: Limits) -> None:
    pages = sum(node.name == "Page" for node in root.walk())
    if pages > limits.pages:
        found, most = f"{pages:,}", str(limits.pages)
        message = f"found an OFD of {found} pages; expected 1 to {most}; send the pages of the bill alone"
        raise DocumentError(message, code="document_too_many_pages", values={"found": found, "most": most})


def resolve(base: str, location: str) -> str:
    """The name within the archive of what a file names: from the root after a slash, else from its own folder."""
    path = normpath(location[1:] if location.startswith("/") else join(dirname(base), location))
    if path.startswith(("..", "/")) or "\\" in location:
        message = "found an OFD that names a file outside of it; ask the issuer for the original file"
        found = ascii(location[:80])
        raise DocumentError(message, code="document_unsafe_name", values={"found": found})
    return path


class _Package:
    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.archive, self.limits = archive, limits

    def xml(self, path: str) -> Node:
        if path not in self.archive:
            message = "found an OFD in which a file is missing that it names; send the whole file again"
            raise DocumentError(message, code="document_damaged", values={"found": "OFD"})
        return parse_xml(self.archive.read(path), self.limits)

    def linked(self, path: str, root: Node, element: str) -> list[tuple[str, Node]]:
        """The files that elements of this name link to, with their roots; one that is not there is left out."""
        paths = [resolve(path, node.text) for node in root.walk() if node.name == element and node.text]
        return [(found, self.xml(found)) for found in paths if found in self.archive]

    def read_attachments(self, path: str, root: Node, into: Gathering) -> None:
        for listing, attachments in self.linked(path, root, "Attachments"):
            for node in attachments.walk():
                where = node.first("FileLoc") if node.name == "Attachment" else None
                file = resolve(listing, where.text) if where is not None and where.text else ""
                if file in self.archive and file.lower().endswith(".xml"):
                    read_structured(self.xml(file), file, into)

    def read_tags(self, path: str, root: Node, into: Gathering) -> None:
        names = FISCAL_TAGS | TAX_TAGS | LABELS
        texts: dict[str, _Where] | None = None
        for listing, tags in self.linked(path, root, "CustomTags"):
            for _, tree in self.linked(listing, tags, "FileLoc"):
                for key, ids in _tagged(tree):
                    if key.lower() in names:
                        texts = self._texts(path, root) if texts is None else texts
                        _add(names[key.lower()], [texts[one] for one in ids if one in texts], into)
                        into.kind = _kind(key) if into.kind is PaperKind.UNKNOWN else into.kind

    def _texts(self, path: str, root: Node) -> dict[str, _Where]:
        """Each text object of each page by its id, with its place."""
        found: dict[str, _Where] = {}
        whole = root.first("PhysicalBox")
        pages = [node for node in root.walk() if node.name == "Page" and "BaseLoc" in node.attributes]
        for number, page in enumerate(pages, start=1):
            file = resolve(path, page.attributes["BaseLoc"])
            content = self.xml(file)
            size = content.first("PhysicalBox") or whole
            for node in content.walk():
                if node.name == "TextObject":
                    text = "".join(child.text for child in node.walk() if child.name == "TextCode")
                    box = _box(node.attributes.get("Boundary", ""), size.text if size else "")
                    found[node.attributes.get("ID", "")] = (text, Place(file, number, box))
        return found


def _tagged(tree: Node) -> list[tuple[str, list[str]]]:
    """Each key of a file of tags with the ids of the objects that it names."""
    found = []
    for node in tree.walk():
        ids = [child.text for child in node.children if child.name == "ObjectRef"]
        if ids:
            found.append((node.name, ids))
    return found


def _add(name: str, texts: list[_Where], into: Gathering) -> None:
    if texts:
        whole = "".join(text for text, _ in texts)
        into.add(name, whole, Origin.OFD_TAG, texts[0][1], Confidence.NAMED)


def _kind(key: str) -> PaperKind:
    return PaperKind.TAX_INVOICE if key.lower() in TAX_TAGS else PaperKind.MEDICAL_BILL


def _box(boundary: str, page: str) -> tuple[int, int, int, int] | None:
    """A boundary (left, top, width, height in millimetres) in thousandths of the page; None where either is odd."""
    parts, size = _hundredths(boundary), _hundredths(page)
    if len(parts) != _BOX_PARTS or len(size) != _BOX_PARTS or min(size[2:]) <= 0:
        return None
    left, top, width, height = parts
    across, down = size[2:]
    x, y = left - size[0], top - size[1]
    return (x * 1000 // across, y * 1000 // down, (x + width) * 1000 // across, (y + height) * 1000 // down)


def _hundredths(text: str) -> list[int]:
    """Numbers with decimals as whole hundredths, which is exact enough for a place."""
    found = []
    for part in text.split():
        whole, _, decimals = part.partition(".")
        if not (whole.lstrip("-") + decimals).isdecimal() or len(part) > _LONGEST_NUMBER:
            return []
        found.append(int((whole or "0") + (decimals + "00")[:2]) if whole not in ("", "-") else 0)
    return found


_LONGEST_NUMBER = 12
