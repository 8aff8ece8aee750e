// An invented family that comes to the portal for the first time, and what each of its steps needs.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Who registers. */
export const parent = { email: "ludovica.zanardelli@posta.example", phone: "333 765 4321", password: "una frase lunga da ricordare",
  surname: "Zanardelli", name: "Ludovica", cf: "ZNRLVC87D52H501A", address: "Via dei Tigli 4", postcode: "71036", city: "Borgoluce" };

/** Whom it enrols; class is the one the school will say. */
export const tommaso = { name: "Tommaso", surname: "Zanardelli", cf: "ZNRTMS18E09H501B", born: "2018-05-09", grade: "3", class: "3A", diet: "health" };
export const beatrice = { name: "Beatrice", surname: "Zanardelli", cf: "ZNRBRC20B57H501Y", born: "2020-02-17", grade: "1", class: "1A", diet: "none" };

const primary = "Scuola primaria Gianni Rodari";
const nothing = async () => {};

/** Follows a link or presses a button and waits for the page behind it. */
export async function follow(page, locator) {
  await Promise.all([page.waitForEvent("load"), locator.click()]);
}

/** Fills the fields of the page by their names. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) await page.locator(`#${name}`).fill(value);
}

/** Presses the button that goes on. */
export const goOn = (page) => follow(page, page.locator("main form[method=post] button.btn-primary"));

/** The heading of the page. */
export const heading = (page) => page.locator("h1").innerText();

const patience = 40_000; // ms for a letter to leave: the post goes round every half minute

// letterTo reads in the demo's mailbox, in a tab of its own, the newest message to somebody.
async function letterTo(page, address) {
  const tab = await page.context().newPage();
  const letters = tab.locator("article.letter").filter({ hasText: address });
  for (const start = Date.now(); Date.now() - start < patience; await sleep(250)) {
    await tab.goto("/posta");
    if (await letters.count()) break;
  }
  const text = await letters.first().innerText();
  await tab.close();
  return text;
}

async function codeFor(page, address) {
  const code = (await letterTo(page, address)).match(/\b\d{6}\b/);
  assert.ok(code, `no code in the letter to ${address}`);
  return code[0];
}

/** Registers a person from the public page to the enrolments; look(what) is called at each step. */
export async function register(page, look = nothing, who = parent) {
  await page.goto("/accedi");
  await follow(page, page.getByRole("link", { name: "Non hai un account? Registrati" }));
  await look("contacts");
  await fill(page, { email: who.email, phone: who.phone });
  await goOn(page);
  await look("codes");
  await fill(page, { emailCode: await codeFor(page, who.email), phoneCode: await codeFor(page, who.phone.replaceAll(" ", "")) });
  await goOn(page);
  await look("data");
  await fill(page, { surname: who.surname, name: who.name, cf: who.cf.toLowerCase(), address: who.address, postcode: who.postcode, city: who.city });
  await goOn(page);
  await look("password");
  await fill(page, { password: who.password });
  await page.locator("#privacy").check();
  await goOn(page);
  assert.equal(await heading(page), "Iscrizioni", "where a registration ends");
  await look("enrolments of a new family");
}

/** The button that enrols a child for the present school year. */
export function newChild(page) {
  return page.getByRole("region", { name: "Anno scolastico 2026/27" }).getByRole("button", { name: "Iscrivi un nuovo bambino" });
}

/** Enrols a child in the primary school up to the receipt, whose number it returns. */
export async function enrol(page, child, look = nothing) {
  await page.goto("/famiglia/iscrizioni");
  await follow(page, newChild(page));
  await look("privacy");
  await page.locator("#privacy").check();
  await goOn(page);
  await look("child");
  await fill(page, { name: child.name, surname: child.surname, cf: child.cf, born: child.born });
  await goOn(page);
  await look("school");
  await page.locator("#school").selectOption({ label: primary });
  await page.locator("#grade").selectOption(child.grade);
  await goOn(page);
  await look("days");
  await goOn(page);
  await look("diet");
  await page.locator(`input[name=diet][value=${child.diet}]`).check();
  await goOn(page);
  await look("band");
  await page.locator("input[name=band][value=none]").check();
  await goOn(page);
  await look("summary");
  await goOn(page);
  await look("receipt");
  const number = await page.locator(".receipt-number").innerText();
  assert.match(number, /^Ricevuta \d{4}\D\d+$/);
  return number;
}

/** Opens the form of the diet request that an enrolment began: the enrolment's receipt is open. */
export const openDiet = (page) => follow(page, page.getByRole("link", { name: "Completa la richiesta di dieta" }));

/** Completes the diet request that an enrolment began, from its receipt to the diet's own. */
export async function askDiet(page, words, certificate, look = nothing) {
  await openDiet(page);
  await look("diet form");
  await page.locator("#asked").fill(words);
  await page.locator("#certificate").setInputFiles({ name: "IMG_0042.jpg", mimeType: "image/jpeg", buffer: certificate });
  await goOn(page);
  await look("diet summary");
  await goOn(page);
  await look("diet receipt");
}

/** Validates the application of a child as its school, in its class. */
export async function validate(page, child, look = nothing) {
  await page.goto("/scuola/iscrizioni");
  await look("applications");
  await follow(page, page.getByRole("link", { name: `${child.surname} ${child.name}` }));
  await look("application");
  await page.locator("#classe").selectOption({ label: child.class });
  await follow(page, page.getByRole("button", { name: "Convalida", exact: true }));
  await look("outcome");
}
