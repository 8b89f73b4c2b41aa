"""What views, commands and workers need, built once by create_app and handed on."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.bell import Bell
from gallery.imaging import Renderer
from gallery.models import Database
from gallery.publishing.vault import Vault
from gallery.settings import Settings
from gallery.storage import LocalStorage


@dataclass(frozen=True)
class Services:
    """The running parts. `renderer` starts its child process at first use."""

    settings: Settings
    db: Database
    storage: LocalStorage
    renderer: Renderer
    bell: Bell
    vault: Vault

    @classmethod
    def build(cls, settings: Settings) -> Services:
        """Open everything that `settings` name; nothing is started."""
        return cls(
            settings=settings,
            db=Database(settings.database_url),
            storage=LocalStorage(settings.storage_folder),
            renderer=Renderer(),
            bell=Bell(settings),
            vault=Vault(settings),
        )

    def close(self) -> None:
        """Stop the render process and give back connections."""
        self.renderer.close()
        self.db.close()
