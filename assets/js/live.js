// Keeps an element equal to what the server would show now:
//   <div id="sheet" data-live-url="/cucina/eventi" data-live-fragment="/cucina">…</div>
// On each event of data-live-url the page (or fragment) at data-live-fragment, by
// default this page, is fetched and the element with the same id takes its place.
// Nothing is replaced while somebody is writing inside the element.
import { startCountdowns } from "./countdown.js";

export function startLive(root) {
  if (!("EventSource" in window)) return;
  for (const element of root.querySelectorAll("[data-live-url][id]")) follow(element);
}

function follow(element) {
  let source;
  let fetching = false;
  let again = false;

  const refresh = async () => {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    do {
      again = false;
      await replace(element).catch(() => {}); // the next event tries again
    } while (again);
    fetching = false;
  };
  let opened = false;
  const listen = () => {
    source = new EventSource(element.dataset.liveUrl);
    source.addEventListener("message", refresh);
    // After a lost connection something may have been missed.
    source.addEventListener("open", () => {
      if (opened) refresh();
      opened = true;
    });
  };
  listen();
  // A page kept in the browser's history holds no connection.
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => event.persisted && listen());
}

async function replace(element) {
  const url = element.dataset.liveFragment || location.href;
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(element.id) || page.body;
  if (element.matches(":focus-within") && element.querySelector(":focus").matches("input, select, textarea")) return;
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  element.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus();
  startCountdowns(element);
}
