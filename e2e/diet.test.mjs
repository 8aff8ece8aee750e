// A certificate photographed with a phone becomes a code on the kitchen's sheet, and nothing more.
import assert from "node:assert/strict";
import { assertAccessible } from "./axe.mjs";
import { browserTests, login, visit } from "./browser.mjs";
import { askDiet, enrol, follow, heading, openDiet, register, tommaso, validate } from "./people.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();
const words = "Latte e derivati: intolleranza al lattosio.";
const code = "L1";
const nextDay = "2026-10-15"; // a Thursday with canteen for every class

// portionsOf reads how many portions of a diet code the kitchen has on a day's sheet.
async function portionsOf(kitchen, day) {
  await kitchen.goto(`/cucina?giorno=${day}`);
  const heads = await kitchen.locator(".sheet thead th").allInnerTexts();
  const column = heads.findIndex((text) => text.trim() === code);
  if (column < 0) return 0;
  return Number.parseInt(await kitchen.locator(".sheet tfoot tr > *").nth(column).innerText(), 10) || 0;
}

browserTest("photo, decision, code on the next day's sheet", async (t, browser) => {
  const town = await startTown(t);
  const family = await visit(browser, town, { hasTouch: true, isMobile: true });
  await register(family);
  await enrol(family, tommaso);
  await askDiet(family, words, await family.screenshot({ type: "jpeg" }), (what) => assertAccessible(family, what));
  const receipt = await family.request.get(await family.getByRole("link", { name: "Scarica la ricevuta (PDF)" }).getAttribute("href"));
  assert.equal(receipt.headers()["content-type"], "application/pdf");

  const school = await visit(browser, town);
  await login(school, town, "scuola");
  await validate(school, tommaso);
  const kitchen = await visit(browser, town, { width: 1280 });
  await login(kitchen, town, "cucina2"); // that cooks for the school
  const before = await portionsOf(kitchen, nextDay);

  const officer = await visit(browser, town, { width: 1280 });
  await login(officer, town, "dietista");
  await assertAccessible(officer, "the officer's desk");
  await follow(officer, officer.getByRole("link", { name: "Zanardelli" }));
  await assertAccessible(officer, "a diet request");
  assert.match(await officer.locator("main").innerText(), new RegExp(words));
  await officer.locator("#approve-code").selectOption(code);
  await officer.locator("#approve-category").selectOption({ label: "Allergia o intolleranza" });
  await follow(officer, officer.locator("form:has(#approve-code) button"));
  await assertAccessible(officer, "the officer's desk after the decision");
  assert.equal(await portionsOf(kitchen, nextDay), before + 1, `portions of ${code} on ${nextDay}`);

  await family.goto("/famiglia");
  await family.getByRole("article", { name: "Tommaso" }).getByText("senza latte").waitFor();
  await assertAccessible(family, "home with a special diet");
  await family.goto("/famiglia/diete");
  await assertAccessible(family, "diets of a family");

  const sheet = await kitchen.locator("main").innerText();
  assert.match(sheet, new RegExp(`\\b${code}\\b`));
  assert.doesNotMatch(sheet, /Zanardelli|Tommaso|intolleranza/i);
  await town.figures(); // every rule of the record holds
});

browserTest("what is no certificate is refused beside its field, and the words are kept", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, { hasTouch: true, isMobile: true });
  await register(page);
  await enrol(page, tommaso);
  await openDiet(page);
  const archive = Buffer.from("PK\u0003\u0004 certificato.pdf");
  for (const [name, mimeType, buffer] of [["certificato.pdf", "application/pdf", archive], ["disegno.png", "image/png", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]]) {
    await page.locator("#asked").fill(words);
    await page.locator("#certificate").setInputFiles({ name, mimeType, buffer });
    await follow(page, page.getByRole("button", { name: "Continua" }));
    await page.locator("#certificate-error").waitFor();
    assert.equal(await page.locator("#asked").inputValue(), words);
    await assertAccessible(page, `refused ${name}`);
  }
});

browserTest("the same works without JavaScript", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, { javaScriptEnabled: false });
  await register(page);
  await enrol(page, tommaso);
  await askDiet(page, words, await page.screenshot({ type: "jpeg" }));
  assert.equal(await heading(page), "Richiesta di dieta");
  await page.getByText("inviata", { exact: true }).waitFor();
});
