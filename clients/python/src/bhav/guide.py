"""The provider interface of the integration guide, on a Bhav server.

    if os.getenv("USE_MOCK_DATA") == "true":
        db = MockDB()
    else:
        tv_provider = TradingViewProvider()
        trendlyne_provider = TrendlyneProvider()

A provider that cannot do something raises NotSupportedError. Nothing is replaced by simulated numbers.
"""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import os
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .async_client import AsyncClient
from .errors import NotSupportedError, UnknownIntervalError
from .process import Server, serve
from .requests import Time
from .subscriptions import FailureEvent, QuoteEvent, SnapshotEvent
from .tvdatafeed import Interval
from .tvdatafeed.history import frame

if TYPE_CHECKING:
    import pandas as pd

Callback = Callable[[dict[str, Any]], Awaitable[None] | None]

INTERVALS = {
    "1m": Interval.in_1_minute, "3m": Interval.in_3_minute, "5m": Interval.in_5_minute,
    "15m": Interval.in_15_minute, "30m": Interval.in_30_minute, "45m": Interval.in_45_minute,
    "1h": Interval.in_1_hour, "2h": Interval.in_2_hour, "3h": Interval.in_3_hour, "4h": Interval.in_4_hour,
    "1d": Interval.in_daily, "1w": Interval.in_weekly, "1M": Interval.in_monthly,
}  # fmt: skip


class DataProvider(ABC):
    """What a source of market data offers."""

    @abstractmethod
    async def get_historical_ohlcv(self, symbol: str, interval: str, n_bars: int) -> pd.DataFrame:
        """Returns OHLCV bars, oldest first."""

    @abstractmethod
    async def get_historical_oi(self, symbol: str) -> pd.DataFrame:
        """Returns open interest by time."""

    @abstractmethod
    async def start_live_feed(self, symbols: list[str], callback: Callback) -> None:
        """Calls back with each new tick, until it is cancelled."""


class _BhavProvider(DataProvider):
    """A provider that reads from one server."""

    def __init__(self, url: str | None = None, api_key: str | None = None) -> None:
        self._url = url
        self._api_key = api_key

    def _client(self) -> AsyncClient:
        return AsyncClient(self._url, self._api_key)

    async def get_historical_ohlcv(self, *args: Any, **names: Any) -> pd.DataFrame:
        """Returns bars as tvDatafeed shapes them.

        Both spellings of the guide work: (symbol, interval, n_bars) and (symbol, exchange, interval, n_bars).
        """
        symbol, interval, count = _series(args, names)
        if interval not in INTERVALS:
            raise UnknownIntervalError(f"unknown interval '{interval}'; use one of {', '.join(INTERVALS)}")
        async with self._client() as client:
            bars = await client.bars(symbol, interval, count)
        return frame(bars, bars.symbol or symbol)

    async def get_historical_oi(self, symbol: str, start: Time | None = None) -> pd.DataFrame:
        """Returns totals of open interest and the put-call ratio by time, from `start` (default: today)."""
        today = dt.datetime.now(dt.timezone(dt.timedelta(hours=5, minutes=30))).date()
        async with self._client() as client:
            history = await client.open_interest_history(symbol, today if start is None else start)
        return history.to_pandas()

    async def get_oi_data(self, symbol: str) -> dict[str, Any]:
        """Returns the newest open interest as the original page wants it: `pcr`, `strikes`, and the provenance."""
        async with self._client() as client:
            snapshot = await client.open_interest(symbol)
        strikes = [
            {
                "strike": row["strike"], "ce_oi": row["call_open_interest"], "pe_oi": row["put_open_interest"],
                "ce_change": row["call_change"], "pe_change": row["put_change"], "ce_ltp": row["call_last"],
                "pe_ltp": row["put_last"],
            }
            for row in snapshot
        ]  # fmt: skip
        return {"symbol": symbol, "pcr": snapshot.put_call_ratio, "strikes": strikes, **snapshot.metadata()}

    async def start_live_feed(self, symbols: list[str], callback: Callback) -> None:
        """Calls back with each tick: type, symbol, ltp, change, change_percent, volume, timestamp, source and mode.

        Raises the error of a symbol that has no quotes.
        """
        async with self._client() as client, client.stream(quotes=symbols) as stream:
            async for event in stream:
                if isinstance(event, FailureEvent) and event.symbol is not None and not event.error.retryable:
                    raise event.error
                for tick in _ticks(event):
                    outcome = callback(tick)
                    if inspect.isawaitable(outcome):
                        await outcome


class TradingViewProvider(_BhavProvider):
    """Bars and live prices from TradingView."""

    async def get_historical_oi(self, symbol: str, start: Time | None = None) -> pd.DataFrame:
        """Raises NotSupportedError: TradingView has no open interest of options."""
        raise NotSupportedError("TradingView has no open interest of options; use TrendlyneProvider")


