// The moment that matters: a confirmation opened before 9:30 and sent after it.
import assert from "node:assert/strict";
import { browserTests, login, visit } from "./browser.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();

browserTest("a confirmation opened before the cut-off and sent after it is refused with the next possible day", async (t, browser) => {
  const town = await startTown(t, "09:29:50");
  const page = await visit(browser, town);
  await login(page, town, "elena.rossi");
  await page.getByRole("link", { name: "Disdici oggi" }).click();
  const confirm = page.getByRole("button", { name: "Conferma la disdetta" });
  await confirm.waitFor();
  await town.closed();
  const before = await town.figures();

  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    confirm.click(),
  ]);
  assert.equal(answer.status(), 409);
  await page.getByText("Niente è stato registrato.").waitFor();
  const main = await page.locator("main").innerText();
  assert.match(main, /il termine era alle 9:30/);
  assert.match(main, /La richiesta è arrivata alle 9:3\d/);
  assert.match(main, /Il primo giorno che puoi ancora cambiare è giovedì 15 ottobre/);
  assert.equal(await page.locator(".receipt-number").count(), 0, "receipts on the page");
  const after = await town.figures();
  assert.equal(after.receipts, before.receipts, "receipts");
  assert.equal(after.communications, before.communications, "communications");

  await page.getByRole("link", { name: "Chiedilo per giovedì 15 ottobre" }).click();
  await confirm.click();
  assert.match(await page.locator(".receipt").innerText(), /giovedì 15 ottobre 2026/);
  assert.equal((await town.figures()).receipts, after.receipts + 1);
});

browserTest("after the cut-off the home says so and offers the next day", async (t, browser) => {
  const town = await startTown(t, "09:45:00");
  const page = await visit(browser, town);
  await login(page, town, "elena.rossi");
  const card = page.getByRole("article", { name: "Tommaso" });
  assert.match(await card.innerText(), /Per oggi il termine era alle 9:30/);
  assert.equal(await card.getByRole("link", { name: "Disdici oggi" }).count(), 0);
  await card.getByRole("link", { name: "Disdici domani" }).click();
  await page.getByRole("button", { name: "Conferma la disdetta" }).click();
  assert.match(await page.locator(".receipt").innerText(), /giovedì 15 ottobre 2026/);
});
