"""What the client returns: rows with their provenance, and the values beside them."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .errors import BhavError, DelayedWarning, IncompleteWarning, SimulatedWarning
from .provenance import Gap, Provenance, instant
from .tables import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_ZONES = {"NSE": "Asia/Kolkata", "BSE": "Asia/Kolkata", "MCX": "Asia/Kolkata", "NCDEX": "Asia/Kolkata"}


class Response:
    """Rows of one response, with their provenance. `data` is the response without its rows."""

    rows_key: ClassVar[str] = "rows"
    index: ClassVar[str | None] = "time"
    names: ClassVar[Sequence[str]] = ()

    def __init__(self, data: Mapping[str, Any], table: Table | None = None) -> None:
        rows = data.get(self.rows_key) or []
        self.data: dict[str, Any] = {key: value for key, value in data.items() if key != self.rows_key}
        self.provenance = Provenance.from_json(self._origin(data, rows))
        """Source, feed, mode, delay and time of the numbers; None where the rows differ in it."""
        self.table = self._table(rows) if table is None else table

    def _origin(self, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return data

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        return Table.from_rows(rows, self.names, zone=self.time_zone)

    @property
    def symbol(self) -> str | None:
        """The instrument, `EXCHANGE:TICKER`."""
        symbol = self.data.get("symbol")
        return None if symbol is None else str(symbol)

    @property
    def time_zone(self) -> str:
        """The exchange's time zone; UTC where it is not known."""
        if zone := self.data.get("timeZone"):
            return str(zone)
        return _ZONES.get((self.symbol or "").split(":")[0], "UTC")

    @property
    def complete(self) -> bool | None:
        """Whether all requested rows are there; None if that cannot be judged."""
        return self.data.get("complete")

    @property
    def reason(self) -> str | None:
        """Why it is not complete, such as `plan_limit`."""
        return self.data.get("reason")

    @property
    def gaps(self) -> list[Gap]:
        """Ranges without data."""
        return [Gap.from_json(gap) for gap in self.data.get("gaps") or ()]

    @property
    def notes(self) -> list[str]:
        """Remarks for people."""
        notes = self.data.get("notes") or []
        return [str(note) for note in (notes.values() if isinstance(notes, Mapping) else notes)]

    def warnings(self) -> list[Warning]:
        """Returns what a reader of the numbers has to know: incomplete, delayed, simulated."""
        found: list[Warning] = []
        name = self.symbol or type(self).__name__.lower()
        if self.complete is False:
            parts = [self.reason] if self.reason else []
            if self.gaps:
                parts.append(f"{len(self.gaps)} gaps, the first from {self.gaps[0].start:%Y-%m-%d %H:%M} UTC")
            found.append(IncompleteWarning(f"{name}: incomplete: {'; '.join(parts) or 'no reason given'}"))
        origin = self.provenance
        if origin is not None and origin.simulated:
            where = f"via {origin.via}" if origin.via else "from the mock market"
            found.append(SimulatedWarning(f"{name}: simulated numbers {where}"))
        elif origin is not None and origin.delayed:
            late = f" by {origin.delay_seconds:.0f} seconds" if origin.delay_seconds else ""
            found.append(DelayedWarning(f"{name}: numbers of {origin.source} are delayed{late}"))
        return found

    def warn(self, stacklevel: int) -> None:
        """Emits the warnings."""
        for warning in self.warnings():
            warnings.warn(warning, stacklevel=stacklevel)

    def metadata(self) -> dict[str, Any]:
        """Returns the content of `DataFrame.attrs` and of Arrow's metadata."""
        fields: dict[str, Any] = {
            "symbol": self.symbol,
            "complete": self.complete,
            "reason": self.reason,
            "time_zone": self.time_zone,
            "gaps": [[gap.start.isoformat(), gap.end.isoformat(), gap.reason] for gap in self.gaps],
            "notes": self.notes,
        }
        for name in ("interval", "session", "adjustment", "currency", "expiry", "unit", "lotSize"):
            if name in self.data:
                fields[{"lotSize": "lot_size"}.get(name, name)] = self.data[name]
        if self.provenance is not None:
            fields.update(self.provenance.to_dict())
        return fields

    def to_pandas(self) -> pd.DataFrame:
        """Returns a DataFrame, its index in the exchange's zone, its provenance in `attrs`."""
        frame = self.table.to_pandas(self.index)
        frame.attrs.update(self.metadata())
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Returns a polars DataFrame."""
        return self.table.to_polars(self.metadata())

    def to_arrow(self) -> pa.Table:
        """Returns an Arrow table, its provenance in the schema's metadata."""
        return self.table.to_arrow(self.metadata())

    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns the rows; times as UTC datetimes."""
        return list(self.table.rows())

    to_df = to_pandas

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.table.rows()

    def __repr__(self) -> str:
        origin = self.provenance
        source = f", {origin.source} ({origin.mode})" if origin else ""
        return f"<{type(self).__name__} {self.symbol or ''}: {len(self)} rows{source}>"


class Bars(Response):
    """Bars of one series, oldest first."""

    rows_key = "bars"
    names = ("time", "open", "high", "low", "close", "volume", "final")

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        # The hot path: bars are flat, with the same fields in each.
        names = [*self.names]
        extra = {key for row in (rows[:1], rows[-1:]) for each in row for key in each} - set(names)
        columns = {name: [row[name] for row in rows] for name in names}
        if "openInterest" in extra or any("openInterest" in row for row in rows):
            columns["open_interest"] = [row.get("openInterest") for row in rows]
        if "tradingDay" in extra:
            columns["trading_day"] = [row.get("tradingDay") for row in rows]
        return Table(columns, zone=self.time_zone)

    @property
    def interval(self) -> str:
        """The length of a bar, such as `5m`."""
        return str(self.data["interval"])


class Quotes(Response):
    """Quotes by symbol; failures are in `errors`."""

    rows_key = "quotes"
    index = "symbol"
    names = (
        "symbol", "last", "last_time", "bid", "ask", "open", "high", "low", "previous_close", "change",
        "change_percent", "volume", "open_interest", "session", "source", "feed", "mode", "delay_seconds", "as_of",
    )  # fmt: skip

    def _origin(self, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        origins = [Provenance.from_json(row) for row in rows]
        same = {(each.source, each.mode, each.via) for each in origins if each is not None}
        return rows[0] if rows and len(same) == 1 else {}

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        plain = [{**row, "asOf": _seconds(row.get("asOf"))} for row in rows]
        table = Table.from_rows(plain, self.names, zone=_common_zone(rows))
        table.kinds.update(open="number", high="number", low="number")
        return table

    @property
    def errors(self) -> dict[str, BhavError]:
        """Why a symbol has no quote."""
        return {str(each["symbol"]): BhavError.from_json(each["error"]) for each in self.data.get("errors") or ()}

    def warnings(self) -> list[Warning]:
        """Returns what a reader has to know: symbols without a quote, delayed or simulated numbers."""
        failed = [IncompleteWarning(f"no quote for {name}: {error}") for name, error in self.errors.items()]
        return [*failed, *super().warnings()]


class Symbols(Response):
    """What a search found."""

    rows_key = "symbols"
    index = "symbol"
    names = ("symbol", "description", "type", "exchange", "currency", "country")


class Expiries(Response):
    """The option expiries of an underlying, nearest first."""

    rows_key = "expiries"
    index = None

    def _table(self, rows: Sequence[Any]) -> Table:
        return Table({"expiry": [str(day) for day in rows]})

    @property
    def dates(self) -> list[dt.date]:
        """The expiries, nearest first."""
        return [dt.date.fromisoformat(day) for day in self.table.columns["expiry"]]

    @property
    def default(self) -> dt.date | None:
        """The expiry that a request without one gets."""
        day = self.data.get("default")
        return None if day is None else dt.date.fromisoformat(day)


class _Chain(Response):
    rows_key = "strikes"
    index = "strike"

    @property
    def expiry(self) -> dt.date:
        """The expiry of these options."""
        return dt.date.fromisoformat(self.data["expiry"])

    @property
    def spot(self) -> float | None:
        """The price of the underlying."""
        return self.data.get("spot")

    @property
    def at_the_money(self) -> float | None:
        """The strike nearest to the spot."""
        return self.data.get("atTheMoney")

    @property
    def max_pain(self) -> float | None:
        """The strike at which all options together would pay out least."""
        return self.data.get("maxPain")

    @property
    def put_call_ratio(self) -> float | None:
        """Puts divided by calls by open interest, over the strikes of this response."""
        return (self.data.get("totals") or {}).get("putCallRatio")

    @property
    def unit(self) -> str:
        """`shares` or `contracts`."""
        return str(self.data["unit"])

    @property
    def lot_size(self) -> float | None:
        """Shares in one contract; None where it is not known."""
        return self.data.get("lotSize")


_SIDES = tuple(
    f"{side}_{name}"
    for side in ("call", "put")
    for name in ("open_interest", "change", "previous", "last", "volume", "implied_volatility")
)


class OpenInterest(_Chain):
    """Open interest per strike of one expiry."""

    names = ("strike", *_SIDES, "put_call_ratio")


class OptionChain(_Chain):
    """An option chain with prices, implied volatilities and greeks per strike."""

    names = ("strike", *_SIDES, "put_call_ratio")

    @property
    def forward(self) -> float | None:
        """The forward that the options imply."""
        return (self.data.get("model") or {}).get("forward")

    @property
    def straddle(self) -> dict[str, Any] | None:
        """Strike and prices of the straddle at the money."""
        return (self.data.get("analysis") or {}).get("straddle")


class _Series(Response):
    """Snapshots in time order that each say their own source."""

    def _origin(self, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return data if data.get("source") else (rows[-1] if rows else {})


class OpenInterestHistory(_Series):
    """Totals of open interest by time, or those of one strike."""

    rows_key = "snapshots"
    names = (
        "time", "expiry", "spot", "call_open_interest", "put_open_interest", "call_change", "put_change",
        "put_call_ratio", "max_pain", "unit", "source", "mode",
    )  # fmt: skip

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        return Table.from_rows((_snapshot(row) for row in rows), self.names, zone=self.time_zone)

    @property
    def strike(self) -> float | None:
        """The strike that is followed; None for totals."""
        return self.data.get("strike")


def _snapshot(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of a history: the values of one strike if one was requested, else the totals."""
    totals = row.get("totals") or {}
    call, put = row.get("call") or {}, row.get("put") or {}
    follows = "call" in row or "put" in row
    return {
        "time": row["time"],
        "expiry": row.get("expiry"),
        "spot": row.get("spot"),
        "callOpenInterest": call.get("openInterest") if follows else totals.get("call"),
        "putOpenInterest": put.get("openInterest") if follows else totals.get("put"),
        "callChange": call.get("change") if follows else totals.get("callChange"),
        "putChange": put.get("change") if follows else totals.get("putChange"),
        "putCallRatio": row.get("putCallRatio") if follows else totals.get("putCallRatio"),
        "maxPain": row.get("maxPain"),
        "unit": row.get("unit"),
        "source": row.get("source"),
        "mode": row.get("mode"),
        **({"callLast": call.get("last"), "putLast": put.get("last")} if follows else {}),
    }


