// The status page. Everything that came from a record is put on the page as text, never as markup.

// .../assets/page.js → the page's own path.
const BASE = new URL("..", import.meta.url);
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const OUTCOMES = { succeeded: "succeeded", refused: "refused", failed: "failed", dry_run: "dry run", unknown: "outcome not known" };
const NAMES = { q: "Search", severity: "Severity", outcome: "Outcome", rule: "Rule", actor: "Actor", event_name: "Operation", service: "Service", source_ip: "Address", region: "Region", account: "Account", acknowledged: "Acknowledged", state: "Delivery", since: "From", until: "Until" };
const FILTERS = Object.keys(NAMES);
// Of the others any number: any of them.
const ONCE = ["q", "acknowledged", "since", "until"];
const VIEWS = ["alerts", "people", "rules"];
const STATES = { parked: "parked: needs a person", uncertain: "maybe sent: nobody knows yet", pending: "waiting to be sent", sending: "being sent", sent: "sent", muted: "muted" };
const TOKEN = "trailbell-token", KEYS = "trailbell-keys";
const PAGE = 50, OLDER = 100, POLL = 5000, SLOWEST = 60000;

const $ = (id) => document.getElementById(id);
const put = (id, ...parts) => $(id).replaceChildren(...parts.filter((part) => part || part === 0));
const on = (id, type, act) => $(id).addEventListener(type, act);
const SVG = "http://www.w3.org/2000/svg";

let token = sessionStorage.getItem(TOKEN) || "";
// What the address says; also alert, session.
let at = { view: "alerts", hours: 24, filters: {} };
// The fragment that `at` was read from.
let address = "";
// As listed, newest first.
let alerts = [];
// alert_id → <li>.
let rows = new Map();
let people = [];
let rules = null;
let cursor = null;
let searchedUntil = null;
// What the dialog shows.
let opened = null;
let returnTo = null;
let arrivedAbove = 0, unseen = 0;
let checkedAt = null;
let failures = 0;
let timer = 0;
// A newer list makes the answers of an older one void.
let generation = 0;
const etags = new Map();

class Trouble extends Error {}
// Whoever asked is not here any more.
class Gone extends Error {}

// ── asking ───────────────────────────────────────────────────────────────────────────────────

async function ask(path, { remember = false, accept = [] } = {}) {
  const mine = token;
  const headers = { Authorization: `Bearer ${token}` };
  if (remember && etags.has(path)) headers["If-None-Match"] = etags.get(path);
  let response;
  try {
    response = await fetch(new URL(path, BASE), { headers, cache: "no-store", signal: AbortSignal.timeout(20000) });
  } catch {
    if (mine !== token) throw new Gone();
    throw new Trouble(navigator.onLine ? "Trailbell cannot be reached." : "This device is not connected to a network.");
  }
  if (mine !== token) throw new Gone();
  if (response.status === 401) {
    signOut("This token does not open this Trailbell. It may have been changed.");
    throw new Gone();
  }
  if (response.status === 304) return null;
  if (!response.ok && !accept.includes(response.status)) throw await refusal(response);
  if (remember && response.headers.get("ETag")) etags.set(path, response.headers.get("ETag"));
  return response;
}

async function refusal(response) {
  const body = await response.json().catch(() => null);
  const said = typeof body?.message === "string" ? body.message : "";
  const trouble = new Trouble(`Trailbell answers ${response.status}${said ? `: ${said}` : "."}`);
  trouble.status = response.status;
  trouble.parameter = /^\w+/.exec(said)?.[0];
  return trouble;
}

// The answer's JSON, which must have `key`: a proxy or a sign-in page before Trailbell has its own.
async function askJson(path, key, options) {
  const mine = token;
  const response = await ask(path, options);
  const body = response && await response.json().catch(() => null);
  if (mine !== token) throw new Gone();
  if (response && !(body && typeof body === "object" && key in body)) {
    etags.delete(path);
    throw new Trouble("Something else than Trailbell answers here, such as a proxy or its sign-in page. Reload, or ask who runs it.");
  }
  return body;
}

function query(extra = {}) {
  const list = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...at.filters, ...extra })) for (const each of [value].flat()) list.append(name, each);
  return list;
}

function listPath(further = {}) {
  return at.view === "people" ? `actors?${query(further)}` : `alerts?${query({ limit: further.cursor ? OLDER : PAGE, ...further })}`;
}

// ── the address ──────────────────────────────────────────────────────────────────────────────
// All of a view stands in the fragment, which no server and no log sees.

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  // As links were before.
  for (const [name, value] of new URLSearchParams(location.search)) given.append(name, value);
  const taken = new Set(["alert", "session", "view", "hours", "token", ...FILTERS]);
  const unknown = [...given.keys()].filter((name) => !taken.has(name));
  const filters = {};
  for (const name of FILTERS) {
    const values = [...new Set(given.getAll(name).filter(Boolean))];
    if (values.length) filters[name] = ONCE.includes(name) ? values.slice(-1) : values;
  }
  const view = given.get("view") || "alerts";
  if (!VIEWS.includes(view)) unknown.push(`view=${view}`);
  at = {
    view: VIEWS.includes(view) ? view : "alerts", hours: [168, 720].find((hours) => given.get("hours") === String(hours)) || 24,
    filters, alert: given.get("alert"), session: given.get("session"),
  };
  address = location.search + location.hash;
  if (location.search) replace({});
  if (unknown.length) note(`The address has ${unknown.join(", ")}, which is no filter of this page: it is left out.`, "Remove it", () => replace({}));
  else if (!$("note").dataset.stays) note("");
}

function addressOf(to) {
  const all = { ...(to.view !== "alerts" && { view: to.view }), ...(to.hours !== 24 && { hours: to.hours }), ...(to.session && { session: to.session }), ...(to.alert && { alert: to.alert }) };
  const list = new URLSearchParams(all);
  for (const name of FILTERS) for (const value of to.filters[name] || []) list.append(name, value);
  return location.origin + location.pathname + (list.size ? `#${list}` : "");
}

function replace(changes) {
  history.replaceState(history.state, "", addressOf({ ...at, ...changes }));
  note("");
  route();
}

function go(changes, depth = 0) {
  const to = addressOf({ ...at, alert: null, session: null, ...changes });
  if (to === location.href) return;
  history.pushState({ depth }, "", to);
  route();
}

function filter(changes) {
  const filters = { ...at.filters };
  for (const [name, values] of Object.entries(changes)) {
    filters[name] = [values].flat().filter(Boolean);
    if (!filters[name].length) delete filters[name];
  }
  go({ filters, view: at.view === "rules" ? "alerts" : at.view });
}

function toggle(name, value) {
  const values = at.filters[name] || [];
  filter({ [name]: values.includes(value) ? values.filter((each) => each !== value) : [...values, value] });
}

// What the address says now, shown.
function route(anew = false) {
  if (!anew && address === location.search + location.hash) return;
  const before = listOf(at), hours = at.hours;
  read();
  if (!token) return;
  showView();
  if (at.alert || at.session) overlay();
  else if ($("details").open) { opened = null; $("details").close(); afterwards(); }
  if (anew || listOf(at) !== before) load();
  else if (hours !== at.hours) lookAround(true);
  mark();
}

function listOf(of) {
  return of.view + JSON.stringify(of.filters);
}

