"""The HTML report in a real browser: narrow and wide, light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.guard.gateway import Incident
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.observed_schema import ErrorShape, ObservedSchema
from cancel_contract.ledger.provided import Change
from cancel_contract.ledger.row import Row
from cancel_contract.report import html_report
from cancel_contract.report.build import gathered
from cancel_contract.run.assembly import terms_of
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from tests.proof.conftest import needed

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# It runs as root in containers, has no GPU, and asks nobody on the network about anything.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENS: Final = {"phone": (360, 740), "desk": (1280, 900)}
SCHEMES: Final = ("light", "dark")
LOOKS: Final = [(screen, scheme) for screen in SCREENS for scheme in SCHEMES]
WORDS: Final = (".chip", ".counts li", ".word", ".statement", ".fact", ".replay", "pre", "dt", "td", "small")
INKS: Final = """places => [...document.querySelectorAll(places)].map(one => {
    let behind = one;
    while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)' && behind.parentElement)
        behind = behind.parentElement;
    return [one.className, getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
})"""
"""Of every element of a kind: its name, its colour, and the colour behind it."""
OVERLAPS: Final = """() => [...document.querySelectorAll('.clause summary')].filter(line => {
    const ranges = [...line.querySelectorAll('code, .statement, .word')].map(one => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return [...range.getClientRects()];
    });
    return ranges.some((some, index) => ranges.slice(index + 1).some(others => some.some(one => others.some(other =>
        one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 3 && other.top < one.bottom - 3))));
}).map(line => line.textContent.trim().split(/\\s+/)[0])"""
"""The clauses in whose line one text reaches into another."""
CUT: Final = """() => [...document.querySelectorAll('th, .word, .counts li')].flatMap(cell => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), cut = [];
    while (texts.nextNode())
        for (const word of texts.currentNode.data.matchAll(/[a-z]+/gi)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
            if (lines.size > 1) cut.push(word[0]);
        }
    return cut;
})"""
"""The words in heads of tables, verdicts and counts that are broken over two lines."""
ALONE: Final = """() => [...document.querySelectorAll('dl.facts')].flatMap(list => {
    const facts = [...list.children].filter(one => !one.classList.contains('wide') && one.getClientRects().length);
    const rows = Map.groupBy(facts, one => Math.round(one.getBoundingClientRect().top));
    return [...rows.values()].filter(row => row.length === 1).map(row => row[0].textContent.trim());
})"""
"""The facts that have a row to themselves though they are not wide."""
READABLE: Final = 4.5
"""The contrast that text has at least (WCAG 2.2, 1.4.3)."""
LONG: Final = "x" * 300
BREACH: Final = Breach(
    message=f"status is 409, not 200, on the second cancel {LONG}",
    case="repeat/plain#second",
    curl=f'curl -sS -i -X POST https://staging.test/{LONG} -H "api_access_token: ${{ONELINK_API_TOKEN}}"',
    answer=f'409 application/json {{"error": "{LONG}"}}',
    size=80,
    headers=f"cache-control: no-cache\nx-request-id: {LONG}",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a browser without a window; in CI there has to be one."""
    found = needed(*NAMES)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=[*FLAGS])
        yield started
        started.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a run with every verdict, long words and everything that can be met."""
    settings = seeded_settings("https://staging.test")
    entry = Deviation.model_validate(
        {"clause": CATALOGUE[3].id, "reason": "it is being mended", "owner": "back-end", "until": "2026-12-31"}
    )
    contract = Contract(Choice(settings, Profile.GATE, deviations={entry.clause: entry}), load())
    ledger = Ledger(terms_of(contract.choice.target, contract.fragment))
    for number, clause in enumerate(CATALOGUE):
        ledger.rows[clause.id] = Row(clause, held=number)
    for number in (3, 20, 50):
        ledger.rows[CATALOGUE[number].id] = Row(CATALOGUE[number], held=2, broken=1, breach=BREACH)
    ledger.rows[CATALOGUE[60].id] = Row(CATALOGUE[60], failures=("KeyError in its own code",))
    contract.ledger = ledger
    statistics = contract.statistics
    statistics.refused_variations, statistics.still_active = {LONG: "422 VALIDATION_ERROR"}, [5001]
    statistics.incidents = [Incident("effect/confirmed-ahead-cyrillic-720-contact#first", 502, "not sent again")]
    statistics.changed = [Change(4011, "ONELINK_PAID_EXPENSE_APPOINTMENT_ID", "status completed -> cancelled")]
    statistics.observed_schema = ObservedSchema(
        {LONG: 1, "source": 9}, {}, {"status": {"cancelled": 9}}, [ErrorShape(404, ("code", "error"), 3)]
    )
    statistics.timings = [0.01 + (number % 37) ** 2 / 10_000 for number in range(400)]
    contract.conclude(contract.started.date())
    page = tmp_path_factory.mktemp("page") / "report.html"
    page.write_text(html_report.render(gathered(contract, ledger, contract.code.value)), encoding="utf-8")
    return page


@pytest.fixture(params=LOOKS, ids=["-".join(look) for look in LOOKS])
def page(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    """Yield the page as it is looked at; a word on the browser's console, or a look elsewhere, is a failure."""
    screen, scheme = request.param
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, is_mobile=screen == "phone"
    )
    # How long is no matter: a busy machine takes its time to draw.
    context.set_default_timeout(120_000)
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("request", lambda asked: told.append(asked.url) if asked.url != report.as_uri() else None)
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert told == []


