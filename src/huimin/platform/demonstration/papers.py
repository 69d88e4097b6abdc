"""A paper as residents send one with what they ask: a page that says that it is invented."""

from __future__ import annotations

__all__ = ["paper"]

_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 298] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
)
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def paper(title: str) -> bytes:
    """A PDF of one page. `title`: in ASCII without brackets; the font that every reader has knows nothing else."""
    lines = ((18, 220, title), (11, 190, "Invented for the demonstration city of Huimin."), (11, 172, "Nobody's."))
    text = b"".join(b"BT /F1 %d Tf 36 %d Td (%s) Tj ET\n" % (size, y, said.encode("ascii")) for size, y, said in lines)
    content = b"<< /Length %d >>\nstream\n%sendstream" % (len(text), text)
    catalogue, pages = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate((catalogue, pages, _PAGE, content, _FONT), start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(written))
    return written + head + table + end
