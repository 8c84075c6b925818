"""The drop-in for tvDatafeed: its semantics, and its frames beside those of tvDatafeed itself."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import inspect
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bhav
from bhav.subscriptions import Bar
from bhav.tvdatafeed import Consumer, Interval, Seis, TvDatafeed, TvDatafeedLive
from bhav.tvdatafeed.live import ClosedBars
from conftest import Simulated

INTERVALS = ("1m", "3m", "5m", "15m", "30m", "45m", "1h", "2h", "3h", "4h", "1d", "1w", "1M")
COLUMNS = ["symbol", "open", "high", "low", "close", "volume"]


def test_the_members_of_interval() -> None:
    assert {each.name: each.value for each in Interval} == {
        "in_1_minute": "1", "in_3_minute": "3", "in_5_minute": "5", "in_15_minute": "15", "in_30_minute": "30",
        "in_45_minute": "45", "in_1_hour": "1H", "in_2_hour": "2H", "in_3_hour": "3H", "in_4_hour": "4H",
        "in_daily": "1D", "in_weekly": "1W", "in_monthly": "1M",
    }  # fmt: skip
    assert [each.bhav for each in Interval] == [*INTERVALS]


def test_the_signature_of_get_hist() -> None:
    parameters = inspect.signature(TvDatafeed.get_hist).parameters
    assert [(name, each.default) for name, each in parameters.items()][2:] == [
        ("exchange", "NSE"), ("interval", Interval.in_daily), ("n_bars", 10), ("fut_contract", None),
        ("extended_session", False),
    ]  # fmt: skip
    assert list(inspect.signature(TvDatafeedLive.get_hist).parameters)[-1] == "timeout"


def test_symbols_are_put_together_as_tvdatafeed_does() -> None:
    assert TvDatafeed._format_symbol("NIFTY", "NSE") == "NSE:NIFTY"
    assert TvDatafeed._format_symbol("NIFTY", "NSE", 2) == "NSE:NIFTY2!"
    assert TvDatafeed._format_symbol("MCX:GOLD", "NSE", 2) == "MCX:GOLD"
    with pytest.raises(ValueError):
        TvDatafeed._format_symbol("NIFTY", "NSE", "1")  # type: ignore[arg-type]


def test_history_is_naive_local_time(server: bhav.Server) -> None:
    frame = TvDatafeed("user", "password", url=server.url).get_hist("NIFTY", interval=Interval.in_5_minute, n_bars=7)
    assert frame is not None
    assert list(frame.columns) == COLUMNS
    assert frame.index.name == "datetime"
    assert frame.index.tz is None
    assert len(frame) == 7
    assert set(frame["symbol"]) == {"NSE:NIFTY"}
    step = time.time() - frame.index[-1].to_pydatetime().timestamp()
    assert -1 <= step <= 301


def test_many_symbols_at_once_as_tvdatafeed_enhanced_has_them(server: bhav.Server) -> None:
    tv = TvDatafeed(url=server.url)
    frames = tv.get_hist_multi(["NIFTY", "BANKNIFTY", "NOPE"], n_bars=5)
    assert {name: None if frame is None else len(frame) for name, frame in frames.items()} == {
        "NIFTY": 5, "BANKNIFTY": 5, "NOPE": None,
    }  # fmt: skip
    rows = tv.get_hist_multi("NIFTY", n_bars=2, dataFrame=False)
    assert [row[0] for row in rows] == [int(time.timestamp()) for time in frames["NIFTY"].index[-2:].to_pydatetime()]
    assert rows[0][1:] == frames["NIFTY"].iloc[-2][COLUMNS[1:]].tolist()
    assert len(asyncio.run(tv.get_hist_async(["NIFTY"], "NSE", n_bars=3))["NIFTY"]) == 3


def test_a_failure_is_none_with_the_reason_in_the_log(server: bhav.Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert TvDatafeed(url=server.url).get_hist("NOPE") is None
        assert TvDatafeed(url="http://127.0.0.1:9").search_symbol("NIFTY") == []
    assert "symbol_not_found" in caplog.text
    assert "connection_failed" in caplog.text


def test_search_finds_symbols_by_exchange(server: bhav.Server) -> None:
    found = TvDatafeed(url=server.url).search_symbol("NIFTY", "NSE")
    assert {"symbol": "NIFTY", "exchange": "NSE", "type": "index"}.items() <= found[0].items()
    assert all("<em>" not in str(value) for each in found for value in each.values())


def real_tvdatafeed(address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """tvdatafeed-enhanced 2.2.1, unmodified; its sockets and its search are led to the simulator."""
    if importlib.util.find_spec("tvDatafeed") is None:
        pytest.skip("tvdatafeed-enhanced is not installed")
    import tvDatafeed
    import tvDatafeed.main as theirs

    connect, get = theirs.create_connection, theirs.requests.get
    monkeypatch.setattr(
        theirs, "create_connection",
        lambda url, **options: connect(url.replace("wss://data.tradingview.com", f"ws://{address}"), **options),
    )  # fmt: skip
    monkeypatch.setattr(
        theirs.requests, "get",
        lambda url, **options: get(
            url.replace("https://symbol-search.tradingview.com", f"http://{address}"), **options),
    )  # fmt: skip
    return tvDatafeed


@pytest.mark.parametrize(
    "request_of",
    [
        {"symbol": "NIFTY", "exchange": "NSE", "interval": "in_1_hour", "n_bars": 1000},
        {"symbol": "NIFTY", "exchange": "NSE", "interval": "in_1_hour", "n_bars": 1000, "fut_contract": 1},
        {"symbol": "TCS", "exchange": "NSE", "interval": "in_1_hour", "n_bars": 500, "extended_session": False},
        {"symbol": "TCS", "exchange": "NSE", "interval": "in_5_minute", "n_bars": 300, "extended_session": True},
        {"symbol": "EICHERMOT", "exchange": "NSE", "interval": "in_1_hour", "n_bars": 500, "extended_session": False},
        {"symbol": "CRUDEOIL", "exchange": "MCX", "interval": "in_1_hour", "n_bars": 5000, "fut_contract": 1},
        {"symbol": "NIFTY", "exchange": "NSE", "interval": "in_1_minute", "n_bars": 5000},
        {"symbol": "NIFTY", "exchange": "NSE", "interval": "in_45_minute", "n_bars": 50},
        {"symbol": "BANKNIFTY", "exchange": "NSE", "interval": "in_daily", "n_bars": 250},
        {"symbol": "NIFTY", "exchange": "NSE", "interval": "in_weekly", "n_bars": 30},
        {"symbol": "NIFTY", "exchange": "NSE", "interval": "in_monthly", "n_bars": 12},
        {"symbol": "INDIAVIX", "exchange": "NSE", "interval": "in_15_minute", "n_bars": 10},
    ],
    ids=lambda each: "-".join(str(value) for value in each.values()),
)
def test_frames_equal_those_of_tvdatafeed(
    simulated: Simulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request_of: dict[str, Any]
) -> None:
    real = real_tvdatafeed(simulated.address, monkeypatch)
    interval = request_of["interval"]
    my_request = {**request_of, "interval": Interval[interval]}
    their_client = real.TvDatafeed(token_cache_file=tmp_path / "token")

    def ask_theirs() -> pd.DataFrame:
        frame = their_client.get_hist(**{**request_of, "interval": real.Interval[interval]})
        assert frame is not None
        return frame

    theirs = ask_theirs()
    # A bar may end between two requests. Frames are comparable if none ended between the first request and the last.
    for _ in range(3):
        earlier = theirs
        mine = TvDatafeed(url=simulated.server.url, utc=True).get_hist(**my_request)
        local = TvDatafeed(url=simulated.server.url).get_hist(**my_request)
        theirs = ask_theirs()
        if theirs.index[-1] == earlier.index[-1]:
            break
    assert mine is not None and local is not None
    assert len(mine) == request_of["n_bars"]
    mine.attrs = {}
    # The bar that is forming moves between the two requests; its own time and its open do not.
    pd.testing.assert_frame_equal(mine.iloc[:-1], theirs.iloc[:-1], check_freq=False)
    pd.testing.assert_frame_equal(mine.iloc[-1:][["symbol", "open"]], theirs.iloc[-1:][["symbol", "open"]])
    # Going back from local time would not do: an hour of it comes twice where clocks are set back.
    expected = [dt.datetime.fromtimestamp(stamp.timestamp()) for stamp in mine.index.to_pydatetime()]
    assert list(local.index.to_pydatetime()) == expected


def test_search_finds_what_tvdatafeed_finds(
    simulated: Simulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = real_tvdatafeed(simulated.address, monkeypatch)
    theirs = real.TvDatafeed(token_cache_file=tmp_path / "token").search_symbol("NIFTY", "NSE")
    mine = TvDatafeed(url=simulated.server.url).search_symbol("NIFTY", "NSE")
    assert isinstance(theirs, list)
    crude = TvDatafeed(url=simulated.server.url).search_symbol("CRUDE", "MCX")
    their_crude = real.TvDatafeed(token_cache_file=tmp_path / "token").search_symbol("CRUDE", "MCX")
    assert [each["symbol"] for each in crude] == [each["symbol"] for each in their_crude] == ["CRUDEOIL"]
    assert [each["symbol"] for each in crude[0]["contracts"]] == ["CRUDEOIL1!"]
    listed = {(each["symbol"], each["exchange"]) for each in theirs}
    assert {("NIFTY", "NSE"), ("BANKNIFTY", "NSE")} <= {(each["symbol"], each["exchange"]) for each in mine}
    assert listed <= {(each["symbol"], each["exchange"]) for each in mine} or not listed


README_SCRIPT = """
from tvDatafeed import TvDatafeed, Interval, TvDatafeedLive, Seis, Consumer
import tvDatafeed.main, sys
username = "YourTradingViewUsername"
password = "YourTradingViewPassword"
tv = TvDatafeed(username, password)
hour = Interval.in_1_hour
index = tv.get_hist(symbol="NIFTY", exchange="NSE", interval=hour, n_bars=1000)
futures = tv.get_hist(symbol="NIFTY", exchange="NSE", interval=hour, n_bars=1000, fut_contract=1)
crude = tv.get_hist(symbol="CRUDEOIL", exchange="MCX", interval=hour, n_bars=5000, fut_contract=1)
extended = tv.get_hist(symbol="EICHERMOT", exchange="NSE", interval=hour, n_bars=500, extended_session=False)
found = tv.search_symbol("CRUDE", "MCX")
print(len(index), futures["symbol"].iloc[0], len(crude), len(extended), found[0]["symbol"], sys.argv[1:], __name__)
"""


def test_a_script_of_tvdatafeeds_readme_runs_unchanged(environment: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(README_SCRIPT)
    command = [sys.executable, "-m", "bhav.tvdatafeed", script, "--flag", "x"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [
        "1000", "NSE:NIFTY1!", "5000", "500", "CRUDEOIL", "['--flag',", "'x']", "__main__",
    ]  # fmt: skip


def test_a_script_gets_a_server_of_its_own_where_none_runs(environment: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from tvDatafeed import TvDatafeed\nprint(len(TvDatafeed().get_hist('NIFTY')))\n")
    command = [sys.executable, "-m", "bhav.tvdatafeed", "--mock", script]
    run = subprocess.run(command, env={**environment, "BHAV_URL": ""}, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "10"
    assert "simulated" in run.stderr


def event_bar(minute: int, final: bool) -> bhav.BarEvent:
    return bhav.BarEvent("a", "NSE:NIFTY", "1m", Bar(bhav.provenance.utc(minute * 60), 1, 2, 0, 1, None, final))


def test_each_bar_closes_once_and_in_order() -> None:
    rows = [
        {"time": 60, "open": 1, "high": 1, "low": 1, "close": 1, "volume": None, "final": True},
        {"time": 120, "open": 1, "high": 1, "low": 1, "close": 1, "volume": None, "final": False},
    ]
    closed, found = ClosedBars(), []
    snapshot = bhav.SnapshotEvent("a", bhav.Bars({"symbol": "NSE:NIFTY", "interval": "1m", "bars": rows}))
    bar = event_bar(5, True).bar
    repaired = bhav.RepairedEvent("a", bar.time, bar.time, (event_bar(3, True).bar, bar))
    twice = [event_bar(2, True), event_bar(2, True)]
    later = [event_bar(3, True), event_bar(4, False), repaired, event_bar(5, True), event_bar(6, True)]
    for event in [snapshot, event_bar(1, True), event_bar(2, False), *twice, snapshot, *later]:
        found += [int(each.time.timestamp()) // 60 for each in closed.receive(event)]
    assert found == [2, 3, 5, 6]


def test_the_live_feeds_life(server: bhav.Server) -> None:
    live = TvDatafeedLive(url=server.url)
    with pytest.raises(ValueError):
        live.new_seis("NOPE", "NSE", Interval.in_1_minute)
    seis = live.new_seis("NIFTY", "NSE", Interval.in_1_minute)
    assert isinstance(seis, Seis)
    assert live.new_seis("NIFTY", "NSE", Interval.in_1_minute) is seis
    assert seis == Seis("NIFTY", "NSE", Interval.in_1_minute)
    consumer = seis.new_consumer(lambda *_: None)
    assert isinstance(consumer, Consumer) and consumer.is_alive()
    assert seis.get_consumers() == [consumer]
    frame = seis.get_hist(n_bars=3, timeout=5)
    assert isinstance(frame, pd.DataFrame) and len(frame) == 3
    assert consumer.del_consumer() is True
    consumer.join(5)
    assert not consumer.is_alive() and seis.get_consumers() == []
    other = live.new_consumer(seis, lambda *_: None)
    assert seis.del_seis() is True
    assert isinstance(other, Consumer)
    other.join(5)
    assert not other.is_alive()
    with pytest.raises(ValueError):
        live.del_seis(seis)
    with pytest.raises(ValueError):
        live.new_consumer(seis, lambda *_: None)
    with pytest.raises(NameError):
        seis.get_hist()
    live.del_tvdatafeed()


def test_a_busy_feed_gives_false_after_the_timeout(server: bhav.Server) -> None:
    live = TvDatafeedLive(url=server.url)
    outcome: list[Any] = []
    with live._lock:
        thread = threading.Thread(target=lambda: outcome.append(live.get_hist("NIFTY", timeout=1)))
        thread.start()
        thread.join(5)
    assert outcome == [False]


def test_a_callback_that_fails_ends_its_own_consumer_alone(
    server: bhav.Server, caplog: pytest.LogCaptureFixture
) -> None:
    live = TvDatafeedLive(url=server.url)
    seis = live.new_seis("NIFTY", "NSE", Interval.in_1_minute)
    assert isinstance(seis, Seis)
    seen: list[Any] = []

    def failing(_: Seis, __: pd.DataFrame) -> None:
        raise RuntimeError("no")

    bad, good = seis.new_consumer(failing), seis.new_consumer(lambda _, frame: seen.append(frame))
    assert isinstance(bad, Consumer) and isinstance(good, Consumer)
    live._deliver(seis, event_bar(1, True).bar)
    bad.join(5)
    assert not bad.is_alive() and good.is_alive()
    assert seis.get_consumers() == [good]
    live.del_tvdatafeed()
    good.join(5)
    assert len(seen) == 1 and list(seen[0].columns) == COLUMNS and len(seen[0]) == 1


@pytest.mark.minute
def test_a_consumer_gets_the_bar_that_closes(server: bhav.Server) -> None:
    live = TvDatafeedLive(url=server.url)
    seis = live.new_seis("NIFTY", "NSE", Interval.in_1_minute)
    assert isinstance(seis, Seis)
    bars: list[tuple[float, pd.DataFrame]] = []
    arrived = threading.Event()

    def callback(of: Seis, frame: pd.DataFrame) -> None:
        assert of is seis
        bars.append((time.time(), frame))
        arrived.set()

    started = time.time()
    seis.new_consumer(callback)
    assert arrived.wait(70)
    live.del_tvdatafeed()
    at, frame = bars[0]
    opened = frame.index[0].to_pydatetime().timestamp()
    assert opened == started // 60 * 60
    assert 60 <= at - opened < 66
    history = TvDatafeed(url=server.url).get_hist("NIFTY", interval=Interval.in_1_minute, n_bars=3)
    assert history is not None
    frame.attrs, history.attrs = {}, {}
    pd.testing.assert_frame_equal(frame, history.loc[frame.index], check_freq=False)


@pytest.mark.minute
def test_live_bars_equal_those_of_tvdatafeed(
    simulated: Simulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The live part of tvdatafeed-enhanced 2.2.1 does not run as it is.

    Its search is refused (403), it compares UTC with naive local time, and its locks refuse the default timeout. These
    are patched; the loop, the consumers and the bars are its own.
    """
    real = real_tvdatafeed(simulated.address, monkeypatch)
    monkeypatch.setattr(real.TvDatafeedLive, "_args_invalid", lambda *_: False)
    history = real.TvDatafeed.get_hist

    def naive(self: Any, *arguments: Any, **named: Any) -> Any:
        frame = history(self, *arguments, **named)
        local = [dt.datetime.fromtimestamp(stamp.timestamp()) for stamp in frame.index.to_pydatetime()]
        return frame.set_axis(pd.DatetimeIndex(local, name="datetime"))

    monkeypatch.setattr(real.TvDatafeed, "get_hist", naive)
    frames: dict[str, list[pd.DataFrame]] = {"theirs": [], "mine": []}
    arrived = {name: threading.Event() for name in frames}

    def consumer(name: str) -> Any:
        def callback(_: Any, frame: pd.DataFrame) -> None:
            frames[name].append(frame)
            arrived[name].set()

        return callback

    theirs = real.TvDatafeedLive(token_cache_file=tmp_path / "token")
    mine = TvDatafeedLive(url=simulated.server.url)
    # Where a minute is nearly over, the two would begin on different sides of its end.
    time.sleep(max(0.0, time.time() % 60 - 50))
    their_seis = theirs.new_seis("BANKNIFTY", "NSE", real.Interval.in_1_minute, timeout=30)
    my_seis = mine.new_seis("BANKNIFTY", "NSE", Interval.in_1_minute)
    assert isinstance(my_seis, Seis)
    theirs.new_consumer(their_seis, consumer("theirs"), timeout=30)
    my_seis.new_consumer(consumer("mine"))
    for event in arrived.values():
        assert event.wait(130)
    theirs.del_tvdatafeed()
    mine.del_tvdatafeed()
    both = {name: pd.concat(each) for name, each in frames.items()}
    shared = both["theirs"].index.intersection(both["mine"].index)
    assert len(shared) > 0, both
    left, right = both["mine"].loc[shared], both["theirs"].loc[shared]
    left.attrs, right.attrs = {}, {}
    pd.testing.assert_frame_equal(left, right, check_freq=False)
