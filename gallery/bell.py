"""The doorbell: tells a worker that there is something to do.

A message is an id and nothing else. A lost ring is found by the sweep, a doubled one is stopped
by the rows.
"""

from __future__ import annotations

from huey.storage import SqliteStorage

from gallery.settings import Settings


class Bell:
    """Two queues in a file beside the database: deliveries to carry, photos to render."""

    def __init__(self, settings: Settings) -> None:
        settings.queue_file.parent.mkdir(parents=True, exist_ok=True)
        file = str(settings.queue_file)
        self._deliveries = SqliteStorage("deliveries", filename=file, fsync=False)
        self._photos = SqliteStorage("photos", filename=file, fsync=False)

    def carry(self, delivery_id: str) -> None:
        """Somebody should look at this delivery now."""
        self._deliveries.enqueue(delivery_id.encode())

    def render(self, photo_id: str) -> None:
        """Somebody should make this photo's renditions now."""
        self._photos.enqueue(photo_id.encode())

    def next_delivery(self) -> str | None:
        """The id of a delivery that was rung for, once."""
        return _id(self._deliveries.dequeue())

    def next_photo(self) -> str | None:
        """The id of a photo that was rung for, once."""
        return _id(self._photos.dequeue())


def _id(message: bytes | memoryview | None) -> str | None:
    return None if message is None else bytes(message).decode()
