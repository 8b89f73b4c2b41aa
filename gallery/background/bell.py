"""The doorbell: tells a worker that there is something to do. A lost ring is found by the sweep."""

from __future__ import annotations

from huey import Huey, SqliteHuey

from gallery.settings import Settings


class Bell:
    """Two queues beside the database: deliveries to carry, photos to render."""

    def __init__(self, settings: Settings) -> None:
        settings.instance_folder.mkdir(parents=True, exist_ok=True)
        file = str(settings.instance_folder / "queue.db")
        self.deliveries: Huey = _queue("deliveries", file)
        self.photos: Huey = _queue("photos", file)

    def carry(self, delivery_id: str) -> None:
        """Somebody should look at this delivery now."""
        self.deliveries.storage.enqueue(delivery_id.encode())

    def render(self, photo_id: str) -> None:
        """Somebody should make this photo's renditions now."""
        self.photos.storage.enqueue(photo_id.encode())


def _queue(name: str, file: str) -> Huey:
    return SqliteHuey(name, filename=file, fsync=False, results=False)
