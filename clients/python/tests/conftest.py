"""Servers for the tests: one of the mock market, and one that uses `bhav simulate` as if it were the real sources."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bhav
from bhav.process import Process, find_program

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The test that waits for a bar runs last, when much of its minute is over."""
    items.sort(key=lambda item: item.get_closest_marker("minute") is not None)


@pytest.fixture(scope="session")
def server() -> Iterator[bhav.Server]:
    """A server of the mock market."""
    with bhav.serve(mock=True, timeout=60) as server:
        yield server


@pytest.fixture
def client(server: bhav.Server) -> bhav.Client:
    return server.client


class Simulated:
    """`bhav simulate`, and a server whose sources it plays. The exchange's hours: nothing moves on a Sunday."""

    def __init__(self, folder: Path) -> None:
        self.simulator = Process([find_program(), "simulate", "--port", "0"], {})
        pattern = re.compile(r"^TRADINGVIEW_URL=ws://(127\.0\.0\.1:\d+)$")
        self.address = self.simulator.wait_for(self.simulator.output, pattern, 60).group(1)
        names = ("TRADINGVIEW_WEB_URL", "TRADINGVIEW_SEARCH_URL", "TRADINGVIEW_SCANNER_URL", "TRENDLYNE_URL")
        env = {name: f"http://{self.address}" for name in (*names, "NSE_URL", "NSE_ARCHIVES_URL")}
        self.server = bhav.serve(env={**env, "TRADINGVIEW_URL": f"ws://{self.address}"}, data=folder, timeout=60)

    def stop(self) -> None:
        self.server.stop()
        self.simulator.stop()


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    simulated = Simulated(tmp_path_factory.mktemp("store"))
    yield simulated
    simulated.stop()


@pytest.fixture
def environment(server: bhav.Server) -> dict[str, str]:
    """The environment of a script that should use the mock market."""
    return {**os.environ, "BHAV_URL": server.url, "PYTHONWARNINGS": "ignore", "PYTHON": sys.executable}