class PutCallRatio(_Series):
    """Put-call ratios by open interest, change and volume."""

    rows_key = "points"
    names = (
        "time", "open_interest", "change", "volume", "call_open_interest", "put_open_interest", "spot", "source",
        "mode", "unit",
    )  # fmt: skip

    @property
    def latest(self) -> float | None:
        """The newest ratio by open interest."""
        ratios = self.table.columns["open_interest"]
        return ratios[-1] if ratios else None

    @property
    def differences(self) -> list[str]:
        """What is not the same for all points, such as `strikeRange`; ratios of such points do not compare."""
        return list(self.data.get("differences") or ())


class ContractHistory(Response):
    """Price and open interest of one contract through a session."""

    rows_key = "points"
    names = ("time", "price", "open_interest", "change", "volume", "build_up", "final")


class Coverage(Response):
    """What the server's store has of a series: spans with a `state` (`had`, `empty`, `missing`, ...) and a reason."""

    rows_key = "spans"
    index = None
    names = ("from", "to", "state", "reason")

    @property
    def bars(self) -> int:
        """The number of stored bars."""
        return int(self.data.get("bars") or 0)

    @property
    def missing_bars(self) -> int | None:
        """The number of missing bars; None if no calendar says how many there should be."""
        return self.data.get("missingBars")

    @property
    def missing(self) -> list[Gap]:
        """Ranges that are missing."""
        return [Gap(row["from"], row["to"], row["reason"]) for row in self if row["state"] == "missing"]

    def warnings(self) -> list[Warning]:
        """Returns nothing: missing bars are what was requested."""
        return []


class Status(Response):
    """The state of each source."""

    rows_key = "sources"
    index = "source"
    names = (
        "source",
        "state",
        "since",
        "reason",
        "last_data",
        "lag_seconds",
        "reconnects",
        "budget_left",
        "last_error",
    )

    def _origin(self, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return {}

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        plain = [{**row, **{key: _seconds(row.get(key)) for key in ("since", "lastData")}} for row in rows]
        table = Table.from_rows(plain, self.names)
        table.kinds.update(since="time", last_data="time", state="text", last_error="text")
        return table

    @property
    def time(self) -> dt.datetime | None:
        """The server's time."""
        return instant(self.data.get("time"))

    @property
    def subscriptions(self) -> list[dict[str, Any]]:
        """The live subscriptions, as the server reports them."""
        return list(self.data.get("subscriptions") or ())


def _seconds(text: str | None) -> int | None:
    """The Unix time of an ISO 8601 text, in whole seconds."""
    time = instant(text)
    return None if time is None else int(time.timestamp())


def _common_zone(rows: Sequence[Mapping[str, Any]]) -> str:
    zones = {_ZONES.get(str(row.get("symbol")).split(":")[0], "UTC") for row in rows}
    return zones.pop() if len(zones) == 1 else "UTC"
