// Builds dist/ from scss/, js/, icons/ and the pinned packages: fonts, styles
// (Sass, then PurgeCSS, then esbuild), scripts, one sprite with only the icons
// the templates name, and manifest.json from logical names to hashed ones.
// The same sources give the same bytes.
//
//   npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const italia = join(here, "node_modules/bootstrap-italia");
const titillium = join(italia, "dist/fonts/Titillium_Web");
const browsers = ["chrome100", "firefox100", "safari15"];

// Classes set by the bundled scripts and never written in a template, and the
// property by which the national validator recognises Bootstrap Italia.
const safelist = {
  standard: ["show", "expanded", "navbar-open", "navbar-backdrop", "fade"],
  variables: ["--bootstrap-italia-version"],
};

const manifest = {};

clean();
copyFonts();
await buildStyles();
await buildScripts();
buildSprite();
emit("img/favicon.svg", read(join(here, "icons/favicon.svg")));
writeFileSync(join(dist, "licenses.txt"), licences());
writeFileSync(join(dist, "manifest.json"), JSON.stringify(sorted(manifest), null, 1) + "\n");

function clean() {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) {
    if (name !== ".gitkeep") rmSync(join(dist, name), { recursive: true });
  }
}

// emit writes one file under its hashed name, beside it the .br and .gz forms
// when they are worth it, and records it in the manifest.
function emit(name, bytes) {
  const data = Buffer.from(bytes);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 10);
  const extension = extname(name);
  const hashed = name.slice(0, -extension.length) + "." + hash + extension;
  const path = join(dist, hashed);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
  if (extension !== ".woff2") {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length };
    writeFileSync(path + ".br", brotliCompressSync(data, { params }));
    writeFileSync(path + ".gz", gzipSync(data, { level: 9 }));
  }
  manifest[name] = hashed;
}

// copyFonts takes the three weights of the pages and, for the PDF documents,
// two TrueType weights under fixed names with their licence.
function copyFonts() {
  const upstream = (weight, kind) => join(titillium, `titillium-web-v10-latin-ext_latin-${weight}.${kind}`);
  for (const [weight, file] of [[400, "regular"], [600, "600"], [700, "700"]]) {
    emit(`fonts/titillium-web-${weight}.woff2`, readFileSync(upstream(file, "woff2")));
  }
  const pdf = join(dist, "pdf");
  mkdirSync(pdf, { recursive: true });
  writeFileSync(join(pdf, "titillium-web-regular.ttf"), readFileSync(upstream("regular", "ttf")));
  writeFileSync(join(pdf, "titillium-web-700.ttf"), readFileSync(upstream("700", "ttf")));
  writeFileSync(join(pdf, "OFL.txt"), readFileSync(join(titillium, "OFL.txt")));
}

async function buildStyles() {
  for (const sheet of ["app", "nojs"]) {
    const compiled = sass.compile(join(here, `scss/${sheet}.scss`), {
      loadPaths: [join(italia, "src/scss")],
      quietDeps: true,
      // Bootstrap Italia 2 is written with @import and global functions.
      silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    });
    const [purged] = await new PurgeCSS().purge({
      content: [...sources(), ...listed("js", ".js")],
      css: [{ raw: compiled.css }],
      safelist,
      keyframes: true,
      variables: true,
    });
    const small = await esbuild.transform(purged.css, { loader: "css", minify: true, target: browsers });
    emit(`css/${sheet}.css`, small.code.replace(/\.\.\/(fonts\/[a-z0-9-]+\.woff2)/g, (_, font) => {
      if (!manifest[font]) throw new Error(`scss names an unknown font ${font}`);
      return "../" + manifest[font];
    }));
  }
}

async function buildScripts() {
  for (const entry of ["app"]) {
    const bundle = await esbuild.build({
      entryPoints: [join(here, `js/${entry}.js`)],
      bundle: true,
      minify: true,
      write: false,
      format: "iife",
      target: browsers,
      legalComments: "none", // all licences are in licenses.txt
      // The package's sideEffects list would drop the plugins' own listeners.
      ignoreAnnotations: true,
    });
    emit(`js/${entry}.js`, bundle.outputFiles[0].contents);
  }
}

// buildSprite gathers the icons named by {{icon "name"}} in the templates and in
// the examples of doc.go: ours from icons/, the others from Bootstrap Italia.
function buildSprite() {
  const upstream = read(join(italia, "dist/svg/sprites.svg"));
  const names = new Set();
  for (const path of sources()) {
    for (const match of read(path).matchAll(/\bicon\s+"([a-z0-9-]+)"/g)) names.add(match[1]);
  }
  const symbols = [...names].sort().map((name) => {
    const own = join(here, "icons", name + ".svg");
    if (existsSync(own)) return symbolOf(name, read(own));
    const found = upstream.match(new RegExp(`<symbol id="${name}".*?</symbol>`, "s"));
    if (!found) throw new Error(`a template names the unknown icon "${name}"`);
    return found[0];
  });
  emit("svg/sprite.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

function symbolOf(name, svg) {
  const [, attributes, body] = svg.match(/<svg([^>]*)>(.*)<\/svg>/s);
  const [viewBox] = attributes.match(/viewBox="[^"]*"/);
  return `<symbol id="${name}" ${viewBox}>${body.replace(/\s*\n\s*/g, "")}</symbol>`;
}

// sources are the files whose words keep a style and whose icons enter the
// sprite. The examples of doc.go are among them, so that every documented
// component survives even before a page uses it.
function sources() {
  return [...listed("templates", ".html"), join(here, "doc.go")];
}

function listed(folder, extension) {
  return readdirSync(join(here, folder), { recursive: true })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(here, folder, name));
}

function licences() {
  const title = (name) => `${name}\n${"=".repeat(name.length)}\n\n`;
  return title("Bootstrap Italia") + read(join(italia, "LICENSE")) +
    "\n\n" + title("Titillium Web") + read(join(titillium, "OFL.txt"));
}

function read(path) {
  return readFileSync(path, "utf8");
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
