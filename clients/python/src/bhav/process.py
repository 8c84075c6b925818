"""Starts the program `bhav` for a notebook, a test or a script, and ends it."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from .async_client import AsyncClient
from .client import Client
from .errors import ProgramNotFoundError

_LISTENING = re.compile(r"on (https?://\S+:\d+)")


def find_program(program: str | os.PathLike[str] | None = None) -> str:
    """Returns the path of `bhav`: the argument, `BHAV_PROGRAM`, or what the shell finds.

    Raises ProgramNotFoundError.
    """
    wanted = os.fspath(program) if program else os.environ.get("BHAV_PROGRAM")
    if wanted:
        if found := shutil.which(wanted):
            return found
        raise ProgramNotFoundError(f"{wanted} is not a program")
    if found := shutil.which("bhav"):
        return found
    raise ProgramNotFoundError(
        "the program 'bhav' is not on the path; install it with 'make install', or name it in BHAV_PROGRAM"
    )


class Process:
    """A `bhav` program that runs beside this one."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        self.log: deque[str] = deque(maxlen=200)
        """The newest lines that the program wrote to standard error."""
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **environment},
        )
        self.output: deque[str] = deque(maxlen=200)
        """The newest lines of standard output."""
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines), daemon=True)
            for stream, lines in ((self._process.stdout, self.output), (self._process.stderr, self.log))
        ]
        for reader in self._readers:
            reader.start()
        atexit.register(self.stop)

    @staticmethod
    def _read(stream: object, lines: deque[str]) -> None:
        for line in stream:  # type: ignore[attr-defined]
            lines.append(line.rstrip("\n"))

    @property
    def running(self) -> bool:
        """Whether the program runs."""
        return self._process.poll() is None

    def wait_for(self, lines: deque[str], pattern: re.Pattern[str], timeout: float) -> re.Match[str]:
        """Returns the first match in the lines.

        Raises ProgramNotFoundError where the program ends or the time is over first.
        """
        deadline = time.monotonic() + timeout
        while True:
            ended = not self.running
            for line in list(lines):
                if match := pattern.search(line):
                    return match
            if ended or time.monotonic() > deadline:
                said = "\n".join(self.log) or "(it said nothing)"
                why = f"ended with {self._process.returncode}" if ended else f"did not start within {timeout:g} s"
                self.stop()
                raise ProgramNotFoundError(f"bhav {why}:\n{said}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends the program and waits until it is gone."""
        atexit.unregister(self.stop)
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(1)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


class Server(Process):
    """Starts a server: `with bhav.serve(mock=True) as server: server.client.bars("NIFTY")`."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], timeout: float) -> None:
        super().__init__(arguments, environment)
        self.url = self.wait_for(self.log, _LISTENING, timeout).group(1).rstrip("/")
        """The address of the server."""
        self.api_key = environment.get("BHAV_API_KEYS", "").split(",")[0].strip() or None
        """The key that the server requires, if it was started with one."""
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """A client of this server."""
        if self._client is None:
            self._client = Client(self.url, self.api_key)
        return self._client

    def async_client(self) -> AsyncClient:
        """Returns an asyncio client of this server."""
        return AsyncClient(self.url, self.api_key)

    def stop(self) -> None:
        """Ends the server and waits until it is gone."""
        if getattr(self, "_client", None) is not None:
            assert self._client is not None
            self._client.close()
        super().stop()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    *,
    mock: bool = False,
    port: int = 0,
    program: str | os.PathLike[str] | None = None,
    data: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 30,
) -> Server:
    """Starts a server on a free port and returns it once it listens.

    stop(), a `with` block or the end of this program ends it.
    `mock=True` serves the mock market; `data` is the folder of the store; `env` is added to the environment.
    """
    arguments = [find_program(program), "serve", "--host", "127.0.0.1", "--port", str(port)]
    environment = {"USE_MOCK_DATA": "true" if mock else "false", **(env or {})}
    if data is not None:
        environment["BHAV_DATA"] = str(Path(data))
    return Server(arguments, environment, timeout)
