"""Where originals and renditions are kept: a local folder."""

from gallery.storage.local import Incoming, LocalStorage

__all__ = ["Incoming", "LocalStorage"]
