"""The client against a server of the mock market."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bhav
from conftest import ROOT, Simulated

EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.py"))


def test_bars_come_as_requested(client: bhav.Client) -> None:
    bars = client.bars("NIFTY", "5m", 50)
    frame = bars.to_pandas()
    assert len(bars) == 50
    assert bars.symbol == "NSE:NIFTY"
    assert bars.provenance is not None and bars.provenance.simulated
    assert frame.index.is_monotonic_increasing
    assert (frame["high"] >= frame["low"]).all()
    assert frame["final"].iloc[:-1].all()


def test_arrow_and_json_hold_the_same_bars(server: bhav.Server) -> None:
    end = dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=1)
    frames = []
    for arrow in (True, False):
        with bhav.Client(server.url, arrow=arrow) as client:
            for symbol, interval, days in (("NIFTY", "1m", 1), ("NSE:NIFTY1!", "1d", 60)):
                frame = client.bars(symbol, interval, start=end - dt.timedelta(days=days), end=end).to_pandas()
                frames.append(frame[frame["final"]])
    for arrow_frame, json_frame in zip(frames[:2], frames[2:], strict=True):
        order = list(json_frame.columns)
        arrow_frame.attrs, json_frame.attrs = {}, {}
        pd.testing.assert_frame_equal(arrow_frame[order], json_frame)


def test_polars_reads_the_arrow_stream_itself(server: bhav.Server) -> None:
    import httpx

    query = {"symbol": "NIFTY", "interval": "1d", "count": "5", "format": "arrow"}
    response = httpx.get(f"{server.url}/v1/bars", params=query)
    assert response.headers["content-type"] == "application/vnd.apache.arrow.stream"
    frame = pl.read_ipc_stream(response.content)
    assert frame.height == 5
    assert frame.schema["time"] == pl.Datetime("ms", "Asia/Kolkata") or frame.schema["time"].is_temporal()
    assert frame.schema["tradingDay"] == pl.Date
    table = pa.ipc.open_stream(response.content).read_all()
    table.validate(full=True)
    assert table.schema.metadata[b"mode"] == b"simulated"
    assert table.schema.field("open").metadata == {b"unit": b"INR"}


@pytest.mark.parametrize(
    "path",
    [
        "open-interest?symbol=NIFTY", "open-interest/history?symbol=NIFTY&from={day}",
        "open-interest/history?symbol=NIFTY&from={day}&strike=25000", "put-call-ratio?symbol=NIFTY&from={day}",
        "option-chain?symbol=NIFTY", "quotes?symbols=NIFTY,BANKNIFTY", "search?query=NIFTY", "search?query=zzzz",
        "expiries?symbol=NIFTY",
    ],
)  # fmt: skip
def test_every_list_is_valid_arrow_with_the_rows_of_csv(server: bhav.Server, path: str) -> None:
    import io

    import httpx

    url = f"{server.url}/v1/{path.format(day=dt.date.today() - dt.timedelta(days=1))}"
    arrow = httpx.get(f"{url}&format=arrow", timeout=60)
    assert arrow.status_code == 200
    table = pa.ipc.open_stream(arrow.content).read_all()
    table.validate(full=True)
    csv = pd.read_csv(io.StringIO(httpx.get(f"{url}&format=csv", timeout=60).text), keep_default_na=False)
    assert list(csv.columns) == table.column_names
    assert abs(len(csv) - table.num_rows) <= 1


def test_coverage_names_stored_and_missing_spans(simulated: Simulated) -> None:
    client = simulated.server.client
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bars = client.bars("NSE:TCS", "5m", 200).to_pandas()
    coverage = client.coverage("NSE:TCS", "5m")
    assert coverage.bars >= 199
    frame = coverage.to_pandas()
    assert list(frame.columns) == ["from", "to", "state", "reason"]
    assert str(frame["from"].dtype) == "datetime64[ns, Asia/Kolkata]"
    assert frame["from"].min() <= bars.index[0] and frame["to"].max() > bars.index[-2]
    assert all(gap.start < gap.end for gap in coverage.missing)


def test_quotes_name_what_failed(client: bhav.Client) -> None:
    with pytest.warns(bhav.IncompleteWarning):
        quotes = client.quotes(["NIFTY", "NSE:NOPE"])
    assert quotes.to_pandas().index.tolist() == ["NSE:NIFTY"]
    assert isinstance(quotes.errors["NSE:NOPE"], bhav.SymbolNotFoundError)


def test_search_expiries_and_status(client: bhav.Client) -> None:
    assert "NSE:NIFTY" in client.search("NIFTY", exchange="NSE").to_pandas().index
    expiries = client.expiries("NIFTY")
    assert expiries.default == expiries.dates[0]
    assert expiries.dates == sorted(expiries.dates)
    earlier = expiries.provenance.as_of - dt.timedelta(days=28)
    past = client.expiries("NIFTY", at=earlier)
    assert earlier.date() - dt.timedelta(days=1) <= past.dates[0] < expiries.dates[0]
    assert past.default == client.open_interest("NIFTY", at=earlier).expiry
    assert client.status().to_pandas().loc["mock", "state"] == "connected"


def test_open_interest_adds_up(client: bhav.Client) -> None:
    response = client.open_interest("NIFTY")
    frame = response.to_pandas()
    ratio = frame["put_open_interest"].sum() / frame["call_open_interest"].sum()
    assert response.put_call_ratio == pytest.approx(ratio)
    assert response.expiry == client.expiries("NIFTY").default
    assert response.at_the_money in frame.index


def test_histories_follow_the_day(client: bhav.Client) -> None:
    start = dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=3)
    totals = client.open_interest_history("NIFTY", start).to_pandas()
    strike = client.open_interest("NIFTY").at_the_money
    followed = client.open_interest_history("NIFTY", start, strike=strike).to_pandas()
    ratios = client.put_call_ratio("NIFTY", start=start).to_pandas()
    assert len(totals) > 10
    assert (followed["call_open_interest"] < totals["call_open_interest"].min()).all()
    common = totals.index.intersection(ratios.index)
    assert len(common) > 10
    assert (totals.loc[common, "put_call_ratio"] == ratios.loc[common, "open_interest"]).all()


def test_chain_and_contract(client: bhav.Client) -> None:
    chain = client.option_chain("NIFTY", rate=0.065)
    frame = chain.to_pandas()
    delta = frame["call_model_delta"].dropna()
    assert ((delta > 0) & (delta < 1)).all() and len(delta) > 5
    assert chain.provenance is not None and chain.provenance.as_of is not None
    earlier = chain.provenance.as_of - dt.timedelta(days=1)
    past = client.option_chain("NIFTY", at=earlier)
    assert past.provenance is not None and past.provenance.as_of is not None
    assert past.provenance.as_of <= earlier
    assert past.to_pandas()["call_model_delta"].notna().sum() > 5
    assert past.spot == client.open_interest("NIFTY", at=earlier).spot
    contract = client.contract_history("NIFTY", "call", chain.at_the_money)
    assert len(contract) > 0


@pytest.mark.parametrize(
    ("send", "kind"),
    [
        (lambda client: client.bars("NOPE"), bhav.SymbolNotFoundError),
        (lambda client: client.bars("NIFTY", "7x"), bhav.UnknownIntervalError),
        (lambda client: client.bars("NIFTY", "1d", 10**9), bhav.TooLargeError),
        (lambda client: client.bars("NIFTY", "1d", 0), bhav.BadRequestError),
        (lambda client: client.open_interest("NIFTY", "2026-01-01"), bhav.ExpiryNotListedError),
        (lambda client: client.coverage("NIFTY", "5m"), bhav.NotSupportedError),
    ],
)
def test_errors_are_typed(client: bhav.Client, send: object, kind: type[bhav.BhavError]) -> None:
    with pytest.raises(kind):
        send(client)  # type: ignore[operator]


async def test_the_async_client_does_the_same(server: bhav.Server) -> None:
    async with server.async_client() as client:
        assert len(await client.bars("NIFTY", "1d", 3)) == 3
        with pytest.raises(bhav.SymbolNotFoundError):
            await client.expiries("NOPE")
        kinds = set()
        async with client.stream(quotes="NIFTY", bars=("NIFTY", "1m"), open_interest="NIFTY") as stream:
            async for event in stream:
                kinds.add(type(event))
                if {bhav.SnapshotEvent, bhav.QuoteEvent, bhav.BarEvent} <= kinds:
                    break


def test_the_stream_joins_history_to_live_bars(client: bhav.Client) -> None:
    with client.stream(bars=("NSE:NIFTY", "1m"), count=5) as stream:
        first = next(stream)
        assert isinstance(first, bhav.SnapshotEvent) and len(first.response) == 5
        newest = first.response.to_dicts()[-1]["time"]
        event = next(each for each in stream if isinstance(each, bhav.BarEvent))
        assert dt.timedelta(0) <= event.bar.time - newest <= dt.timedelta(minutes=1)


def test_a_stream_of_an_unknown_symbol_raises(client: bhav.Client) -> None:
    with pytest.raises(bhav.SymbolNotFoundError):
        list(client.stream(bars=("NSE:NOPE", "1m")))


def test_a_server_that_restarts_is_found_again() -> None:
    server = bhav.serve(mock=True, timeout=60)
    port = int(server.url.rsplit(":", 1)[1])
    try:
        with server.client.stream(quotes="NIFTY") as stream:
            assert isinstance(next(stream), bhav.SnapshotEvent)
            server.stop()
            assert any(isinstance(event, bhav.ReconnectingEvent) for event in stream)
            server = bhav.serve(mock=True, port=port, timeout=60)
            assert any(isinstance(event, bhav.SnapshotEvent) for event in stream)
    finally:
        server.stop()


def test_a_server_of_ones_own_ends_with_its_block() -> None:
    with bhav.serve(mock=True, timeout=60) as server:
        assert len(server.client.bars("NIFTY", "1d", 1)) == 1
    assert not server.running
    with pytest.raises(bhav.ConnectionFailedError):
        bhav.Client(server.url, retries=0).status()


def test_a_server_with_keys_wants_one() -> None:
    with bhav.serve(mock=True, env={"BHAV_API_KEYS": "one,two"}, timeout=60) as server:
        assert len(server.client.bars("NIFTY", "1d", 1)) == 1
        with server.client.stream(quotes="NIFTY") as stream:
            assert isinstance(next(stream), bhav.SnapshotEvent)
        for key in (None, "three"):
            with bhav.Client(server.url, key) as stranger:
                with pytest.raises(bhav.UnauthorizedError):
                    stranger.status()
                with pytest.raises(bhav.UnauthorizedError):
                    next(stranger.stream(quotes="NIFTY"))


def test_a_program_that_does_not_start_is_reported() -> None:
    with pytest.raises(bhav.ProgramNotFoundError, match="USE_MOCK_DATA"):
        bhav.serve(env={"USE_MOCK_DATA": "maybe"})
    with pytest.raises(bhav.ProgramNotFoundError):
        bhav.serve(program="/nowhere/bhav")


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_run(example: str, environment: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "examples" / example], env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) >= 2
    assert "nan" not in run.stdout


def test_export_writes_parquet(server: bhav.Server, environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "nifty.parquet"
    command = [sys.executable, "-m", "bhav", "export", "NIFTY", "--interval", "5m", "--count", "20", "--parquet", file]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    table = pq.read_table(file)
    assert table.num_rows == 20
    assert b"bhav" in table.schema.metadata
