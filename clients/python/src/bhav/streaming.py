"""The live stream over a WebSocket: as an iterator, and as an async iterator."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection as AsyncConnection
from websockets.asyncio.client import connect as async_connect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from .errors import BhavError, ConnectionFailedError, InvalidResponseError, UnauthorizedError
from .requests import error_of
from .subscriptions import Event, ReconnectingEvent, StreamState, Subscription

_LARGEST_MESSAGE = 64 * 1024 * 1024
_FAILURES = (OSError, EOFError, TimeoutError, websockets.WebSocketException)


class _Backoff:
    """The wait before each attempt to connect: it doubles up to 30 seconds, with up to a quarter of it at random."""

    def __init__(self) -> None:
        self._failures = 0

    def next(self) -> float:
        delay = min(30.0, 0.5 * 2.0**self._failures)
        self._failures += 1
        return delay * random.uniform(0.75, 1)

    def reset(self) -> None:
        self._failures = 0


class _Shared:
    """What both streams have in common."""

    def __init__(self, url: str, api_key: str | None, wanted: Iterable[Subscription], max_attempts: int | None) -> None:
        self.url = url.replace("http", "ws", 1) + "/v1/stream"
        self.options: dict[str, Any] = {
            "additional_headers": {"X-API-Key": api_key} if api_key else None,
            "max_size": _LARGEST_MESSAGE,
            "open_timeout": 10,
        }
        self.state = StreamState(wanted)
        self.backoff = _Backoff()
        self.connected_once = False
        self._attempts = 0
        self._max_attempts = max_attempts

    def greeting(self) -> list[str]:
        """Returns what to send over a new connection."""
        self._attempts, self.connected_once = 0, True
        return [json.dumps(message) for message in self.state.connected()]

    def events(self, text: str | bytes) -> Iterator[Event]:
        """Yields the events of one frame."""
        try:
            message = json.loads(text)
        except ValueError as error:
            raise InvalidResponseError(f"a message of the stream is not JSON: {error}", retryable=True) from None
        if not isinstance(message, Mapping):
            raise InvalidResponseError("a message of the stream is not an object", retryable=True)
        try:
            yield from self.state.receive(message)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidResponseError(f"a message of the stream cannot be read: {error!r}", retryable=True) from error
        self.backoff.reset()

    def lost(self, error: BaseException) -> ReconnectingEvent:
        """Returns what to report of a lost connection.

        Raises BhavError where another attempt is pointless: no server from the start, one that refuses, or too many
        failures in a row.
        """
        self._attempts += 1
        if self._max_attempts is not None and self._attempts >= self._max_attempts:
            raise ConnectionFailedError(f"{self.url}: {error}") from error
        if not self.connected_once and isinstance(error, ConnectionRefusedError):
            raise ConnectionFailedError(f"no Bhav server at {self.url}: {error}; start one with 'bhav serve'") from None
        if isinstance(error, InvalidStatus):
            response = error.response
            failure = error_of(response.status_code, dict(response.headers), bytes(response.body or b""))
            if response.status_code in (401, 403):
                raise failure if failure.code == "unauthorized" else UnauthorizedError(str(failure)) from None
            if response.status_code in (400, 404, 405):
                raise failure from None
        return ReconnectingEvent(None, str(error) or repr(error), self.backoff.next())

    def finish(self) -> None:
        """Raises why the last subscription ended, if it failed."""
        if self.state.error is not None:
            raise self.state.error


class Stream:
    """Live events. It reconnects forever; `max_attempts` failures to connect in a row end it."""

    def __init__(
        self, url: str, api_key: str | None, wanted: Iterable[Subscription], *, max_attempts: int | None = None
    ) -> None:
        self._shared = _Shared(url, api_key, wanted, max_attempts)
        self._closed = threading.Event()
        self._connection: ClientConnection | None = None
        self._events = self._run()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def close(self) -> None:
        """Ends the stream; it may be called from another thread."""
        self._closed.set()
        if (connection := self._connection) is not None:
            connection.close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> Iterator[Event]:
        while not self._closed.is_set():
            try:
                with connect(self._shared.url, **self._shared.options) as connection:
                    self._connection = connection
                    for message in self._shared.greeting():
                        connection.send(message)
                    for text in connection:
                        yield from self._shared.events(text)
                        if self._shared.state.ended:
                            return self._shared.finish()
                reason: BaseException = ConnectionFailedError("the server closed the connection")
            except (*_FAILURES, InvalidResponseError) as error:
                reason = error
            finally:
                self._connection = None
            if self._closed.is_set():
                return
            event = self._shared.lost(reason)
            yield event
            self._closed.wait(event.delay)


class AsyncStream:
    """Live events for `async for`. It reconnects forever; `max_attempts` failures to connect in a row end it."""

    def __init__(
        self, url: str, api_key: str | None, wanted: Iterable[Subscription], *, max_attempts: int | None = None
    ) -> None:
        self._shared = _Shared(url, api_key, wanted, max_attempts)
        self._closed = asyncio.Event()
        self._connection: AsyncConnection | None = None
        self._events = self._run()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        return await self._events.__anext__()

    async def aclose(self) -> None:
        """Ends the stream."""
        self._closed.set()
        if (connection := self._connection) is not None:
            await connection.close()

    async def __aenter__(self) -> AsyncStream:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _run(self) -> AsyncIterator[Event]:
        while not self._closed.is_set():
            try:
                async with async_connect(self._shared.url, **self._shared.options) as connection:
                    self._connection = connection
                    for message in self._shared.greeting():
                        await connection.send(message)
                    async for text in connection:
                        for event in self._shared.events(text):
                            yield event
                        if self._shared.state.ended:
                            self._shared.finish()
                            return
                reason: BaseException = ConnectionFailedError("the server closed the connection")
            except (*_FAILURES, InvalidResponseError) as error:
                reason = error
            finally:
                self._connection = None
            if self._closed.is_set():
                return
            lost = self._shared.lost(reason)
            yield lost
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._closed.wait(), lost.delay)


__all__ = ["AsyncStream", "BhavError", "Stream"]
