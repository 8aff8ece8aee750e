// A family without e-mail comes to the counter: it is entered, two children are enrolled for it, one with a health
// diet, the school validates, and every paper bears both names.
import assert from "node:assert/strict";
import { assertAccessible } from "./axe.mjs";
import { browserTests, login, visit } from "./browser.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();
const mother = { cf: "NRDSNT88C52A662N", surname: "Nardelli", name: "Assunta" };
const children = [
  { cf: "NRDPTR18E20A662G", name: "Pietro", born: "2018-05-20", sex: "M", grade: "3", diet: "none" },
  { cf: "NRDLBA19B48A662J", name: "Alba", born: "2019-02-08", sex: "F", grade: "2", diet: "health" },
];
const goOn = (page) => page.locator("main form button.btn-primary").first().click();

// assertBanner holds a page of the counter to its banner: for whom one acts is always in sight.
async function assertBanner(page) {
  await page.locator(".behalf").getByText(`${mother.name} ${mother.surname}`).waitFor();
}

// enter fills what is asked of a family seen for the first time, and returns the address of its pages.
async function enter(page) {
  await page.goto("/sportello");
  await page.locator("#query").fill(mother.cf);
  await page.locator("#query").press("Enter");
  await page.locator(".empty").getByRole("link").click();
  await page.locator("#cf").fill(mother.cf);
  await page.locator("#surname").fill(mother.surname);
  await page.locator("#name").fill(mother.name);
  await page.locator("#address").fill("Via dei Mille 4");
  await page.locator("#postcode").fill("70010");
  await page.locator("#city").fill("Borgoluce");
  await page.locator("#document").check();
  await page.locator("#privacy").check();
  await goOn(page);
  await page.waitForURL(/\/ricevute\//);
  return new URL(page.url()).pathname.replace(/\/ricevute\/.*/, "");
}

// enrol goes through the steps of an application and returns the address of its receipt.
async function enrol(page, inside, child) {
  await page.goto(`${inside}/famiglia/iscrizioni`);
  await page.locator(".application-start form").first().locator("button").click();
  await page.locator("#privacy").check();
  await goOn(page);
  await page.locator("#name").fill(child.name);
  await page.locator("#surname").fill(mother.surname);
  await page.locator("#cf").fill(child.cf);
  await page.locator("#born").fill(child.born);
  await page.locator("#sex").selectOption(child.sex);
  await goOn(page);
  await page.locator("#school").selectOption({ label: "Scuola primaria Gianni Rodari" });
  await page.locator("#grade").selectOption(child.grade);
  await page.locator("#section").selectOption("A");
  await goOn(page);
  await page.locator("#from").waitFor();
  await assertBanner(page);
  await goOn(page);
  await page.locator(`#diet-${child.diet}`).check();
  await goOn(page);
  await page.locator("#band-none").check();
  await goOn(page);
  await page.waitForURL(/\/riepilogo$/);
  await goOn(page);
  await page.locator(".receipt-number").waitFor();
  return new URL(page.url()).pathname;
}

browserTest("a family without e-mail, at the counter", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town, { width: 1280 });
  await login(page, town, "sportello");
  const inside = await enter(page);
  await assertBanner(page);
  await assertAccessible(page, "receipt of the first registration");
  const operator = (await page.locator(".slim-user").getAttribute("title")).trim();
  for (const name of [operator, `${mother.name} ${mother.surname}`]) {
    await page.locator("main").getByText(name).first().waitFor();
  }
  const pdf = await page.request.get(await page.locator("main a[href$='ricevuta.pdf']").getAttribute("href"));
  assert.equal(pdf.status(), 200);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");

  for (const child of children) {
    const receipt = await enrol(page, inside, child);
    await assertBanner(page);
    await page.locator("main .receipt").getByText(operator).waitFor();
    const paper = await page.request.get(receipt.replace(/conferma$/, "ricevuta.pdf"));
    assert.equal(paper.status(), 200, receipt);
  }

  const diet = await askDiet(page);
  const refused = await page.request.get(`${diet}/certificato`);
  assert.equal(refused.status(), 403, "a certificate at the counter");
  await validate(browser, town);

  await page.goto(`${inside}/famiglia`);
  await assertBanner(page);
  for (const child of children) await page.getByRole("heading", { name: child.name }).waitFor();
  await assertAccessible(page, "home of the family at the counter");
  await page.goto("/sportello/oggi");
  assert.ok(await page.locator("tbody tr").count() >= 4, "a registration, two enrolments and a diet");
  await assertAccessible(page, "today at the counter");
});

// askDiet completes the diet asked with the last enrolment, and returns the address of the request.
async function askDiet(page) {
  await page.locator(".notice.is-warning a.btn").click();
  await page.locator("#asked").fill("latte e derivati");
  await page.locator("#certificate").setInputFiles({ name: "certificato.png", mimeType: "image/png", buffer: await page.screenshot() });
  await goOn(page);
  await page.locator("main form[action$=invia]").waitFor();
  await assertBanner(page);
  await goOn(page);
  await page.locator(".facts strong").waitFor();
  assert.equal(await page.locator("main a[href$=certificato]").count(), 0, "a way to a certificate at the counter");
  return new URL(page.url()).pathname;
}

// validate lets the school accept every application it is shown.
async function validate(browser, town) {
  const page = await visit(browser, town);
  await login(page, town, "scuola");
  await page.goto("/scuola/iscrizioni");
  await assertAccessible(page, "applications at the school");
  const text = await page.locator("main").innerText();
  assert.doesNotMatch(text, /latte|€|debit/i, "money or a diet at the school");
  for (const box of await page.locator("input[name=domanda]").all()) await box.check();
  await goOn(page);
  await page.waitForURL(/\/esito\//);
}
