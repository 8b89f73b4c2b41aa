"""Pictures: what they are, what they say, and the renditions made of them."""

from gallery.imaging.open import heif_is_safe, probe, require_features
from gallery.imaging.renderer import Renderer
from gallery.imaging.sample_photos import draw_sample_photos
from gallery.imaging.text import drawable
from gallery.imaging.values import (
    AVIF_EDGES,
    BAND_LINES,
    LEAST_DRAWN,
    STANDARD_EDGES,
    CaptionStyle,
    Fit,
    Frame,
    Metadata,
    Probe,
    Rendered,
    band_height,
)

__all__ = [
    "AVIF_EDGES", "BAND_LINES", "LEAST_DRAWN", "STANDARD_EDGES", "CaptionStyle", "Fit", "Frame",
    "Metadata", "Probe", "Rendered", "Renderer", "band_height", "draw_sample_photos", "drawable",
    "heif_is_safe", "probe", "require_features",
]  # fmt: skip
