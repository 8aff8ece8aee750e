// A town of the demo for one test: its own files, its own clock, its own process.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const binary = resolve(import.meta.dirname, process.env.REFETTORIO_BIN || "../bin/refettorio");
const patience = 30_000; // ms for a town to open, on a busy machine

/** The day on which the towns live: a Wednesday with canteen for every class. */
export const today = "2026-10-14";

/**
 * Starts a town whose clock begins at a time of today ("08:45:00") and runs at
 * real speed. It stops, and leaves nothing behind, when the test t ends; t is
 * whatever has an after(function).
 */
export async function startTown(t, time = "08:45:00") {
  const folder = await mkdtemp(join(tmpdir(), "refettorio-e2e-"));
  const dir = join(folder, "town");
  const child = spawn(binary, ["demo", "--dir", dir, "--now", `${today}T${time}+02:00`, "--listen", "127.0.0.1:0",
    "--pupils", "300", "--history", "12"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));
  const ended = new Promise((done) => child.once("error", (error) => done(error.message)).once("exit", (code) => done(`exit ${code}`)));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const guests = [];
  t.after(async () => {
    try {
      for (const leave of guests) await leave();
    } finally {
      child.kill("SIGTERM");
      const late = setTimeout(kill, 10_000);
      await ended;
      clearTimeout(late);
      process.off("exit", kill);
      await rm(folder, { recursive: true, force: true });
    }
  });
  const leaflet = await Promise.race([
    opened(join(dir, "demo.json")),
    ended.then((how) => { throw new Error(`${binary} demo: ${how}\n${said}`); }),
  ]);
  return new Town(leaflet, guests);
}

// opened waits for demo.json, which the demo writes when it can be visited.
async function opened(file) {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(50)) {
    try {
      return JSON.parse(await readFile(file, "utf8"));
    } catch {
      // Not there yet, or half written.
    }
  }
  throw new Error(`no ${file} after ${patience} ms`);
}

/** What demo.json says of a running town. */
class Town {
  constructor(leaflet, guests) {
    this.guests = guests; // functions that end a visit, called before the town stops
    this.url = leaflet.base_url.replace(/\/$/, "");
    this.users = new Map(leaflet.users.map((user) => [user.login, user]));
    this.tokens = leaflet.tokens;
    this.db = leaflet.db;
  }

  /** The API's answer to a GET, with the token of a scope. */
  async api(path, scope = "kitchen") {
    const answer = await fetch(`${this.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${this.tokens[scope]}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Today's counts of the whole town, from the API. */
  counts() {
    return this.api(`/days/${today}`);
  }

  /** The figures of the record (receipts, communications, entries, balance_cents…), once every rule was found to hold. */
  async figures() {
    const { stdout } = await promisify(execFile)(binary, ["check", "--db", this.db, "--json"]); // exits 1 on a broken rule
    return JSON.parse(stdout);
  }

  /** Waits until today's cut-off has passed and the day is closed for everybody. */
  async closed() {
    for (const start = Date.now(); Date.now() - start < patience; await sleep(200)) {
      if ((await this.counts()).state === "closed") return;
    }
    throw new Error(`${today} is not closed after ${patience} ms`);
  }
}
