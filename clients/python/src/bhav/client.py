"""`Client`: a Bhav server for scripts and notebooks."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from types import TracebackType

import httpx

from . import requests
from .answers import (
    Bars,
    ContractHistory,
    Coverage,
    Expiries,
    OpenInterest,
    OpenInterestHistory,
    OptionChain,
    PutCallRatio,
    Quotes,
    Status,
    Symbols,
)
from .connection import Result, Settings, read
from .errors import BhavError
from .requests import Request, Time
from .streaming import Stream
from .subscriptions import subscriptions


class Client:
    """A Bhav server, for scripts and notebooks.

    `url` defaults to `BHAV_URL`, else http://127.0.0.1:8000; `api_key` to `BHAV_API_KEY`. `warn=False` silences the
    warnings about incomplete, delayed and simulated answers. `arrow=False` fetches bars as JSON even where pyarrow is
    installed. Errors are subclasses of `BhavError`, one per code.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 60,
        retries: int = 2,
        warn: bool = True,
        arrow: bool | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = Settings(url, api_key, timeout, retries, warn, arrow)
        self._http = httpx.Client(
            base_url=self._settings.url, headers=self._settings.headers, timeout=timeout, transport=transport
        )

    @property
    def url(self) -> str:
        """The address of the server."""
        return self._settings.url

    def bars(
        self,
        symbol: str,
        interval: str = "1d",
        count: int | None = None,
        *,
        start: Time | None = None,
        end: Time | None = None,
        session: str | None = None,
        adjustment: str | None = None,
        back_adjust: bool | None = None,
        currency: str | None = None,
    ) -> Bars:
        """Returns the newest `count` bars (default 300), or those from `start` until before `end` (default: now)."""
        arrow = self._settings.arrow
        return self._get(
            requests.bars(symbol, interval, count, start, end, session, adjustment, back_adjust, currency, arrow)
        )

    def quotes(self, symbols: str | Iterable[str]) -> Quotes:
        """Returns quotes; symbols without one stand in `errors`."""
        return self._get(requests.quotes(symbols))

    def search(
        self, query: str, *, type: str | None = None, exchange: str | None = None, limit: int | None = None
    ) -> Symbols:
        """Returns the symbols that match part of a ticker or a name."""
        return self._get(requests.search(query, type, exchange, limit))

    def expiries(self, symbol: str) -> Expiries:
        """Returns the option expiries of an underlying."""
        return self._get(requests.expiries(symbol))

    def open_interest(
        self,
        symbol: str,
        expiry: str | dt.date | None = None,
        *,
        at: Time | None = None,
        strikes: str | int | None = None,
    ) -> OpenInterest:
        """Returns open interest per strike: now, or as it was known at a moment."""
        return self._get(requests.open_interest(symbol, expiry, at, strikes))

    def open_interest_history(
        self,
        symbol: str,
        start: Time,
        end: Time | None = None,
        *,
        expiry: str | dt.date | None = None,
        strike: float | None = None,
    ) -> OpenInterestHistory:
        """Returns open interest by time: totals, or one strike."""
        return self._get(requests.open_interest_history(symbol, start, end, expiry, strike))

    def put_call_ratio(
        self,
        symbol: str,
        expiry: str | dt.date | None = None,
        *,
        start: Time | None = None,
        end: Time | None = None,
    ) -> PutCallRatio:
        """Returns the put-call ratio: now, or as a series from `start`."""
        return self._get(requests.put_call_ratio(symbol, expiry, start, end))

    def option_chain(
        self, symbol: str, expiry: str | dt.date | None = None, *, rate: float | None = None
    ) -> OptionChain:
        """Returns the option chain with implied volatilities and greeks; `rate` is a year's, 0.07 for 7 %."""
        return self._get(requests.option_chain(symbol, expiry, rate))

    def contract_history(
        self,
        symbol: str,
        type: str,
        strike: float | None = None,
        *,
        expiry: str | dt.date | None = None,
        interval: str | None = None,
    ) -> ContractHistory:
        """Returns the session of one contract; `type` is `call`, `put` or `future`."""
        return self._get(requests.contract_history(symbol, type, strike, expiry, interval))

    def coverage(
        self,
        symbol: str,
        interval: str,
        *,
        start: Time | None = None,
        end: Time | None = None,
        missing: bool | None = None,
    ) -> Coverage:
        """Returns what the server's store has of a series; `missing=True` names only what it lacks."""
        return self._get(requests.coverage(symbol, interval, start, end, missing))

    def status(self) -> Status:
        """Returns the state of each source."""
        return self._get(requests.status())

    def stream(
        self,
        *,
        quotes: str | Iterable[str] = (),
        bars: tuple[str, str] | Iterable[tuple[str, str]] = (),
        open_interest: str | Iterable[str] = (),
        count: int = 300,
    ) -> Stream:
        """Returns an iterator over live events; it reconnects, and close() or a `with` block ends it.

        `bars` are pairs such as `("NSE:NIFTY", "1m")`; `count` bars come with the snapshot.
        """
        return Stream(self._settings.url, self._settings.api_key, subscriptions(quotes, bars, open_interest, count))

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _get(self, request: Request[Result]) -> Result:
        attempt = 0
        while True:
            try:
                result = self._try(request)
                break
            except BhavError as error:
                pause = self._settings.pause(error, attempt)
                if pause is None:
                    raise
                attempt += 1
                time.sleep(pause)
        if self._settings.warn:
            result.warn(stacklevel=4)
        return result

    def _try(self, request: Request[Result]) -> Result:
        try:
            answer = self._http.get(request.path, params=request.query)
        except httpx.HTTPError as error:
            raise self._settings.failure(error) from None
        return read(request, answer)