function note(words, button = "", action = null) {
  $("note").hidden = !words;
  put("note-text", words);
  $("note-button").hidden = !button;
  put("note-button", button);
  $("note-button").onclick = () => { note(""); action?.(); };
  delete $("note").dataset.stays;
}

// ── signing in and out ───────────────────────────────────────────────────────────────────────

// A token in the address is taken out of it; one that opens nothing never replaces one that does.
function takeTokenFromFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token")?.trim();
  if (!given) return false;
  fragment.delete("token");
  const rest = fragment.toString();
  history.replaceState(null, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
  if (token && token !== given) tryToken(given);
  else { keepToken(given); start(); }
  return true;
}

async function tryToken(given) {
  if (!document.body.dataset.started) start();
  const headers = { Authorization: `Bearer ${given}` };
  const response = isToken(given) ? await fetch(new URL("alerts?limit=1", BASE), { headers, cache: "no-store" }).catch(() => null) : { status: 401 };
  if (response?.ok) {
    etags.clear();
    keepToken(given);
    return start();
  }
  route(true);
  note(`The token in that link ${response?.status === 401 ? "does not open this Trailbell" : "could not be tried"}: you stay signed in with the one you had.`, "All right");
  $("note").dataset.stays = "yes";
}

function isToken(text) {
  return !/[^\x21-\x7e]/.test(text);
}

function keepToken(given) {
  token = given.trim();
  sessionStorage.setItem(TOKEN, token);
}

function signOut(why) {
  generation += 1;
  token = "";
  sessionStorage.removeItem(TOKEN);
  clearTimeout(timer);
  etags.clear();
  alerts = people = [];
  rules = checkedAt = opened = null;
  rows.clear();
  unseen = failures = 0;
  titled();
  for (const id of ["list", "chart", "ticks", "legend", "chips", "mutes-list", "details-body", "rules-list", "rule-ids"]) $(id).replaceChildren();
  for (const id of ["after-text", "chart-total", "rules-count", "freshness", "said", "trouble-text"]) $(id).textContent = "";
  $("filters").reset();
  $("trouble").hidden = true;
  healthUnknown("Asking how Trailbell is …");
  if ($("details").open) $("details").close();
  if (why) put("signed-out-why", why);
  $("signed-out-why").classList.toggle("notice", Boolean(why));
  show("signed-out");
  $("token").value = "";
  $("token").focus();
}

function show(state) {
  document.body.dataset.state = state;
  const out = state === "signed-out";
  $("signed-out").hidden = !out;
  $("signed-in").hidden = $("sign-out").hidden = $("views").hidden = out;
}

function start() {
  document.body.dataset.started = "yes";
  if (!token) { read(); return signOut(); }
  if (!isToken(token)) return signOut("That is not a token: it has characters that none has.");
  show("loading");
  route(true);
}

// ── the list ─────────────────────────────────────────────────────────────────────────────────

function showView() {
  for (const link of $("views").children) {
    const here = link.dataset.view === at.view;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    link.href = addressOf({ view: link.dataset.view, hours: at.hours, filters: link.dataset.view === "rules" || at.view === "rules" ? {} : at.filters });
  }
  $("watched").hidden = at.view === "rules";
  $("rules").hidden = at.view !== "rules";
  put("list-title", at.view === "people" ? "People and programs" : "Alerts");
  $("list").setAttribute("aria-label", at.view === "people" ? "Actors, the last to act first" : "Alerts, newest first");
  $("csv").hidden = at.view === "people";
  showFilters();
}

async function load() {
  const mine = ++generation;
  clearTimeout(timer);
  loading();
  try {
    if (at.view === "rules") await loadRules();
    else await loadList(mine);
    if (mine !== generation) return;
    answered();
    document.body.dataset.state = "ready";
  } catch (error) {
    if (mine !== generation) return;
    put("list");
    failed(error);
  }
  $("list").setAttribute("aria-busy", "false");
  if (mine === generation && token) await lookAround(true);
}

async function loadList(mine) {
  const path = listPath();
  etags.delete(path);
  const page = await askJson(path, keyOf(), { remember: true });
  if (mine !== generation) return;
  drawList(page);
  say(`${plural(alerts.length || people.length, at.view === "people" ? "actor" : "alert")} listed.`);
}

function keyOf() {
  return at.view === "people" ? "actors" : "alerts";
}

function drawList(page) {
  alerts = page.alerts || [];
  people = page.actors || [];
  rows = new Map();
  put("list", ...alerts.map(rowOf), ...people.map(personOf));
  ended(page);
}

function loading() {
  alerts = people = [];
  rows = new Map();
  document.body.dataset.state = "loading";
  $("list").setAttribute("aria-busy", "true");
  put("list", ...Array.from({ length: 6 }, () => h("li.bone", { "aria-hidden": "true" })));
  $("older").hidden = $("clear").hidden = true;
  put("after-text", "Asking …");
  delete document.body.dataset.empty;
  above(0);
}

async function older() {
  const mine = generation;
  $("older").disabled = true;
  try {
    const page = await askJson(listPath({ cursor }), keyOf());
    if (mine !== generation) return;
    const fresh = (page.alerts || []).filter((alert) => !rows.has(alert.alert_id));
    alerts.push(...fresh);
    people.push(...(page.actors || []));
    const added = [...fresh.map(rowOf), ...(page.actors || []).map(personOf)];
    $("list").append(...added);
    const hadFocus = document.activeElement === $("older");
    ended(page);
    if (hadFocus) added[0]?.querySelector("a")?.focus({ preventScroll: true });
    say(`${added.length} older ones were added.`);
    answered();
  } catch (error) {
    if (mine === generation) failed(error);
  }
  $("older").disabled = false;
}

function ended(page) {
  cursor = page.next_cursor;
  searchedUntil = page.searched_until;
  const filtered = Object.keys(at.filters).length > 0, count = alerts.length + people.length;
  $("older").hidden = !cursor;
  put("older", searchedUntil ? "Search further back" : "Show older");
  $("clear").hidden = !filtered || count > 0;
  put("after-text", ...ending(filtered, count));
  document.body.toggleAttribute("data-empty", !count);
}

function ending(filtered, count) {
  if (searchedUntil) return [`Searched back to ${full(searchedUntil)}.`];
  if (cursor) return [];
  if (count) return count > 8 ? ["That is all there is."] : [];
  if (filtered) return ["Nothing matches these filters. Take one off, or look further back."];
  return ["Nothing has happened yet that a rule watches for. New alerts appear here by themselves. ", h("a", { href: "#view=rules" }, "See what is watched"), "."];
}

function rowOf(alert) {
  const item = h("li", h("a.row", { href: addressOf({ ...at, session: null, alert: alert.alert_id }) }));
  rows.set(alert.alert_id, item);
  fill(item, alert);
  return item;
}

function fill(item, alert) {
  const account = alert.account_name || alert.account_id;
  const [state, words] = told(alert.deliveries);
  item.firstChild.replaceChildren(
    h("span", { class: `severity ${alert.severity}` }, alert.severity),
    h("strong", alert.text || alert.title),
    h("span.when", timeOf(alert.event_time)),
    h("span.where.quiet", outcomeMark(alert), ...dotted(alert.actor, alert.via, alert.source_ip, account, alert.aws_region)),
    h("span", { class: `told quiet state-${state}` }, alert.acknowledged_by ? h("bdi", alert.acknowledged_by) : "", alert.acknowledged_by ? " has it · " : "", words),
  );
}

