"""Columns, and their way into pandas, polars and Arrow."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .provenance import utc

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Kind = Literal["time", "date", "float", "number", "bool", "text"]
"""What a column holds: instants, days, floats that are always there, numbers that may be missing, flags, text."""

_KINDS: dict[str, Kind] = {
    "time": "time",
    "last_time": "time",
    "as_of": "time",
    "from": "time",
    "to": "time",
    "trading_day": "date",
    "expiry": "date",
    "open": "float",
    "high": "float",
    "low": "float",
    "close": "float",
    "final": "bool",
}
_TEXT = {
    "symbol", "source", "mode", "feed", "session", "state", "unit", "reason", "note", "description", "type", "exchange",
    "currency", "country", "build_up", "call_build_up", "put_build_up", "call_reason", "put_reason",
}  # fmt: skip


def snake(name: str) -> str:
    """Returns a camelCase name in Python's spelling."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def kind_of(name: str) -> Kind:
    """Returns what a column of this name holds."""
    if name in _TEXT:
        return "text"
    return _KINDS.get(name, "number")


def missing(package: str, extra: str) -> ImportError:
    """Returns the error for an optional package that is not installed."""
    return ImportError(f"{package} is not installed; install it with: pip install 'bhav[{extra}]'")


class Table:
    """Rows by column. The values are plain Python; times are Unix seconds until they are converted."""

    def __init__(
        self, columns: Mapping[str, list[Any]], *, kinds: Mapping[str, Kind] | None = None, zone: str | None = None
    ) -> None:
        self._columns: dict[str, list[Any]] | None = dict(columns)
        self._arrow: Any = None
        self.kinds: dict[str, Kind] = {name: (kinds or {}).get(name, kind_of(name)) for name in columns}
        self.zone = zone
        """The exchange's time zone, an IANA name."""

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], names: Sequence[str], *, zone: str | None = None) -> Table:
        """Returns the table of nested JSON objects; `names` are the columns in their order, further ones follow."""
        columns: dict[str, list[Any]] = {name: [] for name in names}
        count = 0
        for row in rows:
            for name, value in _flat(row):
                column = columns.get(name)
                if column is None:
                    column = columns[name] = []
                column.extend([None] * (count - len(column)))
                column.append(value)
            count += 1
        for column in columns.values():
            column.extend([None] * (count - len(column)))
        return cls(columns, zone=zone)

    @classmethod
    def from_arrow(cls, table: pa.Table, *, zone: str | None = None) -> Table:
        """Returns the table of an Arrow stream of the server."""
        result = cls({}, zone=zone)
        result._columns = None
        result._arrow = table.rename_columns([snake(name) for name in table.column_names])
        result.kinds = {name: kind_of(name) for name in result._arrow.column_names}
        return result

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return list(self.kinds)

    def __len__(self) -> int:
        if self._arrow is not None:
            return int(self._arrow.num_rows)
        return len(next(iter(self.columns.values()), []))

    @property
    def columns(self) -> dict[str, list[Any]]:
        """The values by column; times in Unix seconds, days as ISO 8601 text."""
        if self._columns is None:
            import pyarrow as pa

            columns: dict[str, list[Any]] = {}
            for name, column in zip(self.kinds, self._arrow.columns, strict=True):
                if pa.types.is_timestamp(column.type):
                    column = column.cast(pa.int64())
                elif pa.types.is_date(column.type):
                    column = column.cast(pa.string())
                columns[name] = column.to_pylist()
            self._columns = columns
        return self._columns

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields each row as a dict; times as UTC datetimes, days as dates."""
        names, readers = self.names, [_READERS.get(self.kinds[name]) for name in self.names]
        for values in zip(*(self.columns[name] for name in names), strict=True):
            yield {
                name: value if read is None or value is None else read(value)
                for name, value, read in zip(names, values, readers, strict=True)
            }

    def to_pandas(self, index: str | None) -> pd.DataFrame:
        """Returns a DataFrame: instants in the exchange's zone, nullable numbers as Float64."""
        try:
            import pandas as pd
        except ImportError:
            raise missing("pandas", "pandas") from None
        series: dict[str, Any] = {}
        for name, kind in self.kinds.items():
            series[name] = _pandas_column(pd, self._raw(name), kind, self.zone)
        if index is None or index not in series:
            return pd.DataFrame(series)
        labels = pd.DatetimeIndex(series.pop(index)) if self.kinds[index] == "time" else pd.Index(series.pop(index))
        return pd.DataFrame(series, index=labels.rename(index))

    def to_arrow(self, metadata: Mapping[str, Any]) -> pa.Table:
        """Returns an Arrow table with the metadata, as JSON, under the key `bhav`."""
        try:
            import pyarrow as pa
        except ImportError:
            raise missing("pyarrow", "arrow") from None
        described = {"bhav": json.dumps(metadata)}
        if self._arrow is not None:
            return self._arrow.replace_schema_metadata(described)
        arrays, fields = [], []
        for name, kind in self.kinds.items():
            values = self.columns[name]
            if kind == "date":
                values = [None if value is None else dt.date.fromisoformat(value) for value in values]
            array = pa.array(values, type=_arrow_type(pa, kind, self.zone))
            arrays.append(array)
            fields.append(pa.field(name, array.type, nullable=kind in ("number", "text", "date")))
        schema = pa.schema(fields, metadata=described)
        return pa.Table.from_arrays(arrays, schema=schema)

    def to_polars(self, metadata: Mapping[str, Any]) -> pl.DataFrame:
        """Returns a polars DataFrame: instants in the exchange's zone, missing values as nulls."""
        try:
            import polars as pl
        except ImportError:
            raise missing("polars", "polars") from None
        if self._arrow is not None:
            frame = pl.from_arrow(self._arrow)
            assert isinstance(frame, pl.DataFrame)
            return frame
        columns = []
        for name, kind in self.kinds.items():
            values = self.columns[name]
            if kind == "time":
                times = pl.Series(name, values, dtype=pl.Int64).cast(pl.Int64) * 1_000_000
                columns.append(
                    times.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(self.zone or "UTC").rename(name)
                )
            elif kind == "date":
                columns.append(pl.Series(name, values, dtype=pl.Utf8).str.to_date(strict=False))
            else:
                types: dict[str, Any] = {"bool": pl.Boolean, "text": pl.Utf8}
                columns.append(pl.Series(name, values, dtype=types.get(kind, pl.Float64), strict=False))
        return pl.DataFrame(columns)

    def _raw(self, name: str) -> Any:
        """The values of a column: from Arrow where it came so, else a list."""
        if self._columns is not None:
            return self._columns[name]
        return self._arrow.column(name)


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yields the plain values of nested objects, under names such as `call_open_interest`."""
    for key, value in row.items():
        if key in ("reasons", "notes", "suggestions"):
            continue
        name = prefix + snake(key)
        if isinstance(value, Mapping):
            # A model's greeks stand beside the source's own volatility, which keeps its plain name.
            inner = f"{prefix}model_" if key == "greeks" else f"{name}_"
            yield from _flat(value, inner)
        elif not isinstance(value, list):
            yield name, value


_READERS: dict[Kind, Any] = {"time": utc, "date": dt.date.fromisoformat}


def _arrow_type(pa: Any, kind: Kind, zone: str | None) -> Any:
    match kind:
        case "time":
            return pa.timestamp("s", tz=zone or "UTC")
        case "date":
            return pa.date32()
        case "bool":
            return pa.bool_()
        case "text":
            return pa.string()
        case _:
            return pa.float64()


def _pandas_column(pd: Any, values: Any, kind: Kind, zone: str | None) -> Any:
    """One column of a DataFrame, whether the values are a list or come from Arrow."""
    if not isinstance(values, list):
        return _pandas_from_arrow(pd, values, kind, zone)
    match kind:
        case "time":
            times = pd.to_datetime(pd.array(values, dtype="Int64"), unit="s", utc=True)
            return pd.DatetimeIndex(times).as_unit("ns").tz_convert(zone or "UTC")
        case "date":
            return pd.DatetimeIndex(pd.to_datetime(values, format="%Y-%m-%d")).as_unit("ns")
        case "float":
            return pd.array(values, dtype="float64") if None not in values else pd.array(values, dtype="Float64")
        case "number":
            return pd.array(values, dtype="Float64")
        case "bool":
            return pd.array(values, dtype="bool" if None not in values else "boolean")
        case _:
            return pd.array(values, dtype="string")


def _pandas_from_arrow(pd: Any, column: Any, kind: Kind, zone: str | None) -> Any:
    import numpy as np
    import pyarrow as pa

    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    match kind:
        case "time":
            seconds = array.cast(pa.int64()).to_numpy(zero_copy_only=False)
            times = pd.DatetimeIndex(seconds.view("datetime64[s]")).as_unit("ns")
            return times.tz_localize("UTC").tz_convert(zone or "UTC")
        case "date":
            return pd.DatetimeIndex(array.cast(pa.timestamp("ns")).to_numpy(zero_copy_only=False))
        case "float" if array.null_count == 0:
            return array.to_numpy(zero_copy_only=False)
        case "float" | "number":
            present = np.ones(len(array), dtype=bool) if array.null_count == 0 else array.is_valid().to_numpy(False)
            filled = array if array.null_count == 0 else array.fill_null(0.0)
            floats = np.array(filled.cast(pa.float64()).to_numpy(zero_copy_only=False))
            return pd.arrays.FloatingArray(floats, ~present)
        case "bool" if array.null_count == 0:
            return array.to_numpy(zero_copy_only=False)
        case _:
            return pd.array(array.to_pylist(), dtype="string")
