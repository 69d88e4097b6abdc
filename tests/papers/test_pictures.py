"""Pictures of papers: their letters are read, doubted where they are cut, and prove nothing by being there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageOps

from huimin.documents import Confidence, Limits, Origin, Paper, PaperKind, prove, read
from huimin.documents.opening.pictures import open_picture
from huimin.documents.reading import read_here
from huimin.documents.reading.letters import engine, seeing
from huimin.documents.reading.letters.engine import Piece
from huimin.documents.reading.letters.rows import lines_in
from huimin.documents.reading.letters.turning import turned
from huimin.extras import MissingExtra
from paper_files import pdf, printed

PATIENT = Limits(seconds=120, letter_seconds=300)
BILL = printed(rows=("5000.00", "1283.79"), prepayAmount="6000.00")
FEN = {"total": 628379, "fund_paid": 432453, "cash_paid": 195926, "account_paid": 0, "other_paid": 0}


@cache
def drawn() -> Image.Image:
    """The bill as a scanner would have it, small, since all of a test's time goes into its points."""
    page = pypdfium2.PdfDocument(pdf(BILL))[0]
    picture: Image.Image = page.render(scale=1.6).to_pil().convert("RGB")
    return picture.crop((0, 0, picture.width, picture.height * 3 // 4))


def as_file(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


@cache
def scan_read() -> Paper:
    return read(as_file(drawn()), PATIENT)


def fen(paper: Paper) -> dict[str, int | None]:
    return {name: paper.fen(name) for name in FEN}


def test_a_scan_is_read_in_the_process_with_limits_and_without_a_network() -> None:
    """The process refuses every socket and every other program: a model that had to be fetched would stop it."""
    paper = scan_read()
    assert (paper.kind, fen(paper)) == (PaperKind.MEDICAL_BILL, FEN)
    assert [paper.text(name) for name in ("bill_code", "bill_number", "check_code")] == [
        *("23141425", "0021053305", "589d80")
    ]
    assert [(row.name, row.fen) for row in paper.rows] == [("西药费0", 500000), ("西药费1", 128379)]


def test_what_was_seen_in_a_picture_says_so_and_where() -> None:
    paper = scan_read()
    assert {one.origin for one in paper.fields} == {Origin.OCR}
    assert {one.confidence for one in paper.fields} == {Confidence.RECOGNISED}
    total = paper.field("total")
    assert total is not None and total.place.page == 1
    left, top, right, bottom = total.place.box or (0, 0, 0, 0)
    assert 600 < left < right < 850 and top < bottom


def test_amounts_of_a_picture_are_sure_by_an_identity_alone() -> None:
    verdict = prove(scan_read())
    assert {"total", "fund_paid", "cash_paid", "rows"} <= verdict.sure
    assert not {"printed_self_paid", "printed_self_funded"} & verdict.sure


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_picture_that_lies_the_wrong_way_is_turned_and_its_places_are_as_it_came(quarters: int) -> None:
    picture, turn = turned(drawn(), quarters)
    paper = read_here(as_file(picture), letters=True)
    assert fen(paper) == FEN
    total, upright = paper.field("total"), scan_read().field("total")
    assert total is not None and upright is not None and total.place.box is not None and upright.place.box is not None
    left, top, right, bottom = upright.place.box
    expected = {1: (top, 1000 - right, bottom, 1000 - left), 2: (1000 - right, 1000 - bottom, 1000 - left, 1000 - top)}
    assert all(abs(one - other) < 12 for one, other in zip(total.place.box, expected[quarters], strict=True))
    assert (turn.width, turn.height) == picture.size


@pytest.mark.parametrize("kept", [45, 62])
def test_an_amount_that_the_border_cuts_is_none_or_a_question(kept: int) -> None:
    """`kept`: how much of the total's width is left, of a hundred."""
    found = scan_read().field("total")
    assert found is not None and found.place.box is not None
    left, _, right, _ = found.place.box
    edge = (left + (right - left) * kept // 100) * drawn().width // 1000
    paper = read_here(as_file(drawn().crop((0, 0, edge, drawn().height))), letters=True)
    cut = paper.field("total")
    assert cut is None or cut.confidence is Confidence.DOUBTFUL
    verdict = prove(paper)
    assert "total" not in verdict.sure
    assert {one.code for one in verdict.questions} & {"amount_unread", "seen_doubtfully"}


@pytest.mark.parametrize("size", [(800, 600), (1, 1), (20, 4000), (4000, 40)])
def test_a_picture_without_letters_is_a_question(size: tuple[int, int]) -> None:
    paper = read_here(as_file(Image.new("RGB", size, "white"), "PNG"), letters=True)
    assert (paper.fields, paper.rows) == ((), ())
    assert [one.code for one in prove(paper).questions] == ["nothing_read"]


def test_a_pdf_whose_page_is_a_picture_is_read_like_one() -> None:
    data = as_file(drawn(), "PDF")
    assert read_here(data).pictures == (1,)
    assert "picture_unread" in [one.code for one in prove(read_here(data)).questions]
    paper = read(data, PATIENT)
    assert (paper.pictures, fen(paper)) == ((), FEN)


def test_a_pdf_whose_page_is_a_picture_needs_the_extra_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(MissingExtra, match=r"a PDF with pages that are pictures needs rapidocr.+'huimin\[papers\]'"):
        read(as_file(Image.new("L", (40, 40)), "PDF"), PATIENT)


def test_a_pdf_with_letters_has_no_pictures() -> None:
    assert read_here(pdf(BILL)).pictures == ()


FORMS: dict[str, Callable[[Image.Image], bytes]] = {
    "sixteen bits": lambda one: as_file(
        Image.frombytes("I;16", one.size, b"".join(bytes((7, shade)) for shade in one.convert("L").tobytes())), "PNG"
    ),
    "four colours": lambda one: as_file(one.convert("CMYK")),
    "a palette": lambda one: as_file(one.convert("P"), "PNG"),
    "one bit": lambda one: as_file(one.convert("1"), "PNG"),
    "letters on nothing": lambda one: as_file(
        Image.merge("RGBA", [*Image.new("RGB", one.size).split(), ImageOps.invert(one.convert("L"))]), "PNG"
    ),
    "two in one, as some telephones save them": lambda one: as_file(one, "MPO", save_all=True, append_images=[one]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_shows_the_same_in_every_form(form: str) -> None:
    page = Image.new("RGB", (60, 40), "white")
    page.paste((0, 0, 0), (10, 10, 30, 20))
    shown = open_picture(FORMS[form](page))
    assert (shown.mode, shown.size) == ("RGB", page.size)
    black, white = shown.getpixel((20, 15)), shown.getpixel((50, 30))
    assert isinstance(black, tuple) and isinstance(white, tuple)
    assert max(black) < 40 and min(white) > 215


def test_a_picture_is_upright_as_its_camera_noted() -> None:
    noted = Image.Exif()
    noted[0x0112] = 6
    assert open_picture(as_file(Image.new("RGB", (60, 40)), exif=noted)).size == (40, 60)


def test_every_model_is_within_the_package_and_one_that_is_missing_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests

    monkeypatch.setattr(requests, "get", lambda *_, **__: pytest.fail("it asked the network"))
    import rapidocr

    models = engine._models(Path(rapidocr.__file__).with_name("models"))
    assert all(Path(path).is_file() for path in models.values())
    with pytest.raises(MissingExtra, match=r"PP-OCRv6_det_small\.onnx") as refused:
        engine._models(tmp_path)
    assert refused.value.code == "missing_extra"


def test_red_is_made_paler_so_that_a_seal_hides_no_figure() -> None:
    page = Image.new("RGB", (3, 1), "white")
    page.putpixel((1, 0), (214, 60, 60))
    page.putpixel((2, 0), (0, 0, 0))
    white, red, black = seeing._with_pale_stamps(page).tobytes()
    assert (white, black) == (255, 0)
    assert 150 < red < 200, "what is printed in red still has to show"


def piece(text: str, left: int, top: int, askew: Callable[[int, int], tuple[int, int]], score: int = 999) -> Piece:
    right, bottom = left + 14 * len(text), top + 20
    corners = [askew(*point) for point in ((left, top), (right, top), (right, bottom), (left, bottom))]
    return Piece(text, score, (corners[0], corners[1], corners[2], corners[3]))


ASKEW: dict[str, Callable[[int, int], tuple[int, int]]] = {
    "straight": lambda across, down: (across, down),
    "downwards": lambda across, down: (across, down + across // 10),
    "from the side": lambda across, down: (across, down + (across * (down - 500)) // 8000),
}


@pytest.mark.parametrize("way", ASKEW)
def test_pieces_are_lines_though_the_paper_was_held_askew(way: str) -> None:
    pieces = [
        piece(text, left, 100 + 30 * row, ASKEW[way])
        for row in range(20)
        for text, left in ((f"医保统筹基金支付{row:02}", 100), (f"{row}.00", 1300))
    ]
    _, turn = turned(Image.new("L", (1600, 1000)), 0)
    found = [line.text for line in lines_in(pieces, turn, 1)]
    assert found == [f"医保统筹基金支付{row:02}  {row}.00" for row in range(20)]


@pytest.mark.parametrize(
    ("left", "top", "score", "doubtful"),
    [(100, 100, 950, False), (100, 100, 899, True), (2, 100, 999, True), (100, 1, 999, True), (1526, 100, 999, True)],
)
def test_what_is_seen_badly_or_touches_the_border_is_doubtful(left: int, top: int, score: int, doubtful: bool) -> None:
    _, turn = turned(Image.new("L", (1600, 1000)), 0)
    (line,) = lines_in([piece("12.34", left, top, ASKEW["straight"], score)], turn, 1)
    assert line.doubtful(0, 5) is doubtful
