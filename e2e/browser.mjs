// The browser the tests look with, and visitors who complain of what no page may do.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The path of Chromium: the environment's CHROMIUM or the first one on the path; empty when there is none. */
export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH || "").split(delimiter).concat("/usr/bin");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync) || "";
}

/** Starts Chromium without a window. */
export function launch() {
  return chromium.launch({ executablePath: chromiumPath(), args: flags });
}

/**
 * Gives a test file its browser, shared by its tests, and returns the function
 * that declares a test: browserTest(name, async (t, browser) => …). Without
 * Chromium every test says that it is skipped and why.
 */
export function browserTests() {
  const skip = chromiumPath() ? false : "no Chromium on this machine: install it or name it in CHROMIUM";
  let browser;
  if (!skip) {
    before(async () => { browser = await launch(); });
    after(() => browser?.close());
  }
  return (name, body) => test(name, { skip, timeout: 240_000 }, (t) => body(t, browser));
}

/**
 * A new visitor of a town, with cookies of its own, and its first tab. What no
 * page may do fails the test when its town stops: a script that throws or writes an
 * error, a request to another host, a page without a Content-Security-Policy.
 * options: width and height of the window (a phone's unless given), and as Playwright's newContext.
 */
export async function visit(browser, town, { width = 390, height = 844, ...options } = {}) {
  const context = await browser.newContext({ baseURL: town.url, viewport: { width, height }, locale: "it-IT",
    timezoneId: "Europe/Rome", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(10_000);
  const complaints = [];
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(town.url + "/") && !url.startsWith("data:")) complaints.push(`request to ${url}`);
  });
  context.on("response", (response) => {
    if (!response.request().isNavigationRequest() || response.status() === 303) return;
    const policy = response.headers()["content-security-policy"] || "";
    if (!policy.includes("default-src 'self'")) complaints.push(`${response.url()}: Content-Security-Policy ${JSON.stringify(policy)}`);
  });
  context.on("console", (message) => {
    // The browser itself writes a line for a form that comes back.
    if (message.type() === "error" && !/status of (409|422)/.test(message.text())) complaints.push(`console: ${message.text()}`);
  });
  context.on("weberror", (problem) => complaints.push(`script: ${problem.error().stack}`));
  town.guests.push(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "what no page may do");
  });
  return context.newPage();
}

/** Logs a page in through the form and waits for the first page. */
export async function login(page, town, name) {
  await page.goto("/accedi");
  await page.locator("#login").fill(name);
  await page.locator("#password").fill(town.users.get(name).password);
  await page.locator("#password").press("Enter");
  await page.waitForURL((url) => url.pathname !== "/accedi");
  if (new URL(page.url()).pathname !== "/accedi/codice") return;
  await page.locator("#code").fill(totp(town.users.get(name).totp_secret));
  await page.locator("#code").press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/accedi"));
}

// totp is the code an authenticator app shows now for a secret in base32 (RFC 6238).
function totp(secret) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const sum = createHmac("sha1", key).update(step).digest();
  const at = sum[19] & 15;
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
