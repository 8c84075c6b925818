"""Requests as values: path, parameters, and how to read the response. The methods of both clients are made of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .errors import BhavError, InvalidResponseError
from .responses import (
    Bars,
    ContractHistory,
    Coverage,
    Expiries,
    OpenInterest,
    OpenInterestHistory,
    OptionChain,
    PutCallRatio,
    Quotes,
    Response,
    Status,
    Symbols,
)
from .tables import Table

Time = str | int | float | dt.date | dt.datetime
"""Seconds, a date, or an instant; a date or a datetime without a zone is the exchange's."""

Result = TypeVar("Result", bound=Response)

ARROW = "application/vnd.apache.arrow.stream"


def has_arrow() -> bool:
    """Whether pyarrow can be imported."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True


def time_text(value: Time | None) -> str | None:
    """Returns a time as the server reads it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        text = value.replace(microsecond=0, tzinfo=None).isoformat()
        if value.tzinfo is None:
            return text
        return value.astimezone(dt.timezone.utc).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(int(value))


def day_text(value: str | dt.date | None) -> str | None:
    """Returns a day as the server reads it."""
    if isinstance(value, dt.datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, dt.date) else value


@dataclass(frozen=True)
class Request(Generic[Result]):
    """A request to the server."""

    path: str
    parameters: Mapping[str, str]
    kind: type[Result]
    has_arrow: bool = False
    """Whether the rows are worth fetching as an Arrow stream."""

    def query(self, arrow: bool) -> dict[str, str]:
        """Returns the parameters of the URL; `arrow` is whether pyarrow may read the response."""
        return {**self.parameters, **({"format": "arrow"} if self.has_arrow and arrow else {})}

    def read(self, content_type: str, body: bytes) -> Result:
        """Returns the result.

        Raises InvalidResponseError for anything that no Bhav server returns.
        """
        try:
            if content_type.startswith(ARROW):
                return self._read_arrow(body)
            data = json.loads(body)
        except ValueError as error:
            raise InvalidResponseError(f"{self.path} did not return JSON: {error}") from None
        if not isinstance(data, dict):
            raise InvalidResponseError(f"{self.path} returned JSON that is not an object")
        try:
            return self.kind(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidResponseError(f"{self.path} returned an invalid response: {error!r}") from error

    def _read_arrow(self, body: bytes) -> Result:
        import pyarrow as pa

        with pa.ipc.open_stream(pa.py_buffer(body)) as reader:
            table = reader.read_all()
        data = json.loads((table.schema.metadata or {}).get(b"bhav") or b"{}")
        result = self.kind(data)
        result.table = Table.from_arrow(table, zone=result.time_zone)
        return result


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> BhavError:
    """Returns the exception for a response that is not a success."""
    after = headers.get("retry-after")
    retry_after = float(after) if after and after.isdigit() else None
    try:
        error = json.loads(body)["error"]
        return BhavError.from_json(error, status=status, retry_after=retry_after)
    except (ValueError, KeyError, TypeError):
        text = body[:200].decode("utf-8", "replace").strip()
        return InvalidResponseError(f"HTTP {status} without an error of Bhav: {text}", status=status)


def _given(**parameters: Any) -> dict[str, str]:
    """The parameters that have a value; Python's names in the server's spelling."""
    given: dict[str, str] = {}
    for name, value in parameters.items():
        if value is None:
            continue
        given[name] = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return given


def _names(symbols: str | Iterable[str]) -> str:
    return symbols if isinstance(symbols, str) else ",".join(symbols)


def bars(
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
) -> Request[Bars]:
    """Returns the newest `count` bars (default 300), or those from `start` until before `end` (default: now)."""
    parameters = _given(
        symbol=symbol,
        interval=interval,
        count=count,
        to=time_text(end),
        session=session,
        adjustment=adjustment,
        backAdjust=back_adjust,
        currency=currency,
        **{"from": time_text(start)},
    )
    return Request("/v1/bars", parameters, Bars, has_arrow=True)


def quotes(symbols: str | Iterable[str]) -> Request[Quotes]:
    """Returns quotes; symbols without one are in `errors`."""
    return Request("/v1/quotes", _given(symbols=_names(symbols)), Quotes)


def search(
    query: str, *, type: str | None = None, exchange: str | None = None, limit: int | None = None
) -> Request[Symbols]:
    """Returns the symbols that match part of a ticker or a name."""
    return Request("/v1/search", _given(query=query, type=type, exchange=exchange, limit=limit), Symbols)


def expiries(symbol: str, *, at: Time | None = None) -> Request[Expiries]:
    """Returns the option expiries of an underlying: now, or as they were listed at a moment."""
    return Request("/v1/expiries", _given(symbol=symbol, at=time_text(at)), Expiries)


def open_interest(
    symbol: str, expiry: str | dt.date | None = None, *, at: Time | None = None, strikes: str | int | None = None
) -> Request[OpenInterest]:
    """Returns open interest per strike: now, or as it was known at a moment."""
    parameters = _given(symbol=symbol, expiry=day_text(expiry), at=time_text(at), strikes=strikes)
    return Request("/v1/open-interest", parameters, OpenInterest)


def open_interest_history(
    symbol: str,
    start: Time,
    end: Time | None = None,
    *,
    expiry: str | dt.date | None = None,
    strike: float | None = None,
) -> Request[OpenInterestHistory]:
    """Returns open interest by time: totals, or one strike."""
    parameters = _given(
        symbol=symbol, expiry=day_text(expiry), to=time_text(end), strike=strike, **{"from": time_text(start)}
    )
    return Request("/v1/open-interest/history", parameters, OpenInterestHistory)


def put_call_ratio(
    symbol: str, expiry: str | dt.date | None = None, *, start: Time | None = None, end: Time | None = None
) -> Request[PutCallRatio]:
    """Returns the put-call ratio: now, or as a series from `start`."""
    parameters = _given(symbol=symbol, expiry=day_text(expiry), to=time_text(end), **{"from": time_text(start)})
    return Request("/v1/put-call-ratio", parameters, PutCallRatio)


def option_chain(
    symbol: str, expiry: str | dt.date | None = None, *, at: Time | None = None, rate: float | None = None
) -> Request[OptionChain]:
    """Returns the option chain with implied volatilities and greeks: now, or as it was known at a moment.

    `rate` is a year's, 0.07 for 7 %.
    """
    parameters = _given(symbol=symbol, expiry=day_text(expiry), at=time_text(at), rate=rate)
    return Request("/v1/option-chain", parameters, OptionChain)


def contract_history(
    symbol: str,
    type: str,
    strike: float | None = None,
    *,
    expiry: str | dt.date | None = None,
    interval: str | None = None,
) -> Request[ContractHistory]:
    """Returns the session of one contract; `type` is `call`, `put` or `future`."""
    parameters = _given(symbol=symbol, type=type, strike=strike, expiry=day_text(expiry), interval=interval)
    return Request("/v1/contract-history", parameters, ContractHistory)


def coverage(
    symbol: str, interval: str, *, start: Time | None = None, end: Time | None = None, missing: bool | None = None
) -> Request[Coverage]:
    """Returns what the store of the server has of a series; `missing=True` lists only what is missing."""
    parameters = _given(
        symbol=symbol, interval=interval, to=time_text(end), missing=missing, **{"from": time_text(start)}
    )
    return Request("/v1/coverage", parameters, Coverage)


def status() -> Request[Status]:
    """Returns the state of each source."""
    return Request("/v1/status", {}, Status)
