"""Checks of the report's page in a real browser. usage: checks.py CHECKOUT MESHWEFT SCRATCH-FOLDER"""

import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from devtools import Browser  # noqa: E402
import hostile  # noqa: E402

CHECKOUT, MESHWEFT, SCRATCH = (os.path.abspath(path) for path in sys.argv[1:4])
failures = []


def check(what, holds, found=None):
    print(("ok    " if holds else "WRONG ") + what + ("" if holds or found is None else f": {str(found)[:600]}"))
    if not holds:
        failures.append(what)


def meshweft(*arguments):
    return subprocess.run([MESHWEFT, *arguments], check=True, capture_output=True, text=True).stdout


def store(name, *inputs):
    database = os.path.join(SCRATCH, name + ".db")
    meshweft("ingest", "--db", database, *inputs)
    return database


def page(database, name, *arguments):
    path = os.path.join(SCRATCH, name + ".html")
    meshweft("report", "--db", database, "-o", path, *arguments)
    return path


def number(text):
    return int(re.sub(r"\D", "", text))


# In the page: figures and the rows of tables as text.
FIGURES = "Object.fromEntries([...document.querySelectorAll('.figure')].map(f => [f.children[0].innerText, f.children[1].innerText]))"
ROWS = "document.querySelectorAll('.paths tbody tr').length"
FADED = "document.querySelectorAll('.node.faded').length"


def click(browser, selector):
    browser.evaluate(f"document.querySelector({json.dumps(selector)}).dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")


def rendering(browser, path, database):
    seconds = browser.open("file://" + path)
    print(f"      {os.path.getsize(path) / 1e6:.2f} MB, opened in {seconds:.2f} s")
    check("the page complains of nothing", not browser.problems, browser.problems)
    for section in ("map", "paths", "load", "imbalance", "latency", "traces", "sources"):
        check(f"there is a section {section}", browser.evaluate(f"document.getElementById('{section}').innerText.length > 20"))
    paths = json.loads(meshweft("paths", "--db", database, "-o", "json"))["paths"]
    figures = browser.evaluate(FIGURES)
    check("requests are those of `paths`", number(figures["Requests"]) == sum(p["requests"] for p in paths), figures)
    shown = browser.evaluate("PATHS.map(p => [p.requests, p.failures, ...pathTimes(p).client, ...pathTimes(p).border])")
    def times(values):
        return [None if values[q] is None else round(values[q] * 1000) for q in ("p50", "p90", "p99")]
    said = [[p["requests"], p["failures"], *times(p["duration_ms"]), *times(p["border_ms"])] for p in paths]
    check("paths have the counts and quantiles of `paths`", sorted(map(str, shown)) == sorted(map(str, said)), (shown, said))
    services = json.loads(meshweft("imbalance", "--db", database, "-o", "json"))["services"]
    same = browser.evaluate("DATA.imbalance.map(s => s.report)")
    check("imbalance says what `imbalance` says", same == services)
    attempts = browser.evaluate("LOAD.reduce((sum, row) => sum + row.counts.reduce((s, c) => s + c[1], 0), 0)")
    rows = json.loads(meshweft("load", "--db", database, "-o", "json"))["rows"]
    check("load has every attempt of `load`", attempts == sum(row["requests"] for row in rows), attempts)
    places = browser.evaluate("document.querySelectorAll('.map .node').length")
    check("the map has a node for every stop", places == browser.evaluate("new Set(PATHS.flatMap(p => p.stops)).size"), places)


