"""What may be attached, told by what is in it and not by its name; and pictures made fit to be kept.

A photo tells more than it shows: where it was taken, when, with whose phone. So a picture is drawn anew, without any of
that, and no larger than a screen needs. Pillow reads the files; it comes with the PDF reports on every platform.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from goes_mobile.protocol.problems import InputRefused

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 80_000_000
"""A small file can unfold to more than a tablet's memory."""
LONGEST_SIDE = 2048
THUMBNAIL = 256
JPEG, PNG, WEBP, PDF, TEXT = "image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
NAMES: dict[str, tuple[str, ...]] = {
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    WEBP: ("webp",),
    PDF: ("pdf",),
    TEXT: ("txt",),
    f"{_OOXML}wordprocessingml.document": ("docx",),
    f"{_OOXML}spreadsheetml.sheet": ("xlsx",),
    f"{_OOXML}presentationml.presentation": ("pptx",),
    f"{_ODF}text": ("odt",),
    f"{_ODF}spreadsheet": ("ods",),
    f"{_ODF}presentation": ("odp",),
}
"""The formats, and how files of each are called."""
ENDINGS = tuple(ending for endings in NAMES.values() for ending in endings)
_PICTURES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_OOXML_PARTS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


@dataclass(frozen=True, slots=True)
class Medium:
    """What will be kept: its format, its bytes, and a small JPEG if it is a picture."""

    media_type: str
    content: bytes = field(repr=False)
    thumbnail: bytes | None = field(repr=False)


def is_picture(media_type: str) -> bool:
    return media_type in _PICTURES


def ending(media_type: str) -> str:
    """How a file of this format is called."""
    return NAMES[media_type][0]


def fit(name: str, content: bytes) -> Medium:
    """What may be kept of a file, or :class:`InputRefused` with a sentence that says why not."""
    if len(content) > MOST_BYTES:
        raise InputRefused("file_too_large", field="content", most=MOST_BYTES // 2**20)
    if not content:
        raise InputRefused("file_empty", field="content")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    media_type = _recognise(content, ending)
    if media_type is None or (_claimed(ending) not in (None, media_type) and not is_picture(media_type)):
        claimed = ending.upper() if _claimed(ending) else ""
        raise InputRefused("not_what_it_says" if claimed else "format_unknown", field="content", claimed=claimed)
    if is_picture(media_type):
        return _redrawn(media_type, content)
    return Medium(media_type, content, None)


def _claimed(ending: str) -> str | None:
    return next((media_type for media_type, endings in NAMES.items() if ending in endings), None)


def _recognise(content: bytes, ending: str) -> str | None:
    """By the first bytes; a container by what is in it."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return TEXT if ending == "txt" and _is_text(content) else None


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            if "mimetype" in names and parts.getinfo("mimetype").file_size < 200:
                said = parts.read("mimetype").decode("ascii", "replace").strip()
                return said if said in NAMES and said.startswith(_ODF) else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((_claimed(kind) for part, kind in _OOXML_PARTS.items() if any(n.startswith(part) for n in names)), None)


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


def _redrawn(media_type: str, content: bytes) -> Medium:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is asked for below, before anything is unfolded
            with Image.open(io.BytesIO(content), formats=[_PICTURES[media_type]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise InputRefused("picture_too_large", field="content", most=MOST_PIXELS // 1_000_000)
                picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except InputRefused:
        raise
    except Image.DecompressionBombError:  # Pillow's own limit comes first where a picture is far beyond ours
        raise InputRefused("picture_too_large", field="content", most=MOST_PIXELS // 1_000_000) from None
    except Exception:  # Pillow's readers raise what they like; their texts are not passed on
        raise InputRefused("picture_unreadable", field="content") from None
    drawn = _plain(upright)
    small = drawn.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    how = {"optimize": True} if media_type == PNG else {"quality": 85}
    return Medium(media_type, _written(drawn, _PICTURES[media_type], **how), _written(small, "JPEG", quality=70))


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone: nothing that came with them goes along."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    pixels = picture.convert(mode)
    bare = Image.new(mode, pixels.size)
    bare.paste(pixels)
    return bare


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _written(picture: Image.Image, kind: str, **how: int | bool) -> bytes:
    out = io.BytesIO()
    (_on_white(picture) if kind == "JPEG" else picture).save(out, kind, **how)
    return out.getvalue()
