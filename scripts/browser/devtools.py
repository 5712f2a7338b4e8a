"""A headless Chromium, driven over a pipe with the DevTools protocol; nothing but Python's own library."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Browser:
    """One browser with one page at a time. Use it in a `with`; `problems` collects what the page complained of."""

    def __init__(self, program=None):
        self.program = program or shutil.which("chromium") or shutil.which("chromium-browser")
        self.problems = []
        self._next = 0
        self._buffer = b""
        self._session = None
        self._loaded = False

    def __enter__(self):
        self._profile = tempfile.mkdtemp(prefix="browser-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def pipes():
            # The protocol's two ends have to be the descriptors 3 and 4.
            spare = [os.dup(to_browser), os.dup(from_browser)]
            high = [os.dup2(fd, 200 + n) for n, fd in enumerate(spare)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self._process = subprocess.Popen(
            [self.program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--hide-scrollbars", "--no-first-run", "--remote-debugging-pipe", "--allow-file-access-from-files",
             f"--user-data-dir={self._profile}", "about:blank"],
            close_fds=False, preexec_fn=pipes, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        target = self._command("Target.createTarget", url="about:blank")["targetId"]
        attached = self._command("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._command(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        try:
            session, self._session = self._session, None
            self._command("Browser.close")
        except (OSError, RuntimeError):
            pass
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def view(self, width, height, dark=False, phone=False):
        """How large the window is, and which scheme the reader prefers."""
        self._command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=2 if phone else 1, mobile=phone)
        scheme = "dark" if dark else "light"
        self._command("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": scheme},
                                {"name": "prefers-reduced-motion", "value": "reduce"}])

    def media(self, name):
        """`print` or `screen`."""
        self._command("Emulation.setEmulatedMedia", media=name)

    def open(self, url):
        """Loads a page and waits until it is there; returns the seconds until its load event ended."""
        self.problems.clear()
        self._loaded = False
        if url.split("#")[0] == self.evaluate("location.href.split('#')[0]"):
            self._command("Page.navigate", url="about:blank")
            self._until_loaded()
            self._loaded = False
        self._command("Page.navigate", url=url)
        self._until_loaded()
        return self.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")

    def _until_loaded(self):
        end = time.monotonic() + 60
        while not self._loaded:
            if time.monotonic() > end:
                raise RuntimeError("the page did not load within a minute")
            self._message()

    def evaluate(self, script):
        """The value of an expression in the page; promises are awaited."""
        answer = self._command("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True,
                               allowUnsafeEvalBlockedByCSP=False)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def key(self, name, modifiers=0):
        """Presses and releases a key as a person would."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowDown": 40, "ArrowRight": 39}
        text = {"Enter": "\r", " ": " "}.get(name, "")
        for kind in ("keyDown", "keyUp"):
            self._command("Input.dispatchKeyEvent", type=kind, key=name, modifiers=modifiers,
                          code=name if name != " " else "Space", windowsVirtualKeyCode=codes.get(name, 0),
                          **({"text": text} if text and kind == "keyDown" else {}))

    def mouse(self, x, y, click=False):
        self._command("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        if click:
            for kind in ("mousePressed", "mouseReleased"):
                self._command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, path, whole=False):
        options = {"format": "png"}
        if whole:
            size = self._command("Page.getLayoutMetrics")["cssContentSize"]
            options.update(captureBeyondViewport=True,
                           clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._command("Page.captureScreenshot", **options)["data"]))

    def pdf(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._command("Page.printToPDF", printBackground=True)["data"]))

    def _send(self, method, **parameters):
        self._next += 1
        number = self._next
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        return number

    def _command(self, method, **parameters):
        number = self._send(method, **parameters)
        while True:
            answer = self._message()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _message(self):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], 60)[0]:
                raise RuntimeError("the browser does not answer")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise RuntimeError("the browser has ended")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(line)
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, method, parameters):
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(a.get("value", a.get("description"))) for a in parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.problems.append(parameters["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.problems.append(f"opened a dialog: {parameters.get('message', '')[:100]}")
            self._send("Page.handleJavaScriptDialog", accept=True)
        elif method == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if not url.startswith(("file:", "about:", "data:")):
                self.problems.append(f"asked the network for {url[:200]}")
