#!/usr/bin/env python3
"""Tests `bhav mcp` with the official Python client of the Model Context Protocol.

    python3 -m venv /tmp/mcp && /tmp/mcp/bin/pip install mcp
    /tmp/mcp/bin/python Tests/mcp/check.py .build/debug/bhav

Lists the tools, calls each of them on the mock market and on simulated sources with a store, and sends forty calls at a
time.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

CALLS = {
    "search_symbols": {"query": "NIFTY"},
    "get_bars": {"symbol": "NIFTY", "interval": "5m", "count": 20},
    "get_quotes": {"symbols": ["NIFTY", "BANKNIFTY"]},
    "list_expiries": {"symbol": "NIFTY"},
    "get_open_interest": {"symbol": "NIFTY", "expiry": "next"},
    "get_option_chain": {"symbol": "NIFTY", "rate": 0.065},
    "get_put_call_ratio": {"symbol": "NIFTY"},
    "get_coverage": {"symbol": "NIFTY"},
    "get_status": {},
}
# Calls for what is past.
PAST = {
    "list_expiries": {"symbol": "NIFTY", "at": "yesterday"},
    "get_open_interest": {"symbol": "NIFTY", "at": "yesterday"},
    "get_option_chain": {"symbol": "NIFTY", "at": "yesterday"},
}
# Without a store there is no coverage, and the error says so.
REFUSED = {"get_coverage": "not_supported"}


def is_error(result) -> bool:
    """Whether a call failed: the client's releases spell the field differently."""
    return bool(getattr(result, "is_error", None) or getattr(result, "isError", None))


@contextlib.contextmanager
def simulated(program: str, folder: str) -> Iterator[dict[str, str]]:
    """The environment of simulated sources, with a store that has bars of them."""
    simulator = subprocess.Popen([program, "simulate", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert simulator.stdout is not None
        lines = [simulator.stdout.readline().strip() for _ in range(6)]
        sources = dict(line.split("=", 1) for line in lines if "=" in line)
        environment = {**sources, "BHAV_DATA": folder, "USE_MOCK_DATA": "false"}
        backfill = [program, "backfill", "NIFTY", "--interval", "1d", "--from", "60d"]
        subprocess.run(backfill, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
        yield environment
    finally:
        simulator.terminate()
        simulator.wait()


async def call_each(session: ClientSession, calls: dict, refused: dict[str, str]) -> None:
    for name, arguments in calls.items():
        result = await session.call_tool(name, arguments)
        body = json.loads(result.content[0].text)
        code = body.get("error", {}).get("code")
        assert is_error(result) == (name in refused) and code == refused.get(name), (name, body)
        print(f"{name}: {code or 'ok'}, {len(result.content[0].text)} characters")


@contextlib.asynccontextmanager
async def session_of(program: str, arguments: list[str], environment: dict[str, str]):
    server = StdioServerParameters(command=program, args=["mcp", *arguments], env=environment)
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


async def check_mock(program: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with session_of(program, ["--mock"], {"BHAV_DATA": folder}) as session:
            names = {tool.name for tool in (await session.list_tools()).tools}
            assert names == set(CALLS), names
            await call_each(session, CALLS, REFUSED)
            await call_each(session, PAST, {})
            mistaken = await session.call_tool("get_bars", {"symbol": "NIFTTY"})
            error = json.loads(mistaken.content[0].text)["error"]
            assert is_error(mistaken) and error["suggestions"], error
            counts = range(1, 41)
            many = await asyncio.gather(
                *[session.call_tool("get_bars", {"symbol": "NIFTY", "count": count}) for count in counts]
            )
            assert [len(json.loads(result.content[0].text)["bars"]) for result in many] == list(counts)
            await session.send_ping()


async def check_simulated(program: str) -> None:
    with tempfile.TemporaryDirectory() as folder, simulated(program, folder) as environment:
        async with session_of(program, [], environment) as session:
            await call_each(session, {**CALLS, "get_coverage": {"symbol": "NIFTY", "interval": "1d"}}, {})
            await call_each(session, PAST, {})


asyncio.run(check_mock(sys.argv[1]))
asyncio.run(check_simulated(sys.argv[1]))
print("mcp: every tool works")
