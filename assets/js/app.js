// Everything works without this file; it adds the opening menu, the minutes left
// and the pages that follow the day by themselves.
import "bootstrap-italia/dist/plugins/dropdown.js";
import "bootstrap-italia/dist/plugins/navbar-collapsible.js";
import { startCountdowns } from "./countdown.js";
import { startLive } from "./live.js";

startCountdowns(document);
startLive(document);
