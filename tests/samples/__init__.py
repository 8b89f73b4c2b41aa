"""Files to try intake with, made by script: odd ones, each with its documented end, and photos."""

from tests.samples.odd import Odd, make_odd_files
from tests.samples.photos import make_photos

__all__ = ["Odd", "make_odd_files", "make_photos"]