// Each in its own direction: a name written from right to left does not turn the others round.
function dotted(...parts) {
  return parts.filter(Boolean).flatMap((part, n) => [n ? " · " : "", part instanceof Node ? part : h("bdi", String(part))]);
}

// What came of it, where it is not known to have worked: a word in a frame with a sign.
function outcomeMark(alert) {
  const words = notDone(alert);
  return words && h("span", { class: `mark ${alert.outcome}` }, words);
}

function notDone(alert) {
  return alert.outcome === "succeeded" ? "" : OUTCOMES[alert.outcome] || alert.outcome;
}

function told(deliveries) {
  if (!deliveries.length) return ["none", "listed only"];
  const states = deliveries.map((delivery) => delivery.state);
  const worst = ["parked", "uncertain", "pending", "sending", "sent", "muted"].find((state) => states.includes(state));
  const words = { uncertain: "maybe sent", pending: "waiting" };
  return [worst, words[worst] || worst];
}

// ── people ───────────────────────────────────────────────────────────────────────────────────

// Sittings of one actor that are not folded.
const FEW = 4;

function personOf(person) {
  const only = onlyButton("actor", person.actor, person.actor, true);
  const sittings = (person.sessions || []).map(sittingOf);
  return h("li.person",
    h("p.line", h("span", severityOf(person.highest), " ", h("strong", h("bdi", person.actor || person.principal)), only), h("span.quiet", timeOf(person.last))),
    h("p.quiet", ...dotted(person.actor_type, person.account_name || person.account_id, counts(person))),
    h("ul", ...sittings.slice(0, FEW)),
    sittings.length > FEW ? h("details", h("summary", `${sittings.length - FEW} earlier`), h("ul", ...sittings.slice(FEW))) : null);
}

function sittingOf(session) {
  return h("li", h("a", { href: addressOf({ ...at, session: session.id }), "data-over": "" }, lasting(session)), " ", ...refusedOf(session),
    h("span.quiet", ...dotted(plural(session.alerts, "alert"), from(session))));
}

function counts(of) {
  return [plural(of.alerts, "alert"), of.refused ? `${of.refused} refused` : ""].filter(Boolean).join(", ");
}

function refusedOf(of) {
  return of.refused ? [h("span.mark.refused", `${of.refused} refused`)] : [];
}

function from(session) {
  return session.source_ips?.length ? `from ${session.source_ips.join(", ")}` : "";
}

function lasting({ first, last }) {
  const same = new Date(first).toDateString() === new Date(last).toDateString();
  return first === last ? dayAndTime(first) : `${dayAndTime(first)} – ${same ? clock(last, false) : dayAndTime(last)}`;
}

// One sitting as one story: what was done, from where, in its order.
function drawSession({ session, alerts: steps, more }) {
  let address = null, day = "";
  const list = h("ol.story", ...steps.map((step) => {
    const moved = step.source_ip && step.source_ip !== address;
    const where = moved && h("b", `${address === null ? "from" : "now from"} ${step.source_ip}`);
    const today = date(step.event_time), time = today === day ? clock(step.event_time) : dayAndTime(step.event_time);
    if (moved) address = step.source_ip;
    day = today;
    return h("li", h("time.fixed.quiet", { datetime: step.event_time }, time), h("div",
      h("a", { href: addressOf({ ...at, session: null, alert: step.alert_id }), "data-over": "" }, step.text || step.title),
      h("p.quiet", severityOf(step.severity), " ", outcomeMark(step), ...dotted(step.event_name, where, step.aws_region))));
  }));
  put("details-body",
    h("h2", { id: "details-title" }, h("bdi", session.actor || session.principal), `: ${lasting(session)}`),
    h("p.quiet", ...dotted(session.actor_type, session.account_name || session.account_id, counts(session), from(session), `highest ${session.highest}`)),
    h("p.links", copyButton("Copy the link", { session: session.id }), onlyButton("actor", session.actor, session.actor, true)),
    more && h("p.notice", "More was done than one story shows: list all alerts for the rest."), list);
}

// ── rules ────────────────────────────────────────────────────────────────────────────────────

async function knownRules() {
  const answer = await askJson("rules", "rules", { remember: true });
  if (answer) {
    rules = answer;
    put("rule-ids", ...rules.rules.map((rule) => h("option", { value: rule.id }, rule.title)));
  }
  return rules;
}

async function loadRules() {
  const { rules: known, off = [] } = await knownRules();
  const fold = (rule, isOff) => {
    const item = h("details.rule", { "data-words": `${rule.title} ${rule.id} ${rule.theme}`.toLowerCase(), "data-rule": rule.id },
      h("summary", severityOf(rule.severity), " ", h("strong", rule.title), " ", h("span.quiet", isOff ? "off" : rule.last_matched ? "last told " : "not told yet", !isOff && rule.last_matched ? timeOf(rule.last_matched) : "")));
    item.addEventListener("toggle", () => { if (item.open && item.childElementCount === 1) item.append(...ruleBody(rule, isOff)); });
    return item;
  };
  put("rules-list", ...known.map((rule) => fold(rule, false)), ...off.map((rule) => fold(rule, true)));
  findRules();
  const wanted = at.filters.rule?.[0];
  const item = wanted && [...$("rules-list").children].find((each) => each.dataset.rule === wanted);
  if (item) { item.open = true; item.scrollIntoView({ block: "center" }); item.firstChild.focus(); }
  else if (wanted) note(`There is no rule ${wanted} in force or off.`, "All right");
}

function findRules() {
  const words = $("find-rule").value.trim().toLowerCase();
  let shown = 0;
  for (const item of $("rules-list").children) if (!(item.hidden = !item.dataset.words.includes(words))) shown += 1;
  put("rules-count", shown ? `${plural(shown, "rule")}. Open one to see what it means and what quiets it.` : "No rule has these words. Try fewer.");
}

function ruleBody(rule, isOff) {
  const untouchable = rule.theme === "trailbell";
  const quiets = isOff ? [["It is off. To have it again, take it out of off in your rule file:", `off = ["${rule.id}"]`]] : untouchable
    ? [] : [
      ["Allow somebody: it is told at info and calls nobody. In your rule file (docs/rules.md):", `[[allow]]\nrule = "${rule.id}"\nactor = "arn:aws:iam::111122223333:role/ci-deploy"\nreason = "why it is all right"\nuntil = 2027-06-30`],
      ...(rule.severity === "critical" ? [] : [["Mute it for a while:", `.venv/bin/python trailbell.py mutes --add ${rule.id} --actor NAME --for 8h --why "why"`]]),
      ["Switch it off for all. Before the first [table] of that file:", `off = ["${rule.id}"]`],
    ];
  const see = h("a", { href: addressOf({ view: "alerts", hours: at.hours, filters: { rule: [rule.id] } }) }, "Its alerts");
  const last = rule.last_alert_id && h("a", { href: addressOf({ view: "rules", hours: at.hours, filters: {}, alert: rule.last_alert_id }), "data-over": "" }, "The last one");
  return [
    h("p.quiet.mono", rule.id),
    ...toldOf(rule),
    h("p.links", see, last),
    h("h3", "What quiets it"),
    untouchable ? h("p", "Nothing: it is about Trailbell itself.") : rule.severity === "critical" && !isOff ? h("p", "What is critical cannot be muted; an allow needs the actor's whole ARN.") : null,
    ...quiets.flatMap(([words, text]) => [h("p", words), snippet(text)]),
    h("h3", "What it matches"),
    h("p.mono", rule.pattern || "what the rules of its correlation match"),
    ...rule.references.map((reference) => h("p", link(reference, reference))),
  ].filter(Boolean);
}

