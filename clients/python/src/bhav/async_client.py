"""`AsyncClient`: a Bhav server for asyncio."""

from __future__ import annotations

import asyncio
import datetime as dt
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
from .streaming import AsyncStream
from .subscriptions import subscriptions


class AsyncClient:
    """A Bhav server, for asyncio. The methods are those of `Client`, awaited."""

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = 60,
        retries: int = 2,
        warn: bool = True,
        arrow: bool | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = Settings(url, api_key, timeout, retries, warn, arrow)
        self._http = httpx.AsyncClient(
            base_url=self._settings.url, headers=self._settings.headers, timeout=timeout, transport=transport
        )

    @property
    def url(self) -> str:
        """The address of the server."""
        return self._settings.url

    async def bars(
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
        return await self._get(
            requests.bars(symbol, interval, count, start, end, session, adjustment, back_adjust, currency, arrow)
        )

    async def quotes(self, symbols: str | Iterable[str]) -> Quotes:
        """Returns quotes; symbols without one stand in `errors`."""
        return await self._get(requests.quotes(symbols))

    async def search(
        self, query: str, *, type: str | None = None, exchange: str | None = None, limit: int | None = None
    ) -> Symbols:
        """Returns the symbols that match part of a ticker or a name."""
        return await self._get(requests.search(query, type, exchange, limit))

    async def expiries(self, symbol: str) -> Expiries:
        """Returns the option expiries of an underlying."""
        return await self._get(requests.expiries(symbol))

    async def open_interest(
        self,
        symbol: str,
        expiry: str | dt.date | None = None,
        *,
        at: Time | None = None,
        strikes: str | int | None = None,
    ) -> OpenInterest:
        """Returns open interest per strike: now, or as it was known at a moment."""
        return await self._get(requests.open_interest(symbol, expiry, at, strikes))

    async def open_interest_history(
        self,
        symbol: str,
        start: Time,
        end: Time | None = None,
        *,
        expiry: str | dt.date | None = None,
        strike: float | None = None,
    ) -> OpenInterestHistory:
        """Returns open interest by time: totals, or one strike."""
        return await self._get(requests.open_interest_history(symbol, start, end, expiry, strike))

    async def put_call_ratio(
        self,
        symbol: str,
        expiry: str | dt.date | None = None,
        *,
        start: Time | None = None,
        end: Time | None = None,
    ) -> PutCallRatio:
        """Returns the put-call ratio: now, or as a series from `start`."""
        return await self._get(requests.put_call_ratio(symbol, expiry, start, end))

    async def option_chain(
        self, symbol: str, expiry: str | dt.date | None = None, *, rate: float | None = None
    ) -> OptionChain:
        """Returns the option chain with implied volatilities and greeks; `rate` is a year's, 0.07 for 7 %."""
        return await self._get(requests.option_chain(symbol, expiry, rate))

    async def contract_history(
        self,
        symbol: str,
        type: str,
        strike: float | None = None,
        *,
        expiry: str | dt.date | None = None,
        interval: str | None = None,
    ) -> ContractHistory:
        """Returns the session of one contract; `type` is `call`, `put` or `future`."""
        return await self._get(requests.contract_history(symbol, type, strike, expiry, interval))

    async def coverage(
        self,
        symbol: str,
        interval: str,
        *,
        start: Time | None = None,
        end: Time | None = None,
        missing: bool | None = None,
    ) -> Coverage:
        """Returns what the server's store has of a series; `missing=True` names only what it lacks."""
        return await self._get(requests.coverage(symbol, interval, start, end, missing))

    async def status(self) -> Status:
        """Returns the state of each source."""
        return await self._get(requests.status())

    def stream(
        self,
        *,
        quotes: str | Iterable[str] = (),
        bars: tuple[str, str] | Iterable[tuple[str, str]] = (),
        open_interest: str | Iterable[str] = (),
        count: int = 300,
    ) -> AsyncStream:
        """Returns an async iterator over live events; it reconnects, and `async with` or aclose() ends it."""
        return AsyncStream(
            self._settings.url, self._settings.api_key, subscriptions(quotes, bars, open_interest, count)
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _get(self, request: Request[Result]) -> Result:
        attempt = 0
        while True:
            try:
                result = await self._try(request)
                break
            except BhavError as error:
                pause = self._settings.pause(error, attempt)
                if pause is None:
                    raise
                attempt += 1
                await asyncio.sleep(pause)
        if self._settings.warn:
            result.warn(stacklevel=4)
        return result

    async def _try(self, request: Request[Result]) -> Result:
        try:
            answer = await self._http.get(request.path, params=request.query)
        except httpx.HTTPError as error:
            raise self._settings.failure(error) from None
        return read(request, answer)
