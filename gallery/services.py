"""What views, commands and workers need, built once by create_app and handed on."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.bell import Bell
from gallery.imaging import Renderer
from gallery.models import Database
from gallery.publishing.claims import Clock
from gallery.publishing.lives import lives_and_clock
from gallery.publishing.lock import Lives
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
    lives: Lives
    clock: Clock

    @classmethod
    def build(cls, settings: Settings) -> Services:
        """Open everything that `settings` name; nothing is started."""
        db = Database(settings.database_url)
        lives, clock = lives_and_clock(db, settings)
        return cls(
            settings=settings,
            db=db,
            storage=LocalStorage(settings.storage_folder),
            renderer=Renderer(),
            bell=Bell(settings),
            vault=Vault(settings),
            lives=lives,
            clock=clock,
        )

    def close(self) -> None:
        """Stop the render process and give back connections."""
        self.renderer.close()
        self.bell.close()
        self.lives.close()
        self.db.close()
