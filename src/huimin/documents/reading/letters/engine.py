"""RapidOCR with ONNX Runtime: pieces of text in a picture, on the processor alone, by one thread.

The models are files within RapidOCR's own package and named one by one. It would fetch a model that it was not given;
so nothing is ever fetched, and one that is missing is said like a missing package.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huimin.extras import MissingExtra, require

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Piece", "Point", "boxes_in", "pieces_in"]

Point = tuple[int, int]
_MODELS = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
_SETTINGS = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_type": "max",  # else it makes a small picture large, and a long one huge
    "Det.limit_side_len": 2000,
    "Det.max_candidates": 400,  # a dense page has some two hundred pieces
    "Rec.rec_batch_num": 1,  # several would share the widest one's memory, and change each other's result
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text with its corners in points of the picture, from the first letter's upper one on clockwise.

    `score`: how sure the model is of its letters, of a thousand. It says little: a wrong figure may have 999.
    """

    text: str
    score: int
    corners: tuple[Point, Point, Point, Point]


def boxes_in(picture: Image) -> list[tuple[Point, ...]]:
    """Where there is text, without what it says."""
    found = _engine()(picture, use_det=True, use_cls=False, use_rec=False)
    return [_corners(box) for box in ([] if found.boxes is None else found.boxes)]


def pieces_in(picture: Image) -> list[Piece]:
    """Every piece of text of which the model is sure at least by half."""
    found = _engine()(picture, use_det=True, use_cls=False, use_rec=True)
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    seen = zip(found.txts, found.scores, found.boxes, strict=True)
    return [Piece(str(text), int(score * 1000), _corners(box)) for text, score, box in seen]


def _corners(box: Any) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = ((int(across), int(down)) for across, down in box.tolist())
    return first, second, third, fourth


@cache
def _engine() -> Any:
    require("papers", "reading a picture")
    import cv2  # noqa: PLC0415 - of an extra
    import onnxruntime  # noqa: PLC0415 - of an extra
    import rapidocr  # noqa: PLC0415 - of an extra

    cv2.setNumThreads(1)
    onnxruntime.disable_telemetry_events()
    return rapidocr.RapidOCR(params={**_SETTINGS, **_models(Path(rapidocr.__file__).with_name("models"))})


def _models(folder: Path) -> dict[str, str]:
    paths = {setting: folder.joinpath(file) for setting, file in _MODELS.items()}
    missing = tuple(path.name for path in paths.values() if not path.is_file())
    if missing:
        raise MissingExtra("papers", "reading a picture", missing)
    return {setting: str(path) for setting, path in paths.items()}