def test_the_page_fits_its_screen(page: Page, tmp_path: Path) -> None:
    """Nothing reaches past the screen's edge, and the picture of the page has something in it."""
    inner, outer = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    picture = page.screenshot(path=tmp_path / "report.png", full_page=True)

    assert inner <= outer
    assert picture.startswith(b"\x89PNG")
    # A blank page compresses to next to nothing.
    assert len(picture) > 50_000


def test_the_verdict_is_seen_at_once(page: Page) -> None:
    """Verdict and counts stand on the first screen, without scrolling."""
    height = page.viewport_size["height"] if page.viewport_size else 0

    for place in (page.locator("h1"), page.locator(".counts")):
        box = place.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < height
    assert page.locator("h1").inner_text().strip() == "Gate closed"


def test_no_words_lie_on_each_other(page: Page) -> None:
    """In a clause's line the id, the statement and the verdict keep apart, however narrow the screen is."""
    overlapping = page.evaluate(OVERLAPS)

    assert overlapping == []


def test_no_word_of_a_head_is_cut(page: Page) -> None:
    """Heads of tables, verdicts and counts break between words, and never inside one."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

    assert page.evaluate(CUT) == []


def test_no_fact_stands_alone(page: Page) -> None:
    """The short facts of the run and of a clause fill their rows."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

    assert page.evaluate(ALONE) == []


def test_a_list_inside_a_clause_does_not_look_like_a_clause(page: Page) -> None:
    """The response headers unfold inside a clause, without the clause's own colour and edge."""
    line = page.locator(".inside .more > summary").first

    assert line.evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert line.evaluate("one => getComputedStyle(one).paddingLeft") == "0px"


def _colour(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in re.findall(r"[\d.]+", text)[:3])


def _brightness(colour: tuple[float, ...]) -> float:
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_word_can_be_read(page: Page) -> None:
    """Text stands out from what lies behind it, whatever its verdict."""
    pairs = page.evaluate(INKS, ", ".join(WORDS))
    dim = set()
    for name, ink, paper in pairs:
        bright, dark = sorted((_brightness(_colour(ink)), _brightness(_colour(paper))), reverse=True)
        if (bright + 0.05) / (dark + 0.05) < READABLE:
            dim.add((name, ink, paper))

    assert len(pairs) > 300
    assert dim == set()


def test_light_and_dark_differ(page: Page, request: pytest.FixtureRequest) -> None:
    """The page follows what the reader's system prefers."""
    paper = _brightness(_colour(page.evaluate("getComputedStyle(document.body).backgroundColor")))

    assert (paper < 0.1) == ("dark" in request.node.callspec.id)


def test_a_cell_leads_to_its_clause(page: Page) -> None:
    """A clause that is folded unfolds when its cell is followed."""
    clause = CATALOGUE[10].id
    inside = page.locator(f'[id="{clause}"]')
    assert not inside.is_visible()

    page.locator(f'a[href="#{clause}"]').click()

    inside.wait_for(state="visible")
    box, height = inside.bounding_box(), page.viewport_size["height"] if page.viewport_size else 0
    assert box is not None
    assert 0 <= box["y"] < height


def test_verdicts_differ_in_form(page: Page) -> None:
    """Without colours the verdicts are told apart by their icons, and by words that are read aloud."""
    icons = {
        verdict: page.locator(f".chip.is-{verdict} use").first.get_attribute("href")
        for verdict in ("held", "broken", "untested", "aborted")
    }

    assert len(set(icons.values())) == 4
    assert page.locator(".chip.is-broken .spoken").first.text_content() == ", BROKEN"
