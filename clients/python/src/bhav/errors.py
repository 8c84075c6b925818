"""Exceptions, one per error code of the server, and warnings about results that need care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class BhavError(Exception):
    """A request that failed. Subclasses correspond to the server's error codes; switch on the class or on `code`."""

    default_code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        source: str | None = None,
        retryable: bool = False,
        suggestions: Sequence[str] = (),
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        """The server's error code, such as `symbol_not_found`."""
        self.source = source
        """The upstream that failed; None where the request itself was at fault."""
        self.retryable = retryable
        """Whether the same request may succeed later."""
        self.suggestions = list(suggestions)
        """Values that may have been meant, such as symbols."""
        self.status = status
        """The HTTP status; None for an error inside a stream."""
        self.retry_after = retry_after
        """Seconds to wait before the next attempt, where the server says so."""

    def __str__(self) -> str:
        if not self.suggestions:
            return self.message
        return f"{self.message} (did you mean {', '.join(self.suggestions)}?)"

    @classmethod
    def from_json(
        cls, error: Mapping[str, Any], *, status: int | None = None, retry_after: float | None = None
    ) -> BhavError:
        """Returns the exception for the value of `error` in a response."""
        code = str(error.get("code") or cls.default_code)
        kind = _BY_CODE.get(code, BhavError)
        return kind(
            str(error.get("message") or code),
            code=code,
            source=error.get("source"),
            retryable=bool(error.get("retryable")),
            suggestions=[str(each) for each in error.get("suggestions") or ()],
            status=status,
            retry_after=retry_after,
        )


class BadRequestError(BhavError):
    """The request is invalid."""

    default_code = "bad_request"


class UnknownIntervalError(BadRequestError):
    """The interval is not one that the server knows."""

    default_code = "unknown_interval"


class SymbolNotFoundError(BhavError):
    """No such symbol; `suggestions` may name the one that was meant."""

    default_code = "symbol_not_found"


class NeverTradedError(BhavError):
    """The instrument exists and has never traded."""

    default_code = "never_traded"


class NotEntitledError(BhavError):
    """The account at the source may not see this data."""

    default_code = "not_entitled"


class SignInRefusedError(BhavError):
    """The source refused the sign-in."""

    default_code = "sign_in_refused"


class ThrottledError(BhavError):
    """The source or the server limits requests; see `retry_after`."""

    default_code = "throttled"


class UpstreamUnavailableError(BhavError):
    """The source cannot be reached."""

    default_code = "upstream_unavailable"


class UpstreamTimeoutError(BhavError):
    """The source did not respond in time."""

    default_code = "upstream_timeout"


class UpstreamUnreadableError(BhavError):
    """The source returned invalid data."""

    default_code = "upstream_unreadable"


class ExpiryNotListedError(BhavError):
    """No contract expires on that day; `suggestions` may name days that have one."""

    default_code = "expiry_not_listed"


class NoDataForTimeError(BhavError):
    """No data exist for the requested time."""

    default_code = "no_data_for_time"


class NotSupportedError(BhavError):
    """The server or the source does not offer this."""

    default_code = "not_supported"


class UnauthorizedError(BhavError):
    """The server needs an API key, or refuses the one given."""

    default_code = "unauthorized"


class TooLargeError(BhavError):
    """The request exceeds what one response may hold."""

    default_code = "too_large"


class OverloadedError(BhavError):
    """The server has too much to do; try again later."""

    default_code = "overloaded"


class ConnectionFailedError(BhavError):
    """No Bhav server is at this address."""

    default_code = "connection_failed"


class InvalidResponseError(BhavError):
    """The response is not one of a Bhav server."""

    default_code = "invalid_response"


class ProgramNotFoundError(BhavError):
    """The program `bhav` is not installed, or did not start."""

    default_code = "program_not_found"


_BY_CODE: dict[str, type[BhavError]] = {
    kind.default_code: kind
    for kind in (
        BadRequestError,
        UnknownIntervalError,
        SymbolNotFoundError,
        NeverTradedError,
        NotEntitledError,
        SignInRefusedError,
        ThrottledError,
        UpstreamUnavailableError,
        UpstreamTimeoutError,
        UpstreamUnreadableError,
        ExpiryNotListedError,
        NoDataForTimeError,
        NotSupportedError,
        UnauthorizedError,
        TooLargeError,
        OverloadedError,
    )
}


class BhavWarning(UserWarning):
    """A result that needs care."""


class IncompleteWarning(BhavWarning):
    """The result is incomplete."""


class DelayedWarning(BhavWarning):
    """The numbers are older than they look."""


class SimulatedWarning(BhavWarning):
    """The numbers come from the mock market, or from a simulated source."""
