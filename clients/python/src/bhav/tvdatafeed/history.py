"""`TvDatafeed`: history and search as tvDatafeed 2.1.0 returns them."""

from __future__ import annotations

import asyncio
import datetime as dt
import enum
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ..client import Client
from ..errors import BhavError
from ..responses import Bars

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger(__name__)

COLUMNS = ("open", "high", "low", "close", "volume")
CONTINUOUS = re.compile(r"(.+?)\d+!")


class Interval(enum.Enum):
    """The lengths of a bar, with TradingView's spelling as value."""

    in_1_minute = "1"
    in_3_minute = "3"
    in_5_minute = "5"
    in_15_minute = "15"
    in_30_minute = "30"
    in_45_minute = "45"
    in_1_hour = "1H"
    in_2_hour = "2H"
    in_3_hour = "3H"
    in_4_hour = "4H"
    in_daily = "1D"
    in_weekly = "1W"
    in_monthly = "1M"

    @property
    def bhav(self) -> str:
        """The spelling of a Bhav server."""
        text = self.value
        return text.replace("H", "h").replace("D", "d").replace("W", "w") if text[-1].isalpha() else f"{text}m"


class TvDatafeed:
    """History and search.

    A user name and a password are accepted and ignored: the server signs in (TV_SESSION_ID, TV_USERNAME and their
    like in its environment). `url` and `api_key` default to BHAV_URL and BHAV_API_KEY. `utc=True` gives a zone-aware
    UTC index, as tvdatafeed-enhanced does, in place of naive local time.
    """

    def __init__(
        self,
        username: str | None = None,
        password: str | None = None,
        *_ignored: Any,
        url: str | None = None,
        api_key: str | None = None,
        utc: bool = False,
        **_options: Any,
    ) -> None:
        self.ws_debug = False
        self._utc = utc
        self._client = Client(url, api_key, warn=False)
        if username or password:
            logger.info("the Bhav server at %s signs in; user name and password are ignored here", self._client.url)

    def get_hist(
        self,
        symbol: str,
        exchange: str = "NSE",
        interval: Interval = Interval.in_daily,
        n_bars: int = 10,
        fut_contract: int | None = None,
        extended_session: bool = False,
    ) -> pd.DataFrame | None:
        """Returns the newest bars, with the index `datetime` and a column `symbol` before OHLCV; None on failure."""
        name = self._format_symbol(symbol, exchange, fut_contract)
        try:
            bars = self._client.bars(name, interval.bhav, n_bars, session="extended" if extended_session else "regular")
        except BhavError as error:
            logger.error("%s: no data: %s (%s)", name, error, error.code)
            return None
        if len(bars) == 0:
            logger.error("%s: no data: the server returned no bars", name)
            return None
        for warning in bars.warnings():
            logger.warning("%s", warning)
        return frame(bars, name, utc=self._utc)

    def get_hist_multi(
        self,
        symbols: list[str] | str,
        exchange: str = "NSE",
        interval: Interval = Interval.in_daily,
        n_bars: int = 10,
        dataFrame: bool = True,
        fut_contract: int | None = None,
        extended_session: bool = False,
        max_concurrent: int = 20,
    ) -> Any:
        """Returns the history of each symbol, a dict; of one symbol its history, as tvdatafeed-enhanced 2.2 does.

        `dataFrame=False` gives rows of Unix time, open, high, low, close, volume.
        """

        def history(symbol: str) -> Any:
            bars = TvDatafeed.get_hist(self, symbol, exchange, interval, n_bars, fut_contract, extended_session)
            return bars if dataFrame or bars is None else _rows(bars)

        if isinstance(symbols, str):
            return history(symbols)
        with ThreadPoolExecutor(max(1, min(max_concurrent, 20))) as pool:
            return dict(zip(symbols, pool.map(history, symbols), strict=True))

    async def get_hist_async(self, symbols: list[str], *args: Any, **options: Any) -> Any:
        """Returns the same as get_hist_multi, without blocking the event loop."""
        return await asyncio.to_thread(self.get_hist_multi, symbols, *args, **options)

    def search_symbol(self, text: str, exchange: str = "") -> list[dict[str, Any]]:
        """Returns the symbols that match, as dicts with `symbol`, `exchange`, `description`, `type` and more.

        Continuous futures have the symbol that `get_hist` takes beside `fut_contract`, and are listed in `contracts`.
        """
        try:
            found = self._client.search(text, exchange=exchange or None)
        except BhavError as error:
            logger.error("search for %r failed: %s (%s)", text, error, error.code)
            return []
        results = []
        futures: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in found:
            market, _, ticker = str(row["symbol"]).partition(":")
            result = {**row, "symbol": ticker, "exchange": market, "currency_code": row.get("currency")}
            continuous = CONTINUOUS.fullmatch(ticker) if row.get("type") == "futures" else None
            if continuous:
                contract = {"symbol": ticker, "description": row.get("description")}
                key = market, continuous[1]
                if key in futures:
                    futures[key].append(contract)
                    continue
                futures[key] = [contract]
                result |= {"symbol": continuous[1], "contracts": futures[key]}
            results.append(result)
        return results

    @staticmethod
    def _format_symbol(symbol: str, exchange: str, contract: int | None = None) -> str:
        if ":" in symbol:
            return symbol
        if contract is None:
            return f"{exchange}:{symbol}"
        if isinstance(contract, int):
            return f"{exchange}:{symbol}{contract}!"
        raise ValueError("not a valid contract")


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    # A naive pandas.Timestamp counts as UTC; a naive datetime is local, as the index is.
    times = [int(time.to_pydatetime().timestamp()) for time in frame.index]
    values = frame[list(COLUMNS)].to_numpy().tolist()
    return [[time, *row] for time, row in zip(times, values, strict=True)]


def frame(bars: Bars, symbol: str, *, utc: bool = False) -> pd.DataFrame:
    """Returns the bars as tvDatafeed shapes them. A volume that does not exist is 0.0 there."""
    import pandas as pd

    columns = bars.table.columns
    zone = dt.timezone.utc if utc else None
    data: dict[str, Any] = {"datetime": [dt.datetime.fromtimestamp(time, tz=zone) for time in columns["time"]]}
    for name in COLUMNS:
        data[name] = [0.0 if value is None else float(value) for value in columns[name]]
    result = pd.DataFrame(data, columns=["datetime", *COLUMNS]).set_index("datetime")
    result.insert(0, "symbol", value=symbol)
    result.attrs.update(bars.metadata())
    return result
