// Takes the pictures of the README into ../docs/images: npm run pictures.
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { launch, login, visit } from "./browser.mjs";
import { startTown, today } from "./town.mjs";

const folder = resolve(import.meta.dirname, "../docs/images");
const endings = [];
const stage = { after: (end) => endings.push(end) };

const shoot = (page, name) => page.screenshot({ path: `${folder}/${name}.png` });

// communicate confirms something about a child's meal of today.
async function communicate(page, child, link) {
  await page.goto("/famiglia");
  await page.getByRole("article", { name: child }).getByRole("link", { name: link }).click();
  await page.locator("main form[method=post] button").click();
  await page.locator(".receipt-number").waitFor();
}

async function ofTheFamily(browser) {
  const town = await startTown(stage);
  const page = await visit(browser, town, { height: 1580 });
  await login(page, town, "francesca.marino");
  await communicate(page, "Pietro", "Disdici oggi");
  await communicate(page, "Azzurra", "In bianco");
  await page.goto("/famiglia");
  await shoot(page, "family-390");
  await page.goto("/famiglia/calendario");
  await page.getByRole("link", { name: "Pietro" }).click();
  await page.setViewportSize({ width: 390, height: 1170 });
  await shoot(page, "calendar-390");
}

async function ofTheKitchen(browser) {
  const town = await startTown(stage, "09:29:57");
  await town.closed();
  const page = await visit(browser, town, { width: 1280, height: 800 });
  await login(page, town, "cucina");
  await page.goto(`/cucina?giorno=${today}`);
  await shoot(page, "kitchen-1280");
}

const browser = await launch();
try {
  await mkdir(folder, { recursive: true });
  await ofTheFamily(browser);
  await ofTheKitchen(browser);
} finally {
  for (const end of endings) await end();
  await browser.close();
}
