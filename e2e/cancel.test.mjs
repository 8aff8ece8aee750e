// The page a parent opens at 9:25: today's meal, cancelled in two taps, whatever the device can do.
import assert from "node:assert/strict";
import { browserTests, login, visit } from "./browser.mjs";
import { walkTo } from "./keyboard.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();
const parent = "francesca.marino";
const child = "Ginevra";

const cardOf = (page, name = child) => page.getByRole("article", { name });
const titleOf = (page, name = child) => cardOf(page, name).locator(".state-panel-title");
const cancelToday = (page) => cardOf(page).getByRole("link", { name: "Disdici oggi" });
const confirm = (page) => page.getByRole("button", { name: "Conferma la disdetta" });
const undo = (page) => cardOf(page).getByRole("link", { name: "Annulla la disdetta", exact: true });
const confirmUndo = (page) => page.getByRole("button", { name: "Conferma: torna il pasto normale" });
const backHome = (page) => page.getByRole("link", { name: "Torna ai miei figli" });

async function receiptNumber(page) {
  const text = await page.locator(".receipt-number").innerText();
  assert.match(text, /^Ricevuta \d{4}\D\d+$/);
  return text;
}

// cancelAndUndo goes from the home to the receipt in two acts, back, and undoes
// it; activate(locator) is how this visitor follows a link or presses a button.
async function cancelAndUndo(page, town, activate) {
  const [before, start] = [await town.figures(), await town.counts()];
  assert.equal(await titleOf(page).innerText(), "Oggi mangia a scuola");
  await activate(cancelToday(page));
  await activate(confirm(page));
  await receiptNumber(page);
  assert.equal((await town.counts()).absent, start.absent + 1, "absent after the receipt");

  await activate(backHome(page));
  assert.equal(await titleOf(page).innerText(), "Oggi assente");
  await activate(undo(page));
  await activate(confirmUndo(page));
  await receiptNumber(page);
  await activate(backHome(page));
  assert.equal(await titleOf(page).innerText(), "Oggi mangia a scuola");

  const after = await town.figures();
  assert.equal(after.receipts, before.receipts + 2, "receipts: of the absence and of its undoing");
  assert.equal(after.balance_cents, before.balance_cents, "nothing is paid before the day is closed");
  assert.equal((await town.counts()).absent, start.absent, "absent after the undoing");
}

browserTest("two taps on a phone cancel today's meal, two more bring it back", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, { hasTouch: true, isMobile: true });
  await login(page, town, parent);
  await cancelAndUndo(page, town, (it) => it.tap());
});

browserTest("the same works without JavaScript", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, { javaScriptEnabled: false });
  await login(page, town, parent);
  await cancelAndUndo(page, town, (it) => it.click());
});

browserTest("the same works with the keyboard alone, and the focus is always seen", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, parent);
  await cancelAndUndo(page, town, async (it) => {
    await walkTo(page, it);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  });
});

browserTest("a double click on the confirmation gives one receipt", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, parent);
  const before = await town.figures();
  await cancelToday(page).click();
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await confirm(page).dblclick();
  await receiptNumber(page);
  assert.equal((await town.figures()).receipts, before.receipts + 1, `receipts after ${sent.length} requests`);
});

browserTest("the same form sent twice at once gives one receipt", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, parent);
  const before = await town.figures();
  await cancelToday(page).click();
  const answers = await page.evaluate(async () => {
    const form = document.querySelector("main form[method=post]");
    const send = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    return (await Promise.all([send(), send(), send()])).map((answer) => `${answer.status} ${answer.url}`);
  });
  assert.equal(new Set(answers).size, 1, answers.join(", "));
  assert.match(answers[0], /^200 .*\/esito\//);
  assert.equal((await town.figures()).receipts, before.receipts + 1);
});

browserTest("confirmed in two tabs, the meal is cancelled once and both show its receipt", async (t, browser) => {
  const town = await startTown(t);
  const first = await visit(browser, town);
  await login(first, town, parent);
  const before = await town.figures();
  await cancelToday(first).click();
  const second = await first.context().newPage();
  await second.goto(first.url());
  await confirm(first).click();
  const number = await receiptNumber(first);
  await confirm(second).click();
  assert.equal(await receiptNumber(second), number);
  await backHome(second).click();
  assert.equal(await titleOf(second).innerText(), "Oggi assente");
  const after = await town.figures();
  assert.equal(after.receipts, before.receipts + 1, "receipts");
  assert.equal(after.entries, before.entries, "movements of the accounts");
});

browserTest("going back after the receipt shows that it is done, and an old form sent again changes nothing", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, parent);
  const before = await town.figures();
  await cancelToday(page).click();
  const old = await page.locator("main form[method=post]").evaluate((form) => form.outerHTML);
  await confirm(page).click();
  const number = await receiptNumber(page);

  await page.goBack();
  await page.getByText("era già così").waitFor();
  await page.getByRole("link", { name: number.toLowerCase() }).waitFor();
  assert.equal(await confirm(page).count(), 0, "buttons to confirm what is done");

  // What a browser that kept the page in its memory sends.
  await page.locator("main").evaluate((main, form) => main.insertAdjacentHTML("beforeend", form), old);
  await confirm(page).click();
  assert.equal(await receiptNumber(page), number);
  assert.equal((await town.figures()).receipts, before.receipts + 1);
});

browserTest("a parent who reads English cancels in English", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, parent);
  await page.getByRole("button", { name: "Lingua" }).click();
  await page.getByRole("link", { name: "English" }).click();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await cardOf(page).getByRole("link", { name: "Cancel today" }).click();
  await page.getByRole("button", { name: /^Confirm/ }).click();
  assert.match(await page.locator(".receipt-number").innerText(), /^Receipt \d{4}\D\d+$/);
  await page.getByRole("link", { name: "Back to my children" }).click();
  assert.match(await titleOf(page).innerText(), /absent/i);
  const text = await page.locator("body").innerText();
  assert.doesNotMatch(text, /Disdici|Oggi|mangia|ricevuta/i);
});