class TrendlyneProvider(_BhavProvider):
    """Open interest and put-call ratios from Trendlyne."""

    async def get_historical_ohlcv(self, *args: Any, **names: Any) -> pd.DataFrame:
        """Raises NotSupportedError: Trendlyne has no bars."""
        raise NotSupportedError("Trendlyne has no bars; use TradingViewProvider")

    async def start_live_feed(self, symbols: list[str], callback: Callback) -> None:
        """Raises NotSupportedError: Trendlyne has no live prices."""
        raise NotSupportedError("Trendlyne has no live prices; use TradingViewProvider")


class MockDB(_BhavProvider):
    """The mock market, and collections in memory such as `db.accounts`. It starts a server unless `url` names one."""

    def __init__(self, url: str | None = None) -> None:
        self._server: Server | None = None
        if url is None:
            self._server = serve(mock=True)
            url = self._server.url
        super().__init__(url)
        self._collections: dict[str, Collection] = {}

    def __getattr__(self, name: str) -> Collection:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Collection:
        return self._collections.setdefault(name, Collection())

    def close(self) -> None:
        """Ends the server."""
        if self._server is not None:
            self._server.stop()


class Collection:
    """Documents in memory, with the few calls of a document database that the guide's server makes."""

    def __init__(self) -> None:
        self._documents: list[dict[str, Any]] = []

    async def insert_one(self, document: Mapping[str, Any]) -> None:
        """Adds a document."""
        self._documents.append(copy.deepcopy(dict(document)))

    async def find_one(self, query: Mapping[str, Any] | None = None, *_: Any) -> dict[str, Any] | None:
        """Returns a copy of the first document whose fields equal those of the query."""
        return copy.deepcopy(self._first(query))

    async def find(self, query: Mapping[str, Any] | None = None, *_: Any) -> list[dict[str, Any]]:
        """Returns copies of the documents whose fields equal those of the query."""
        return copy.deepcopy([each for each in self._documents if _matches(each, query)])

    async def update_one(self, query: Mapping[str, Any], update: Mapping[str, Any], upsert: bool = False) -> None:
        """Merges `$set` into the first document that matches; `upsert` adds one where none does."""
        document = self._first(query)
        if document is None:
            if not upsert:
                return
            document = dict(query)
            self._documents.append(document)
        document.update(copy.deepcopy(dict(update.get("$set", {}))))

    def _first(self, query: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return next((each for each in self._documents if _matches(each, query)), None)


def provider(url: str | None = None) -> DataProvider:
    """Returns MockDB where USE_MOCK_DATA is `true`, else a provider of bars, open interest and live prices.

    Raises ValueError where USE_MOCK_DATA is neither `true` nor `false`.
    """
    match os.environ.get("USE_MOCK_DATA", "false"):
        case "true":
            return MockDB(url)
        case "false" | "":
            return _BhavProvider(url)
        case other:
            raise ValueError(f"USE_MOCK_DATA must be true or false, got {other!r}")


def _matches(document: Mapping[str, Any], query: Mapping[str, Any] | None) -> bool:
    return all(document.get(name) == value for name, value in (query or {}).items())


def _series(args: Sequence[Any], names: Mapping[str, Any]) -> tuple[str, str, int]:
    """The symbol, interval and count of a call in either spelling."""
    spelling: tuple[str, ...] = ("symbol", "exchange", "interval", "n_bars")
    if len(args) + len(names) == 3 and "exchange" not in names:
        spelling = ("symbol", "interval", "n_bars")
    if len(args) > len(spelling):
        raise TypeError(f"get_historical_ohlcv takes {', '.join(spelling)}")
    given = {**dict(zip(spelling, args, strict=False)), **names}
    if set(given) != set(spelling):
        raise TypeError(f"get_historical_ohlcv takes (symbol, interval, n_bars) or {spelling}, got {sorted(given)}")
    symbol = str(given["symbol"])
    if "exchange" in given and ":" not in symbol:
        symbol = f"{given['exchange']}:{symbol}"
    return symbol, str(given["interval"]), int(given["n_bars"])


def _ticks(event: object) -> list[dict[str, Any]]:
    if isinstance(event, QuoteEvent):
        return [_tick(event.quote)]
    if isinstance(event, SnapshotEvent):
        return [
            _tick({"symbol": row["symbol"], "last": row["last"], "change": row["change"],
                   "changePercent": row["change_percent"], "volume": row["volume"],
                   "lastTime": row["last_time"] and row["last_time"].timestamp(),
                   "source": row["source"], "mode": row["mode"]})
            for row in event.response
        ]  # fmt: skip
    return []


def _tick(quote: Mapping[str, Any]) -> dict[str, Any]:
    time = quote.get("lastTime")
    stamp = None if time is None else dt.datetime.fromtimestamp(time, tz=dt.timezone.utc).isoformat()
    return {
        "type": "live_tick", "symbol": quote["symbol"], "ltp": quote.get("last"), "change": quote.get("change"),
        "change_percent": quote.get("changePercent"), "volume": quote.get("volume"), "timestamp": stamp,
        "source": quote.get("source"), "mode": quote.get("mode"),
    }  # fmt: skip
