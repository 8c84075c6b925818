"""`AsyncClient`: a Bhav server for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import TracebackType

import httpx

from .connection import Result, Settings, read
from .errors import BhavError
from .methods import Methods
from .requests import Request
from .streaming import AsyncStream
from .subscriptions import subscriptions


class AsyncClient(Methods):
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

    async def send_async(self, request: Request[Result], /) -> Result:
        """Sends a request, again where that may help, and returns its result."""
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
            result.warn(stacklevel=3)
        return result

    async def _try(self, request: Request[Result]) -> Result:
        try:
            response = await self._http.get(request.path, params=request.query(self._settings.arrow))
        except httpx.HTTPError as error:
            raise self._settings.failure(error) from None
        return read(request, response)
