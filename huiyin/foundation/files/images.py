"""Cleaning images: unpacked completely, turned upright, shrunk, and written anew without anything but the picture."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

from huiyin.foundation.files.rules import HEIC, IMAGE_FORMATS, JPEG, LONGEST_EDGE, MAX_PIXELS, Damaged, TooLarge

pillow_heif.register_heif_opener()

_UNREADABLE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
_TOO_MANY_PIXELS = f"照片超过 {MAX_PIXELS // 10_000} 万像素,请缩小后再传"
_INK_PIXELS = 60
_INK_EDGE = 12


def clean(data: bytes, content_type: str) -> bytes:
    """Return the same picture, upright, at most LONGEST_EDGE long, without EXIF, place, comments or trailing bytes.

    HEIC comes back as JPEG.

    Refused when it has more than MAX_PIXELS or cannot be unpacked to the end.
    """
    try:
        _verify(data, content_type)
        with _open(data, content_type) as picture:
            picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # lets JPEG skip pixels that shrinking would drop
            picture.load()
            shrunk = _in_plain_colours(_upright(picture), content_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge(_TOO_MANY_PIXELS) from None
    except _UNREADABLE:
        raise Damaged("照片打不开,可能没有传完整,请重新拍摄或选择") from None
    shrunk.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    bare = Image.new(shrunk.mode, shrunk.size)  # pixels only: saving would copy comments and profiles along
    bare.paste(shrunk)
    out = io.BytesIO()
    bare.save(out, IMAGE_FORMATS[JPEG if content_type == HEIC else content_type], quality=85)
    return out.getvalue()


def has_ink(data: bytes) -> bool:
    """Say whether somebody drew on it: a dot or an empty pad is no signature."""
    with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
        drawn = picture.convert("RGBA")
    on_white = Image.new("RGBA", drawn.size, "white")
    on_white.alpha_composite(drawn)
    ink = ImageChops.invert(on_white.convert("L")).point(lambda darkness: 255 if darkness > 64 else 0)
    box = ink.getbbox()
    if box is None:
        return False
    longest = max(box[2] - box[0], box[3] - box[1])
    return longest >= _INK_EDGE and ink.histogram()[255] >= _INK_PIXELS


def _verify(data: bytes, content_type: str) -> None:
    with _open(data, content_type) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise TooLarge(_TOO_MANY_PIXELS)
        picture.verify()


def _open(data: bytes, content_type: str) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=["HEIF" if content_type == HEIC else IMAGE_FORMATS[content_type]])


def _in_plain_colours(picture: Image.Image, content_type: str) -> Image.Image:
    """Convert to sRGB; dropping the profile of a phone without converting would pale the colours."""
    profile = picture.info.get("icc_profile")
    transparent = content_type not in (JPEG, HEIC) and picture.has_transparency_data
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            converted = None
        picture = converted or picture
    if picture.mode.startswith("I"):
        return picture.point(lambda grey: grey * (1 / 256)).convert("L")  # 16-bit scans; a plain convert whitens them
    return picture.convert("RGBA" if transparent else "RGB")


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except (*_UNREADABLE, TypeError, KeyError):
        return picture  # the picture is whole, only its EXIF is broken
