"""What becomes of a print: flat scans and photographs, drawn with Pillow, NumPy and OpenCV by a seed."""

from __future__ import annotations

import math
import random
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageDraw

__all__ = ["photograph", "scan"]

Picture = np.ndarray


def scan(page: Image.Image, seed: int) -> bytes:
    """Flat on the glass: a little askew, grey or in colours, a stamp on every third, a fifth lies the wrong way."""
    chance = random.Random(f"scan {seed}")
    picture = _stamped(page, chance) if chance.random() < 0.35 else page
    picture = picture.rotate(chance.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    picture = picture.convert("L").convert("RGB") if chance.random() < 0.5 else picture
    picture = _quarters(picture, chance)
    points = _noise(_shades(np.asarray(picture), chance.uniform(0.75, 1.0), chance.randint(0, 12)), 4, chance)
    return _jpeg(points, chance.randint(60, 92))


def photograph(page: Image.Image, seed: int) -> bytes:
    """Held over a table: seen from the side, folded, shaded, blurred, stamped, turned."""
    chance = random.Random(f"photograph {seed}")
    picture = _stamped(page, chance) if chance.random() < 0.5 else page
    points = np.asarray(picture)
    if chance.random() < 0.5:
        points = _folded(points, chance)
    points = _light(_on_a_table(points, chance), chance)
    points = cv2.GaussianBlur(points, (0, 0), chance.uniform(0.5, 1.1))
    points = _noise(points, chance.uniform(3, 8), chance)
    turned = _quarters(Image.fromarray(points), chance)
    return _jpeg(np.asarray(turned), chance.randint(55, 88))


def _quarters(picture: Image.Image, chance: random.Random) -> Image.Image:
    ways = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return picture.transpose(chance.choice(ways)) if chance.random() < 0.2 else picture


def _stamped(page: Image.Image, chance: random.Random) -> Image.Image:
    """A red ring with a star, through which the print shows."""
    side = min(page.size) // 3
    stamp = Image.new("RGB", (side, side), "white")
    drawing = ImageDraw.Draw(stamp)
    drawing.ellipse((4, 4, side - 4, side * 3 // 4), outline=(214, 60, 60), width=max(side // 40, 3))
    middle = (side / 2, side * 3 / 8)
    star = [(n * 4 * math.pi / 5 - math.pi / 2, side / 9) for n in range(5)]
    drawing.polygon([(middle[0] + r * math.cos(a), middle[1] + r * math.sin(a)) for a, r in star], fill=(214, 60, 60))
    stamp = stamp.rotate(chance.uniform(-20, 20), fillcolor="white")
    left, top = chance.randint(0, page.width - side), chance.randint(0, page.height - side)
    out = np.asarray(page).copy()
    under = out[top : top + side, left : left + side].astype(np.uint16)
    out[top : top + side, left : left + side] = (under * np.asarray(stamp) // 255).astype(np.uint8)
    return Image.fromarray(out)


def _folded(points: Picture, chance: random.Random) -> Picture:
    """A crease from side to side or from top to bottom: a shift of some points, and a shadow."""
    height, width = points.shape[:2]
    across = chance.random() < 0.5
    at, deep = chance.uniform(0.3, 0.7) * (width if across else height), chance.uniform(2, 5)
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    away = np.exp(-(((columns if across else rows) - at) ** 2) / (2 * (60.0**2)))
    bent = cv2.remap(points, columns, rows + (deep * away).astype(np.float32), cv2.INTER_LINEAR, borderValue=(255,) * 3)
    shadow = 1 - 0.25 * np.exp(-np.abs((columns if across else rows) - at) / 12)
    return (bent * shadow[..., None]).clip(0, 255).astype(np.uint8)


def _on_a_table(points: Picture, chance: random.Random) -> Picture:
    height, width = points.shape[:2]
    edge = int(0.06 * max(height, width))
    across, down = width + 2 * edge, height + 2 * edge
    corners = [(edge, edge), (across - edge, edge), (across - edge, down - edge), (edge, down - edge)]
    angle = math.radians(chance.uniform(-3, 3))
    moved = [_moved(corner, angle, (across / 2, down / 2), (width, height), chance) for corner in corners]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    lens = cv2.getPerspectiveTransform(flat, np.array(moved, np.float32))
    table = np.full((down, across, 3), [chance.randint(60, 150) for _ in range(3)], np.uint8)
    cv2.warpPerspective(points, lens, (across, down), table, cv2.INTER_CUBIC, cv2.BORDER_TRANSPARENT)
    return table


def _moved(
    corner: tuple[int, int], angle: float, middle: tuple[float, float], size: tuple[int, int], chance: random.Random
) -> tuple[float, float]:
    """A corner turned about the middle, and away from where a flat paper would have it by a thirtieth of the paper."""
    x, y = corner[0] - middle[0], corner[1] - middle[1]
    away_x, away_y = (chance.uniform(-0.035, 0.035) * side for side in size)
    along, beside = math.cos(angle), math.sin(angle)
    return x * along - y * beside + middle[0] + away_x, x * beside + y * along + middle[1] + away_y


def _light(points: Picture, chance: random.Random) -> Picture:
    """Brighter from one side, as by a window, and a hand's shadow on every third."""
    height, width = points.shape[:2]
    columns, rows = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    angle, depth = chance.uniform(0, 2 * math.pi), chance.uniform(0.05, 0.25)
    light = chance.uniform(0.75, 0.95) + depth * (columns * math.cos(angle) + rows * math.sin(angle))
    if chance.random() < 0.35:
        x, y = chance.uniform(-1, 1), chance.uniform(-1, 1)
        light -= 0.3 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 0.2)
    return (points * light[..., None]).clip(0, 255).astype(np.uint8)


def _shades(points: Picture, contrast: float, more: int) -> Picture:
    return (255 - (255 - points.astype(np.float32)) * contrast - more).clip(0, 255).astype(np.uint8)


def _noise(points: Picture, strength: float, chance: random.Random) -> Picture:
    grain = np.random.default_rng(chance.randrange(1 << 30)).normal(0, strength, points.shape[:2])
    return (points + grain[..., None]).clip(0, 255).astype(np.uint8)


def _jpeg(points: Picture, quality: int) -> bytes:
    out = BytesIO()
    Image.fromarray(points).save(out, "JPEG", quality=quality)
    return out.getvalue()
