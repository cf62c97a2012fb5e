"""Finger signatures: strokes as a pad would send them."""

import base64
import io
import math
import random
from functools import lru_cache

from PIL import Image, ImageDraw

DIFFERENT = 24
_SIZE = (360, 140)


def signature(rng: random.Random) -> str:
    """Return a drawing as the signature pad hands it in."""
    return drawn_by(rng.randrange(DIFFERENT))


@lru_cache(maxsize=DIFFERENT)
def drawn_by(hand: int) -> str:
    """Return what this hand draws: always the same."""
    rng = random.Random(hand)
    picture = Image.new("RGBA", _SIZE, (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    left = 30
    for _ in range(rng.randint(2, 3)):
        for _ in range(rng.randint(3, 5)):
            pen.line(_stroke(rng, left), fill=(20, 30, 60, 255), width=4, joint="curve")
        left += rng.randint(85, 105)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


def _stroke(rng: random.Random, left: int) -> list[tuple[float, float]]:
    x, y = left + rng.randint(0, 50), rng.randint(25, 90)
    reach, rise, bend = rng.randint(20, 60), rng.randint(-25, 40), rng.uniform(-14, 14)
    return [(x + reach * t / 8, y + rise * t / 8 + bend * math.sin(math.pi * t / 8)) for t in range(9)]
