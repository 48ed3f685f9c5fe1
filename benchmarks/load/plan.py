"""What a run is made of: how much of what, and what is there while it lasts."""

from dataclasses import dataclass, field

from benchmarks.load import house
from benchmarks.load.windows import Window
from benchmarks.load.writers import Place, Writers

A_KEY = 4.0  # messages a second, well below what the API allows each
VISITORS_EACH = 0.8  # messages a second, below what the web chat allows each
STREAMS = 2


@dataclass(frozen=True)
class Plan:
    """How much, for how long (seconds), and on which database."""

    database: str
    sessions: int
    rate: float
    seconds: float

    @property
    def keys(self) -> int:
        return max(STREAMS, round(self.rate / A_KEY + 0.5))

    @property
    def visitors(self) -> int:
        return max(1, round(self.rate / 10 / VISITORS_EACH + 0.5))


@dataclass
class Sample:
    """The server at a moment: seconds since the first message, megabytes, CPU seconds."""

    at: float
    resident: float
    busy: float


@dataclass
class Run:
    """What is there while it lasts."""

    plan: Plan
    server: house.Server
    writers: Writers
    keys: list[str]
    windows: list[Window] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    visitors: list[Place] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    heard: list[list[tuple[int, int]]] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)
