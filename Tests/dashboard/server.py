"""The programs under test: a server on a free port of loopback with its own data folder, and a simulator to feed it."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# Programs under test run on Tuesday 2026-12-01 from 14:30 in India, within a session that has most of its snapshots, whatever the
# machine's date is (a release build knows only the machine's). `clock_offset` says by how much a server is ahead.
OFFSET = 1796115600 - int(time.time())


class Process:
    """A program of ours on a port. Use it as a context."""

    def __init__(self, program, port=None, environment=None):
        self.program, self.port = program, port or free_port()
        self._environment = environment or {}
        self._process, self._stopped = None, True

    def __enter__(self):
        self._folder = tempfile.mkdtemp(prefix="bhav-check-")
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self):
        log = open(os.path.join(self._folder, "log"), "ab")
        # Only what the program needs: no .env, keys or proxies of the user decide a test.
        kept = ("PATH", "HOME", "TZ", "LD_LIBRARY_PATH")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        self._process = subprocess.Popen(
            [self.program, *self.arguments(), "--host", "127.0.0.1", "--port", str(self.port)], cwd=self._folder,
            env={**environment, "BHAV_DATA": self._folder, "BHAV_CLOCK_OFFSET": str(OFFSET), **self._environment},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )
        log.close()
        self._stopped = False
        self.until("a response", self._replies, self._log)

    def stop(self):
        self._stopped = True
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise OSError(f"{self.arguments()[0]} did not end within 15 s of the signal")

    def check_alive(self):
        """Says so if the program has ended by itself, with its last words."""
        if self._process and self._process.poll() is not None and not self._stopped:
            self._stopped = True
            raise OSError(f"the program ended by itself with {self._process.returncode}:\n{self._log()}")

    def until(self, what, condition, last=lambda: "", seconds=20):
        """Waits until the condition holds; `last` returns the state for the failure."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise OSError(f"waited {seconds} s for {what}, and it did not come: {last()}")
            time.sleep(0.1)

    def _replies(self):
        if self._process.poll() is not None:
            raise OSError(f"{self.arguments()[0]} ended at once with {self._process.returncode}: {self._log()}")
        return self.is_ready()

    def _log(self):
        with open(os.path.join(self._folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-2000:]


class Server(Process):
    """`bhav serve`, on the mock market unless an environment names other sources."""

    def __init__(self, program, environment=None, mock=True):
        super().__init__(program, environment=environment)
        self._mock = mock
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_ours = True

    def arguments(self):
        return ["serve", *(["--mock"] if self._mock else [])]

    def is_ready(self):
        try:
            fetch(self.url + "/health/live", parse=False)
            return True
        except OSError:
            return False


class RunningServer:
    """A server that runs already."""

    def __init__(self, url):
        self.url, self.is_ours = url.rstrip("/"), False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    until = Process.until


class Simulator(Process):
    """`bhav simulate`: plays the sources."""

    def arguments(self):
        return ["simulate"]

    def is_ready(self):
        return "NSE_URL=" in self._log()

    @property
    def environment(self):
        """The settings that point a server at it."""
        web = f"http://127.0.0.1:{self.port}"
        names = ("TRADINGVIEW_WEB_URL", "TRADINGVIEW_SEARCH_URL", "TRENDLYNE_URL", "NSE_URL", "NSE_ARCHIVES_URL")
        return {"TRADINGVIEW_URL": f"ws://127.0.0.1:{self.port}", **{name: web for name in names}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clock_offset(server):
    """Seconds by which a server's clock is ahead of the machine's."""
    ahead = int(fetch(server.url + "/udf/time")) - time.time()
    return OFFSET if abs(ahead - OFFSET) < 5 else 0


def fetch(url, parse=True):
    """The JSON at an address, that of a refusal too."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as response:
            body = response.read()
    except urllib.error.HTTPError as refusal:
        body = refusal.read()
    return json.loads(body) if parse else body
