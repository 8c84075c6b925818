"""The server under test: started on a free port of loopback with a data folder of its own, or one that runs already."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


class Server:
    def __init__(self, program=None, url=None):
        if bool(program) == bool(url):
            raise ValueError("give either the program or the address of a running server")
        self.program, self.url, self.is_ours = program, url and url.rstrip("/"), bool(program)
        self._process, self._stopped = None, False

    def __enter__(self):
        if self.is_ours:
            self._folder = tempfile.mkdtemp(prefix="bhav-server-")
            self._port = free_port()
            self.url = f"http://127.0.0.1:{self._port}"
            try:
                self.start()
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_):
        if self.is_ours:
            self.stop()
            shutil.rmtree(self._folder, ignore_errors=True)

    def start(self):
        log = open(os.path.join(self._folder, "log"), "ab")
        # Only what the server needs: nobody's .env, keys or proxies decide a test.
        kept = ("PATH", "HOME", "TZ", "LD_LIBRARY_PATH")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        command = [self.program, "serve", "--mock", "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            command, cwd=self._folder, env={**environment, "BHAV_DATA": self._folder},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )
        log.close()
        self._stopped = False
        self.until("an answer of the server", self._answers, self._log)

    def stop(self):
        self._stopped = True
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise OSError("the server did not end within 15 s of being asked to")

    def check_alive(self):
        """Says so if the server has ended by itself, with its last words."""
        if self._process and self._process.poll() is not None and not self._stopped:
            self._stopped = True
            raise OSError(f"the server ended by itself with {self._process.returncode}; its last words:\n{self._log()}")

    def until(self, what, condition, last=lambda: "", seconds=20):
        """Waits until the condition holds; `last` tells the state in the failure."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise OSError(f"waited {seconds} s for {what}, and it did not come: {last()}")
            time.sleep(0.1)

    def _answers(self):
        if self._process.poll() is not None:
            raise OSError(f"the server ended at once with {self._process.returncode}: {self._log()}")
        try:
            answer(self.url + "/health/live", parse=False)
            return True
        except OSError:
            return False

    def _log(self):
        with open(os.path.join(self._folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-2000:]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(url, parse=True):
    """The JSON at an address, that of a refusal too."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as response:
            body = response.read()
    except urllib.error.HTTPError as refusal:
        body = refusal.read()
    return json.loads(body) if parse else body
