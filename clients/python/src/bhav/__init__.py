"""Market data from a Bhav server: bars, quotes, open interest and put-call ratios, with where each number comes from.

import bhav

frame = bhav.Client().bars("NIFTY", "5m", 300).to_pandas()
"""

from .async_client import AsyncClient
from .client import Client
from .errors import (
    BadRequestError,
    BhavError,
    BhavWarning,
    ConnectionFailedError,
    DelayedWarning,
    ExpiryNotListedError,
    IncompleteWarning,
    InvalidResponseError,
    NeverTradedError,
    NoDataForTimeError,
    NotEntitledError,
    NotSupportedError,
    OverloadedError,
    ProgramNotFoundError,
    SignInRefusedError,
    SimulatedWarning,
    SymbolNotFoundError,
    ThrottledError,
    TooLargeError,
    UnauthorizedError,
    UnknownIntervalError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
    UpstreamUnreadableError,
)
from .process import Server, serve
from .provenance import Gap, Provenance
from .responses import (
    Bars,
    ContractHistory,
    Coverage,
    Expiries,
    OpenInterest,
    OpenInterestHistory,
    OptionChain,
    PutCallRatio,
    Quotes,
    Response,
    Status,
    Symbols,
)
from .streaming import AsyncStream, Stream
from .subscriptions import (
    Bar,
    BarEvent,
    Event,
    FailureEvent,
    GapEvent,
    LaggedEvent,
    QuoteEvent,
    ReconnectingEvent,
    RepairedEvent,
    SnapshotEvent,
    StatusEvent,
)

__version__ = "0.1.0"

Answer = Response
"""The former name of `Response`."""

__all__ = [
    "Answer", "AsyncClient", "AsyncStream", "BadRequestError", "Bar", "BarEvent", "Bars", "BhavError", "BhavWarning",
    "Client", "ConnectionFailedError", "ContractHistory", "Coverage", "DelayedWarning", "Event", "Expiries",
    "ExpiryNotListedError", "FailureEvent", "Gap", "GapEvent", "IncompleteWarning", "InvalidResponseError",
    "LaggedEvent", "NeverTradedError", "NoDataForTimeError", "NotEntitledError", "NotSupportedError", "OpenInterest",
    "OpenInterestHistory", "OptionChain", "OverloadedError", "ProgramNotFoundError", "Provenance", "PutCallRatio",
    "QuoteEvent", "Quotes", "ReconnectingEvent", "RepairedEvent", "Response", "Server", "SignInRefusedError",
    "SimulatedWarning", "SnapshotEvent", "Status", "StatusEvent", "Stream", "SymbolNotFoundError", "Symbols",
    "ThrottledError", "TooLargeError", "UnauthorizedError", "UnknownIntervalError", "UpstreamTimeoutError",
    "UpstreamUnavailableError", "UpstreamUnreadableError", "serve",
]  # fmt: skip
