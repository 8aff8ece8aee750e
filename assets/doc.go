// Package assets holds what people see: templates, messages, styles, scripts,
// icons. It only embeds them; handlers/render makes pages of them.
//
// # Building
//
//	cd assets && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs
//
// fills dist/, which is not committed. Without it the program runs and its pages
// are plain but readable.
//
// # Adding
//
// A page: a file templates/pages/AREA/NAME.html that defines the block "main"
// (copy pages/login.html for a form); its struct beside the handler, embedding
// render.Page; its name among the pages declared to render.New. A page made for
// paper defines "paper" instead and gets neither header nor footer.
//
// A message: its key in every language under locales/ ("family.home.title":
// area, page, text). The files are flat; each area may have its own
// (family.it.json). Arguments are {0}, {1}; amounts, days and instants are
// written for you; a text with a number that changes its form is an object
// {"one": …, "other": …} (Italian also "many"). In a page {{t "family.home.title"}}
// costs nothing: it is resolved when the program starts.
//
// An icon: {{icon "it-search"}} takes it from Bootstrap Italia; one of ours is an
// SVG file of 24 × 24 in icons/, drawn with currentColor. Build again. The name must be a
// literal; classes may follow: {{icon "forks" "icon-white-meal"}}.
//
// A style: first look for it below. A component of ours is one class with its
// parts (child-card, child-card-foot) in the file of scss/ named after it, in
// logical properties (inline-start, not left), and an example here. The build
// drops every rule whose class is in no template, in no script and not in this
// comment, so that a documented class always works. Never build a class name in
// Go or by joining strings in a template.
//
// A script: only to add to a page that works without it. No inline script, style
// or handler attribute: the Content-Security-Policy forbids them.
//
// # The states of a meal
//
// Always word + colour + sign. A state class colours the component it is on:
// is-eats, is-absent, is-white (in bianco, with the orange forks), is-diet,
// is-changed, is-walkin, is-suspended, is-closed. As a badge:
//
//	{{template "meal" .State}}   <!-- a render.Meal -->
//	<span class="badge-state is-white">{{icon "forks"}}in bianco</span>
//	<span class="badge-state is-changed is-solid">21 → 0 gita</span>
//	<span class="badge-state is-diet">L1 senza latte</span>
//
// # Page head, buttons, notices
//
//	<div class="page-head">
//	  <div><h1>Pasti di oggi</h1><p class="lead">Versione 2 delle 10:17</p></div>
//	  <p class="actions">
//	    <button class="btn btn-primary">Ho visto la versione 2</button>
//	    <a class="btn btn-outline-primary" href="#">{{icon "it-print"}}Stampa</a>
//	    <button class="btn btn-danger btn-small">Elimina</button>
//	    <button class="btn btn-link">Annulla</button>
//	  </p>
//	</div>
//	<div class="notice is-warning"><p><strong>Lunedì 7 dicembre le scuole sono chiuse.</strong> Non devi disdire nulla.</p></div>
//	<section class="section" aria-labelledby="s1"><h2 id="s1">…</h2></section>
//
// A notice is is-success, is-info, is-warning or is-error. Text: lead, soft,
// prose (a readable width), low (an amount or word that needs attention),
// no-print (not on paper), needs-script (hidden where scripts do not run),
// visually-hidden.
//
// # Child card, state panel, day strip
//
//	<div class="child-cards">
//	  <article class="child-card" aria-labelledby="c1">
//	    <header class="child-card-head"><h2 id="c1">Giulia</h2><p>Primaria Rodari, 2ª A</p></header>
//	    <div class="state-panel is-eats">
//	      <p class="state-panel-title">{{icon "check-bold"}}Oggi mangia a scuola</p><p>Pasta al pomodoro, platessa</p>
//	    </div>
//	    <div class="child-card-actions">
//	      <a class="btn btn-outline-primary" href="#">Disdici oggi</a>
//	      <a class="btn btn-outline-primary" href="#">{{icon "forks" "icon-white-meal"}}In bianco</a>
//	    </div>
//	    <p class="child-card-note">Puoi cambiare <strong>fino alle 9:30</strong>: {{template "countdown" .Cutoff}}.</p>
//	    <ol class="day-strip" aria-label="I prossimi giorni di Giulia">
//	      <li><a class="day is-eats" href="#"><b>gio 26</b><span>mangia</span></a></li>
//	      <li><a class="day is-white" href="#"><b>lun 30</b>{{icon "forks"}}<span class="visually-hidden">in bianco</span></a></li>
//	      <li><span class="day is-closed"><b>mar 1</b><span>niente mensa</span></span></li>
//	    </ol>
//	    <footer class="child-card-foot"><p>Conto mensa <strong>24,30 €</strong>, 9 pasti</p><a href="#">Ricarica</a></footer>
//	  </article>
//	</div>
//
// The template "countdown" takes a render.Countdown and a script keeps it true.
//
// # Month grid
//
//	<div class="month-nav"><h2 id="m">ottobre 2026</h2><p class="actions"><a class="btn btn-outline-primary btn-small" href="#">{{icon "it-chevron-left"}}settembre</a></p></div>
//	<table class="month" aria-labelledby="m">
//	  <thead><tr><th scope="col"><abbr title="lunedì">lun</abbr></th>…</tr></thead>
//	  <tbody><tr>
//	    <td></td>
//	    <td><a class="month-day is-eats" href="#"><b>1</b>{{icon "check-bold"}}<span>mangia</span></a></td>
//	    <td><a class="month-day is-white" href="#"><b>2</b>{{icon "forks"}}<span>in bianco</span></a></td>
//	    <td><span class="month-day is-closed"><b>3</b><span class="visually-hidden">niente mensa</span></span></td>
//	    <td><a class="month-day is-absent" href="#" aria-current="date"><b>4</b>{{icon "minus-bold"}}<span>assente</span></a></td>
//	  </tr></tbody>
//	</table>
//	<ul class="legend"><li>{{template "meal" "white"}}</li></ul>
//
// # Tiles, roll call
//
//	<ul class="tiles">
//	  <li class="tile"><b>413</b><span>pasti in tutto</span></li>
//	  <li class="tile is-white"><b>7</b><span>{{icon "forks"}}in bianco</span></li>
//	</ul>
//	<ul class="roll">
//	  <li><button class="roll-tile is-eats" aria-pressed="true"><b>Andrea S.</b><span>presente</span><span class="badge-state is-diet is-solid">G1 consegnato</span></button></li>
//	</ul>
//
// # Sheet (numbers) and records (lists)
//
// Every table is in a table-scroll, which scrolls by itself and takes the focus;
// its label differs from that of the section around it. In a sheet cells are
// numbers, aligned to the end; in records give such cells the class num.
//
//	<div class="table-scroll" role="region" aria-label="Tabella dei pasti" tabindex="0">
//	  <table class="sheet">
//	    <caption>Pasti per scuola e classe</caption>
//	    <thead><tr><th scope="col">Scuola e classe</th><th scope="col">Standard</th></tr></thead>
//	    <tbody>
//	      <tr class="sheet-group"><th scope="rowgroup" colspan="2">Primaria Rodari, 142 pasti, consegna 12:15</th></tr>
//	      <tr><th scope="row">1ª A</th><td>18</td></tr>
//	      <tr class="is-changed"><th scope="row">3ª B <span class="badge-state is-changed is-solid">21 → 0 gita</span></th><td><del>19</del> <ins>0</ins></td></tr>
//	    </tbody>
//	    <tfoot><tr><th scope="row">Totale</th><td>369</td></tr></tfoot>
//	  </table>
//	</div>
//	<table class="records"><thead><tr><th scope="col">Nome</th><th scope="col" class="num">Saldo</th></tr></thead><tbody>…</tbody></table>
//	{{template "pagination" .Pagination}}
//
// # Account and movements
//
//	<p class="balance"><b>24,30 €</b><span>9 pasti, aggiornato alle 9:06</span></p>
//	<ol class="movements">
//	  <li class="movement">
//	    <p class="movement-when">mercoledì 14 ottobre</p>
//	    <p><a href="#">Pasto standard</a></p><p>{{template "amount" .Amount}}</p>
//	    <p class="soft">Tariffa B, delibera 41</p><p class="movement-after">saldo 24,30 €</p>
//	  </li>
//	</ol>
//
// # Forms
//
// Fields are a render.Field each; errors are put on the fields, and
// Page.Problems = render.Problems(fields…) lists them at the top. Dates: the
// browser writes a date its own way, so say the day in words too.
//
//	<form method="post" action="{{url "family.absence"}}" class="form-narrow">
//	  {{template "field" .Phone}}
//	  <div class="field-row">{{template "field" .From}}{{template "field" .To}}</div>
//	  <p class="actions"><button class="btn btn-primary" type="submit">Continua</button><a class="btn btn-link" href="#">Annulla</a></p>
//	</form>
//	<form method="get" class="filters" role="search">{{template "field" .Query}}<button class="btn btn-primary">Cerca</button></form>
//
// A form in a page that is printed with it has the class printed.
//
// # Steps, summary, confirmation, receipt
//
//	<ol class="steps" aria-label="Passi">
//	  <li><a href="#">{{icon "check-bold"}}1. Giorni</a></li><li aria-current="step">2. Conferma</li><li>3. Ricevuta</li>
//	</ol>
//	<section class="summary" aria-labelledby="r"><h2 id="r">Controlla</h2>
//	  <dl class="facts"><dt>Per</dt><dd>Giulia</dd><dt>Giorni</dt><dd>da lunedì 19 a mercoledì 21 ottobre</dd></dl>
//	  <ol class="outcomes"><li><span>lunedì 19 ottobre</span>{{template "meal" "absent"}}</li></ol>
//	</section>
//	<article class="receipt"><h2>{{icon "it-check-circle"}}Disdetta registrata</h2>
//	  <p class="receipt-number">Ricevuta 2026/004183</p><dl class="facts">…</dl><p class="receipt-proof">prova: 3f9a…</p>
//	</article>
//
// # Switch between the children
//
//	<nav class="child-switch" aria-label="Scegli il bambino"><ul><li><a href="#" aria-current="true">Giulia</a></li><li><a href="#">Nicolò</a></li></ul></nav>
//
// The template "child-switch" of partials/family.html draws it; "receipt" beside it draws
// a numbered receipt.
//
// # Doors, to-do, facts, empty, more
//
//	<ul class="doors"><li class="door">{{icon "it-calendar"}}<div><h3><a href="#">Calendario</a></h3><p>…</p></div></li></ul>
//	<ul class="todo"><li><strong>12</strong><a href="#">iscrizioni da guardare</a></li></ul>
//	<div class="empty"><p>Nessun movimento in questo periodo.</p></div>
//	<details class="more"><summary>Come si calcola</summary><p>…</p></details>
//
// # Kitchen and office
//
//	<ul class="choices"><li><a href="#" aria-current="true">Primaria</a></li><li><a href="#">Infanzia</a></li></ul>
//	<nav class="day-nav" aria-label="Altri giorni"><a class="btn btn-outline-primary btn-small" href="#">Oggi</a></nav>
//	<nav class="week" aria-label="Giorni della settimana"><ol><li><a href="#" aria-current="page"><b>mer 14</b>{{template "day-state" .State}}</a></li></ol></nav>
//	<section class="panel" aria-labelledby="p"><h2 id="p">Menu del giorno</h2><ul class="dishes"><li>Pasta</li></ul></section>
//	<dl class="codes"><dt><span class="badge-state is-diet">G1</span> Senza glutine</dt><dd>Senza: grano</dd></dl>
//	<ul class="decide"><li><span>lunedì 7 settembre</span><a class="btn btn-outline-primary btn-small" href="#">Decidi</a></li></ul>
//	<fieldset class="rate"><legend>Riga 1</legend><div class="rate-fields">{{template "field" .Price}}</div></fieldset>
//	<ul class="columns"><li>Immacolata</li></ul>
//
// The template "day-state" takes a canteen.DayState. A kitchen holds a sheet and
// a kitchen-beside, side by side where there is room; two sections side by side
// are in a two, the decisions about a day in a decisions. A records table of many
// columns has the class is-wide: on a phone it scrolls instead of being squeezed.
//
// # The counter
//
//	<ul class="desk-found"><li><a href="#">Rossi Elena</a> <span class="soft">(anno 1980)</span><p>Giulia Rossi, 2A</p></li></ul>
//	<ol class="desk-queue"><li class="is-now" aria-current="true"><p class="desk-queue-when">9:15</p><div><p><strong>K7M4</strong></p></div><div class="actions">…</div></li></ol>
//	<div class="desk-signatures"><p>Firma della persona<br>Elena Rossi</p><p>Firma dell’operatore<br>Dora S.</p></div>
//
// The template "behalf" of partials/desk.html is the banner of who acts for
// somebody; a desk-times lays the choices of a field side by side.
//
// # Pages that follow the day
//
//	<div id="sheet" data-live-url="{{url "kitchen.events"}}" data-live-fragment="{{url "kitchen.sheet"}}">…</div>
//
// On each message event of data-live-url (text/event-stream) the page at
// data-live-fragment, by default the same page, is fetched and its element with
// that id replaces this one's content.
package assets
