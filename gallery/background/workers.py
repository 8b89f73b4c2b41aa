"""The workers behind the doorbell: threads that carry deliveries and make renditions."""

from __future__ import annotations

import fcntl
import logging
import os
import queue
import threading
from collections.abc import Callable
from datetime import datetime

from gallery.background import accounts, rendering
from gallery.models import Delivery
from gallery.publishing import agenda, turns
from gallery.publishing.carry import Carrier
from gallery.publishing.pictures import Pictures
from gallery.services import Services

log = logging.getLogger(__name__)
SWEEP_S = 2.0
POLL_S = 0.05
IDLE_S = 0.5
TIDY_S = 3600.0
RENDERERS = 2


def carrier_of(services: Services) -> Carrier:
    """What carries deliveries in this process."""
    pictures = Pictures(services.db, services.storage, services.renderer)
    return Carrier(
        services.db,
        services.storage,
        pictures,
        services.vault,
        services.settings,
        lives=services.lives,
        clock=services.clock,
    )


class Workers:
    """All worker threads of this process. Any of them may be killed at any moment."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._carrier: Carrier | None = None
        self._lock: int | None = None
        self._rung: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._idle_carriers = threading.Semaphore(services.settings.carriers)

    def start(self) -> bool:
        """Start them; False if another process runs them already and the database is a file."""
        self._services.settings.instance_folder.mkdir(parents=True, exist_ok=True)
        if not self._services.db.on_postgres:
            if not self._alone():
                return False
            rendering.take_up(self._services)
        self._carrier = carrier_of(self._services)
        self._carrier.calls.reserve.keep()
        with self._services.db.write() as session:
            agenda.follow_zones(session)
        for number in range(self._services.settings.carriers):
            self._run(f"carry-{number}", self._carry_one, POLL_S)
        self._run("listen", self._listen, POLL_S)
        for number in range(RENDERERS):
            self._run(f"render-{number}", self._render_one, POLL_S)
        self._run("sweep", self._sweep, SWEEP_S)
        self._run("idle", self._idle_one, SWEEP_S)
        self._run("tidy", self._tidy, TIDY_S)
        return True

    def _alone(self) -> bool:
        """See that no other process of this machine runs workers, for as long as we do."""
        file = self._services.settings.instance_folder / "workers.lock"
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def stop(self, timeout_s: float = 25.0) -> None:
        """End them after what they are at; nothing is lost if they don't in time."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout_s)
        if self._carrier is not None:
            self._carrier.close()
        if self._lock is not None:
            os.close(self._lock)

    def _run(self, name: str, once: Callable[[], bool], pause_s: float) -> None:
        """Call `once` again and again; pause when it says that there is nothing to do."""

        def loop() -> None:
            while not self._stop.is_set():
                try:
                    busy = once()
                except Exception:
                    log.exception("The worker %s failed once and goes on", name)
                    self._stop.wait(SWEEP_S)
                    busy = False
                if not busy:
                    self._stop.wait(pause_s)
            self._services.bell.close()

        thread = threading.Thread(target=loop, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> bool:
        """Hand what is rung for to a carrier; it stays in the bell while none is idle."""
        if not self._idle_carriers.acquire(timeout=POLL_S):
            return True
        delivery_id = None
        try:
            delivery_id = self._services.bell.next_delivery()
        finally:
            if delivery_id is None:
                self._idle_carriers.release()
            else:
                self._rung.put(delivery_id)
        return delivery_id is not None

    def _carry_one(self) -> bool:
        try:
            delivery_id = self._rung.get(timeout=IDLE_S)
        except queue.Empty:
            return True
        try:
            self._carry(delivery_id)
        finally:
            self._idle_carriers.release()
        return True

    def _carry(self, delivery_id: str) -> None:
        """Carry it, then what comes after it at its account: behind those that were rung for."""
        if self._carrier is None or not self._carrier.claims.worth_a_try(delivery_id):
            return
        following: str | None = delivery_id
        while following is not None:
            self._carrier.carry(following, self._stop)
            following = self._carrier.claims.following(following)
            if following is not None and (self._stop.is_set() or self._services.bell.rung()):
                self._services.bell.carry(following)
                return

    def _render_one(self) -> bool:
        photo_id = self._services.bell.next_photo()
        if photo_id is not None:
            rendering.render_one(self._services, photo_id)
        return photo_id is not None

    def _idle_one(self) -> bool:
        return rendering.idle_one(self._services)

    def _tidy(self) -> bool:
        rendering.tidy(self._services)
        if self._carrier is not None:
            self._carrier.calls.reserve.keep()
            self._carrier.renew_idle()
        accounts.warn(self._services)
        return False

    def _sweep(self) -> bool:
        """Look at the clocks, ring for what is due and was not rung for, and say that we live."""
        now = self._carrier.watch.now() if self._carrier else self._services.clock.now()
        for delivery_id in due(self._services, now):
            self._services.bell.carry(delivery_id)
        for photo_id in rendering.sweep_photos(self._services):
            self._services.bell.render(photo_id)
        accounts.forget(self._services)
        self._services.settings.heartbeat_file.touch()
        return False


def due(services: Services, now: datetime) -> list[str]:
    """What should be carried now: one delivery for each account that no living process is at."""

    def dead(delivery: Delivery) -> bool:
        over = delivery.lease_until is None or delivery.lease_until <= now
        return over or services.lives.gone(str(delivery.owner))

    with services.db.read() as session:
        return turns.due(session, now, dead)
