// Keeps the minutes left before an instant up to date:
//   <span data-deadline="2026-10-14T09:30:00+02:00" data-server-now="…"
//         data-left="ancora {0}" data-last="meno di un minuto"
//         data-over="termine passato">ancora 24 minuti</span>
// The server's instant corrects a phone whose clock is wrong; the words come from
// the browser's own units in the page's language, so every plural form is right.

const minute = 60_000;

export function startCountdowns(root) {
  for (const element of root.querySelectorAll("[data-deadline]")) {
    if (!element.dataset.counting) count(element);
  }
}

function count(element) {
  const deadline = Date.parse(element.dataset.deadline);
  const server = Date.parse(element.dataset.serverNow);
  if (Number.isNaN(deadline)) return;
  const ahead = Number.isNaN(server) ? 0 : server - Date.now();
  element.dataset.counting = "true";

  const tick = () => {
    if (!element.isConnected) return;
    const left = deadline - (Date.now() + ahead);
    show(element, left);
    // Wake just after the displayed minute changes.
    if (left > 0) setTimeout(tick, (left % minute) + 50);
  };
  tick();
  // A phone taken out of a pocket shows the truth at once.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && element.isConnected) show(element, deadline - (Date.now() + ahead));
  });
}

function show(element, left) {
  const { left: pattern, last, over } = element.dataset;
  const text = left <= 0 ? over : left < minute ? last : (pattern || "{0}").replace("{0}", words(left));
  if (text && element.textContent !== text) element.textContent = text;
}

function words(left) {
  const minutes = Math.floor(left / minute);
  const hours = Math.floor(minutes / 60);
  const parts = [];
  if (hours > 0) parts.push(unit(hours, "hour"));
  if (minutes % 60 > 0) parts.push(unit(minutes % 60, "minute"));
  return parts.join(" ");
}

function unit(value, name) {
  const language = document.documentElement.lang || "it";
  return new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(value);
}
