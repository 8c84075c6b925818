"""What both clients share: the address, the key, the rule for retries, and how an HTTP response is read."""

from __future__ import annotations

import os
from typing import Any, TypeVar

import httpx

from . import requests
from .errors import BhavError, ConnectionFailedError
from .requests import Request
from .responses import Response

Result = TypeVar("Result", bound=Response)

DEFAULT_URL = "http://127.0.0.1:8000"


class Settings:
    """Where the server is, and how requests are sent."""

    def __init__(
        self, url: str | None, api_key: str | None, timeout: float, retries: int, warn: bool, arrow: bool | None
    ) -> None:
        self.url = (url or os.environ.get("BHAV_URL") or DEFAULT_URL).rstrip("/")
        self.api_key = api_key or os.environ.get("BHAV_API_KEY") or None
        self.timeout = timeout
        self.retries = retries
        self.warn = warn
        self.arrow = requests.has_arrow() if arrow is None else arrow

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request."""
        headers = {"X-API-Key": self.api_key} if self.api_key else {}
        if httpx.URL(self.url).host in ("127.0.0.1", "localhost", "::1"):
            # Compressing takes longer than sending within one machine.
            headers["Accept-Encoding"] = "identity"
        return headers

    def pause(self, error: BhavError, attempt: int) -> float | None:
        """Returns the seconds until the next attempt; None if the error is final.

        A wait of more than ten seconds is left to the caller.
        """
        if not error.retryable or attempt >= self.retries:
            return None
        pause = error.retry_after if error.retry_after is not None else 0.5 * 2**attempt
        return pause if pause <= 10 else None

    def failure(self, error: httpx.HTTPError) -> BhavError:
        """Returns the exception for a request without a response."""
        if isinstance(error, httpx.ConnectError):
            hint = f"no Bhav server at {self.url}: {error}; start one with 'bhav serve', or with bhav.serve()"
            return ConnectionFailedError(hint, retryable=False)
        if isinstance(error, httpx.TimeoutException):
            return ConnectionFailedError(f"{self.url} did not respond within {self.timeout:g} s", retryable=True)
        return ConnectionFailedError(f"the connection to {self.url} failed: {error!r}", retryable=True)


def read(request: Request[Result], response: httpx.Response) -> Result:
    """Returns the result of a response, or raises its error."""
    headers: Any = response.headers
    if response.status_code != 200:
        raise requests.error_of(response.status_code, headers, response.content)
    return request.read(headers.get("content-type", ""), response.content)
