"""Jupyter on this machine, and headless Chromium that sees nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.pages import Jupyter, Notebook
from tests.browser.server import Server, serve

LIMIT = 60_000  # milliseconds, after which a test that hangs fails
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SIZE: ViewportSize = {"width": 1280, "height": 1400}
# What the applications say with any notebook that has a widget in it:
NOISE = re.compile(
    # Notebook 7 has parts of JupyterLab, and looks for others.
    r"/notebooks/.*: Cannot read properties of undefined \(reading 'schema'\)"
    r"|/notebooks/.*: Command 'filebrowser:open-path' not registered"
    # A font that JupyterLab has too, their server looks for in the folder of the other.
    r"|.*: .* 403 .*/static/(lab|notebook)/\w+\.woff2"
    # Voila lacks parts too, and its own page asks a server elsewhere for icons and formulas.
    r"|/voila/.*: Error: The getter for the shared module is not a function"
    r"|/voila/.*: .*https://cdn\.jsdelivr\.net/npm/@fortawesome/"
    r"|/voila/.*: .*https://cdnjs\.cloudflare\.com/ajax/libs/mathjax/"
)
DIABETICS = """\
%%synthpatients diabetics --rows 500 --engine offline
Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male.
HbA1c around 7.4% (SD 1.3), BMI, eGFR falling with age, 12% smokers,
LDL cholesterol missing in 10% of patients."""

expect.set_options(timeout=LIMIT)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """For these tests only: its event loop would be in the way of other tests' own."""
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert executable, "these tests need Chromium, which `make test` installs on Debian"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def complaints() -> list[str]:
    """What pages asked for beyond the server, and the errors on them."""
    return []


@pytest.fixture(scope="package")
def context(browser: Browser, server: Server, complaints: list[str]) -> Iterator[BrowserContext]:
    """What all pages share."""

    def complain(where: Page | Frame | None, what: str) -> None:
        path = urlsplit(where.url).path if where else "?"
        complaints.append(f"{path}: {what}")

    def refuse(route: Route) -> None:
        complain(route.request.frame, f"asked for {route.request.url}")
        route.abort()

    def heed(message: ConsoleMessage) -> None:
        if message.type == "error":
            complain(message.page, f"{message.text} {message.location['url']}")

    context = browser.new_context(viewport=SIZE, service_workers="block")
    context.set_default_timeout(LIMIT)
    context.route(re.compile(f"^(?!{re.escape(server.url)}/)"), refuse)
    context.on("console", heed)
    context.on("weberror", lambda error: complain(error.page, str(error.error)))
    yield context
    context.close()


@pytest.fixture(autouse=True)
def no_complaint(complaints: list[str]) -> Iterator[None]:
    """Fail a test whose pages asked for anything elsewhere, or had an error."""
    yield
    heard = [complaint for complaint in complaints if not NOISE.match(complaint)]
    complaints.clear()
    assert not heard


@pytest.fixture
def jupyter(
    context: BrowserContext, server: Server, request: pytest.FixtureRequest
) -> Iterator[Jupyter]:
    """A notebook file of this test's own, and the applications that open it."""
    with context.new_page() as page:
        jupyter = Jupyter(page, server, f"{request.node.name}.ipynb")
        yield jupyter
        jupyter.stop_kernel()


@pytest.fixture(scope="package")
def opened(context: BrowserContext, server: Server) -> Notebook:
    """A notebook in JupyterLab that tests use in turn: to open one takes long."""
    jupyter = Jupyter(context.new_page(), server, "panel.ipynb")
    jupyter.write()
    notebook = jupyter.lab()
    notebook.command("application:toggle-left-area")  # the list of files, which takes room
    return notebook


@pytest.fixture
def lab(opened: Notebook) -> Notebook:
    """JupyterLab with one panel in it: of 500 patients with diabetes, drawn from seed 0."""
    opened.page.set_viewport_size(SIZE)
    opened.wear("light")
    opened.run("%reset -f\n%reload_ext synth_magic")  # which forget what earlier tests did
    opened.clear()
    opened.run(DIABETICS)
    return opened
