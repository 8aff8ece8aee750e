// The school looks at what families asked for and says yes, or why not.
import assert from "node:assert/strict";
import { assertAccessible } from "./axe.mjs";
import { browserTests, login, visit } from "./browser.mjs";
import { beatrice, enrol, follow, register, tommaso, validate } from "./people.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();

browserTest("two children are validated, one in each class, and the family sees them", async (t, browser) => {
  const town = await startTown(t);
  const family = await visit(browser, town);
  await register(family);
  await enrol(family, tommaso);
  await enrol(family, beatrice);

  const school = await visit(browser, town, { width: 1280 });
  await login(school, town, "scuola");
  await assertAccessible(school, "home of the school");
  for (const child of [tommaso, beatrice]) {
    await validate(school, child, (what) => assertAccessible(school, what));
    await school.getByText("1 iscrizione convalidata").waitFor();
  }
  const text = await school.locator("main").innerText();
  assert.match(text, /PAN \d{9}/);
  await school.goto("/scuola/iscrizioni");
  assert.doesNotMatch(await school.locator("main").innerText(), /Zanardelli/);

  await family.goto("/famiglia");
  assert.deepEqual((await family.locator("article.child-card h2").allInnerTexts()).sort(), ["Beatrice", "Tommaso"]);
  await assertAccessible(family, "home with two new children");
  await town.figures(); // every rule of the record holds
});

browserTest("an application sent back says why, and the family sends it again", async (t, browser) => {
  const town = await startTown(t);
  const family = await visit(browser, town);
  await register(family);
  await enrol(family, beatrice);

  const school = await visit(browser, town);
  await login(school, town, "scuola");
  await school.goto("/scuola/iscrizioni");
  await follow(school, school.getByRole("link", { name: "Zanardelli Beatrice" }));
  await school.locator("#reason").fill("Beatrice frequenta la seconda.");
  await follow(school, school.getByRole("button", { name: "Rimanda alla famiglia" }));
  await assertAccessible(school, "applications, one sent back");

  await family.goto("/famiglia");
  await follow(family, family.getByRole("link", { name: "Beatrice" }));
  await family.getByText("Beatrice frequenta la seconda.").first().waitFor();
  await assertAccessible(family, "an application sent back");
  await follow(family, family.getByRole("link", { name: "Correggi" }));
});

browserTest("the school reads neither money nor the reason of a diet", async (t, browser) => {
  const town = await startTown(t);
  const family = await visit(browser, town);
  await register(family);
  await enrol(family, tommaso);
  const school = await visit(browser, town, { width: 1280, javaScriptEnabled: false });
  await login(school, town, "scuola");
  for (const page of ["/scuola", "/scuola/iscrizioni"]) {
    await school.goto(page);
    assert.doesNotMatch(await school.locator("main").innerText(), /€|salute|certificato/i, page);
  }
  await validate(school, tommaso);
  assert.doesNotMatch(await school.locator("main").innerText(), /€|salute|certificato/i, "outcome");
});
