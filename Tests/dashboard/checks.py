"""What every check of the page needs: expectations, places on the page, running and counting."""

import os
import time
import traceback

from browser import BrowserError

ARTIFACTS = os.path.join(os.path.dirname(__file__), "..", "..", ".build-artifacts")


class Failure(Exception):
    """The page is not as it should be."""


class Checks:
    """Functions registered with the behaviour that they check."""

    def __init__(self):
        self.all = []

    def __call__(self, name):
        return lambda function: self.all.append((name, function)) or function


def expect(condition, words):
    if not condition:
        raise Failure(words)


def equal(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what} is {found!r}, not {wanted!r}")


def near(found, wanted, what, within=1e-6):
    if found is None or wanted is None or abs(found - wanted) > within:
        raise Failure(f"{what} is {found!r}, not {wanted!r}")


def node(test_id):
    return f"""document.querySelector('[data-testid="{test_id}"]')"""


def text(page, test_id):
    return page.evaluate(f"{node(test_id)}.textContent")


def click(page, test_id):
    page.evaluate(f"{node(test_id)}.click()")


def visible(test_id):
    return f"""(() => {{ const node = {node(test_id)};
        const box = node?.getBoundingClientRect(); return !!node && !node.hidden && box.width > 0 && box.height > 0 }})()"""


def number(words):
    """A number as the page writes it, without its grouping."""
    return float(words.replace(",", "").replace("\u2212", "-").replace("+", "").replace("\u00b1", "").rstrip("%"))


def shows(words, wanted, what, within):
    """What a cell says is that number; a dash where there is none."""
    if wanted is None:
        equal(words, "\u2013", what)
    else:
        near(number(words), wanted, what, within)


def open_page(page, server, query="", bars=100):
    page.go(f"{server.url}/{query}")
    page.wait(f"{bars} bars", f"window.bhav?.bars().length >= {bars}")


def clean(page, server):
    """Nothing was logged as an error, and no request went to another machine."""
    expect(not page.errors, f"the console has errors: {page.errors[:5]}")
    origins = (server.url + "/", server.url.replace("http", "ws", 1) + "/")
    others = [url for url in page.requests + page.sockets if not url.startswith((*origins, "data:", "blob:", "about:"))]
    expect(not others, f"requests went elsewhere: {others}")


def run(name, action, results, quiet=False):
    begun = time.monotonic()
    try:
        action()
        if not quiet:
            results.append(True)
            print(f"  ok: {name} ({time.monotonic() - begun:.1f} s)", flush=True)
    except (Failure, BrowserError, OSError, LookupError, TypeError, ValueError, StopIteration) as error:
        results.append(False)
        print(f"  FAILED: {name}\n    {error}", flush=True)
        if not isinstance(error, (Failure, BrowserError)):
            traceback.print_exc()
