"""Responses and errors, without a server."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from typing import Any

import httpx
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import bhav
from bhav import requests
from bhav.errors import _BY_CODE
from bhav.requests import time_text

HEADING = {
    "symbol": "NSE:NIFTY", "interval": "5m", "session": "regular", "adjustment": "splits", "currency": "INR",
    "timeZone": "Asia/Kolkata", "source": "tradingview", "feed": "NSE:NIFTY", "mode": "streaming", "delaySeconds": 0,
    "asOf": "2026-11-27T09:59:59.500Z", "complete": True, "gaps": [],
}  # fmt: skip


def bar(time: int, **changes: Any) -> dict[str, Any]:
    return {"time": time, "open": 1.0, "high": 2.0, "low": 0.5, "close": 1.5, "volume": 10, "final": True, **changes}


def client_of(
    *responses: tuple[int, Any] | tuple[int, Any, dict[str, str]], **options: Any
) -> tuple[bhav.Client, list[httpx.Request]]:
    """A client whose requests get these responses, one after another."""
    seen: list[httpx.Request] = []
    left = list(responses)

    def response(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        status, body, *headers = left.pop(0)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(
            status, content=content, headers=headers[0] if headers else {"content-type": "application/json"}
        )

    return bhav.Client("http://test", transport=httpx.MockTransport(response), arrow=False, **options), seen


def bars_of(*rows: dict[str, Any], **changes: Any) -> bhav.Bars:
    return bhav.Bars({**HEADING, **changes, "bars": list(rows)})


def test_a_frame_is_indexed_in_the_exchanges_zone() -> None:
    frame = bars_of(bar(1795751100), bar(1795751400)).to_pandas()
    assert isinstance(frame.index, pd.DatetimeIndex)
    assert str(frame.index.dtype) == "datetime64[ns, Asia/Kolkata]"
    assert frame.index[0] == pd.Timestamp("2026-11-27 09:15", tz="Asia/Kolkata")
    assert frame.index.name == "time"
    assert list(frame.columns) == ["open", "high", "low", "close", "volume", "final"]


def test_a_missing_volume_is_na_and_not_zero() -> None:
    frame = bars_of(bar(1795751100), bar(1795751400, volume=None)).to_pandas()
    assert str(frame["volume"].dtype) == "Float64"
    assert frame["volume"].isna().tolist() == [False, True]
    assert str(frame["open"].dtype) == "float64"
    assert str(frame["final"].dtype) == "bool"


def test_an_empty_response_keeps_its_columns_and_types() -> None:
    frame = bars_of().to_pandas()
    assert list(frame.columns) == ["open", "high", "low", "close", "volume", "final"]
    assert str(frame.index.dtype) == "datetime64[ns, Asia/Kolkata]"
    assert str(frame["volume"].dtype) == "Float64"


def test_provenance_stands_in_attrs_and_as_an_object() -> None:
    bars = bars_of(bar(1795751100))
    assert bars.provenance == bhav.Provenance(
        "tradingview", "NSE:NIFTY", "streaming", 0,
        dt.datetime(2026, 11, 27, 9, 59, 59, 500000, tzinfo=dt.timezone.utc),
    )  # fmt: skip
    attrs = bars.to_pandas().attrs
    assert attrs["source"] == "tradingview"
    assert attrs["interval"] == "5m"
    json.dumps(attrs)


def test_polars_and_arrow_hold_the_same_as_pandas() -> None:
    bars = bars_of(bar(1795751100), bar(1795751400, volume=None))
    frame, polars, arrow = bars.to_pandas(), bars.to_polars(), bars.to_arrow()
    assert polars.schema["time"] == pl.Datetime("us", "Asia/Kolkata")
    assert polars["time"].to_list() == list(frame.index.to_pydatetime())
    assert polars["volume"].to_list() == [10.0, None]
    assert arrow.schema.field("time").type == pa.timestamp("s", "Asia/Kolkata")
    assert not arrow.schema.field("open").nullable
    assert arrow.column("volume").to_pylist() == [10.0, None]
    assert json.loads(arrow.schema.metadata[b"bhav"])["symbol"] == "NSE:NIFTY"


def test_rows_are_dicts_with_utc_times() -> None:
    row = bars_of(bar(1795751100)).to_dicts()[0]
    assert row["time"] == dt.datetime(2026, 11, 27, 3, 45, tzinfo=dt.timezone.utc)
    assert row["volume"] == 10


def test_daily_bars_carry_their_trading_day() -> None:
    frame = bars_of(bar(1795717800, tradingDay="2026-11-27"), interval="1d").to_pandas()
    assert frame["trading_day"].tolist() == [pd.Timestamp("2026-11-27")]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"complete": False, "reason": "plan_limit"}, bhav.IncompleteWarning),
        ({"complete": False, "gaps": [{"from": 1, "to": 2, "reason": "missing"}]}, bhav.IncompleteWarning),
        ({"mode": "delayed", "delaySeconds": 900}, bhav.DelayedWarning),
        ({"source": "mock", "mode": "simulated"}, bhav.SimulatedWarning),
        ({"via": "127.0.0.1:9001"}, bhav.SimulatedWarning),
    ],
)
def test_warns_of_what_a_reader_has_to_know(changes: dict[str, Any], kind: type[Warning]) -> None:
    client, _ = client_of((200, {**HEADING, **changes, "bars": [bar(1795751100)]}))
    with pytest.warns(kind) as found:
        client.bars("NSE:NIFTY", "5m")
    assert found[0].filename == __file__


@pytest.mark.parametrize("complete", [True, None])
def test_does_not_warn_without_need(complete: bool | None) -> None:
    client, _ = client_of((200, {**HEADING, "complete": complete, "bars": []}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.bars("NSE:NIFTY", "5m")


@pytest.mark.parametrize("code", sorted(_BY_CODE))
def test_each_code_is_an_exception_of_its_own(code: str) -> None:
    error = {"code": code, "message": "no", "source": "nse", "retryable": False, "suggestions": ["NSE:A"]}
    client, _ = client_of((404, {"error": error}))
    with pytest.raises(_BY_CODE[code]) as caught:
        client.expiries("NSE:B")
    assert caught.value.code == code
    assert caught.value.suggestions == ["NSE:A"]
    assert caught.value.source == "nse"
    assert caught.value.status == 404
    assert "NSE:A" in str(caught.value)


def test_an_unknown_code_is_still_an_error_of_bhav() -> None:
    client, _ = client_of((418, {"error": {"code": "teapot", "message": "short and stout"}}))
    with pytest.raises(bhav.BhavError) as caught:
        client.status()
    assert caught.value.code == "teapot"


@pytest.mark.parametrize(
    "response",
    [
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"bars":[{"time":1}]}'),
        (200, b'{"symbol":"A","bars":7}'),
        (502, b"<html>"),
        (404, b"{}"),
    ],
)
def test_an_invalid_response_is_an_error(response: tuple[int, bytes]) -> None:
    client, _ = client_of(response, retries=0)
    with pytest.raises(bhav.InvalidResponseError):
        client.bars("NSE:NIFTY").to_pandas()


def test_a_retryable_error_is_tried_again_after_the_time_it_names() -> None:
    error = {"error": {"code": "throttled", "message": "slow down", "retryable": True}}
    client, seen = client_of((429, error, {"retry-after": "0"}), (200, {"symbol": "NSE:NIFTY", "expiries": []}))
    assert client.expiries("NIFTY").dates == []
    assert len(seen) == 2


def test_a_long_wait_is_left_to_the_caller() -> None:
    error = {"error": {"code": "throttled", "message": "slow down", "retryable": True}}
    client, seen = client_of((429, error, {"retry-after": "600"}))
    with pytest.raises(bhav.ThrottledError) as caught:
        client.expiries("NIFTY")
    assert caught.value.retry_after == 600
    assert len(seen) == 1


def test_no_server_is_said_with_the_way_out() -> None:
    with pytest.raises(bhav.ConnectionFailedError, match="bhav serve"):
        bhav.Client("http://127.0.0.1:9", retries=0).status()


def test_times_are_sent_as_the_server_reads_them() -> None:
    india = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert time_text(dt.datetime(2026, 11, 27, 9, 15)) == "2026-11-27T09:15:00"
    assert time_text(dt.datetime(2026, 11, 27, 9, 15, tzinfo=india)) == "2026-11-27T03:45:00Z"
    assert time_text(pd.Timestamp("2026-11-27 09:15", tz="Asia/Kolkata")) == "2026-11-27T03:45:00Z"
    assert time_text(dt.date(2026, 11, 27)) == "2026-11-27"
    assert time_text(1795751100.7) == "1795751100"
    assert time_text("2026-11-27") == "2026-11-27"


def test_parameters_are_those_of_the_server() -> None:
    client, seen = client_of((200, {**HEADING, "bars": []}), api_key="secret")
    client.bars("NSE:NIFTY", "5m", start=dt.date(2026, 11, 27), back_adjust=True)
    query = dict(seen[0].url.params)
    assert query == {"symbol": "NSE:NIFTY", "interval": "5m", "from": "2026-11-27", "backAdjust": "true"}
    assert seen[0].headers["x-api-key"] == "secret"


def test_open_interest_is_flat_and_keeps_missing_values() -> None:
    side = {"openInterest": 10, "change": None, "previous": 10, "last": 1.5, "volume": 0, "impliedVolatility": None}
    rows = [
        {"strike": 25000, "call": side, "put": None, "putCallRatio": None, "reasons": {"put": "none"}},
        {"strike": 25050, "call": {**side, "buildUp": "long"}, "put": side, "putCallRatio": 1.0},
    ]
    data = {"symbol": "NSE:NIFTY", "expiry": "2026-12-01", "unit": "shares", "source": "nse", "strikes": rows}
    frame = bhav.OpenInterest(data).to_pandas()
    assert frame.index.tolist() == [25000, 25050]
    assert frame["call_open_interest"].tolist() == [10, 10]
    assert frame["put_open_interest"].isna().tolist() == [True, False]
    assert frame["call_build_up"].isna().tolist() == [True, False]


def test_an_arrow_response_reads_like_the_json_one() -> None:
    table = bars_of(bar(1795751100), bar(1795751400, volume=None)).to_arrow()
    heading = json.dumps({**HEADING, "bars": []})
    table = table.replace_schema_metadata({"bhav": heading})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    request = requests.bars("NSE:NIFTY", "5m", 2)
    assert request.query(arrow=True)["format"] == "arrow" and "format" not in request.query(arrow=False)
    response = request.read(requests.ARROW, sink.getvalue().to_pybytes())
    expected = bars_of(bar(1795751100), bar(1795751400, volume=None))
    pd.testing.assert_frame_equal(response.to_pandas(), expected.to_pandas())
    assert response.to_dicts() == expected.to_dicts()
    assert response.provenance == expected.provenance