def filters(browser, path):
    browser.open("file://" + path)
    everything = browser.evaluate(FIGURES)
    services = browser.evaluate("SERVICES")
    click(browser, ".node:not(.unseen):not(.proxy)")
    check("a node filters", browser.evaluate("state.node !== '' && location.hash.includes('node=')"))
    check("other nodes fade", browser.evaluate(FADED) > 0)
    some = browser.evaluate(FIGURES)
    check("the figures follow", some != everything, some)
    browser.evaluate("new Promise(done => { addEventListener('popstate', () => setTimeout(done, 50), {once: true}); history.back(); })")
    check("Back takes the filter away", browser.evaluate(FIGURES) == everything)
    click(browser, ".flow")
    check("a flow filters", browser.evaluate("state.edge !== ''") and browser.evaluate(ROWS) >= 1)
    click(browser, ".chip")
    check("a chip's cross lets it go", browser.evaluate(FIGURES) == everything)
    click(browser, ".paths tbody button.row")
    check("a path filters", browser.evaluate(ROWS) == 1)
    fragment = browser.evaluate("location.hash")
    chosen = browser.evaluate(FIGURES)
    browser.open("file://" + path + fragment)
    check("the address brings the filter again", browser.evaluate(FIGURES) == chosen)
    browser.evaluate("clearFilters()")
    for service in services:
        browser.evaluate(f"choose({{service: {json.dumps(service)}}})")
        requests = browser.evaluate("total(PATHS.filter(p => p.service === state.service), 'requests')")
        check(f"service {service} shows its own requests", number(browser.evaluate(FIGURES)["Requests"]) == requests)
    browser.evaluate("clearFilters()")
    search(browser, "item")
    traces = browser.evaluate("document.querySelectorAll('.trace').length")
    check("free text finds traces", 0 < traces and browser.evaluate(
        "[...document.querySelectorAll('.trace')].every(t => TRACES.find(x => 'trace-' + x.id === t.id).words.includes('item'))"), traces)
    search(browser, "no such thing anywhere")
    check("free text that is nowhere finds nothing", browser.evaluate("document.querySelectorAll('.trace').length") == 0)
    search(browser, "")
    check("all is back", browser.evaluate(FIGURES) == everything)
    check("and it complained of nothing", not browser.problems, browser.problems)


def search(browser, text):
    browser.evaluate(f"""new Promise(done => {{ const field = document.querySelector('[data-key=q]'); field.focus();
      field.value = {json.dumps(text)}; field.dispatchEvent(new Event('input')); setTimeout(done, 400); }})""")
    check(f"the field keeps the focus after “{text[:12]}”", browser.evaluate("document.activeElement.type") == "search")


