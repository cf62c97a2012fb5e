"""What is decided about materials from plain values."""

from huiyin.areas.materials.rules.stock import (
    COMES,
    GOES,
    LARGEST,
    NOTHING,
    PASSES,
    Band,
    Subject,
    Want,
    band_for,
    bands_wrong,
    difference,
    listing,
    number_of,
    still_open,
    suggested,
    to_account,
)

__all__ = [
    "COMES",
    "GOES",
    "LARGEST",
    "NOTHING",
    "PASSES",
    "Band",
    "Subject",
    "Want",
    "band_for",
    "bands_wrong",
    "difference",
    "listing",
    "number_of",
    "still_open",
    "suggested",
    "to_account",
]
