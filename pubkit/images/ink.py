"""How much ink an image in process colours takes."""

from __future__ import annotations

from collections.abc import Sequence

STRIP = 4_000_000  # samples looked at in one go


def heaviest(samples: bytes, width: int, height: int, channels: int, *, share: float = 0.001) -> float:
    """The total ink in per cent that at most this share of the pixels exceeds; to within half a per cent a plate.

    `samples` are 8 bits each, pixel by pixel, 255 a full tone. Raises ValueError where there are too few.
    """
    from PIL import Image

    if width < 1 or height < 1 or len(samples) < width * height * channels:
        raise ValueError("there are fewer samples than pixels")
    counts = [0] * 256
    rows = max(1, STRIP // (width * channels))
    for row in range(0, height, rows):
        high = min(rows, height - row)
        strip = samples[row * width * channels : (row + high) * width * channels]
        # The plates of a pixel lie side by side: seen as one grey row, their mean is a reduction across.
        flat = Image.frombytes("L", (width * channels, high), strip)
        for value, count in enumerate(flat.reduce((channels, 1)).histogram()):
            counts[value] += count
    return _exceeded(counts, [100 * channels * value / 255 for value in range(256)], share)


def heaviest_of_palette(samples: bytes, inks: Sequence[float], *, share: float = 0.001) -> float:
    """As `heaviest`, of samples that are numbers of colours; `inks` says the ink of each in per cent."""
    from PIL import Image

    if not samples:
        raise ValueError("there are no samples")
    counts = Image.frombytes("L", (len(samples), 1), samples).histogram()
    return _exceeded(counts[: len(inks)], inks, share)


def _exceeded(counts: Sequence[int], inks: Sequence[float], share: float) -> float:
    """The ink of the colour below which all but a share of the pixels lie."""
    left = sum(counts) * share
    for ink, count in sorted(zip(inks, counts, strict=False), reverse=True):
        left -= count
        if left < 0:
            return round(ink, 1)
    return 0.0
