"""The numbers that publishing goes by, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.settings import Settings


@dataclass(frozen=True)
class Rules:
    """Seconds and counts. The settings named in docs/operating.md change the first two."""

    lease_s: float = 60.0
    backoff_s: float = 5.0
    backoff_most_s: float = 900.0
    uploads_at_once: int = 4
    stage_tries: int = 8
    visible_tries: int = 4
    generations: int = 3
    fresh: float = 0.8  # staged media are used until this share of their life
    failed_reads: int = 8  # reads that gave no answer before a person is asked
    reads_s: tuple[float, ...] = (2.0, 10.0, 30.0)  # hits only; counted reads follow past settle_s
    second_read_s: float = 20.0
    looks_s: tuple[float, ...] = (3_600.0, 86_400.0)  # second looks after a counted absence
    age_s: float = 86_400.0  # past due so long, a person is asked
    live_owner_s: float = 600.0  # a call on the wire so long, a person is told which process
    overdue_s: float = 420.0  # longer than any call may take; its lease is not renewed past it
    breaker_after: int = 3  # transport failures in a row
    breaker_most_s: float = 1_800.0
    block_s: float = 86_400.0  # a network's policy block
    # a fact that could not be written is tried again after so long each time
    record_again_s: tuple[float, ...] = (0.1, 0.5, 1.0, 2.0, 5.0, *(10.0,) * 30)
    grace_s: float = 7_200.0  # what is scheduled may begin so much later; then it was missed
    disk_bytes: int = 64 * 1024 * 1024  # no visible call below this much free disk

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """The numbers with what the operator changed."""
        return cls(lease_s=settings.lease_s, backoff_s=settings.backoff_s)

    @property
    def beat_s(self) -> float:
        """How often a lease is renewed."""
        return self.lease_s / 4

    @property
    def call_within_s(self) -> float:
        """No call begins when the last beat is longer ago than this."""
        return self.lease_s * 0.75

    def backoff(self, failures: int, jitter: float) -> float:
        """Full jitter: up to `backoff_s` doubled with every failure. `jitter` is 0 to 1."""
        return float(min(self.backoff_s * 2 ** max(failures - 1, 0), self.backoff_most_s) * jitter)

    def breaker(self, failures: int) -> float:
        """How long an account rests after so many transport failures in a row; 0: not at all."""
        over = failures - self.breaker_after
        return 0.0 if over < 0 else float(min(self.backoff_s * 12 * 2**over, self.breaker_most_s))

    def read_times(self, settle_s: float) -> tuple[float, ...]:
        """When to look after an unknown publish, in seconds after it; the last two count."""
        hits = tuple(s for s in self.reads_s if s < settle_s)
        return (*hits, settle_s, settle_s + min(self.second_read_s, settle_s))