def newcomers(browser, path):
    """What people met who saw the page for the first time."""
    browser.view(1280, 900)
    browser.open("file://" + path)
    check("it says when it was made", browser.evaluate("/Generated at \\d{4}-\\d\\d-\\d\\d/.test(document.querySelector('.top').innerText)"))
    check("it says what doctor says", browser.evaluate("document.querySelectorAll('#doctor li').length === DATA.doctor.length && DATA.doctor.length > 0"))
    moved = browser.evaluate("""(() => { const node = document.querySelector('#latency'); node.scrollIntoView();
      const before = node.getBoundingClientRect().top, bar = document.querySelector('.bar-holder').offsetHeight;
      document.querySelector('#latency').focus(); choose({ load: 'failures' }); choose({ load: 'rate' });
      const button = document.querySelector('.paths button.row'); button.scrollIntoView(); button.focus();
      const top = button.getBoundingClientRect().top, key = button.dataset.key; button.click();
      const after = document.querySelector(`[data-key="${CSS.escape(key)}"]`).getBoundingClientRect().top;
      return [Math.abs(after - top), document.querySelector('.bar-holder').offsetHeight - bar]; })()""")
    check("nothing jumps when a filter's chip comes", max(map(abs, moved)) < 1.5, moved)
    browser.evaluate("clearFilters()")
    search(browser, "0123abcd-0000-4000-8000-000000000000")
    check("an id that is not here gives the command", "meshweft trace 0123abcd-0000-4000-8000-000000000000"
          in browser.evaluate("document.querySelector('.search-note').innerText"))
    search(browser, "")
    firsts = browser.evaluate("[...document.querySelectorAll('.stack')].map(s => s.querySelectorAll('.tick:not(.end)').length)")
    stretches = browser.evaluate("DATA.load.time.stretches.length")
    check("charts say the time after every gap", min(firsts) >= stretches > 1, (firsts, stretches))
    starts = browser.evaluate("""BUCKETS.filter((b, at) => at === 0 || b.isFirst).map(b => [timeLabel(b.start, true), day(b.start).slice(5)])""")
    missing = browser.evaluate(f"""(() => {{ const all = {json.dumps(starts)}; return [...document.querySelectorAll('.stack')].flatMap(s => {{
      const texts = [...s.querySelectorAll('.tick:not(.end)')].map(t => t.textContent);
      return all.filter(forms => !forms.some(form => texts.includes(form))); }}); }})()""")
    check("and that of its beginning", not missing, missing)
    colours = browser.evaluate("""(() => { const style = getComputedStyle(document.documentElement);
      return ['client', 'server', 'border-time', 'f1', 'f2', 'f3', 'f4', 'uneven', 'proxy', 's0', 's1', 's2', 's3', 's4', 's5', 's6']
        .map(name => style.getPropertyValue('--' + name).trim()); })()""")
    check("no colour means two things", len(set(colours)) == len(colours), colours)
    browser.evaluate("choose({load: 'rate'})")
    names = "Object.fromEntries([...document.querySelectorAll('.chart .legend li')].map(li => [li.innerText, li.querySelector('.swatch').className]))"
    before = browser.evaluate(names)
    after = browser.evaluate(f"choose({{load: 'failures'}}), {names}")
    check("a host keeps its colour whatever is shown", all(before[name] == mark for name, mark in after.items()), (before, after))
    browser.evaluate("choose({load: 'rate'})")
    browser.view(800, 900)
    browser.open("file://" + path)
    hidden = browser.evaluate("""[...document.querySelectorAll('main *')].filter(n => n.scrollWidth > n.clientWidth + 1 && n.clientWidth > 1
      && getComputedStyle(n).overflowX !== 'visible').map(n => n.className + ': ' + n.innerText.slice(0, 40))""")
    check("800 pixels hide nothing", not hidden, hidden)
    browser.view(1280, 900)
    browser.open("file://" + path)
    browser.evaluate("dispatchEvent(new Event('beforeprint'))")
    browser.media("print")
    kept = browser.evaluate("""({ traces: document.querySelectorAll('.trace').length === new Set([...DATA.slowest, ...DATA.failed]).size,
      paths: document.querySelectorAll('.paths tbody tr').length === PATHS.length,
      readable: [...document.querySelectorAll('.trace-what')].every(n => n.offsetWidth > 100),
      open: [...document.querySelectorAll('details')].every(d => d.open),
      logs: document.querySelectorAll('#sources tbody tr').length === DATA.sources.length })""")
    check("paper keeps everything", all(kept.values()), kept)
    browser.media("screen")
    browser.evaluate("dispatchEvent(new Event('afterprint'))")
    check("and the screen is as before", browser.evaluate("document.querySelectorAll('.trace').length") == 15)


