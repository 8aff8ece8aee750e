// What a phone with a bad connection must fetch before the home of a family is whole.
import assert from "node:assert/strict";
import { browserTests, login, visit } from "./browser.mjs";
import { startTown } from "./town.mjs";

const browserTest = browserTests();
const budget = 60 * 1024; // bytes of styles and scripts over the wire

browserTest("styles and scripts of the family's home weigh at most 60 KB, compressed", async (t, browser) => {
  const town = await startTown(t);
  const visitor = await visit(browser, town);
  await login(visitor, town, "francesca.marino");
  const fresh = await visit(browser, town, { storageState: await visitor.context().storageState() });
  const fetched = [];
  fresh.on("response", (response) => {
    if (["stylesheet", "script"].includes(response.request().resourceType())) fetched.push(response);
  });
  await fresh.goto("/famiglia", { waitUntil: "networkidle" });
  let total = 0;
  for (const response of fetched) {
    const { "content-encoding": encoding, "content-length": length } = await response.allHeaders();
    assert.match(encoding || "", /^(br|gzip)$/, `content-encoding of ${response.url()}`);
    assert.match(length || "", /^\d+$/, `content-length of ${response.url()}`);
    total += Number(length);
  }
  assert.ok(fetched.length >= 2, `${fetched.length} styles and scripts`);
  assert.ok(total <= budget, `${total} bytes in ${fetched.map((response) => response.url()).join(", ")}`);
});