function snippet(text) {
  return h("div.snippet", h("pre", { tabindex: "0" }, text), press("Copy", (event) => copied(event.target, text, "Select it and copy")));
}

// ── live ─────────────────────────────────────────────────────────────────────────────────────

async function look() {
  if (document.hidden || !token) return schedule();
  if (document.body.dataset.state !== "ready") return void load();
  const mine = generation;
  try {
    const page = at.view === "rules" ? null : await askJson(listPath(), keyOf(), { remember: true });
    if (mine !== generation) return;
    if (page && at.view === "people") { if (!$("list").contains(document.activeElement) && people.length <= page.actors.length) drawList(page); }
    else if (page) arrive(page);
    if (at.view !== "rules") answered();
    await lookAround(Boolean(page));
    if (mine === generation && at.view === "rules" && !failures) answered();
  } catch (error) {
    if (mine !== generation) return;
    failed(error);
    // Whatever ails the list, health may know why.
    await lookAround(false);
  }
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(look, Math.min(POLL * 2 ** failures, SLOWEST));
}

function arrive(page) {
  const fresh = page.alerts.filter((alert) => !rows.has(alert.alert_id));
  if (alerts.length && page.next_cursor && fresh.length === page.alerts.length) return void load();
  for (const alert of page.alerts) if (rows.has(alert.alert_id)) update(alert);
  if (!fresh.length) return;
  holdingStill(() => fresh.reverse().forEach(insert));
  if (!alerts.length) return;
  document.body.removeAttribute("data-empty");
  if ($("older").hidden) { put("after-text", ""); $("clear").hidden = true; }
  if (document.hidden || !document.hasFocus()) unseen += fresh.length;
  titled();
  say(fresh.length === 1 ? `New alert: ${fresh[0].text}` : `${fresh.length} new alerts.`);
}

function update(alert) {
  const at = alerts.findIndex((known) => known.alert_id === alert.alert_id);
  if (at < 0 || JSON.stringify(alerts[at]) === JSON.stringify(alert)) return;
  alerts[at] = alert;
  fill(rows.get(alert.alert_id), alert);
}

function insert(alert) {
  const at = alerts.findIndex((known) => known.event_time <= alert.event_time);
  if (at < 0 && cursor) return;
  const before = at < 0 ? null : rows.get(alerts[at].alert_id);
  alerts.splice(at < 0 ? alerts.length : at, 0, alert);
  const item = rowOf(alert);
  item.classList.add("fresh");
  $("list").insertBefore(item, before);
}

// What is being read keeps its place on the screen; where nothing is, the newest come into view.
function holdingStill(change) {
  const anchor = beingRead();
  const before = anchor?.getBoundingClientRect().top;
  const count = alerts.length;
  change();
  if (!anchor) return;
  const moved = anchor.getBoundingClientRect().top - before;
  if (moved <= 0) return;
  const main = document.querySelector("main");
  const missing = scrollY + moved + innerHeight - document.documentElement.scrollHeight;
  if (missing > 0) main.style.minHeight = `${main.offsetHeight + missing}px`;
  scrollBy({ top: moved, behavior: "instant" });
  if ($("list").getBoundingClientRect().top < 0) above(arrivedAbove + alerts.length - count);
}

function beingRead() {
  const list = $("list");
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("li") : null;
  if (focused && onScreen(focused)) return focused;
  if (opened && rows.has(opened) && onScreen(rows.get(opened))) return rows.get(opened);
  const hovered = list.querySelector("li:hover");
  if (hovered) return hovered;
  if (list.getBoundingClientRect().top >= 0) return null;
  return [...list.children].find((item) => item.getBoundingClientRect().bottom > 0) || null;
}

function onScreen(item) {
  const box = item.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

function above(count) {
  arrivedAbove = count;
  $("arrived").hidden = count === 0;
  put("arrived", count === 1 ? "↑ 1 new alert" : `↑ ${count} new alerts`);
}

function answered() {
  failures = 0;
  checkedAt = Date.now();
  $("trouble").hidden = true;
  fresh(true);
  schedule();
}

function failed(error) {
  if (!token || error instanceof Gone) return;
  failures += 1;
  const wrong = error.status === 400 && FILTERS.includes(error.parameter) && at.filters[error.parameter];
  const since = checkedAt ? ` Nothing new is shown since ${clock(checkedAt)}; what stands here is of then.` : "";
  put("trouble-text", `${error.message || "Something is wrong with this page: reload it."}${wrong ? "" : since}`);
  $("trouble").hidden = false;
  put("retry", wrong ? "Remove it" : "Try again now");
  $("retry").onclick = wrong ? () => { $("trouble").hidden = true; filter({ [error.parameter]: "" }); } : () => (document.body.dataset.state === "ready" ? look() : load());
  if (!(error instanceof Trouble)) console.error(error);
  if (!alerts.length && !people.length && (at.view !== "rules" || !rules)) {
    document.body.dataset.state = "error";
    document.body.toggleAttribute("data-empty", true);
    put("after-text", wrong ? "Nothing is listed: one filter cannot be used." : "The alerts cannot be shown now. This page tries again by itself.");
  }
  if (wrong) {
    $("clear").hidden = false;
    return;
  }
  fresh(false);
  schedule();
}

// What was true before an outage is not claimed during it.
function healthUnknown(words) {
  etags.delete("health");
  $("health").dataset.status = "";
  put("health-words", words);
  put("health-reasons");
  put("vitals");
  drawChecks({});
}

function fresh(live) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  put("freshness", ...(live
    ? ["Live · ", h("span.zone", "checked "), clock(checkedAt), h("span.zone", ` · times in ${zone}`)]
    : [checkedAt ? `Not live since ${clock(checkedAt)}` : "Not live"]));
}

function titled() {
  document.title = unseen ? `(${unseen}) Trailbell` : "Trailbell";
}

// ── health, mutes and the chart ──────────────────────────────────────────────────────────────

async function lookAround(changed) {
  try {
    await lookAtHealth();
    const hours = at.hours;
    const counts = changed || !$("chart").firstChild ? await askJson(`charts?hours=${hours}`, "buckets", { remember: true }) : null;
    if (counts && hours === at.hours) drawChart(counts);
    const muted = changed || $("mutes").hidden ? await askJson("mutes", "mutes", { remember: true }) : null;
    if (muted) drawMutes(muted.mutes);
    mark();
  } catch (error) {
    // What failed first says more.
    if ($("trouble").hidden) failed(error);
  }
}

async function lookAtHealth() {
  try {
    const health = await askJson("health", "status", { remember: true, accept: [503] });
    if (health) drawHealth(health);
  } catch (error) {
    if (token) healthUnknown("How Trailbell is cannot be asked now");
    throw error;
  }
}

