"""The stream: its state without a connection, and its connections against a server that misbehaves."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.sync.server import ServerConnection, serve

import bhav
from bhav.streaming import AsyncStream, Stream
from bhav.subscriptions import StreamState, subscriptions

BARS = "bars NSE:NIFTY 1m"


def bar(time: int, final: bool = True, close: float = 1.5) -> dict[str, Any]:
    return {"time": time, "open": 1, "high": 2, "low": 0.5, "close": close, "volume": None, "final": final}


def snapshot(*bars: dict[str, Any], seq: int = 0) -> dict[str, Any]:
    return {"type": "snapshot", "id": BARS, "seq": seq, "symbol": "NSE:NIFTY", "interval": "1m", "bars": list(bars)}


def live(bar: dict[str, Any], seq: int) -> dict[str, Any]:
    return {"type": "bar", "id": BARS, "seq": seq, "bar": bar}


def state(**wanted: Any) -> StreamState:
    given: dict[str, Any] = {"quotes": (), "bars": (), "open_interest": (), "count": 300, **wanted}
    return StreamState(subscriptions(**given))


def times(events: list[bhav.Event]) -> list[int]:
    return [int(event.bar.time.timestamp()) for event in events if isinstance(event, bhav.BarEvent)]


def test_requests_the_wanted_subscriptions() -> None:
    messages = state(quotes="NIFTY", bars=[("NSE:NIFTY", "1m"), ("NSE:TCS", "5m")], open_interest=["NIFTY"]).connected()
    assert [(each["type"], each["channel"]) for each in messages] == [
        ("subscribe", "quotes"), ("subscribe", "bars"), ("subscribe", "bars"), ("subscribe", "open-interest"),
    ]  # fmt: skip
    assert messages[0]["symbols"] == ["NIFTY"]
    assert len({each["id"] for each in messages}) == 4


def test_nothing_to_stream_is_an_error() -> None:
    with pytest.raises(ValueError):
        state()


def test_quotes_are_merged() -> None:
    stream = state(quotes=["NSE:NIFTY"])
    list(
        stream.receive(
            {"type": "snapshot", "id": "quotes", "seq": 0, "quotes": [{"symbol": "NSE:NIFTY", "last": 1, "bid": 2}]}
        )
    )
    change = {"type": "quote", "id": "quotes", "seq": 1, "quote": {"symbol": "NSE:NIFTY", "last": 3, "lastTime": 9}}
    [event] = stream.receive(change)
    assert isinstance(event, bhav.QuoteEvent)
    assert event.quote == {"symbol": "NSE:NIFTY", "last": 3, "bid": 2, "lastTime": 9}
    assert event.changed == {"last", "lastTime"}


def test_bars_that_closed_while_disconnected_come_after_the_new_snapshot() -> None:
    stream = state(bars=("NSE:NIFTY", "1m"))
    list(stream.receive(snapshot(bar(60), bar(120, final=False))))
    stream.connected()
    events = list(stream.receive(snapshot(bar(60), bar(120), bar(180), bar(240, final=False))))
    assert isinstance(events[0], bhav.SnapshotEvent)
    assert times(events) == [120, 180, 240]
    assert not any(isinstance(event, bhav.GapEvent) for event in events)


def test_what_a_new_snapshot_does_not_reach_back_to_is_a_gap() -> None:
    stream = state(bars=("NSE:NIFTY", "1m"))
    list(stream.receive(snapshot(bar(60))))
    stream.connected()
    gaps = [event for event in stream.receive(snapshot(bar(600), bar(660))) if isinstance(event, bhav.GapEvent)]
    assert [(gap.start.timestamp(), gap.end.timestamp()) for gap in gaps] == [(60, 600)]


def test_a_missing_message_is_noticed() -> None:
    stream = state(bars=("NSE:NIFTY", "1m"))
    list(stream.receive(snapshot(bar(60))))
    with pytest.raises(bhav.InvalidResponseError):
        list(stream.receive(live(bar(120), seq=2)))


def test_gaps_and_repairs_are_events() -> None:
    stream = state(bars=("NSE:NIFTY", "1m"))
    list(stream.receive(snapshot(bar(60))))
    [gap] = stream.receive({"type": "gap", "id": BARS, "seq": 1, "from": 120, "to": 240})
    [repaired] = stream.receive(
        {"type": "repaired", "id": BARS, "seq": 2, "from": 120, "to": 240, "bars": [bar(120), bar(180)]}
    )
    assert isinstance(gap, bhav.GapEvent) and gap.start.timestamp() == 120
    assert isinstance(repaired, bhav.RepairedEvent) and len(repaired.bars) == 2


def test_one_symbol_that_fails_ends_nothing() -> None:
    stream = state(quotes=["NSE:NIFTY", "NSE:NOPE"])
    error = {"code": "symbol_not_found", "message": "no", "retryable": False}
    [event] = stream.receive({"type": "error", "id": "quotes", "seq": 0, "symbol": "NSE:NOPE", "error": error})
    assert isinstance(event, bhav.FailureEvent) and event.symbol == "NSE:NOPE"
    assert not stream.ended


def test_symbols_without_a_quote_are_failures() -> None:
    stream = state(quotes=["NSE:NOPE"])
    refusal = {"symbol": "NSE:NOPE", "error": {"code": "symbol_not_found", "message": "no", "retryable": False}}
    events = list(stream.receive({"type": "snapshot", "id": "quotes", "seq": 0, "quotes": [], "errors": [refusal]}))
    assert [type(event) for event in events] == [bhav.SnapshotEvent, bhav.FailureEvent]
    list(stream.receive({"type": "ended", "id": "quotes", "seq": 1}))
    assert stream.ended and isinstance(stream.error, bhav.SymbolNotFoundError)


def test_a_permanent_error_ends_its_subscription() -> None:
    stream = state(bars=[("NSE:NIFTY", "1m"), ("NSE:NOPE", "1m")])
    error = {"code": "symbol_not_found", "message": "no", "retryable": False}
    list(stream.receive({"type": "error", "id": "bars NSE:NOPE 1m", "seq": 0, "error": error}))
    assert not stream.ended
    assert [each["symbol"] for each in stream.connected()] == ["NSE:NIFTY"]
    list(stream.receive({"type": "ended", "id": BARS, "seq": 0}))
    assert stream.ended


@contextmanager
def server(*connections: Callable[[ServerConnection], None]) -> Iterator[str]:
    """A server whose connections go as scripted, one after another; further ones stay silent."""
    left = list(connections)

    def handle(connection: ServerConnection) -> None:
        connection.recv()
        if left:
            left.pop(0)(connection)
        else:
            for _ in connection:
                pass

    with serve(handle, "127.0.0.1", 0) as listener:
        thread = threading.Thread(target=listener.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.socket.getsockname()[1]}"
        listener.shutdown()


def send(*messages: Any) -> Callable[[ServerConnection], None]:
    def handle(connection: ServerConnection) -> None:
        for message in messages:
            connection.send(message if isinstance(message, str) else json.dumps(message))

    return handle


def wanted() -> Any:
    return subscriptions((), ("NSE:NIFTY", "1m"), (), 300)


FIRST = send(snapshot(bar(60)), live(bar(120, final=False), 1))
SECOND = send(snapshot(bar(60), bar(120), bar(180)), live(bar(240), 1))


@pytest.mark.parametrize(
    "second",
    [
        SECOND,
        send("not json"),
        send(snapshot(), live(bar(1), 5)),
        send({"type": "bar", "id": BARS, "seq": 0, "bar": {}}),
    ],
)
def test_reconnects_and_loses_no_bar(second: Callable[[ServerConnection], None]) -> None:
    with server(FIRST, second, SECOND) as url, Stream(url, None, wanted()) as stream:
        events: list[bhav.Event] = []
        for event in stream:
            events.append(event)
            if times(events)[-1:] == [240]:
                break
    assert times(events)[:1] == [120]
    assert times(events)[-3:] == [120, 180, 240]
    assert any(isinstance(event, bhav.ReconnectingEvent) for event in events)


async def test_the_async_stream_does_the_same() -> None:
    with server(FIRST, SECOND) as url:
        events: list[bhav.Event] = []
        async with AsyncStream(url, None, wanted()) as stream:
            async for event in stream:
                events.append(event)
                if times(events)[-1:] == [240]:
                    break
    assert times(events) == [120, 120, 180, 240]


def test_a_permanent_error_is_raised_when_nothing_else_is_followed() -> None:
    error = {"code": "symbol_not_found", "message": "no such symbol", "retryable": False}
    with server(send({"type": "error", "id": BARS, "seq": 0, "error": error})) as url:
        stream = Stream(url, None, wanted())
        with pytest.raises(bhav.SymbolNotFoundError):
            list(stream)


def test_no_server_is_an_error_at_once() -> None:
    with pytest.raises(bhav.ConnectionFailedError, match="bhav serve"):
        next(iter(Stream("http://127.0.0.1:9", None, wanted())))


def test_close_from_another_thread_ends_the_iteration() -> None:
    with server(send(snapshot(bar(60)))) as url:
        stream = Stream(url, None, wanted())
        assert isinstance(next(stream), bhav.SnapshotEvent)
        threading.Timer(0.2, stream.close).start()
        assert all(isinstance(event, bhav.ReconnectingEvent) for event in stream)


async def test_aclose_ends_the_wait_for_a_reconnection() -> None:
    stream = AsyncStream("http://127.0.0.1:9", None, wanted())
    stream._shared.connected_once = True
    assert isinstance(await stream.__anext__(), bhav.ReconnectingEvent)
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(stream.__anext__(), 5)
