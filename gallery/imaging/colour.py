"""Colours: everything becomes sRGB on white; and the one colour that stands for a photo."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageCms

_LEVELS = (0x30, 0x70, 0xA8, 0xD8)
_SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # what a profile speaks of -> our mode
_MOST_PROFILE = 4 * 1024 * 1024  # bytes


def smooth(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized well: RGB, RGBA, L, LA or CMYK, 8 bits each."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 257, "L")
    if image.mode in ("RGB", "L") and "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def on_white(image: Image.Image) -> Image.Image:
    """The picture with anything transparent laid on white paper."""
    if image.mode not in ("RGBA", "LA"):
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image.convert("RGB"), mask=image.getchannel("A"))
    return paper


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same picture in sRGB, given its ICC profile; a broken or foreign one is not heeded."""
    if profile and len(profile) <= _MOST_PROFILE:
        transform = _transform(profile, image.mode)
        if transform is not None:
            return transform.apply(image)
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """None where nothing is to do: sRGB already, or no profile for pictures of this mode."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if _SPACES.get(space) != mode or _is_srgb(source):
            return None
        return ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    name = ImageCms.getProfileDescription(profile).strip().lower()
    return name.startswith("srgb")


def colour_class(image: Image.Image) -> str:
    """The placeholder of an RGB picture: its mean colour, each channel at the nearest level."""
    mean = image.resize((1, 1), Image.Resampling.BOX).tobytes()
    return "".join(str(_nearest(channel)) for channel in mean)


def _nearest(value: float) -> int:
    return min(range(4), key=lambda level: abs(_LEVELS[level] - value))
