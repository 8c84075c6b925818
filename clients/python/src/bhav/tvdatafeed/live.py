"""`TvDatafeedLive`: closed bars to callbacks, each consumer in its own thread.

tvDatafeed polls TradingView at the end of each interval. Here each Seis follows the server's stream, which says which
bar is final, reconnects, and hands over the bars that closed while no connection stood.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import BhavError
from ..responses import Bars
from ..streaming import Stream
from ..subscriptions import Bar, BarEvent, Event, FailureEvent, RepairedEvent, SnapshotEvent
from .history import Interval, TvDatafeed, frame

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger(__name__)

Callback = Callable[["Seis", "pd.DataFrame"], None]


class Seis:
    """A symbol, an exchange and an interval, with the consumers that follow it."""

    def __init__(self, symbol: str, exchange: str, interval: Interval) -> None:
        self.symbol = symbol
        self.exchange = exchange
        self.interval = interval
        self._tvdatafeed: TvDatafeedLive | None = None
        self._consumers: list[Consumer] = []
        self._stream: Stream | None = None
        self._newest: Any = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Seis):
            return NotImplemented
        mine = (self.symbol, self.exchange, self.interval)
        return mine == (other.symbol, other.exchange, other.interval)

    def __hash__(self) -> int:
        return hash((self.symbol, self.exchange, self.interval))

    def __repr__(self) -> str:
        return f'Seis("{self.symbol}","{self.exchange}",{self.interval})'

    def __str__(self) -> str:
        return f"symbol='{self.symbol}',exchange='{self.exchange}',interval='{self.interval.name}'"

    @property
    def tvdatafeed(self) -> TvDatafeedLive | None:
        """The live feed that this Seis belongs to."""
        return self._tvdatafeed

    @tvdatafeed.setter
    def tvdatafeed(self, value: TvDatafeedLive) -> None:
        if self._tvdatafeed is not None:
            raise AttributeError("Cannot overwrite attribute, need to delete it first")
        if not isinstance(value, TvDatafeedLive):
            raise ValueError("Argument must be instance of TvDatafeedLive")
        self._tvdatafeed = value

    @tvdatafeed.deleter
    def tvdatafeed(self) -> None:
        self._tvdatafeed = None

    def _owner(self) -> TvDatafeedLive:
        if self._tvdatafeed is None:
            raise NameError("TvDatafeed not provided")
        return self._tvdatafeed

    def new_consumer(self, callback: Callback, timeout: float = -1) -> Consumer | bool:
        """Adds a consumer; False where the feed is busy for longer than `timeout` seconds."""
        return self._owner().new_consumer(self, callback, timeout)

    def del_consumer(self, consumer: Consumer, timeout: float = -1) -> bool:
        """Removes a consumer."""
        return self._owner().del_consumer(consumer, timeout)

    def get_hist(self, n_bars: int = 10, timeout: float = -1) -> pd.DataFrame | bool | None:
        """Returns the newest bars; False where the feed is busy for longer than `timeout` seconds."""
        return self._owner().get_hist(
            symbol=self.symbol, exchange=self.exchange, interval=self.interval, n_bars=n_bars, timeout=timeout
        )

    def del_seis(self, timeout: float = -1) -> bool:
        """Removes this Seis and its consumers from the feed."""
        return self._owner().del_seis(self, timeout)

    def add_consumer(self, consumer: Consumer) -> None:
        """Notes a consumer; meant for the feed."""
        self._consumers.append(consumer)

    def pop_consumer(self, consumer: Consumer) -> None:
        """Forgets a consumer; meant for the feed."""
        if consumer not in self._consumers:
            raise NameError("Consumer does not exist in the list")
        self._consumers.remove(consumer)

    def get_consumers(self) -> list[Consumer]:
        """Returns the consumers."""
        return self._consumers

    def is_new_data(self, data: pd.DataFrame) -> bool:
        """Whether the first bar of the frame differs from the last one seen."""
        time = data.index[0]
        if self._newest == time:
            return False
        self._newest = time
        return True


class Consumer(threading.Thread):
    """Calls a callback with each closed bar, a frame of one row."""

    def __init__(self, seis: Seis, callback: Callback) -> None:
        name = getattr(callback, "__name__", type(callback).__name__)
        super().__init__(name=f"{name}_{seis.symbol}_{seis.exchange}_{seis.interval.value}", daemon=True)
        self.seis: Any = seis
        self.callback: Any = callback
        self._buffer: queue.Queue[pd.DataFrame | None] = queue.Queue()

    def __repr__(self) -> str:
        return f"Consumer({self.seis!r},{getattr(self.callback, '__name__', self.callback)})"

    def __str__(self) -> str:
        return f"{self.seis},callback={getattr(self.callback, '__name__', self.callback)}"

    def run(self) -> None:
        """Calls the callback until the consumer is removed, or the callback raises."""
        while (data := self._buffer.get()) is not None:
            try:
                self.callback(self.seis, data)
            except Exception:
                logger.exception("%s: the callback failed; its consumer ends", self.name)
                self.del_consumer()
                break
        self.seis = None
        self.callback = None

    def put(self, data: pd.DataFrame | None) -> None:
        """Hands over a frame; None ends the thread."""
        self._buffer.put(data)

    def del_consumer(self, timeout: float = -1) -> bool:
        """Removes this consumer from its Seis and ends the thread."""
        seis = self.seis
        return True if seis is None else bool(seis.del_consumer(self, timeout))

    def stop(self) -> None:
        """Ends the thread."""
        self._buffer.put(None)


class TvDatafeedLive(TvDatafeed):
    """History, search and live bars."""

    def __init__(self, username: str | None = None, password: str | None = None, *args: Any, **options: Any) -> None:
        super().__init__(username, password, *args, **options)
        self._lock = threading.RLock()
        self._seises: list[Seis] = []

    def new_seis(self, symbol: str, exchange: str, interval: Interval, timeout: float = -1) -> Seis | bool:
        """Adds a Seis, or returns the existing one; False where the feed is busy for longer than `timeout` seconds.

        Raises ValueError where the symbol is not listed on the exchange.
        """
        found = self.search_symbol(symbol, exchange)
        if not any(each["symbol"] == symbol and each["exchange"] == exchange for each in found):
            raise ValueError("Symbol and exchange inputs are not listed on TradingView website")
        if not self._acquire(timeout):
            return False
        try:
            seis = Seis(symbol, exchange, interval)
            for known in self._seises:
                if known == seis:
                    return known
            seis.tvdatafeed = self
            seis._stream = self._client.stream(bars=(f"{exchange}:{symbol}", interval.bhav), count=2)
            self._seises.append(seis)
            threading.Thread(name=f"bhav_{exchange}_{symbol}", target=self._follow, args=(seis,), daemon=True).start()
            return seis
        finally:
            self._lock.release()

    def del_seis(self, seis: Seis, timeout: float = -1) -> bool:
        """Removes a Seis and ends its consumers. Raises ValueError where it is not in this feed."""
        if seis not in self._seises:
            raise ValueError("Seis is not listed")
        if not self._acquire(timeout):
            return False
        try:
            self._seises.remove(seis)
            self._end(seis)
            return True
        finally:
            self._lock.release()

    def new_consumer(self, seis: Seis, callback: Callback, timeout: float = -1) -> Consumer | bool:
        """Adds a consumer and starts its thread. Raises ValueError where the Seis is not in this feed."""
        if seis not in self._seises:
            raise ValueError("Seis is not listed")
        consumer = Consumer(seis, callback)
        if not self._acquire(timeout):
            return False
        try:
            seis.add_consumer(consumer)
            consumer.start()
            return consumer
        finally:
            self._lock.release()

    def del_consumer(self, consumer: Consumer, timeout: float = -1) -> bool:
        """Removes a consumer and ends its thread."""
        if not self._acquire(timeout):
            return False
        try:
            if consumer.seis is not None:
                consumer.seis.pop_consumer(consumer)
            consumer.stop()
            return True
        finally:
            self._lock.release()

    def get_hist(  # type: ignore[override]
        self,
        symbol: str,
        exchange: str = "NSE",
        interval: Interval = Interval.in_daily,
        n_bars: int = 10,
        fut_contract: int | None = None,
        extended_session: bool = False,
        timeout: float = -1,
    ) -> pd.DataFrame | bool | None:
        """Returns the newest bars; False where the feed is busy for longer than `timeout` seconds."""
        if not self._acquire(timeout):
            return False
        try:
            return super().get_hist(symbol, exchange, interval, n_bars, fut_contract, extended_session)
        finally:
            self._lock.release()

    def del_tvdatafeed(self) -> None:
        """Ends every Seis and its consumers."""
        with self._lock:
            for seis in self._seises:
                self._end(seis)
            self._seises.clear()

    def _acquire(self, timeout: float) -> bool:
        return self._lock.acquire(timeout=timeout if timeout > 0 else -1)

    def _end(self, seis: Seis) -> None:
        for consumer in list(seis.get_consumers()):
            seis.pop_consumer(consumer)
            consumer.stop()
        if seis._stream is not None:
            seis._stream.close()
        del seis.tvdatafeed

    def _follow(self, seis: Seis) -> None:
        """Hands each closed bar to the consumers, until the Seis is removed."""
        stream, closed = seis._stream, ClosedBars()
        assert stream is not None
        try:
            for event in stream:
                if isinstance(event, FailureEvent):
                    logger.error("%s: %s", seis, event.error)
                for bar in closed.receive(event):
                    self._deliver(seis, bar)
        except BhavError as error:
            logger.critical("%s: the live feed ended: %s", seis, error)
        with self._lock:
            if seis in self._seises:
                self._seises.remove(seis)
                self._end(seis)

    def _deliver(self, seis: Seis, bar: Bar) -> None:
        row = {
            "time": int(bar.time.timestamp()), "open": bar.open, "high": bar.high, "low": bar.low,
            "close": bar.close, "volume": bar.volume, "final": True,
        }  # fmt: skip
        name = f"{seis.exchange}:{seis.symbol}"
        data = frame(Bars({"symbol": name, "interval": seis.interval.bhav, "bars": [row]}), name, utc=self._utc)
        for consumer in list(seis.get_consumers()):
            consumer.put(data.copy())


class ClosedBars:
    """Finds the bars that close, each once and in order: what the first snapshot holds was closed before."""

    def __init__(self) -> None:
        self._newest: Any = None
        self._started = False

    def receive(self, event: Event) -> list[Bar]:
        """Returns the bars that an event closes."""
        if isinstance(event, SnapshotEvent):
            if not self._started and isinstance(event.response, Bars):
                closed = [row["time"] for row in event.response if row["final"]]
                self._newest, self._started = max(closed, default=None), True
            return []
        bars: list[Bar] = []
        if isinstance(event, BarEvent) and event.bar.final:
            bars = [event.bar]
        elif isinstance(event, RepairedEvent):
            bars = [bar for bar in event.bars if bar.final]
        fresh = [bar for bar in bars if self._newest is None or bar.time > self._newest]
        if fresh:
            self._newest = fresh[-1].time
        return fresh
