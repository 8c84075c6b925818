"""The methods that both clients have: each is a request, which `Client` sends and `AsyncClient` sends and awaits."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from . import requests
from .requests import Request
from .responses import Response

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result", bound=Response)


class Sender(Protocol):
    """A client that waits for the result."""

    def send(self, request: Request[Result], /) -> Result:
        """Returns the result of a request."""
        ...


class AsyncSender(Protocol):
    """A client whose results are awaited."""

    def send_async(self, request: Request[Result], /) -> Coroutine[Any, Any, Result]:
        """Returns the result of a request."""
        ...


class Method(Generic[Parameters, Result]):
    """A method with the parameters of a function that makes a request."""

    def __init__(self, request: Callable[Parameters, Request[Result]]) -> None:
        self._request = request
        self.__doc__ = request.__doc__

    @overload
    def __get__(self, client: Sender, owner: Any = None) -> Callable[Parameters, Result]: ...

    @overload
    def __get__(self, client: AsyncSender, owner: Any = None) -> Callable[Parameters, Coroutine[Any, Any, Result]]: ...

    @overload
    def __get__(self, client: None, owner: Any) -> Method[Parameters, Result]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: Any = None) -> Any:
        if client is None:
            return self
        send: Callable[[Request[Result]], Any] = client.send if hasattr(client, "send") else client.send_async

        @functools.wraps(self._request)
        def method(*arguments: Parameters.args, **named: Parameters.kwargs) -> Any:
            return send(self._request(*arguments, **named))

        return method


class Methods:
    """Everything that can be requested of a server."""

    bars = Method(requests.bars)
    quotes = Method(requests.quotes)
    search = Method(requests.search)
    expiries = Method(requests.expiries)
    open_interest = Method(requests.open_interest)
    open_interest_history = Method(requests.open_interest_history)
    put_call_ratio = Method(requests.put_call_ratio)
    option_chain = Method(requests.option_chain)
    contract_history = Method(requests.contract_history)
    coverage = Method(requests.coverage)
    status = Method(requests.status)
