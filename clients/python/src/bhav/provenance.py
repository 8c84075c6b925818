"""Where numbers come from: source, feed, mode, delay and time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


def utc(seconds: float) -> dt.datetime:
    """Returns the instant of a Unix time, in UTC."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.timezone.utc)


def instant(text: str | None) -> dt.datetime | None:
    """Returns the instant of an ISO 8601 text, in UTC; None for None."""
    if not text:
        return None
    time = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time.astimezone(dt.timezone.utc)


@dataclass(frozen=True)
class Provenance:
    """Where the numbers of a response come from."""

    source: str
    """`tradingview`, `trendlyne`, `nse`, `store` or `mock`."""
    feed: str | None
    """The instrument that was used, such as `BATS:AAPL`."""
    mode: str | None
    """`streaming`, `delayed`, `endOfDay`, `recorded` or `simulated`."""
    delay_seconds: float | None
    """How late the numbers are; None where it is not known."""
    as_of: dt.datetime | None
    """The time of the numbers, in UTC."""
    via: str | None = None
    """Host and port, where the source was reached through another address than its own."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Provenance | None:
        """Returns the provenance of a response; None if it has none."""
        if not data.get("source"):
            return None
        return cls(
            source=str(data["source"]),
            feed=data.get("feed"),
            mode=data.get("mode"),
            delay_seconds=data.get("delaySeconds"),
            as_of=instant(data.get("asOf")),
            via=data.get("via"),
        )

    @property
    def simulated(self) -> bool:
        """Whether the numbers are invented rather than a market's."""
        return self.mode == "simulated" or self.source == "mock" or self.via is not None

    @property
    def delayed(self) -> bool:
        """Whether the numbers are late by more than a minute."""
        return self.mode == "delayed" or bool(self.delay_seconds and self.delay_seconds > 60)

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as plain values, the time as ISO 8601 text."""
        fields = asdict(self)
        fields["as_of"] = None if self.as_of is None else self.as_of.isoformat()
        return fields


@dataclass(frozen=True)
class Gap:
    """A span without data."""

    start: dt.datetime
    end: dt.datetime
    """The first instant after the span."""
    reason: str | None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Gap:
        """Returns a gap of a response."""
        return cls(utc(data["from"]), utc(data["to"]), data.get("reason"))
