"""How the page looks at five widths in two themes, and whether everybody can use it."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile

from browser import Browser
from checks import ARTIFACTS, expect
from server import clock_offset

SIZES = [(390, 844), (844, 390), (820, 1180), (1366, 768), (1920, 1080), (2560, 1440)]
PRESETS = ("index", "options", "expiry", "phone")
READY = """(() => { const names = bhav.state.panels; return names.length > 2 && bhav.bars().length > 50
    && names.every((name) => name === 'strategy' || bhav.panel(name)) && (!names.includes('straddle') || bhav.panel('straddle').points.length > 20)
    && (!names.includes('multistrike') || bhav.panel('multistrike').every(({ points }) => points?.length > 20)) })()"""

# Everything of a page that runs off its side, text that is cut without a scroller or an ellipsis, and controls on top of others.
FAULTS = """(() => {
  const faults = [];
  const ruler = document.createElement('canvas').getContext('2d');
  const textWidth = (control) => { ruler.font = getComputedStyle(control).font; return ruler.measureText(control.selectedOptions[0]?.text ?? '').width; };
  const wide = document.documentElement.scrollWidth;
  // A phone widens its window to what runs over, so the screen's own width is what counts.
  if (wide > SCREEN) faults.push(`the page is ${wide} wide on a screen of ${SCREEN}`);
  for (const control of document.querySelectorAll('.top :is(button, select, input), .truth > *')) {
    if (control.checkVisibility() && control.getBoundingClientRect().right > SCREEN) faults.push(`${control.textContent.slice(0, 20)} runs off the screen`);
  }
  const top = document.querySelector('.top').getBoundingClientRect();
  if (innerWidth >= 1200 && top.height > 50) faults.push(`the header is ${top.height} high`);
  for (const words of document.querySelectorAll('.truth :is(.age, .session)')) {
    if (words.checkVisibility() && words.scrollWidth > words.clientWidth + 1) faults.push(`“${words.textContent}” runs into what stands beside it`);
  }
  for (const number of document.querySelectorAll('[data-testid=calls], [data-testid=puts], [data-testid=gamma-total]')) {
    if (number.checkVisibility() && !/ (Cr|L|K)$/.test(number.textContent)) faults.push(`${number.textContent} has no unit`);
  }
  for (const plot of document.querySelectorAll(':is([data-view=gamma], [data-view=skew], [data-view=strategy]) .plot-x')) {
    if (plot.checkVisibility() && plot.textContent === 'latest') faults.push(`${plot.closest('.panel').dataset.view}: prices are not times`);
  }
  for (const panel of document.querySelectorAll('.panel')) {
    const box = panel.getBoundingClientRect();
    if (box.right > innerWidth + 1) faults.push(`${panel.dataset.view} runs to ${box.right}`);
    const body = panel.querySelector('.panel-body');
    if (body.scrollHeight > body.clientHeight + 2) faults.push(`${panel.dataset.view}: ${body.scrollHeight} high in ${body.clientHeight}`);
    for (const plot of panel.querySelectorAll('svg.plot-svg')) {
      if (plot.checkVisibility() && plot.getBoundingClientRect().height < 50) faults.push(`${panel.dataset.view}: a plot ${plot.getBoundingClientRect().height} high`);
    }
    for (const control of panel.querySelectorAll('.tools :is(button, select, input)')) {
      const own = control.getBoundingClientRect();
      const tools = control.closest('.tools').getBoundingClientRect();
      if (control.checkVisibility() && own.right > tools.right + 1) faults.push(`${panel.dataset.view}: the control ${control.textContent.slice(0, 12)} is cut`);
      if (control.tagName === 'SELECT' && control.checkVisibility() && textWidth(control) > own.width - 16) faults.push(`${panel.dataset.view}: the choice ${control.selectedOptions[0]?.text} is cut`);
    }
    for (const cell of panel.querySelectorAll('table :is(td, th):last-child')) {
      if (cell.checkVisibility() && cell.getBoundingClientRect().right > box.right + 1) { faults.push(`${panel.dataset.view}: the last column is cut`); break; }
    }
    for (const stats of panel.querySelectorAll('.stats')) {
      const tops = [...stats.children].filter((one) => one.checkVisibility()).map((one) => one.offsetTop);
      const isFlex = getComputedStyle(stats).display === 'flex' && stats.scrollHeight <= stats.clientHeight + 2;
      if (isFlex && tops.at(-1) > tops[0] && tops.filter((top) => top === tops.at(-1)).length === 1) faults.push(`${panel.dataset.view}: one number stands alone in a row`);
    }
    for (const table of panel.querySelectorAll('.fit')) {
      if (table.scrollHeight > table.clientHeight + 2) faults.push(`${panel.dataset.view}: rows are cut`);
    }
  }
  return faults;
})()"""

# Own checks, for machines without axe: names, contrast, unique ids, one main heading, order of headings.
ACCESS = """(() => {
  const faults = [];
  const nameOf = (node) => (node.getAttribute('aria-label') || (node.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('')
    || (node.labels?.[0]?.textContent) || node.textContent || node.title || '').trim();
  for (const node of document.querySelectorAll('button, a[href], select, input, [role=img], [role=region], section, dialog')) {
    if (node.checkVisibility() && !nameOf(node)) faults.push(`no name: ${node.outerHTML.slice(0, 90)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`the id ${id} is there twice`);
  if (document.querySelectorAll('h1').length !== 1 || document.querySelectorAll('main').length !== 1) faults.push('not one h1 and one main');
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const over = (front, back) => front.slice(0, 3).map((value, index) => value * front[3] / 255 + back[index] * (1 - front[3] / 255));
  const luminance = (color) => { const [r, g, b] = color.map((value) => channel(value / 255)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (node) => {
    const chain = [];
    for (let at = node; at; at = at.parentElement) chain.push(rgba(getComputedStyle(at).backgroundColor));
    return chain.reverse().reduce((back, front) => over(front, back), [255, 255, 255]);
  };
  const seen = new Set();
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) || !node.checkVisibility() || node.closest('[hidden], .visually-hidden, svg')) continue;
    const style = getComputedStyle(node);
    const back = ground(node);
    const front = over(rgba(style.color), back);
    const [a, b] = [luminance(front), luminance(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    const key = `${style.color} ${back}`;
    if (ratio < (isLarge ? 3 : 4.5) && !seen.has(key)) { seen.add(key); faults.push(`contrast ${ratio.toFixed(2)}: ${node.outerHTML.slice(0, 90)}`); }
  }
  return faults;
})()"""

AXE = ("axe-playwright-python", "0.1.8", "axe.min.js")
AXE_CHECKSUM = "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc"


def axe_source():
    """The text of axe-core from the package index, checked against a sum; None where it is not available."""
    kept = os.path.join(ARTIFACTS, AXE[2])
    if not os.path.exists(kept):
        os.makedirs(ARTIFACTS, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            got = subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
                 "--dest", folder, f"{AXE[0]}=={AXE[1]}"], capture_output=True, timeout=60, check=False)
            wheels = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".whl")]
            if got.returncode or not wheels:
                return None
            with zipfile.ZipFile(wheels[0]) as wheel:
                name = next(name for name in wheel.namelist() if name.endswith(AXE[2]))
                with open(kept, "wb") as file:
                    file.write(wheel.read(name))
    with open(kept, "rb") as file:
        text = file.read()
    return text.decode() if hashlib.sha256(text).hexdigest() == AXE_CHECKSUM else None


def accessibility(page, axe):
    faults = page.evaluate(ACCESS)
    expect(not faults, "; ".join(faults[:6]))
    if not axe:
        return
    page.evaluate(axe + "; true")
    found = page.evaluate("""axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
        .then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.length} (${nodes[0].html.slice(0, 100)})`))""")
    expect(not found, "; ".join(found))


def pictures(server, presets=PRESETS, sizes=SIZES, query=""):
    """Yields (name, function) for each size: in both themes the presets are drawn, measured and kept as pictures."""
    for width, height in sizes:
        yield f"{width} x {height}", lambda width=width, height=height: look(server, width, height, presets, query)


def look(server, width, height, presets, query):
    with Browser(width, height, mobile=width < 500, clock_offset=clock_offset(server)) as page:
        faults = []
        for preset in presets:
            # A phone held sideways is looked at once.
            if preset != "index" and height < 500:
                continue
            page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&preset={preset}{query}")
            page.wait(f"the preset {preset}", f"window.bhav && {READY}", 30)
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250))))")
            faults += [f"{preset}: {fault}" for fault in page.evaluate(FAULTS.replace("SCREEN", str(width)))]
            for theme in ("dark", "light"):
                page.scheme = theme
                page.evaluate("new Promise((done) => setTimeout(done, 250))")
                page.screenshot(os.path.join(ARTIFACTS, "screens", f"{preset}-{width}-{theme}.png"), full=min(width, height) < 700)
            page.scheme = "dark"
        expect(not faults, "; ".join(faults))
        expect(not page.errors, str(page.errors[:3]))
