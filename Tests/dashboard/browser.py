"""A headless Chromium, spoken to over its DevTools pipe. Standard library only."""

import base64
import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time


KEY_CODES = {
    "Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
    "Delete": 46,
}


# The page's clock, moved by a number of milliseconds.
CLOCK = """globalThis.Date = new Proxy(Date, {
  construct: (target, values) => values.length ? new target(...values) : new target(target.now() + OFFSET),
  apply: (target) => new target(target.now() + OFFSET).toString(),
  get: (target, name) => name === 'now' ? () => target.now() + OFFSET : target[name],
})"""


class BrowserError(Exception):
    """What the browser refused, or did not do in time."""


def find_chromium():
    """The command of an installed Chromium, or None."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((path for path in map(shutil.which, filter(None, names)) if path), None)


class Browser:
    """One browser with one page. Use it as a context; what it saw is in `console`, `errors` and `requests`."""

    def __init__(self, width=1440, height=900, scheme="dark", mobile=False, clock_offset=0):
        """`clock_offset` is the number of seconds by which the page's clock is ahead of the machine's."""
        self.size, self._scheme, self.mobile, self._clock_offset = (width, height), scheme, mobile, clock_offset
        self.console, self.errors, self.requests, self.sockets = [], [], [], []
        self._replies, self._next, self._lock = {}, 0, threading.Lock()

    def __enter__(self):
        self._profile = tempfile.mkdtemp(prefix="bhav-browser-")
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "bash", *self._command()],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(self._profile, "stderr"), "wb"), start_new_session=True,
        )
        os.close(to_read), os.close(to_write)
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._open_page()
        except BrowserError as error:
            words = self._last_words()
            self.__exit__()
            raise BrowserError(f"Chromium did not start: {error}\n{words}") from error
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close", page=False, timeout=5)
        except BrowserError:
            pass
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.close(self._write)
        shutil.rmtree(self._profile, ignore_errors=True)

    @property
    def scheme(self):
        """Light or dark, as the system prefers."""
        return self._scheme

    @scheme.setter
    def scheme(self, name):
        self._scheme = name
        self.send("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def go(self, url):
        reply = self.send("Page.navigate", {"url": url})
        if reply.get("errorText"):
            raise BrowserError(f"{url}: {reply['errorText']}")
        self.wait("the page to load", "document.readyState === 'complete'")

    def evaluate(self, expression):
        """The value of a JavaScript expression; a promise is awaited."""
        reply = self.send("Runtime.evaluate", {
            "expression": expression, "returnByValue": True, "awaitPromise": True,
        })
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            raise BrowserError(f"{expression}: {details.get('exception', {}).get('description', details['text'])}")
        return reply["result"].get("value")

    def wait(self, what, expression, seconds=20):
        """Waits until the expression is true; `what` names it in the failure."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.evaluate(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                raise BrowserError(f"waited {seconds} s for {what}, and it did not come (last: {value!r})")
            time.sleep(0.05)

    def press(self, key, code=None, modifiers=0):
        """Presses a key; modifiers add 1 for Alt, 2 for Control, 8 for Shift."""
        text = {"text": key} if len(key) == 1 else {}
        if key == "Enter":
            text = {"text": "\r"}
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", {
                "type": kind, "key": key, "code": code or key,
                "windowsVirtualKeyCode": KEY_CODES.get(key, 0), "modifiers": modifiers,
                **(text if kind == "keyDown" else {}),
            })

    def type(self, text):
        self.send("Input.insertText", {"text": text})

    def drag(self, start, end, steps=12):
        """Drags with the left mouse button from one point to another."""
        self._mouse("mousePressed", *start)
        for step in range(1, steps + 1):
            part = step / steps
            self._mouse("mouseMoved", *(a + (b - a) * part for a, b in zip(start, end)))
        self._mouse("mouseReleased", *end)

    def click(self, place):
        """Clicks with the left mouse button, as a person does: only then may a page open a window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._mouse(kind, *place)

    def windows(self):
        """The addresses of the windows that are open, by their ids."""
        targets = self.send("Target.getTargets", page=False)["targetInfos"]
        return {target["targetId"]: target["url"] for target in targets if target["type"] == "page"}

    def carry(self, start, end, steps=8):
        """Drags what can be dragged (HTML drag and drop) from one point to another."""
        self._mouse("mousePressed", *start)
        self.send("Input.setInterceptDrags", {"enabled": True})
        self.dragged = None
        for step in range(1, 5):
            self._mouse("mouseMoved", start[0] + 3 * step, start[1] + 2 * step)
        deadline = time.monotonic() + 5
        while self.dragged is None:
            if time.monotonic() > deadline:
                raise BrowserError("nothing began to be dragged")
            time.sleep(0.02)
        for kind, places in (("dragEnter", 1), ("dragOver", steps), ("drop", 1)):
            for _ in range(places):
                self.send("Input.dispatchDragEvent", {"type": kind, "x": end[0], "y": end[1], "data": self.dragged})
        self._mouse("mouseReleased", *end)
        self.send("Input.setInterceptDrags", {"enabled": False})

    def screenshot(self, path, full=False):
        data = self.send("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": full})["data"]
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def offline(self, is_offline):
        self.send("Network.emulateNetworkConditions", {
            "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        })

    def send(self, method, parameters=None, page=True, timeout=30):
        with self._lock:
            self._next += 1
            number, box = self._next, queue.Queue(1)
            self._replies[number] = box
        message = {"id": number, "method": method, "params": parameters or {}}
        if page:
            message["sessionId"] = self._session
        try:
            os.write(self._write, json.dumps(message).encode() + b"\0")
            reply = box.get(timeout=timeout)
        except (OSError, queue.Empty) as error:
            raise BrowserError(f"the browser does not respond to {method}") from error
        finally:
            self._replies.pop(number, None)
        if reply is None:
            raise BrowserError("the browser ended")
        if "error" in reply:
            raise BrowserError(f"{method}: {reply['error']['message']}")
        return reply["result"]

    def _last_words(self):
        with open(os.path.join(self._profile, "stderr"), encoding="utf-8", errors="replace") as file:
            return file.read()[-1500:].strip()

    def _command(self):
        command = find_chromium()
        if not command:
            raise BrowserError("no Chromium is installed")
        flags = [
            "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--no-default-browser-check", "--no-proxy-server", f"--user-data-dir={self._profile}",
            f"--window-size={self.size[0]},{self.size[1]}",
        ]
        # Chromium's sandbox refuses to run as root, as on a build machine; the pages opened are our own, on loopback.
        return [command, *flags, *(["--no-sandbox"] if os.geteuid() == 0 else []), "about:blank"]

    def _open_page(self):
        targets = self.send("Target.getTargets", page=False, timeout=60)["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        attached = self.send("Target.attachToTarget", {"targetId": page["targetId"], "flatten": True}, page=False)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setDeviceMetricsOverride", {
            "width": self.size[0], "height": self.size[1], "deviceScaleFactor": 1, "mobile": self.mobile,
        })
        self.scheme = self._scheme
        if self._clock_offset:
            source = CLOCK.replace("OFFSET", str(self._clock_offset * 1000))
            self.send("Page.addScriptToEvaluateOnNewDocument", {"source": source})

    def _listen(self):
        waiting = b""
        while chunk := os.read(self._read, 1 << 16):
            *messages, waiting = (waiting + chunk).split(b"\0")
            for message in messages:
                self._received(json.loads(message))
        os.close(self._read)
        for box in list(self._replies.values()):
            with contextlib.suppress(queue.Full):
                box.put_nowait(None)

    def _received(self, message):
        box = self._replies.get(message.get("id"))
        if box:
            box.put(message)
        method, what = message.get("method"), message.get("params", {})
        if method == "Runtime.consoleAPICalled":
            text = " ".join(str(part.get("value", part.get("description", ""))) for part in what["args"])
            self.console.append(f"{what['type']}: {text}")
            if what["type"] in ("error", "assert"):
                self.errors.append(text)
        elif method == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.errors.append(f"{what['entry']['text']} {what['entry'].get('url', '')}".strip())
        elif method == "Input.dragIntercepted":
            self.dragged = what["data"]
        elif method == "Network.requestWillBeSent":
            self.requests.append(what["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.sockets.append(what["url"])

    def _mouse(self, kind, x, y):
        self.send("Input.dispatchMouseEvent", {
            "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1,
        })
