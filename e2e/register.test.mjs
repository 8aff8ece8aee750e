// A family that nobody knows comes to the portal on a phone and leaves with a numbered receipt.
import assert from "node:assert/strict";
import { assertAccessible } from "./axe.mjs";
import { browserTests, visit } from "./browser.mjs";
import { beatrice, enrol, fill, follow, goOn, heading, newChild, parent, register, tommaso } from "./people.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();
const phone = { hasTouch: true, isMobile: true };

// assertPDF fetches a document as the page's visitor.
async function assertPDF(page, address) {
  const answer = await page.request.get(address);
  assert.equal(answer.status(), 200, address);
  assert.equal(answer.headers()["content-type"], "application/pdf", address);
  assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-", address);
}

browserTest("from the login page to the receipt of an enrolment, on a phone", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, phone);
  const look = (what) => assertAccessible(page, what);
  await register(page, look);
  await page.getByText("Il tuo account è pronto.").waitFor();
  await page.goto("/famiglia");
  await look("home of a family without children");
  await follow(page, page.getByRole("link", { name: "Iscrivi tuo figlio" }));
  assert.equal(await heading(page), "Iscrizioni");

  const number = await enrol(page, tommaso, look);
  await assertPDF(page, await page.getByRole("link", { name: "Scarica la ricevuta (PDF)" }).getAttribute("href"));
  await page.goto("/famiglia");
  await look("home with an application under way");
  await follow(page, page.getByRole("link", { name: "Tommaso" }));
  await look("state of an application");
  await page.getByText("Inviata", { exact: true }).waitFor();
  await follow(page, page.getByRole("link", { name: number }));
  assert.equal(await page.locator(".receipt-number").innerText(), number);
});

browserTest("the same works without JavaScript", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, { ...phone, javaScriptEnabled: false });
  await register(page);
  assert.notEqual(await enrol(page, tommaso), await enrol(page, beatrice), "receipts of two children");
  await page.goto("/famiglia");
  assert.deepEqual((await page.locator(".application-card h3 a").allInnerTexts()).sort(), ["Beatrice", "Tommaso"]);
});

browserTest("what is wrong is said beside its field, and what was typed is kept", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, phone);
  await page.goto("/registrati");
  await goOn(page);
  await assertAccessible(page, "registration without contacts");
  await page.getByRole("link", { name: "E-mail: è un dato che serve" }).waitFor();
  await register(page);
  await follow(page, newChild(page));
  await goOn(page);
  await assertAccessible(page, "privacy notice not read");
  await page.locator("#privacy-error").waitFor();
  await page.locator("#privacy").check();
  await goOn(page);
  await fill(page, { name: "Tommaso", cf: parent.cf.replace(/A$/, "B") });
  await goOn(page);
  await assertAccessible(page, "a child with a wrong codice fiscale");
  await page.locator("#cf-error").waitFor();
  await page.locator("#surname-error").waitFor();
  assert.equal(await page.locator("#name").inputValue(), "Tommaso");
});

browserTest("going back after the receipt offers nothing to send again", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await register(page);
  const before = await town.figures();
  await enrol(page, beatrice);
  const once = await town.figures();
  assert.equal(once.receipts, before.receipts + 1);
  await page.goBack(); // the summary, as the browser kept it or as the server now answers
  assert.equal(await page.getByRole("button", { name: "Invia la domanda" }).count(), 0, "buttons to send what was sent");
});

browserTest("a draft is left and taken up again", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, phone);
  await register(page);
  await follow(page, newChild(page));
  await page.locator("#privacy").check();
  await goOn(page);
  await fill(page, { name: beatrice.name, surname: beatrice.surname, cf: beatrice.cf, born: beatrice.born });
  await follow(page, page.getByRole("button", { name: "Salva e continua più tardi" }));
  await page.goto("/famiglia");
  await follow(page, page.getByRole("link", { name: "Continua" }));
  assert.equal(await page.locator("main h2").first().innerText(), "In quale scuola");
});