function drawHealth(health) {
  const words = { green: "All is well", amber: "Something to know", red: "Something to do" };
  const before = $("health").dataset.status;
  if (before && before !== health.status) say([words[health.status], ...(health.words || [])].join(". "));
  $("health").dataset.status = health.status;
  put("health-words", words[health.status] || health.status);
  put("health-reasons", ...(health.words || []).map((word) => h("li", ...rich(word))));
  const vitals = [
    ["Last record", health.last_records_at ? timeOf(health.last_records_at) : "none yet"],
    ["Delay", typeof health.delay_seconds === "number" ? span(health.delay_seconds) : "–"],
    ["Waiting", counted("Waiting", health.pending, "pending")],
    ["Parked", counted("Parked", health.parked, "parked")],
    ["Slack", slackState(health.channels || [])],
  ];
  if (health.uncertain) vitals.push(["Maybe sent", counted("Maybe sent", health.uncertain, "uncertain")]);
  const held = document.activeElement?.dataset?.list;
  put("vitals", ...vitals.map(([name, value]) => h("div", h("dt", name), h("dd", value))));
  if (held) $("vitals").querySelector(`[data-list=${held}]`)?.focus();
  drawChecks(health.coverage || {});
}

// What is not told for a while: who, why, until when.
function drawMutes(mutes) {
  $("mutes").hidden = !mutes.length;
  put("mutes-title", `${plural(mutes.length, "mute")}: kept, not told`);
  put("mutes-list", ...mutes.map((mute) => h("li", ...muteOf(mute), ` · ${mute.hidden} hidden · `, h("span.mono", mute.mute_id))));
}

function muteOf(mute) {
  return [h("strong", mute.rule_id), " by ", h("bdi", mute.actor), ` in ${mute.account_id}, ${OUTCOMES[mute.outcome] || mute.outcome}, up to ${mute.up_to}`,
    " · muted by ", h("bdi", mute.by), mute.why ? h("bdi", `: ${mute.why}`) : "", " · until ", full(mute.ended_at || mute.until)];
}

// What the self-watch asked last, and what it was answered.
function drawChecks(coverage) {
  const checks = Object.entries(coverage);
  const wrong = checks.filter(([, last]) => !["ok", "unasked"].includes(last.answered)).length;
  $("checks").hidden = !checks.length;
  put("checks-count", `${checks.length} checks, ${wrong ? `${wrong} not well` : "all well"}`);
  put("checks-list", ...checks.map(([name, last]) =>
    h("p", { class: `check-${last.answered}` }, `${name}: ${last.answered}, `, timeOf(last.at), ". ", ...rich(last.text))));
}

// A count that lists what it counts.
function counted(name, count, state) {
  if (!count) return String(count ?? "–");
  return press(String(count), () => filter({ state }), { class: "count", "data-list": state, "aria-label": `${name} ${count}: list only these` });
}

function slackState(channels) {
  const troubled = channels.filter((channel) => channel.trouble);
  if (troubled.length) return troubled.map((channel) => `${channel.name}: ${channel.reason || channel.trouble}`).join(", ");
  return channels.length ? "answers" : "nothing sent yet";
}

function drawChart({ buckets }) {
  const totals = buckets.map((bucket) => SEVERITIES.reduce((sum, severity) => sum + (bucket[severity] || 0), 0));
  const focused = bars().indexOf(document.activeElement);
  const wide = 720 / buckets.length, day = at.hours > 24;
  const each = { 24: "hour", 168: "6 hours", 720: "day" }[at.hours];
  const words = `Alerts per ${each}, last ${day ? `${at.hours / 24} days` : "24 hours"}`;
  const svg = s("svg", { viewBox: "0 0 720 100", preserveAspectRatio: "none", role: "toolbar", "aria-label": `${words}; each bar shows only its alerts`, "aria-orientation": "horizontal" });
  svg.append(...buckets.map((bucket, n) => columnOf(bucket, n * wide, wide, totals[n], Math.max(4, ...totals))));
  put("chart", svg);
  roving(focused >= 0 ? focused : buckets.length - 1);
  if (focused >= 0) svg.children[focused]?.focus();
  put("chart-title", words);
  const ticks = day ? [0, 1, 2, 3].map((n) => Math.round(n * buckets.length / 4)) : [0, 6, 12, 18];
  put("ticks", ...ticks.map((n) => h("span", (day ? date : hourOf)(buckets[n].from))), h("span", "now"));
  const all = totals.reduce((sum, total) => sum + total, 0);
  put("chart-total", `${all} in all${all ? `, ${Math.max(...totals)} at most` : ""}`);
  drawLegend(buckets);
}

function columnOf(bucket, x, wide, total, most) {
  const parts = SEVERITIES.filter((severity) => bucket[severity]).map((severity) => `${bucket[severity]} ${severity}`);
  if (bucket.refused) parts.push(`${bucket.refused} of them refused`);
  const label = `${at.hours > 24 ? lasting({ first: bucket.from, last: bucket.to }) : `${hourOf(bucket.from)} to ${hourOf(bucket.to)}`}: ${total ? `${plural(total, "alert")}, ${parts.join(", ")}` : "none"}`;
  const group = s("g", { class: "hour", role: "button", tabindex: "-1", "aria-pressed": "false", "aria-label": label, "data-from": bucket.from, "data-to": bucket.to });
  const title = s("title");
  title.textContent = label;
  group.append(title, s("rect", { class: "hit", x, y: 0, width: wide, height: 100, "vector-effect": "non-scaling-stroke" }));
  let y = 99;
  for (const severity of SEVERITIES) {
    if (!bucket[severity]) continue;
    const height = Math.max(3, (bucket[severity] / most) * 94);
    y -= height;
    group.append(s("rect", { class: `bar ${severity}`, x: x + wide * .13, y, width: wide * .74, height }));
  }
  group.append(s("rect", { class: "rest", x: x + wide * .13, y: 99, width: wide * .74, height: 1 }));
  return group;
}

function drawLegend(buckets) {
  const held = document.activeElement?.dataset?.value;
  const sum = (name) => buckets.reduce((total, bucket) => total + bucket[name], 0);
  put("legend", ...[...SEVERITIES.map((severity) => ["severity", severity]), ["outcome", "refused"]].map(([name, value]) =>
    press([h("span", { class: `swatch ${value}`, "aria-hidden": "true" }), sum(value) >= 0 ? `${value} ${sum(value)}` : value], () => toggle(name, value), { "data-name": name, "data-value": value, "aria-pressed": "false" })));
  if (held) $("legend").querySelector(`[data-value=${held}]`)?.focus();
}

// What of the chart is among the filters.
function mark() {
  for (const bar of bars()) bar.setAttribute("aria-pressed", String(isChosen(bar.dataset)));
  $("chart").firstChild?.classList.toggle("dim", bars().some((bar) => isChosen(bar.dataset)));
  for (const button of $("legend").children) button.setAttribute("aria-pressed", String(Boolean(at.filters[button.dataset.name]?.includes(button.dataset.value))));
  for (const button of $("spans").children) button.setAttribute("aria-pressed", String(Number(button.dataset.hours) === at.hours));
}

function isChosen({ from, to }) {
  return Date.parse(at.filters.since?.[0]) === Date.parse(from) && Date.parse(at.filters.until?.[0]) === Date.parse(to);
}

function pressBar(bar) {
  filter(isChosen(bar) ? { since: "", until: "" } : { since: bar.from, until: bar.to });
}