def keyboard(browser, path):
    browser.open("file://" + path)
    browser.evaluate("document.querySelector('.map [tabindex=\"0\"]').focus()")
    first = browser.evaluate("document.activeElement.dataset.key")
    browser.key("ArrowRight")
    second = browser.evaluate("document.activeElement.dataset.key")
    check("arrow keys go from item to item in the map", first != second and second)
    check("the map is one stop for Tab", browser.evaluate("document.querySelectorAll('.map [tabindex=\"0\"]').length") == 1)
    browser.key("Enter")
    check("Enter chooses it", browser.evaluate("isFiltered()"))
    check("and it keeps the focus", browser.evaluate("document.activeElement.dataset.key") == second)
    check("what is chosen is said", browser.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true")
    browser.evaluate("clearFilters(); document.querySelector('.traces button.row').focus()")
    browser.key("Enter")
    check("Enter opens a trace", browser.evaluate("document.querySelectorAll('.waterfall .hop-block').length") >= 1)
    browser.evaluate("document.querySelector('.waterfall .link').focus()")
    browser.key("Tab")
    browser.key("Tab", modifiers=8)
    check("the evidence of a link is said on focus",
          browser.evaluate("!TIP.hidden && /sure|carrier|belongs/.test(TIP.innerText)"), browser.evaluate("TIP.innerText"))
    browser.key("Escape")
    check("Escape takes it away", browser.evaluate("TIP.hidden"))
    spot = browser.evaluate("""(() => { document.getElementById('map').scrollIntoView();
      const box = document.querySelector('.map .node rect').getBoundingClientRect(); return [box.x + 20, box.y + 20]; })()""")
    browser.mouse(*spot)
    check("pointing at a node shows its figures", browser.evaluate("!TIP.hidden && TIP.innerText.includes('requests')"))
    unnamed = browser.evaluate("""[...document.querySelectorAll('button, [role=button], input, select')]
      .filter(n => !(n.innerText || n.getAttribute('aria-label') || n.textContent)).length""")
    check("everything that can be pressed has a name", unnamed == 0, unnamed)


# Contrast of text with what is behind it, WCAG 2.1's formula; colours are composed over their parents'.
CONTRAST = """(() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number).concat(1).slice(0, 4);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const behind = (n) => { for (; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor;
    if (!c.startsWith('rgb')) continue; const [r, g, b, a] = parse(c); if (a > .9) return [r, g, b]; } return [255, 255, 255]; };
  const bad = [];
  for (const n of document.querySelectorAll('main *, .bar *')) {
    if (n.closest('svg, .trace-bar, .hot, .visually-hidden') || !n.offsetParent) continue;
    if (![...n.childNodes].some(c => c.nodeType === 3 && c.data.trim())) continue;
    const c = getComputedStyle(n).color; if (!c.startsWith('rgb')) continue;
    const a = light(parse(c)), b = light(behind(n));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push(`${n.className || n.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(bad)];
})()"""


def appearance(browser, path, fragment):
    for name, width, height, dark in (("desktop", 1280, 900, False), ("desktop, dark", 1280, 900, True),
                                      ("tablet", 768, 1024, False), ("phone", 390, 844, False), ("phone, dark", 390, 844, True)):
        browser.view(width, height, dark, phone=width < 600)
        browser.open("file://" + path + fragment)
        check(f"{name}: nothing is wider than the window", browser.evaluate("document.documentElement.scrollWidth") <= width,
              browser.evaluate("document.documentElement.scrollWidth"))
        sizes = "document.body && getComputedStyle(document.body).backgroundColor"
        shade = sum(map(int, re.findall(r"\d+", browser.evaluate(sizes))[:3]))
        check(f"{name}: the page is {'dark' if dark else 'light'}", (shade < 200) == dark, shade)
        low = browser.evaluate(CONTRAST)
        check(f"{name}: text can be read (4.5 to 1)", not low, low)
        browser.screenshot(os.path.join(SCRATCH, name.replace(", ", "-") + ".png"), whole=True)
    browser.view(1280, 900)
    browser.open("file://" + path)
    before = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    click(browser, ".theme")
    check("the button turns light into dark", browser.evaluate("getComputedStyle(document.body).backgroundColor") != before)
    click(browser, ".theme")
    browser.media("print")
    check("on paper there are no fields to fill", browser.evaluate("getComputedStyle(document.querySelector('.bar-row')).display") == "none")
    browser.media("screen")


def policy(browser, path):
    browser.open("file://" + path)
    rules = browser.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
    check("the policy forbids by default", "default-src 'none'" in rules and "unsafe" not in rules, rules)
    run = """(async () => { const tried = {};
      const attempt = async (name, what) => { try { tried[name] = await what(); } catch (error) { tried[name] = 'refused'; } };
      await attempt('markup', () => { document.body.insertAdjacentHTML('beforeend', '<b id=made>x</b>'); return !!document.getElementById('made'); });
      await attempt('script', () => { const s = document.createElement('script'); s.append('window.pwned = 1'); document.body.append(s); return window.pwned === 1; });
      await attempt('handler', () => { const d = document.createElement('div'); d.setAttribute('onclick', 'window.pwned = 2'); document.body.append(d); d.click(); return window.pwned === 2; });
      await attempt('eval', () => new Function('return true')());
      await attempt('style', () => { const s = document.createElement('style'); s.append('body { outline: 3px solid red }'); document.head.append(s); return getComputedStyle(document.body).outlineStyle === 'solid'; });
      await attempt('fetch', () => fetch('https://example.invalid/').then(() => true));
      await attempt('image', () => new Promise(done => { const i = new Image(); i.onload = () => done(true); i.onerror = () => done(false);
        i.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='; setTimeout(() => done(false), 500); }));
      return tried; })()"""
    tried = browser.evaluate(run)
    for name, result in tried.items():
        check(f"the policy holds against {name}", result in (False, "refused"), result)
    check("nothing went to the network", not [p for p in browser.problems if p.startswith("asked the network")], browser.problems)


def hostility(browser):
    strings = hostile.all_strings(CHECKOUT)
    print(f"      {len(strings)} hostile strings")
    for start in range(0, len(strings), 60):
        part = strings[start:start + 60]
        folder = os.path.join(SCRATCH, f"hostile-{start}")
        os.mkdir(folder)
        inputs = hostile.write_logs(folder, part)
        lines = hostile.hostile_file(CHECKOUT) if start == 0 else None
        path = page(store(f"hostile-{start}", *inputs, *([lines] if lines else [])), f"hostile-{start}",
                    "--title", part[0] if start else "</title><script>alert(0)</script>\u202E")
        innocent(browser, path, part, f"strings {start + 1} to {start + len(part)}")


def innocent(browser, path, strings, name):
    browser.open("file://" + path)
    browser.evaluate("openKeys.add('traces'); draw()")
    for kind in ("slowest", "failed"):
        browser.evaluate(f"choose({{traces: '{kind}'}})")
        for trace in browser.evaluate("TRACES.map(t => t.id)")[:12]:
            browser.evaluate(f"openHops.add({json.dumps(trace)} + '-0'); choose({{trace: {json.dumps(trace)}}})")
    check(f"{name}: the page complains of nothing", not browser.problems, browser.problems)
    foreign = browser.evaluate("""[...document.querySelectorAll('*')].filter(n => /^(img|iframe|object|embed|base|form|link|video|audio|a)$/i
      .test(n.tagName)).length + Math.max(0, document.scripts.length - 2) + Math.max(0, document.styleSheets.length - 1)""")
    check(f"{name}: no markup came from them", foreign == 0, foreign)
    handlers = browser.evaluate("""[...document.querySelectorAll('*')].filter(n => [...n.attributes].some(a => /^on/i.test(a.name)
      || /^\\s*(javascript|data):/i.test(a.value) && a.name !== 'aria-label' && a.name !== 'data-key' && a.name !== 'title')).length""")
    check(f"{name}: no handlers came from them", handlers == 0, handlers)
    raw = browser.evaluate("(PAGE.innerText + document.title).match(/[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]/)")
    check(f"{name}: nothing in sight can hide or turn text", raw is None, raw)
    missing = browser.evaluate(f"""(() => {{ const all = TRACES.map(t => t.hops.map(h => shown(h.path || '')).join(' ')).join(' ');
      return {json.dumps(strings)}.filter(s => ![...s].some(c => /\\p{{Cs}}/u.test(c)) && s.length < 300 && !all.includes(shown('/' + s))); }})()""")
    check(f"{name}: they are there as text", len(missing) <= len(strings) // 4, missing)
    for text in strings[:8]:
        browser.evaluate(f"choose({{q: {json.dumps(text)}}}); choose({{q: '', service: {json.dumps(text)}}}); choose({{service: ''}})")
    check(f"{name}: as filters they are harmless, too", not browser.problems, browser.problems)


def main():
    sample = store("sample", os.path.join(CHECKOUT, "SampleLogs"))
    path = page(sample, "sample")
    with Browser() as browser:
        browser.view(1280, 900)
        rendering(browser, path, sample)
        filters(browser, path)
        newcomers(browser, path)
        keyboard(browser, path)
        first = browser.evaluate("TRACES[DATA.slowest[0]].id")
        appearance(browser, path, f"#trace={first}")
        policy(browser, path)
        hostility(browser)
    print(f"{len(failures)} wrong" if failures else "all is as it should be")
    sys.exit(1 if failures else 0)


main()
