"""The live stream without a connection: messages of the server in, events out.

The state outlives a connection. After a reconnection the server sends a new snapshot; bars that closed in between come
out of it as ordinary `BarEvent`s, and what it does not reach back to becomes a `GapEvent`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import BhavError, InvalidResponseError
from .provenance import utc
from .responses import Bars, OpenInterest, Quotes, Response


@dataclass(frozen=True)
class Bar:
    """One bar; `time` is its opening instant in UTC."""

    time: dt.datetime
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    final: bool
    """False while the bar is still forming."""
    open_interest: float | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bar:
        """Returns the bar of a message."""
        return cls(
            time=utc(data["time"]),
            open=data["open"],
            high=data["high"],
            low=data["low"],
            close=data["close"],
            volume=data.get("volume"),
            final=bool(data["final"]),
            open_interest=data.get("openInterest"),
        )


@dataclass(frozen=True)
class Event:
    """Something that happened on the stream; `id` names the subscription."""

    id: str | None


@dataclass(frozen=True)
class SnapshotEvent(Event):
    """The state at the start of a subscription, and after each reconnection."""

    response: Response
    """`Bars`, `Quotes` or `OpenInterest`."""

    @property
    def answer(self) -> Response:
        """The former name of `response`."""
        return self.response


@dataclass(frozen=True)
class BarEvent(Event):
    """A bar, forming or final; a bar of the same time replaces the one before."""

    symbol: str
    interval: str
    bar: Bar


@dataclass(frozen=True)
class QuoteEvent(Event):
    """A quote changed."""

    symbol: str
    quote: Mapping[str, Any]
    """The whole quote, with the server's field names."""
    changed: frozenset[str]
    """The fields that this message brought."""


