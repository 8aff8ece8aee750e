// Accessibility by rule: what axe-core can decide on a page as it is.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails with every violation on the page, each with the elements it is about. */
export async function assertAccessible(page, what) {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(tags).analyze();
  assert.notEqual(passes.length, 0, `${what}: axe checked nothing`);
  assert.equal(violations.map(words).join("\n"), "", what);
}

function words(violation) {
  const places = violation.nodes.map((node) => `  ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}\n    ${node.html}`);
  return `${violation.id} (${violation.impact}): ${violation.help}\n${places.join("\n")}`;
}
