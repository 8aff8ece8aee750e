// The cook's screen: it becomes the sheet by itself at 9:30, and holds numbers, never names.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { browserTests, login, visit } from "./browser.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();
const desktop = { width: 1280 };
const edition = (page) => page.locator(".edition .state-panel-title");

// numbers are those of a list of cells; an empty cell is zero, a note does not count.
const numbers = (cells) => cells.evaluateAll((all) => all.map((cell) => {
  const value = cell.querySelector("ins, b") || cell.querySelector(".badge-state") || cell;
  return Number.parseInt(value.textContent, 10) || 0;
}));

// assertAddsUp holds the rows of the table against its foot, and the foot
// against the tiles: meals, standard, white, diets, staff.
async function assertAddsUp(page) {
  const foot = await numbers(page.locator(".sheet tfoot td"));
  const rows = await page.locator(".sheet tbody tr:not(.sheet-group)").all();
  assert.ok(rows.length > 5, `${rows.length} classes`);
  const sums = foot.map(() => 0);
  for (const row of rows) (await numbers(row.locator("td"))).forEach((n, i) => (sums[i] += n));
  assert.deepEqual(sums, foot, "the columns' sums, the table's foot");
  const [, , standard, white, ...rest] = foot;
  const [staff, total] = rest.slice(-2);
  const diets = rest.slice(0, -2).reduce((sum, n) => sum + n, 0);
  assert.deepEqual(await numbers(page.locator(".tile b")), [total, standard, white, diets, staff]);
  assert.ok(total > 0, "meals");
  return total;
}

browserTest("the forecast becomes version 1 at 9:30 without a reload, and its numbers add up", async (t, browser) => {
  const town = await startTown(t, "09:29:45");
  const page = await visit(browser, town, desktop);
  await login(page, town, "cucina");
  assert.equal(await edition(page).innerText(), "Previsione");
  await assertAddsUp(page);
  let loads = 0;
  page.on("load", () => loads++);
  await town.closed();
  await page.locator(".edition.is-eats").waitFor();
  assert.match(await edition(page).innerText(), /Versione 1/i);
  assert.equal(loads, 0, "reloads");
  const total = await assertAddsUp(page);
  const sheet = await town.api("/sheets/2026-10-14?kitchen=via-appulo");
  assert.equal(total, sheet.sheets.at(-1).totals.total, "the page, the API");
});

browserTest("without JavaScript the page is right after a reload", async (t, browser) => {
  const town = await startTown(t, "09:29:50");
  const page = await visit(browser, town, { ...desktop, javaScriptEnabled: false });
  await login(page, town, "cucina");
  await town.closed();
  await page.reload();
  assert.match(await edition(page).innerText(), /Versione 1/i);
  await assertAddsUp(page);
});

browserTest("the sheet is taken away as PDF, XLSX and CSV", async (t, browser) => {
  const town = await startTown(t, "09:45:00");
  await town.closed();
  const page = await visit(browser, town, desktop);
  await login(page, town, "cucina");
  const files = [
    { label: "PDF", ending: "pdf", type: "application/pdf", begins: "%PDF-" },
    { label: "Excel", ending: "xlsx", type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", begins: "PK\x03\x04" },
    { label: "CSV", ending: "csv", type: "text/csv; charset=utf-8", begins: "" },
  ];
  for (const { label, ending, type, begins } of files) {
    const link = page.locator("a[download]", { hasText: label });
    const answer = await page.request.get(await link.getAttribute("href"));
    assert.equal(answer.headers()["content-type"], type, label);
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    assert.equal(download.suggestedFilename(), `foglio-2026-10-14-v1-via-appulo.${ending}`);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.toString("latin1", 0, begins.length), begins, label);
    assert.ok(bytes.length > 200, `${label}: ${bytes.length} bytes`);
  }
});

browserTest("no child's surname is on the kitchen's page or in its file", async (t, browser) => {
  const town = await startTown(t, "09:45:00");
  await town.closed();
  const office = await visit(browser, town, desktop);
  await login(office, town, "ufficio");
  const surnames = await surnamesOf(office);
  assert.ok(surnames.length > 5, `surnames found: ${surnames}`);
  const kitchen = await visit(browser, town, desktop);
  await login(kitchen, town, "cucina");
  const csv = await kitchen.request.get(await kitchen.locator("a[download]", { hasText: "CSV" }).getAttribute("href"));
  const seen = (await kitchen.locator("main").innerText()) + (await csv.text());
  assert.deepEqual(surnames.filter((name) => new RegExp(`(?<!\\p{L})${name}(?!\\p{L})`, "iu").test(seen)), []);
});

// surnamesOf asks the office's search for some children; a surname is all but
// the last word of what the list shows.
async function surnamesOf(page) {
  const found = new Set();
  for (const query of ["Colucci", "Rizzi", "De Santis", "Ferrante", "El Mansouri", "Marco", "Sofia", "Giulia"]) {
    await page.goto("/ufficio/alunni");
    await page.getByRole("searchbox").or(page.locator("main input[type=text]")).first().fill(query);
    await page.locator("main form button").click();
    for (const name of await page.locator("table.records th[scope=row]").allInnerTexts()) found.add(name.split(" ").slice(0, -1).join(" "));
  }
  return [...found];
}
