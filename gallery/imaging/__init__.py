"""Pictures: what they are, what they say, and the renditions made of them."""

from gallery.imaging.open import heif_is_safe, probe, require_features
from gallery.imaging.renderer import Renderer
from gallery.imaging.sample_photos import draw_sample_photos
from gallery.imaging.values import (
    AVIF_EDGES,
    STANDARD_EDGES,
    CaptionStyle,
    Metadata,
    Probe,
    Rendered,
)

__all__ = [
    "AVIF_EDGES", "STANDARD_EDGES", "CaptionStyle", "Metadata", "Probe", "Rendered", "Renderer",
    "draw_sample_photos", "heif_is_safe", "probe", "require_features",
]  # fmt: skip