function bars() {
  return [...document.querySelectorAll(".hour")];
}

function roving(here) {
  bars().forEach((bar, n) => bar.setAttribute("tabindex", n === here ? "0" : "-1"));
}

function moveInChart(event) {
  const all = bars(), here = all.indexOf(event.target);
  if (here < 0) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return pressBar(event.target.dataset);
  }
  const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || !all[to]) return;
  event.preventDefault();
  roving(to);
  all[to].focus();
}

// ── filters ──────────────────────────────────────────────────────────────────────────────────

function showFilters() {
  $("fields-why").hidden = true;
  for (const field of $("filters").elements) {
    if (!FILTERS.includes(field.name)) continue;
    const values = at.filters[field.name] || [];
    if (field.type === "checkbox") { field.checked = values.includes(field.value); continue; }
    field.value = values.length > 1 ? "" : ["since", "until"].includes(field.name) ? local(values[0]) : values[0] || "";
    field.removeAttribute("aria-invalid");
  }
  put("chips", ...Object.entries(at.filters).flatMap(([name, values]) => values.map((value) => {
    const words = name === "since" || name === "until" ? full(value) : name === "outcome" ? OUTCOMES[value] || value : name === "acknowledged" ? { true: "yes", false: "no" }[value] || value : value;
    return press(`${NAMES[name]}: ${words} ×`, () => { toggle(name, value); $("q").focus(); }, { "aria-label": `Remove the filter ${NAMES[name]}: ${words}` });
  })));
}

function submitted(event) {
  event?.preventDefault();
  const form = $("filters"), next = {};
  for (const name of FILTERS) {
    const held = at.filters[name] || [], field = form.elements[name];
    if (field instanceof RadioNodeList) { next[name] = [...field].filter((box) => box.checked).map((box) => box.value); continue; }
    const typed = field.value.trim();
    const value = ["since", "until"].includes(name) && typed ? moment(typed) : typed;
    const why = value === null ? `${NAMES[name]}: “${typed}” is no time. Write a date such as 2026-11-24, or 2026-11-24 13:00.`
      : name === "q" && typed && typed.length < 3 ? "A search needs three characters or more." : "";
    if (why) return refused(field, why);
    // As it stood.
    if (typed && typed === local(held[0])) next[name] = held;
    else next[name] = held.length > 1 ? (typed ? [...held, value] : held) : value;
  }
  if (next.since && next.until && Date.parse(next.since) >= Date.parse(next.until)) return refused(form.elements.until, "Until must be after From.");
  showFilters();
  filter(next);
}

function refused(field, why) {
  if ($("fields").contains(field)) unfold(true);
  put("fields-why", why);
  $("fields-why").hidden = false;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function unfold(open) {
  $("fields").hidden = !open;
  $("more-filters").setAttribute("aria-expanded", String(open));
  // Only to choose from.
  if (open && !rules) knownRules().catch(() => {});
}

function local(time) {
  const when = Date.parse(time);
  return Number.isNaN(when) ? time || "" : new Date(when - new Date(when).getTimezoneOffset() * 60e3).toISOString().slice(0, 19).replace("T", " ").replace(/( 00:00)?:00$/, "");
}

// A date, with or without a time and its zone (else the reader's), as the API takes it; or null.
function moment(text) {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:\d\d)?)?$/i.exec(text);
  const day = parts && new Date(`${parts[1]}T00:00Z`);
  if (!parts || Number.isNaN(+day) || day.toISOString().slice(0, 10) !== parts[1]) return null;
  const time = new Date(`${parts[1]}T${parts[2] || "00:00"}${(parts[3] || "").toUpperCase().replace("UTC", "Z")}`);
  return Number.isNaN(+time) ? null : time.toISOString().replace(/\.\d+Z/, "Z");
}

