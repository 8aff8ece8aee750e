// Every main page, in its good and bad states, at the widths of a desk, a phone and a page zoomed four times.
import assert from "node:assert/strict";
import { assertAccessible } from "./axe.mjs";
import { browserTests, login, visit } from "./browser.mjs";
import { startTown, today } from "./town.mjs";

const browserTest = browserTests();
const widths = [1280, 390, 320];

// assertSound holds a page to what all pages promise, at each width.
async function assertSound(page, what) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${what} at ${width}: ${wide} px wide`);
    await assertAccessible(page, `${what} at ${width}`);
  }
}

// eachPage visits addresses in turn as one step of the test each, so that one bad page does not hide the others.
async function eachPage(t, page, addresses) {
  for (const [what, address] of Object.entries(addresses)) {
    await t.test(what, async () => {
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200, address);
      await assertSound(page, what);
    });
  }
}

browserTest("public pages", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await eachPage(t, page, { home: "/", menu: "/menu", login: "/accedi", privacy: "/informazioni/privacy" });
  await t.test("login with a wrong password", async () => {
    await page.goto("/accedi");
    await page.locator("#login").fill("elena.rossi");
    await page.locator("#password").fill("sbagliata");
    await page.locator("#password").press("Enter");
    await page.locator("#password-error").waitFor();
    await assertSound(page, "login with a wrong password");
  });
});

browserTest("pages of who has no account", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await eachPage(t, page, { registration: "/registrati", "registration by the office": "/registrati/ufficio",
    "forgotten password": "/accedi/password", "mailbox of the demo": "/posta" });
});

browserTest("pages of a family", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "francesca.marino");
  const handles = await page.locator("article.child-card").evaluateAll((all) => all.map((card) => card.getAttribute("aria-labelledby").slice(2)));
  assert.equal(handles.length, 3);
  const request = (rest) => "?" + new URLSearchParams([...handles.map((handle) => ["alunno", handle]), ...rest]);
  await eachPage(t, page, {
    home: "/famiglia",
    "form of communications": "/famiglia/comunicazioni",
    "preview of one day": `/famiglia/comunicazioni/anteprima${request([["tipo", "absence"], ["dal", today], ["al", today]])}`,
    "preview of a month": `/famiglia/comunicazioni/anteprima${request([["tipo", "white"], ["dal", "2026-10-19"], ["al", "2026-11-18"]])}`,
    "calendar as a grid": "/famiglia/calendario",
    "a past day's story": `/famiglia/calendario/${handles[0]}/2026-10-12`,
    "today's story": `/famiglia/calendario/${handles[0]}/${today}`,
    account: "/famiglia/conto",
  });
  await t.test("calendar as a list", async () => {
    await page.goto("/famiglia/calendario");
    await page.getByRole("link", { name: "Come elenco" }).click();
    await page.locator("ol.outcomes").waitFor();
    await assertSound(page, "calendar as a list");
  });
  await t.test("form with problems", async () => {
    const answer = await page.goto("/famiglia/comunicazioni/anteprima?dal=ieri");
    assert.equal(answer.status(), 422);
    await assertSound(page, "form with problems");
  });
  await t.test("receipt, and the home with one absent and one in bianco", async () => {
    await confirm(page, `/famiglia/comunicazioni/anteprima?alunno=${handles[0]}&tipo=absence&dal=${today}&al=${today}`);
    await assertSound(page, "receipt");
    await confirm(page, `/famiglia/comunicazioni/anteprima?alunno=${handles[1]}&tipo=white&dal=${today}&al=${today}`);
    await page.goto("/famiglia");
    await assertSound(page, "home with one absent and one in bianco");
  });
});

browserTest("pages of a family about its children", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "francesca.marino");
  await eachPage(t, page, {
    enrolments: "/famiglia/iscrizioni",
    "how enrolment works": "/famiglia/iscrizioni/guida",
    diets: "/famiglia/diete",
    "a new diet": "/famiglia/diete/nuova",
    household: "/famiglia/nucleo",
    "invitation of a parent": "/famiglia/nucleo/genitore",
    "invitation of a delegate": "/famiglia/nucleo/delegato",
    "a code received": "/famiglia/invito",
    pairing: "/famiglia/collega",
  });
});

browserTest("pages of a person about itself", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "francesca.marino");
  await eachPage(t, page, {
    profile: "/famiglia/profilo",
    contacts: "/famiglia/profilo/contatti",
    address: "/famiglia/profilo/indirizzo",
    preferences: "/famiglia/profilo/preferenze",
    password: "/profilo/password",
    sessions: "/profilo/sessioni",
    "own data": "/famiglia/dati",
    corrections: "/famiglia/dati/correzioni",
  });
});

async function confirm(page, preview) {
  await page.goto(preview);
  await page.locator("main form[method=post] button").click();
  await page.locator(".receipt-number").waitFor();
}

browserTest("the home of a family with long names", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "khadija.elmansouri");
  await eachPage(t, page, { "home of a family with long names": "/famiglia" });
});

browserTest("pages of a family after the cut-off", async (t, browser) => {
  const town = await startTown(t, "09:45:00");
  const page = await visit(browser, town);
  await login(page, town, "giuseppe.petrone");
  const handle = (await page.locator("article.child-card").getAttribute("aria-labelledby")).slice(2);
  await eachPage(t, page, {
    "home of a family in debt": "/famiglia",
    "preview that is too late": `/famiglia/comunicazioni/anteprima?alunno=${handle}&tipo=absence&dal=${today}&al=${today}`,
    "account in debt": "/famiglia/conto",
  });
});

for (const [when, time] of [["before", "08:45:00"], ["after", "09:45:00"]]) {
  browserTest(`pages of the kitchen ${when} the cut-off`, async (t, browser) => {
    const town = await startTown(t, time);
    const page = await visit(browser, town);
    await login(page, town, "cucina");
    if (when === "after") await town.closed();
    await eachPage(t, page, { [`sheet ${when} the cut-off`]: "/cucina" });
  });
}

browserTest("pages of the office", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "ufficio");
  await eachPage(t, page, {
    home: "/ufficio",
    today: `/ufficio/giorno/${today}`,
    "a closed day": "/ufficio/giorno/2026-10-12",
    "search of pupils": "/ufficio/alunni",
    calendar: "/ufficio/calendario",
    "a new closure": "/ufficio/calendario/nuova",
    "a school year": "/ufficio/calendario/anno?anno=nuovo",
    tariffs: "/ufficio/tariffe",
    "a new tariff": "/ufficio/tariffe/nuova",
    "kitchens and diets": "/ufficio/cucine",
    "a kitchen": "/ufficio/cucine/via-appulo",
    "a diet": "/ufficio/cucine/diete/G1",
  });
  await t.test("pupils found, and a pupil", async () => {
    await page.goto("/ufficio/alunni");
    await page.locator("main form .form-control").fill("Petrone");
    await page.locator("main form button").click();
    await page.locator("table.records").waitFor();
    await assertSound(page, "pupils found");
    await page.getByRole("link", { name: "Petrone Michele" }).click();
    await page.waitForURL(/\/ufficio\/alunni\/./);
    await assertSound(page, "a pupil");
  });
});

browserTest("pages of the office about people", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "ufficio");
  await eachPage(t, page, {
    "messages that did not arrive": "/ufficio/messaggi",
    people: "/ufficio/persone",
    "a new person": "/ufficio/persone/nuova",
    "hours of the counter": "/ufficio/sportello",
    "requests noted at the counter": "/ufficio/sportello/richieste",
  });
});

browserTest("pages of the office about enrolments", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "ufficio");
  await eachPage(t, page, {
    enrolments: "/ufficio/iscrizioni",
    "window of the enrolments": "/ufficio/iscrizioni/periodo",
    "promotion of the classes": "/ufficio/iscrizioni/classi",
    renewals: "/ufficio/iscrizioni/rinnovo",
    "debts that stop": "/ufficio/iscrizioni/debiti",
    "bands asked": "/ufficio/iscrizioni/agevolazioni",
  });
});

// The other roles: what each sees first, its navigation, and the pages behind it.
const staff = {
  sportello: { front: "/sportello", nav: 3, pages: { queue: "/sportello/coda", today: "/sportello/oggi", "a new family": "/sportello/nuova" } },
  scuola: { front: "/scuola", nav: 2, pages: { applications: "/scuola/iscrizioni" } },
  dietista: { front: "/diete", nav: 3, pages: { codes: "/diete/codici", "a new code": "/diete/codici/nuova", rules: "/diete/regole" } },
  revisore: { front: "/revisione", nav: 4, pages: { accesses: "/revisione/accessi", changes: "/revisione/modifiche", retention: "/amministrazione/conservazione" } },
  admin: { front: "/amministrazione", nav: 5, pages: { "a new user": "/amministrazione/utenti/nuovo", "a user": "/amministrazione/utenti/scuola",
    log: "/amministrazione/registro", keys: "/amministrazione/chiavi", safety: "/amministrazione/sicurezza", retention: "/amministrazione/conservazione" } },
  sala: { front: "/", nav: 0, pages: { password: "/profilo/password", sessions: "/profilo/sessioni" } },
};

for (const [name, { front, nav, pages }] of Object.entries(staff)) {
  browserTest(`pages of ${name}`, async (t, browser) => {
    const town = await startTown(t);
    const page = await visit(browser, town);
    await login(page, town, name);
    assert.equal(new URL(page.url()).pathname, front, "the first page");
    assert.equal(await page.locator("#navigation a.nav-link").count(), nav, "entries of the navigation");
    await eachPage(t, page, { "first page": front, ...pages });
  });
}

browserTest("class roll of a school", async (t, browser) => {
  const town = await startTown(t);
  const page = await visit(browser, town);
  await login(page, town, "scuola");
  await page.locator("main table a").first().click();
  await page.locator("table.records").waitFor();
  await assertSound(page, "class roll");
  const slips = await page.request.get(await page.locator("main a[href*='tesserini.pdf']").getAttribute("href"));
  assert.equal((await slips.body()).subarray(0, 5).toString(), "%PDF-");
  await page.locator("table.records tbody a").first().click();
  await page.waitForURL(/\/scuola\/alunni\//);
  await assertSound(page, "pupil at the school");
});
