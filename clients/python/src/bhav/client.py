"""`Client`: a Bhav server for scripts and notebooks."""

from __future__ import annotations

import time
from collections.abc import Iterable
from types import TracebackType

import httpx

from .connection import Result, Settings, read
from .errors import BhavError
from .methods import Methods
from .requests import Request
from .streaming import Stream
from .subscriptions import subscriptions


class Client(Methods):
    """A Bhav server, for scripts and notebooks.

    `url` defaults to `BHAV_URL`, else http://127.0.0.1:8000; `api_key` to `BHAV_API_KEY`. `warn=False` silences the
    warnings about incomplete, delayed and simulated results. `arrow=False` fetches bars as JSON even where pyarrow is
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

    def send(self, request: Request[Result], /) -> Result:
        """Sends a request, again where that may help, and returns its result."""
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
            response = self._http.get(request.path, params=request.query(self._settings.arrow))
        except httpx.HTTPError as error:
            raise self._settings.failure(error) from None
        return read(request, response)
