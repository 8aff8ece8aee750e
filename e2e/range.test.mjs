// Several days of several children in one go, through Comunicazioni.
import assert from "node:assert/strict";
import { browserTests, login, visit } from "./browser.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();

// acceptedDays counts, in the preview, the days that will change.
async function acceptedDays(page) {
  const lines = await page.locator(".summary .outcomes li").allInnerTexts();
  return lines.filter((line) => /assente/.test(line) && !/era già così/.test(line)).length;
}

browserTest("a week's absence of three children is previewed, confirmed once, and receipted for each", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "francesca.marino");
  const before = await town.figures();
  await page.goto("/famiglia/comunicazioni");
  for (const name of ["Ginevra", "Pietro", "Azzurra"]) await page.getByLabel(name).check();
  await page.getByRole("radio", { name: /^Assenza/ }).check();
  await page.getByRole("textbox", { name: /^Dal giorno/ }).fill("2026-10-19");
  await page.getByRole("textbox", { name: /^Al giorno/ }).fill("2026-10-25");
  await page.getByRole("button", { name: "Continua" }).click();

  assert.deepEqual(await page.locator(".summary h2").evaluateAll((all) => all.map((it) => it.firstChild.textContent.trim())),
    ["Ginevra", "Pietro", "Azzurra"]);
  const days = await acceptedDays(page);
  assert.ok(days >= 3, `${days} days would change`);
  assert.equal((await town.figures()).communications, before.communications, "a preview writes nothing");

  await page.getByRole("button", { name: "Conferma la disdetta" }).click();
  const numbers = await page.locator(".receipt-number").allInnerTexts();
  assert.equal(new Set(numbers).size, 3, numbers.join(", "));
  const after = await town.figures();
  assert.equal(after.receipts, before.receipts + 3, "receipts");
  assert.equal(after.communications, before.communications + days, "communications");

  await page.goto("/famiglia/comunicazioni/anteprima?" + new URLSearchParams(await requestOf(page)));
  assert.equal(await acceptedDays(page), 0, "days left to cancel");
  assert.equal(await page.getByRole("button", { name: "Conferma la disdetta" }).count(), 0);
});

// requestOf is the request of the test above as the form sends it.
async function requestOf(page) {
  await page.goto("/famiglia/comunicazioni");
  const handles = await page.locator("input[name=alunno]").evaluateAll((all) => all.map((it) => it.value));
  return [...handles.map((handle) => ["alunno", handle]), ["tipo", "absence"], ["dal", "2026-10-19"], ["al", "2026-10-25"]];
}

browserTest("a request without a child comes back filled, with the reason beside the question", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "francesca.marino");
  await page.goto("/famiglia/comunicazioni");
  await page.getByRole("radio", { name: /^Pasto in bianco/ }).check();
  await page.getByRole("textbox", { name: /^Dal giorno/ }).fill("2026-10-19");
  for (const box of await page.locator("input[name=alunno]").all()) await box.uncheck();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest()),
    page.getByRole("button", { name: "Continua" }).click(),
  ]);
  assert.equal(answer.status(), 422);
  assert.equal(await page.getByRole("textbox", { name: /^Dal giorno/ }).inputValue(), "2026-10-19");
  assert.ok(await page.getByRole("radio", { name: /^Pasto in bianco/ }).isChecked());
  await page.locator("fieldset.is-invalid #alunno-error").waitFor();
  assert.ok(await page.getByRole("alert").evaluate((box) => box === document.activeElement), "the list of problems has the focus");
});
