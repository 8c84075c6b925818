"""The guide's interface, on the mock market and on simulated sources."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pandas as pd
import pytest

import bhav
from bhav import guide
from bhav.guide import DataProvider, MockDB, TradingViewProvider, TrendlyneProvider
from conftest import Simulated


@pytest.mark.parametrize("use_mock_data", ["true", "false"])
async def test_the_fragment_of_server_py_runs(
    use_mock_data: str, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USE_MOCK_DATA", use_mock_data)
    monkeypatch.setenv("BHAV_URL", simulated.server.url)
    if os.getenv("USE_MOCK_DATA") == "true":
        db = MockDB()
        bars = await db.get_historical_ohlcv("NSE:NIFTY", "5m", 20)
        oi = await db.get_historical_oi("NIFTY")
        assert bars.attrs["source"] == "mock"
        db.close()
    else:
        tv_provider = TradingViewProvider()
        trendlyne_provider = TrendlyneProvider()
        bars = await tv_provider.get_historical_ohlcv("NIFTY", "NSE", "5m", 20)
        oi = await trendlyne_provider.get_historical_oi("NIFTY", start="2026-11-27")
        assert bars.attrs["source"] in ("tradingview", "store")
    assert list(bars.columns) == ["symbol", "open", "high", "low", "close", "volume"]
    assert len(bars) == 20
    assert isinstance(oi, pd.DataFrame)


async def test_both_spellings_give_the_same_bars(server: bhav.Server) -> None:
    provider = TradingViewProvider(server.url)
    one = await provider.get_historical_ohlcv("NSE:NIFTY", "1d", 5)
    other = await provider.get_historical_ohlcv(symbol="NIFTY", exchange="NSE", interval="1d", n_bars=5)
    pd.testing.assert_index_equal(one.index, other.index)
    with pytest.raises(TypeError):
        await provider.get_historical_ohlcv("NIFTY", "1d")


async def test_an_unknown_interval_is_an_error_and_not_a_minute(server: bhav.Server) -> None:
    with pytest.raises(bhav.UnknownIntervalError):
        await TradingViewProvider(server.url).get_historical_ohlcv("NIFTY", "NSE", "7m7", 5)


async def test_missing_values_of_a_source_are_not_replaced(server: bhav.Server) -> None:
    with pytest.raises(bhav.NotSupportedError):
        await TradingViewProvider(server.url).get_historical_oi("NIFTY")
    with pytest.raises(bhav.NotSupportedError):
        await TrendlyneProvider(server.url).get_historical_ohlcv("NIFTY", "5m", 5)
    with pytest.raises(bhav.ConnectionFailedError):
        await TradingViewProvider("http://127.0.0.1:9").get_historical_ohlcv("NIFTY", "5m", 5)


@pytest.mark.parametrize("is_async", [True, False])
async def test_the_live_feed_calls_back(server: bhav.Server, is_async: bool) -> None:
    ticks: list[dict[str, Any]] = []

    async def awaited(tick: dict[str, Any]) -> None:
        ticks.append(tick)

    provider = TradingViewProvider(server.url)
    task = asyncio.create_task(provider.start_live_feed(["NIFTY"], awaited if is_async else ticks.append))
    async with asyncio.timeout(20) if hasattr(asyncio, "timeout") else _no_timeout():
        while len(ticks) < 3:
            await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert {tick["symbol"] for tick in ticks} == {"NSE:NIFTY"}
    assert {tick["mode"] for tick in ticks} == {"simulated"}
    assert all(tick["type"] == "live_tick" and tick["ltp"] > 0 and tick["change"] is not None for tick in ticks)


class _no_timeout:
    async def __aenter__(self) -> None: ...
    async def __aexit__(self, *_: object) -> None: ...


async def test_a_live_feed_of_an_unknown_symbol_raises(server: bhav.Server) -> None:
    with pytest.raises(bhav.SymbolNotFoundError):
        await TradingViewProvider(server.url).start_live_feed(["NSE:NOPE"], print)


async def test_open_interest_for_the_original_page(server: bhav.Server) -> None:
    data = await TrendlyneProvider(server.url).get_oi_data("NIFTY")
    assert data["pcr"] > 0 and data["mode"] == "simulated"
    assert {"strike", "ce_oi", "pe_oi", "ce_change", "pe_change", "ce_ltp", "pe_ltp"} == set(data["strikes"][0])


def test_the_provider_is_chosen_by_use_mock_data(server: bhav.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for value, kind in (("true", MockDB), ("false", DataProvider)):
        monkeypatch.setenv("USE_MOCK_DATA", value)
        assert isinstance(guide.provider(server.url), kind)
    monkeypatch.setenv("USE_MOCK_DATA", "maybe")
    with pytest.raises(ValueError):
        guide.provider()


async def test_collections_keep_documents(server: bhav.Server) -> None:
    accounts = MockDB(server.url).accounts
    assert await accounts.find_one({"id": 1}) is None
    await accounts.update_one({"id": 1}, {"$set": {"balance": 5}}, upsert=True)
    await accounts.insert_one({"id": 2, "balance": 7})
    found = await accounts.find_one({"id": 2})
    assert found == {"id": 2, "balance": 7}
    await accounts.update_one({"id": 2}, {"$set": {"balance": 8}})
    await accounts.update_one({"id": 3}, {"$set": {"balance": 9}})
    assert [each["balance"] for each in await accounts.find()] == [5, 8]


@pytest.mark.parametrize("kind", [MockDB, TradingViewProvider, TrendlyneProvider])
def test_the_providers_are_data_providers(kind: type, server: bhav.Server) -> None:
    assert isinstance(kind(server.url), DataProvider)