async function download() {
  $("csv").disabled = true;
  try {
    const response = await ask(`alerts.csv?${query({ limit: 5000 })}`);
    const blob = await response.blob();
    if (!token) return;
    const link = h("a", { download: "trailbell-alerts.csv" });
    // The mark at the front tells spreadsheets that it is UTF-8.
    link.href = URL.createObjectURL(new Blob(["\ufeff", blob], { type: "text/csv" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    done($("csv"), response.headers.get("X-Next-Cursor") ? "The newest 5,000 were downloaded" : "Downloaded");
  } catch (error) {
    failed(error);
  }
  $("csv").disabled = false;
}

// ── details ──────────────────────────────────────────────────────────────────────────────────

// What stands over the list: an alert, or a sitting as a story.
async function overlay() {
  const mine = opened = at.alert ? `alert ${at.alert}` : `session ${at.session}`;
  const id = at.alert || at.session;
  document.querySelectorAll(".row[aria-current]").forEach((row) => row.removeAttribute("aria-current"));
  rows.get(id)?.firstChild.setAttribute("aria-current", "true");
  stepButtons();
  if (!$("details").open) { returnTo = document.activeElement; $("details").showModal(); }
  put("details-body", h("h2", { id: "details-title" }, alerts.find((alert) => alert.alert_id === id)?.text || "Looking it up …"));
  $("details-body").setAttribute("aria-busy", "true");
  try {
    const answer = at.alert ? await askJson(`alerts/${encodeURIComponent(id)}`, "alert_id") : await askJson(`sessions/${encodeURIComponent(id)}`, "session");
    if (opened === mine) (at.alert ? drawDetails : drawSession)(answer);
  } catch (error) {
    if (opened !== mine || error instanceof Gone) return;
    const gone = at.alert ? "This alert is not kept (any more)." : "Nothing is kept of this session (any more).";
    put("details-body", h("h2", { id: "details-title" }, error.status === 404 ? gone : error.message),
      error.status === 404 ? h("p", "RETENTION_DAYS says for how long. Close this to see the list.") : press("Try again", overlay));
    if (!(error instanceof Trouble)) console.error(error);
  }
  $("details-body").setAttribute("aria-busy", "false");
  $("details-body").scrollTop = 0;
  $("details-body").focus({ preventScroll: true });
}

function stepButtons() {
  const here = alerts.findIndex((alert) => alert.alert_id === at.alert);
  $("newer-alert").hidden = $("older-alert").hidden = here < 0;
  $("newer-alert").disabled = here <= 0;
  $("older-alert").disabled = here === alerts.length - 1;
}

function drawDetails(alert) {
  put("details-body", ...[
    severityOf(alert.severity), outcomeMark(alert),
    h("h2", { id: "details-title" }, alert.text || alert.title),
    h("p.quiet", alert.title),
    h("p.links",
      h("a", { href: addressOf({ ...at, alert: null, session: alert.alert_id }), "data-over": "" }, "The whole session, as a story"),
      link(alert.cloudtrail_url, "Open in CloudTrail"), copyButton("Copy the link", { alert: alert.alert_id })),
    ...(alert.runbook ? [h("h3", "What to do first"), ...runbook(alert.runbook)] : []),
    facts(alert),
    ...membersOf(alert.together),
    h("h3", "Told to"),
    ...(alert.deliveries.length ? alert.deliveries.map(deliveryOf) : [h("p", "Nobody: it was older than what is posted. It is listed only.")]),
    h("h3", alert.rules.length > 1 ? "Rules that matched" : "The rule that matched"),
    ...alert.rules.map((rule) => ruleOf(rule, notDone(alert))),
    ...missing(alert).map((id) => h("p.rule.quiet", `${id}: this rule is not in force now.`)),
    h("h3", `${alert.together ? "One of the records" : "The record"}, with secrets removed`),
    h("div.tree", tree(alert.record, "record", true)),
  ].filter(Boolean));
}

// What came together for a rule over time.
function membersOf(of) {
  if (!of) return [];
  const some = of.count > of.members.length ? `, of which the first ${of.members.length}` : "";
  return [
    h("h3", `${of.count}${of.more ? " or more" : ""} came together${some}`),
    h("ul", ...of.members.map((one) => h("li.mono",
      [full(one.time), one.operation, one.target, one.address, one.event_id].filter(Boolean).join(" · ")))),
  ];
}

function missing(alert) {
  return alert.rule_ids.filter((id) => !alert.rules.some((rule) => rule.id === id));
}

function facts(alert) {
  const utc = alert.event_time.replace("T", " ").replace("Z", " UTC");
  const account = alert.account_name ? `${alert.account_name} (${alert.account_id})` : alert.account_id;
  const list = h("dl.facts");
  const put = (name, value, filterBy, by) => {
    if (!value) return;
    const text = value instanceof Node ? value : String(value);
    list.append(h("dt", name), h("dd", text, filterBy && by ? onlyButton(filterBy, by) : ""));
  };
  put("When", `${full(alert.event_time)} (${utc})`);
  put("Who", [alert.actor, alert.actor_type].filter(Boolean).join(" · "), "actor", alert.actor);
  put("Looked at by", alert.acknowledged_by ? `${alert.acknowledged_by} · ${full(alert.acknowledged_at)}` : "nobody looks at it");
  put("Hidden by", alert.mute && h("span", ...muteOf(alert.mute)));
  put("Principal", alert.actor_id);
  put("Allowed", alert.allowed);
  put("With", alert.via);
  put("From", alert.source_ip, "source_ip", alert.source_ip);
  put("User agent", alert.user_agent);
  put("MFA", alert.mfa === null ? "" : alert.mfa ? "yes" : "no");
  put("Operation", alert.event_name, "event_name", alert.event_name);
  put("Service", alert.event_source, "service", alert.event_source);
  put("On", alert.resources.length ? h("ul", ...alert.resources.map((resource) => h("li.mono", resource))) : "");
  put("Result", [OUTCOMES[alert.outcome] || alert.outcome, alert.error_code, alert.error_message].filter(Boolean).join(": "), "outcome", alert.outcome);
  put("Read-only", alert.read_only === null ? "" : alert.read_only ? "yes" : "no");
  put("Account", account, "account", alert.account_id);
  put("Region", alert.aws_region, "region", alert.aws_region);
  put("Event id", alert.event_id && h("span.mono", alert.event_id));
  put("Alert id", h("span.mono", alert.alert_id));
  put("Seen", full(alert.seen_at));
  return list;
}

function onlyButton(name, value, shown = value, all = false) {
  return press(all ? "all alerts" : "only", () => {
    go({ filters: { ...(all && at.filters), [name]: [value] }, view: "alerts" });
    $("list").focus({ preventScroll: true });
  }, { class: "only", "aria-label": `List only ${NAMES[name]}: ${shown}` });
}

function deliveryOf(delivery) {
  return h("p", h("strong", delivery.channel), " ",
    h("span", { class: `state-${delivery.state}` }, STATES[delivery.state] || delivery.state),
    delivery.posted_at ? ` · ${full(delivery.posted_at)}` : "",
    delivery.message_kind === "digest" ? " · in a digest" : "",
    delivery.possible_repeat ? " · possibly a repeat" : "",
    delivery.reason ? ` · ${delivery.reason}` : "", " ",
    link(delivery.message_url, "Open the Slack message"));
}

function ruleOf(rule, outcome) {
  const conditions = (rule.conditions || []).map((condition) =>
    h("li", { class: condition.holds ? "holds" : "fails" }, condition.text, h("span.off", condition.holds ? " (holds)" : " (does not hold)")));
  return h("div.rule",
    h("p", h("strong", rule.title), " ", severityOf(rule.severity),
      outcome && h("span.quiet", ` · this call: ${outcome}`)),
    h("p.quiet", h("span.mono", rule.id), " ", onlyButton("rule", rule.id), " ",
      h("a", { href: addressOf({ view: "rules", hours: at.hours, filters: { rule: [rule.id] } }) }, "what quiets it")),
    ...toldOf(rule),
    h("ul.conditions", ...conditions),
    conditions.length ? null : h("p.mono", rule.pattern),
    ...rule.references.map((reference) => h("p", link(reference, reference))));
}

// Of the rule, not of this call, which may have been refused.
function toldOf(rule) {
  const line = (name, text) => text && h("p", `${name}: ${text}`);
  return [line("The rule means", rule.means), line("It matters", rule.why), ...(rule.runbook ? [h("p", "To do first:"), ...runbook(rule.runbook)] : []),
    line("Harmless where", rule.false_positives.join("; ")), line("ATT&CK", rule.attack.join(", "))].filter(Boolean);
}

// A runbook's lines; those that are set in are commands.
function runbook(text) {
  return text.trim().split(/\n+/).map((line) => (/^(\s{2,}|\t|\$ )\S/.test(line) ? snippet(line.trim().replace(/^\$ /, "")) : h("p.step", ...rich(line))));
}

// A text's links work, and its commands look like such: between backticks, or as `aws` has them.
const RICH = /`([^`]+)`|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)|https:\/\/[^\s<>"]*[^\s<>".,;:!?)]|\baws [a-z0-9-]+ [a-z0-9]+(?:-[a-z0-9]+)+(?: --[a-z][a-z-]*(?: (?=\S*[A-Z\d<:/=])[^\s,;()]*[^\s,;().])?)*/g;

function rich(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(RICH)) {
    parts.push(text.slice(from, found.index));
    const [whole, code, words, address] = found;
    parts.push(address ? link(address, words) : whole.startsWith("https") ? link(whole, whole) : h("code", code || whole));
    from = found.index + whole.length;
  }
  return [...parts, text.slice(from)];
}

function tree(value, key, open = false) {
  const name = key === undefined ? null : h("span.key", `${unhidden(key)}: `);
  if (value === null || typeof value !== "object") return h("div", name, unhidden(JSON.stringify(value)));
  const entries = Object.entries(value);
  const array = Array.isArray(value);
  if (!entries.length) return h("div", name, array ? "[]" : "{}");
  const size = array ? `[${entries.length}]` : `{${entries.length}}`;
  const fold = h("details", h("summary", name, h("span.quiet", size)));
  let drawn = false;
  const draw = () => { if (!drawn) { drawn = true; fold.append(...entries.map(([inner, of]) => tree(of, inner))); } };
  fold.addEventListener("toggle", draw);
  if (open) { draw(); fold.open = true; }
  return fold;
}

// Characters that nobody sees, or that turn a line round, as JSON escapes them.
function unhidden(text) {
  return text.replace(/[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (hidden) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function step(by) {
  const next = alerts[alerts.findIndex((alert) => alert.alert_id === at.alert) + by];
  if (opened && next && rows.has(at.alert)) replace({ alert: next.alert_id });
}

// The reader closed it: back to where it was opened, so that Back does not open it again.
function closed() {
  if (!opened) return;
  opened = null;
  const depth = history.state?.depth || 0;
  if (depth) history.go(-depth);
  else replace({ alert: null, session: null });
  afterwards();
}

function afterwards() {
  const row = document.querySelector(".row[aria-current]");
  row?.removeAttribute("aria-current");
  const next = [row, returnTo].find((element) => element?.isConnected && element !== document.body);
  (next || $("list")).focus({ preventScroll: !next });
}

function copyButton(words, to) {
  return press(words, (event) => copied(event.target, new URL(addressOf({ view: "alerts", hours: 24, filters: {}, ...to }), location.href).href, "It is in the address bar"));
}

async function copied(button, text, otherwise) {
  try {
    await navigator.clipboard.writeText(text);
    done(button, "Copied");
  } catch {
    done(button, otherwise);
  }
}

// The button says what became of it, for a while.
function done(button, words) {
  button.dataset.words ||= button.textContent;
  button.textContent = words;
  say(words);
  setTimeout(() => { button.textContent = button.dataset.words; }, 4000);
}

// ── small parts ──────────────────────────────────────────────────────────────────────────────

// An element: h("p.quiet", { id: "x" }, child, …); without attributes the children follow the name.
function h(named, given, ...children) {
  const [name, ...classes] = named.split(".");
  const [attributes, first] = given?.constructor === Object ? [given] : [{}, given];
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...[first, ...children].filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function s(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function link(address, words) {
  if (typeof address !== "string" || !/^https:\/\//i.test(address)) return null;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

function press(words, act, attributes = {}) {
  const button = h("button", { type: "button", ...attributes }, ...[words].flat());
  button.addEventListener("click", act);
  return button;
}

function severityOf(severity) {
  return h("span", { class: `severity ${severity}` }, severity);
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function timeOf(time) {
  return h("time", { datetime: time, title: `${time}` }, when(time));
}

function when(time) {
  const at = Date.parse(time), now = Date.now(), ago = (now - at) / 1000;
  if (Number.isNaN(at)) return "";
  if (ago >= -60 && ago < 60) return "just now";
  if (ago > 0 && ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  if (new Date(at).toDateString() === new Date(now).toDateString()) return clock(at, false);
  return dayAndTime(at);
}

function shown(time, options) {
  const at = new Date(time);
  return Number.isNaN(+at) ? String(time) : at.toLocaleString("en-GB", options);
}

function dayAndTime(time) {
  const year = new Date(time).getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return shown(time, { day: "numeric", month: "short", ...year, hour: "2-digit", minute: "2-digit" });
}

function date(time) {
  return shown(time, { day: "numeric", month: "short" });
}

function clock(time, seconds = true) {
  return shown(time, { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) });
}

function hourOf(time) {
  return clock(time, false);
}

function full(time) {
  return shown(time, { dateStyle: "medium", timeStyle: "medium" });
}

function span(seconds) {
  return seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function say(words) {
  put("said", words);
}

// ── keys and clicks ──────────────────────────────────────────────────────────────────────────

function singleKeys() {
  return localStorage.getItem(KEYS) !== "off";
}

function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const by = { ArrowDown: 1, ArrowUp: -1, ...(singleKeys() && { j: 1, k: -1 }) }[event.key];
  if ($("details").open) {
    if (by && !event.key.startsWith("Arrow")) step(by);
  } else if (by && $("list").contains(event.target)) {
    const links = [...$("list").querySelectorAll("a")];
    const here = links.indexOf(event.target.closest("a"));
    event.preventDefault();
    links[here + by]?.focus();
  } else if (by && !event.key.startsWith("Arrow")) {
    $("list").querySelector("a")?.focus();
  } else if (event.key === "/" && singleKeys()) {
    event.preventDefault();
    $(at.view === "rules" ? "find-rule" : "q").focus();
  }
}

// A link to another view, alert or session of this page keeps the way back.
function clicked(event) {
  const target = event.target.closest?.("a[href*='#'], a[data-view], a.row, a[data-over]");
  if (!target || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || target.target) return;
  event.preventDefault();
  if (target.id === "skip") return $(at.view === "rules" ? "rules-list" : "list").focus();
  const over = target.matches(".row, [data-over]");
  const depth = over ? ($("details").open ? (history.state?.depth || 0) + (history.state?.depth || at.alert || at.session ? 1 : 0) : 1) : 0;
  if (target.href === location.href) return;
  history.pushState({ depth }, "", target.href);
  route();
}

function boxes(name, values) {
  return values.map(([value, words]) => h("label", h("input", { type: "checkbox", name, value }), ` ${words}`));
}

$("severities").append(...boxes("severity", SEVERITIES.map((severity) => [severity, severity])));
$("outcomes").append(...boxes("outcome", Object.entries(OUTCOMES)));
for (const field of document.querySelectorAll("#fields label > input:not([type])")) {
  for (const [name, value] of [["maxlength", 256], ["autocomplete", "off"], ["autocapitalize", "off"], ["spellcheck", "false"]]) field.setAttribute(name, value);
}
$("chart-card").open = matchMedia("(min-width: 44rem)").matches;
$("keys").checked = singleKeys();
on("keys", "change", () => { if ($("keys").checked) localStorage.removeItem(KEYS); else localStorage.setItem(KEYS, "off"); });
on("sign-in", "submit", (event) => { event.preventDefault(); keepToken($("token").value); start(); });
on("sign-out", "click", () => signOut("You are signed out."));
on("older", "click", older);
on("clear", "click", () => { go({ filters: {} }); $("list").focus({ preventScroll: true }); });
on("filters", "submit", submitted);
on("filters", "change", (event) => { if (event.target.matches("select, [type=checkbox]")) submitted(); });
on("q", "search", () => { if (!$("q").value) submitted(); });
on("more-filters", "click", () => unfold($("fields").hidden));
on("copy-view", "click", () => copied($("copy-view"), location.href, "It is in the address bar"));
on("csv", "click", download);
on("find-rule", "input", findRules);
on("spans", "click", (event) => { if (event.target.dataset.hours) go({ hours: Number(event.target.dataset.hours) }); });
on("chart", "click", (event) => { const bar = event.target.closest(".hour"); if (bar) pressBar(bar.dataset); });
on("chart", "keydown", moveInChart);
on("arrived", "click", () => { above(0); $("list").firstChild?.firstChild.focus({ preventScroll: true }); scrollTo(0, 0); });
on("close", "click", () => $("details").close());
on("details", "close", closed);
on("details", "click", (event) => { if (event.target === $("details")) $("details").close(); });
on("newer-alert", "click", () => step(-1));
on("older-alert", "click", () => step(1));
document.addEventListener("keydown", keyed);
document.addEventListener("click", clicked);
addEventListener("hashchange", () => { if (!takeTokenFromFragment()) route(); });
addEventListener("popstate", () => { if (!location.hash.includes("token=")) route(); });
addEventListener("scroll", () => { if (arrivedAbove && $("list").getBoundingClientRect().top >= 0) above(0); }, { passive: true });
addEventListener("focus", () => { unseen = 0; titled(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && token) look(); });
setInterval(() => document.querySelectorAll("time:not(.fixed)").forEach((time) => { time.textContent = when(time.dateTime); }), 30000);

if (!takeTokenFromFragment()) start();
