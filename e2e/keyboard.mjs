// Walking through a page with the Tab key, watching that the focus is always seen.
import assert from "node:assert/strict";

const farthest = 60; // stops of a page before we give up

/** Presses Tab until the element has the focus; fails at a stop that looks as it did without focus. */
export async function walkTo(page, locator) {
  await locator.waitFor();
  await page.evaluate(rememberLooks);
  for (let stop = 1; stop <= farthest; stop++) {
    await page.keyboard.press("Tab");
    const seen = await page.waitForFunction(focusIsSeen, null, { timeout: 1000 }).catch(() => null);
    assert.ok(seen, `stop ${stop} of ${page.url()} has no visible focus: ${await page.evaluate(() => document.activeElement.outerHTML)}`);
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`${locator} was not reached with ${farthest} Tabs`);
}

// These run in the page. The look of an element is what may show its focus.
function rememberLooks() {
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join(" ");
  };
  const elements = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  window.looks = { of: look, before: new Map([...elements].map((element) => [element, look(element)])) };
}

function focusIsSeen() {
  const { of, before } = window.looks;
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  return before.has(element) && of(element) !== before.get(element) && box.width > 0 && box.height > 0;
}
