#!/usr/bin/env python3
"""Tests `bhav mcp` with the official Python client of the Model Context Protocol.

    python3 -m venv /tmp/mcp && /tmp/mcp/bin/pip install mcp
    /tmp/mcp/bin/python Tests/mcp/check.py .build/debug/bhav

Lists the tools, calls each of them on the mock market, and sends forty calls at a time.
"""

import asyncio
import json
import sys
import tempfile

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
# Without a store there is no coverage, and the error says so.
REFUSED = {"get_coverage": "not_supported"}


def is_error(result) -> bool:
    """Whether a call failed: the client's releases spell the field differently."""
    return bool(getattr(result, "is_error", None) or getattr(result, "isError", None))


async def check(program: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = StdioServerParameters(command=program, args=["mcp", "--mock"], env={"BHAV_DATA": folder})
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            names = {tool.name for tool in (await session.list_tools()).tools}
            assert names == set(CALLS), names
            for name, arguments in CALLS.items():
                result = await session.call_tool(name, arguments)
                body = json.loads(result.content[0].text)
                code = body.get("error", {}).get("code")
                assert is_error(result) == (name in REFUSED) and code == REFUSED.get(name), (name, body)
                print(f"{name}: {code or 'ok'}, {len(result.content[0].text)} characters")
            mistaken = await session.call_tool("get_bars", {"symbol": "NIFTTY"})
            error = json.loads(mistaken.content[0].text)["error"]
            assert is_error(mistaken) and error["suggestions"], error
            counts = range(1, 41)
            many = await asyncio.gather(
                *[session.call_tool("get_bars", {"symbol": "NIFTY", "count": count}) for count in counts]
            )
            assert [len(json.loads(result.content[0].text)["bars"]) for result in many] == list(counts)
            await session.send_ping()
    print("mcp: every tool works")


asyncio.run(check(sys.argv[1]))