@dataclass(frozen=True)
class GapEvent(Event):
    """Bars are missing; a `RepairedEvent` may follow."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True)
class RepairedEvent(Event):
    """Bars that were missing."""

    start: dt.datetime
    end: dt.datetime
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class LaggedEvent(Event):
    """The client reads too slowly; quotes were merged, bars were not lost."""

    dropped: int


@dataclass(frozen=True)
class StatusEvent(Event):
    """A source came or went."""

    source: str
    state: str
    reason: str | None


@dataclass(frozen=True)
class FailureEvent(Event):
    """A subscription, or one symbol of it, has no data."""

    error: BhavError
    symbol: str | None = None


@dataclass(frozen=True)
class ReconnectingEvent(Event):
    """The connection was lost; the next attempt is in `delay` seconds."""

    reason: str
    delay: float


@dataclass
class Subscription:
    """What is wanted from the server, and what is known of it so far."""

    id: str
    fields: Mapping[str, Any]
    sequence: int | None = None
    snapshots: int = 0
    newest: Bar | None = None
    quotes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        """Returns the message that subscribes."""
        return {"type": "subscribe", "id": self.id, **self.fields}


def subscriptions(
    quotes: str | Iterable[str],
    bars: tuple[str, str] | Iterable[tuple[str, str]],
    open_interest: str | Iterable[str],
    count: int,
) -> list[Subscription]:
    """Returns the subscriptions; symbols of quotes share one."""
    found: list[Subscription] = []
    symbols = [quotes] if isinstance(quotes, str) else list(quotes)
    if symbols:
        found.append(Subscription("quotes", {"channel": "quotes", "symbols": symbols}))
    pairs = list(bars)
    if len(pairs) == 2 and all(isinstance(part, str) for part in pairs):
        pairs = [(pairs[0], pairs[1])]  # type: ignore[list-item]
    for symbol, interval in pairs:
        fields = {"channel": "bars", "symbol": symbol, "interval": interval, "count": count}
        found.append(Subscription(f"bars {symbol} {interval}", fields))
    for symbol in [open_interest] if isinstance(open_interest, str) else open_interest:
        found.append(Subscription(f"open-interest {symbol}", {"channel": "open-interest", "symbol": symbol}))
    if not found:
        raise ValueError("nothing to stream: give quotes, bars or open_interest")
    return found


class StreamState:
    """Subscriptions over any number of connections."""

    def __init__(self, wanted: Iterable[Subscription]) -> None:
        self._open = {each.id: each for each in wanted}
        self._last_error: BhavError | None = None

    def connected(self) -> list[dict[str, Any]]:
        """Returns the messages to send on a new connection."""
        for each in self._open.values():
            each.sequence = None
        return [each.message() for each in self._open.values()]

    @property
    def ended(self) -> bool:
        """Whether no subscription is left."""
        return not self._open

    @property
    def error(self) -> BhavError | None:
        """Why the last subscription ended."""
        return self._last_error

    def receive(self, message: Mapping[str, Any]) -> Iterator[Event]:
        """Yields the events of one message.

        Raises InvalidResponseError where a message of a subscription is missing; a new connection mends it.
        """
        kind, name = message.get("type"), message.get("id")
        if kind == "status":
            yield StatusEvent(None, str(message.get("source")), str(message.get("state")), message.get("reason"))
            return
        if kind == "error" and name is None:
            yield FailureEvent(None, BhavError.from_json(message["error"]))
            return
        wanted = self._open.get(str(name))
        if wanted is None:
            return
        self._check_sequence(wanted, message)
        match kind:
            case "snapshot":
                yield from self._snapshot(wanted, message)
            case "bar":
                bar = Bar.from_json(message["bar"])
                wanted.newest = bar
                yield self._bar_event(wanted, bar)
            case "quote":
                yield self._quote(wanted, message["quote"])
            case "gap":
                yield GapEvent(wanted.id, utc(message["from"]), utc(message["to"]))
            case "repaired":
                bars = tuple(Bar.from_json(each) for each in message.get("bars") or ())
                yield RepairedEvent(wanted.id, utc(message["from"]), utc(message["to"]), bars)
            case "lagged":
                yield LaggedEvent(wanted.id, int(message.get("dropped") or 0))
            case "error":
                error, symbol = BhavError.from_json(message["error"]), message.get("symbol")
                if symbol is None and not error.retryable:
                    self._end(wanted, error)
                yield FailureEvent(wanted.id, error, symbol)
            case "ended":
                self._end(wanted, None)
            case _:
                pass

    def _end(self, wanted: Subscription, error: BhavError | None) -> None:
        self._open.pop(wanted.id, None)
        self._last_error = error or self._last_error

    def _check_sequence(self, wanted: Subscription, message: Mapping[str, Any]) -> None:
        number = message.get("seq")
        if not isinstance(number, int):
            return
        if wanted.sequence is not None and number != wanted.sequence + 1:
            raise InvalidResponseError(
                f"message {wanted.sequence + 1} of '{wanted.id}' is missing; the next is {number}", retryable=True
            )
        wanted.sequence = number

    def _snapshot(self, wanted: Subscription, message: Mapping[str, Any]) -> Iterator[Event]:
        data = {key: value for key, value in message.items() if key not in ("type", "id", "seq")}
        wanted.snapshots += 1
        if wanted.fields["channel"] == "quotes":
            wanted.quotes = {quote["symbol"]: dict(quote) for quote in data.get("quotes") or ()}
            response = Quotes(data)
            yield SnapshotEvent(wanted.id, response)
            for symbol, error in response.errors.items():
                if not wanted.quotes:
                    self._last_error = error
                yield FailureEvent(wanted.id, error, symbol)
        elif wanted.fields["channel"] == "bars":
            known, bars = wanted.newest, [Bar.from_json(each) for each in data.get("bars") or ()]
            yield SnapshotEvent(wanted.id, Bars(data))
            if known is not None:
                yield from self._missed(wanted, known, bars)
            wanted.newest = bars[-1] if bars else known
        else:
            yield SnapshotEvent(wanted.id, OpenInterest(data))

    def _missed(self, wanted: Subscription, known: Bar, bars: list[Bar]) -> Iterator[Event]:
        """What happened while no connection stood."""
        if bars and bars[0].time > known.time:
            yield GapEvent(wanted.id, known.time, bars[0].time)
        for bar in bars:
            if bar.time > known.time or (bar.time == known.time and bar != known):
                yield self._bar_event(wanted, bar)

    def _bar_event(self, wanted: Subscription, bar: Bar) -> BarEvent:
        return BarEvent(wanted.id, str(wanted.fields["symbol"]), str(wanted.fields["interval"]), bar)

    def _quote(self, wanted: Subscription, change: Mapping[str, Any]) -> QuoteEvent:
        symbol = str(change["symbol"])
        whole = {**wanted.quotes.get(symbol, {}), **change}
        wanted.quotes[symbol] = whole
        return QuoteEvent(wanted.id, symbol, whole, frozenset(change) - {"symbol"})
