// The status page. Everything that came from a record is put on the page as text, never as markup.

const BASE = new URL("..", import.meta.url); // .../assets/page.js → the page's own path
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const FILTERS = ["q", "severity", "state", "acknowledged", "actor", "event_name", "account", "since", "until"];
const NAMES = { q: "Search", severity: "Severity", state: "Delivery", acknowledged: "Acknowledged", actor: "Actor", event_name: "Operation", account: "Account", since: "From", until: "Until" };
const OUTCOMES = { succeeded: "succeeded", refused: "refused", failed: "failed", dry_run: "dry run", unknown: "outcome not known" };
const TOKEN = "trailbell-token";
const PAGE = 50, OLDER = 100, POLL = 5000, SLOWEST = 60000;
const HOUR = 3600e3;

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

let token = sessionStorage.getItem(TOKEN) || "";
let filters = {};
let search = "";            // the query string that the filters were read from
let alerts = [];            // as listed, newest first
let rows = new Map();       // alert_id → <li>
let cursor = null;
let searchedUntil = null;
let opened = null;          // alert_id of the details
let returnTo = null;
let arrivedAbove = 0, unseen = 0;
let checkedAt = null;
let failures = 0;
let timer = 0;
let generation = 0;         // a newer list makes the answers of an older one void
const etags = new Map();

class Trouble extends Error {}

// ── asking ───────────────────────────────────────────────────────────────────────────────────

async function ask(path, { remember = false, accept = [] } = {}) {
  const headers = { Authorization: `Bearer ${token}` };
  if (remember && etags.has(path)) headers["If-None-Match"] = etags.get(path);
  let response;
  try {
    response = await fetch(new URL(path, BASE), { headers, cache: "no-store", signal: AbortSignal.timeout(20000) });
  } catch {
    throw new Trouble("Trailbell cannot be reached.");
  }
  if (response.status === 401) {
    signOut("This token does not open this Trailbell. It may have been changed.");
    throw new Trouble("");
  }
  if (response.status === 304) return null;
  if (!response.ok && !accept.includes(response.status)) throw await refusal(response);
  if (remember && response.headers.get("ETag")) etags.set(path, response.headers.get("ETag"));
  return response;
}

async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  const said = typeof body.message === "string" ? body.message : "";
  const trouble = new Trouble(`Trailbell answers ${response.status}${said ? `: ${said}` : "."}`);
  trouble.status = response.status;
  return trouble;
}

async function askJson(path, options) {
  const response = await ask(path, options);
  return response && response.json();
}

function listPath(extra = {}) {
  return `alerts?${new URLSearchParams({ limit: PAGE, ...filters, ...extra })}`;
}

// ── signing in and out ───────────────────────────────────────────────────────────────────────

function takeTokenFromFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token");
  if (!given) return false;
  fragment.delete("token");
  const rest = fragment.toString();
  history.replaceState(null, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
  keepToken(given);
  return true;
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
  alerts = [];
  rows.clear();
  for (const id of ["list", "chart", "legend", "chips", "mutes-list", "details-body"]) $(id).replaceChildren();
  healthUnknown("Asking how Trailbell is …");
  if ($("details").open) $("details").close();
  $("freshness").textContent = "";
  if (why) $("signed-out-why").textContent = why;
  $("signed-out-why").classList.toggle("notice", Boolean(why));
  show("signed-out");
  $("token").value = "";
  $("token").focus();
}

function show(state) {
  document.body.dataset.state = state;
  $("signed-out").hidden = state !== "signed-out";
  $("signed-in").hidden = state === "signed-out";
  $("sign-out").hidden = state === "signed-out";
}

async function start() {
  if (!token) return signOut();
  if (/[^\x21-\x7e]/.test(token)) return signOut("That is not a token: it has characters that none has.");
  show("loading");
  readFilters();
  openFromFragment();
  await load();
}

// ── the list ─────────────────────────────────────────────────────────────────────────────────

async function load() {
  const mine = ++generation;
  clearTimeout(timer);
  loading();
  try {
    const path = listPath();
    etags.delete(path);
    const page = await askJson(path, { remember: true });
    if (mine !== generation) return;
    alerts = page.alerts;
    rows = new Map();
    $("list").replaceChildren(...alerts.map(rowOf));
    ended(page);
    answered();
    document.body.dataset.state = "ready";
    say(alerts.length ? `${alerts.length} alerts are listed.` : "No alerts are listed.");
  } catch (error) {
    if (mine !== generation) return;
    $("list").replaceChildren();
    failed(error);
  }
  $("list").setAttribute("aria-busy", "false");
  if (mine === generation && token) await lookAround(true);
}

function loading() {
  $("list").setAttribute("aria-busy", "true");
  $("list").replaceChildren(...Array.from({ length: 6 }, () => h("li", { class: "bone", "aria-hidden": "true" })));
  $("older").hidden = $("clear").hidden = true;
  $("after-text").textContent = "";
  delete document.body.dataset.empty;
  above(0);
}

async function older() {
  const mine = generation;
  $("older").disabled = true;
  try {
    const page = await askJson(listPath({ limit: OLDER, cursor }));
    if (mine !== generation) return;
    const fresh = page.alerts.filter((alert) => !rows.has(alert.alert_id));
    alerts.push(...fresh);
    const added = fresh.map(rowOf);
    $("list").append(...added);
    const hadFocus = document.activeElement === $("older");
    ended(page);
    if (hadFocus && added[0]) added[0].firstChild.focus({ preventScroll: true });
    say(`${fresh.length} older alerts were added.`);
    answered();
  } catch (error) {
    if (mine === generation) failed(error);
  }
  $("older").disabled = false;
}

function ended(page) {
  cursor = page.next_cursor;
  searchedUntil = page.searched_until;
  const filtered = Object.keys(filters).length > 0;
  $("older").hidden = !cursor;
  $("older").textContent = searchedUntil ? "Search further back" : "Show older";
  $("clear").hidden = !filtered || alerts.length > 0;
  $("after-text").textContent = ending(filtered);
  document.body.toggleAttribute("data-empty", !alerts.length);
}

function ending(filtered) {
  if (searchedUntil) return `Searched back to ${full(searchedUntil)}.`;
  if (cursor) return "";
  if (alerts.length) return alerts.length > 8 ? "That is all there is." : "";
  if (filtered) return "Nothing matches these filters.";
  return "Nothing has happened yet that a rule watches for. New alerts appear here by themselves.";
}

function rowOf(alert) {
  const item = h("li", {}, h("a", { class: "row", href: `#alert=${alert.alert_id}` }));
  rows.set(alert.alert_id, item);
  fill(item, alert);
  return item;
}

function fill(item, alert) {
  const account = alert.account_name || alert.account_id;
  // Each in its own direction: a name written from right to left does not turn the others round.
  const where = [notDone(alert), alert.actor, alert.via, alert.source_ip, account, alert.aws_region].filter(Boolean)
    .flatMap((part, at) => [at ? " · " : "", h("bdi", {}, part)]);
  const [state, words] = told(alert.deliveries);
  item.firstChild.replaceChildren(
    h("span", { class: `severity ${alert.severity}` }, alert.severity),
    h("strong", {}, alert.text || alert.title),
    h("span", { class: "when" }, timeOf(alert.event_time)),
    h("span", { class: "where quiet" }, ...where),
    h("span", { class: `told quiet state-${state}` }, alert.acknowledged_by ? h("bdi", {}, alert.acknowledged_by) : "", alert.acknowledged_by ? " has it · " : "", words),
  );
}

// What came of it, where it is not known to have worked.
function notDone(alert) {
  return alert.outcome === "succeeded" ? "" : OUTCOMES[alert.outcome] || alert.outcome;
}

function told(deliveries) {
  if (!deliveries.length) return ["none", "listed only"];
  const states = deliveries.map((delivery) => delivery.state);
  const worst = ["parked", "uncertain", "pending", "sending", "sent", "muted"].find((state) => states.includes(state));
  const words = { parked: "parked", uncertain: "maybe sent", pending: "waiting", sending: "sending", sent: "sent", muted: "muted" };
  return [worst, words[worst] || worst];
}

// ── live ─────────────────────────────────────────────────────────────────────────────────────

async function look() {
  if (document.hidden || !token) return schedule();
  const mine = generation;
  try {
    const page = await askJson(listPath(), { remember: true });
    if (mine !== generation) return;
    if (document.body.dataset.state !== "ready") return void load();
    if (page) arrive(page);
    answered();
    await lookAround(Boolean(page));
  } catch (error) {
    if (mine !== generation) return;
    failed(error);
    await lookAround(false); // whatever ails the list, health may know why
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
  if ($("older").hidden) { $("after-text").textContent = ""; $("clear").hidden = true; }
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
  $("arrived").textContent = count === 1 ? "↑ 1 new alert" : `↑ ${count} new alerts`;
}

function answered() {
  failures = 0;
  checkedAt = Date.now();
  $("trouble").hidden = true;
  fresh(true);
  schedule();
}

function failed(error) {
  if (!token) return;
  failures += 1;
  const since = checkedAt ? ` What is shown is of ${clock(checkedAt)}.` : "";
  $("trouble-text").textContent = `${error.message || "Something is wrong with this page."}${since}`;
  $("trouble").hidden = false;
  $("retry").hidden = error.status === 400;
  if (!(error instanceof Trouble)) console.error(error);
  if (error.status === 400) {
    $("clear").hidden = false;
    return;
  }
  if (!alerts.length) {
    document.body.dataset.state = "error";
    document.body.toggleAttribute("data-empty", true);
    $("after-text").textContent = "The alerts cannot be shown now.";
  }
  fresh(false);
  schedule();
}

// What was true before an outage is not claimed during it.
function healthUnknown(words) {
  etags.delete("health");
  $("health").dataset.status = "";
  $("health-words").textContent = words;
  $("health-reasons").replaceChildren();
  $("vitals").replaceChildren();
  drawChecks({});
}

function fresh(live) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  $("freshness").replaceChildren(live ? "Live · " : "Not live", ...(live ? [
    h("span", { class: "zone" }, "checked "), clock(checkedAt), h("span", { class: "zone" }, ` · times in ${zone}`),
  ] : []));
}

function titled() {
  document.title = unseen ? `(${unseen}) Trailbell` : "Trailbell";
}

// ── health and the chart ─────────────────────────────────────────────────────────────────────

async function lookAround(changed) {
  try {
    await lookAtHealth();
    const counts = changed || !$("chart").firstChild ? await askJson("summary?hours=24", { remember: true }) : null;
    if (counts) drawChart(counts);
    const muted = changed || $("mutes").hidden ? await askJson("mutes", { remember: true }) : null;
    if (muted) drawMutes(muted.mutes);
    markHours();
  } catch (error) {
    if ($("trouble").hidden) failed(error); // what failed first says more
  }
}

async function lookAtHealth() {
  try {
    const health = await askJson("health", { remember: true, accept: [503] });
    if (health && !health.status) throw new Trouble("Trailbell does not say how it is.");
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
  $("health-words").textContent = words[health.status] || health.status;
  $("health-reasons").replaceChildren(...(health.words || []).map((word) => h("li", {}, ...coded(word))));
  const vitals = [
    ["Last record", health.last_records_at ? timeOf(health.last_records_at) : "none yet"],
    ["Delay", typeof health.delay_seconds === "number" ? span(health.delay_seconds) : "–"],
    ["Waiting", counted("Waiting", health.pending, "pending")],
    ["Parked", counted("Parked", health.parked, "parked")],
    ["Slack", slackState(health.channels || [])],
  ];
  if (health.uncertain) vitals.push(["Maybe sent", counted("Maybe sent", health.uncertain, "uncertain")]);
  const held = document.activeElement?.dataset?.list;
  $("vitals").replaceChildren(...vitals.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  if (held) $("vitals").querySelector(`[data-list=${held}]`)?.focus();
  drawChecks(health.coverage || {});
}

// What is not told for a while: who, why, until when.
function drawMutes(mutes) {
  $("mutes").hidden = !mutes.length;
  $("mutes-list").replaceChildren(...mutes.map((mute) => h("li", {}, ...muteOf(mute), ` · ${mute.hidden} hidden`)));
}

function muteOf(mute) {
  return [h("strong", {}, mute.rule_id), " by ", h("bdi", {}, mute.actor), ` in ${mute.account_id}, ${OUTCOMES[mute.outcome] || mute.outcome}, up to ${mute.up_to}`,
    " · muted by ", h("bdi", {}, mute.by), mute.why ? h("bdi", {}, `: ${mute.why}`) : "", " · until ", full(mute.ended_at || mute.until)];
}

// What the self-watch asked last, and what it was answered.
function drawChecks(coverage) {
  const checks = Object.entries(coverage);
  const wrong = checks.filter(([, last]) => !["ok", "unasked"].includes(last.answered)).length;
  $("checks").hidden = !checks.length;
  $("checks-count").textContent = `${checks.length} checks, ${wrong ? `${wrong} not well` : "all well"}`;
  $("checks-list").replaceChildren(...checks.map(([name, last]) =>
    h("p", { class: `check-${last.answered}` }, `${name}: ${last.answered}, `, timeOf(last.at), ". ", ...coded(last.text))));
}

// A count that lists what it counts.
function counted(name, count, state) {
  if (!count) return String(count ?? "–");
  const button = h("button", { class: "count", type: "button", "data-list": state, "aria-label": `${name} ${count}: list only these` }, String(count));
  button.addEventListener("click", () => filter({ state }));
  return button;
}

// What stands between backticks is a command.
function coded(words) {
  return words.split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));
}

function slackState(channels) {
  const troubled = channels.filter((channel) => channel.trouble);
  if (troubled.length) return troubled.map((channel) => `${channel.name}: ${channel.reason || channel.trouble}`).join(", ");
  return channels.length ? "answers" : "nothing sent yet";
}

function drawChart(counts) {
  const first = Date.parse(counts.since);
  const hours = Array.from({ length: 24 }, (_, at) => new Date(first + at * HOUR).toISOString().replace(".000Z", "Z"));
  const columns = hours.map((hour) => counts.hours[hour] || {});
  const totals = columns.map((column) => SEVERITIES.reduce((sum, severity) => sum + (column[severity] || 0), 0));
  const focused = [...document.querySelectorAll(".hour")].indexOf(document.activeElement);
  const svg = s("svg", { viewBox: "0 0 720 100", preserveAspectRatio: "none", role: "toolbar", "aria-label": "Alerts per hour; an hour shows only its alerts", "aria-orientation": "horizontal" });
  svg.append(...hours.map((hour, at) => columnOf(hour, at, columns[at], totals[at], Math.max(4, ...totals))));
  $("chart").replaceChildren(svg);
  roving(focused >= 0 ? focused : 23);
  if (focused >= 0) svg.children[focused].focus();
  $("ticks").replaceChildren(...[0, 6, 12, 18, 24].map((at) => h("span", {}, at === 24 ? "now" : clock(first + at * HOUR, false))));
  $("chart-total").textContent = `${counts.total} in all${counts.total ? `, ${Math.max(...totals)} in the busiest hour` : ""}${counts.searched_until ? `, counted back to ${full(counts.searched_until)}` : ""}`;
  drawLegend(counts.severities);
}

function columnOf(hour, at, column, total, most) {
  const start = Date.parse(hour);
  const parts = SEVERITIES.filter((severity) => column[severity]).map((severity) => `${column[severity]} ${severity}`);
  const label = `${clock(start, false)} to ${clock(start + HOUR, false)}: ${total ? `${total} ${total === 1 ? "alert" : "alerts"}, ${parts.join(", ")}` : "none"}`;
  const group = s("g", { class: "hour", role: "button", tabindex: "-1", "aria-pressed": "false", "aria-label": label, "data-hour": hour });
  const title = s("title");
  title.textContent = label;
  group.append(title, s("rect", { class: "hit", x: at * 30, y: 0, width: 30, height: 100, "vector-effect": "non-scaling-stroke" }));
  let y = 99;
  for (const severity of SEVERITIES) {
    if (!column[severity]) continue;
    const height = Math.max(3, (column[severity] / most) * 94);
    y -= height;
    group.append(s("rect", { class: `bar ${severity}`, x: at * 30 + 4, y, width: 22, height }));
  }
  group.append(s("rect", { class: "rest", x: at * 30 + 4, y: 99, width: 22, height: 1 }));
  return group;
}

function drawLegend(severities) {
  const held = document.activeElement?.dataset?.severity;
  $("legend").replaceChildren(...SEVERITIES.map((severity) => {
    const button = h("button", { type: "button", "aria-pressed": String(filters.severity === severity), "data-severity": severity },
      h("span", { class: `swatch ${severity}`, "aria-hidden": "true" }), `${severity} ${severities[severity] || 0}`);
    button.addEventListener("click", () => filter({ severity: filters.severity === severity ? "" : severity }));
    return button;
  }));
  if (held) $("legend").querySelector(`[data-severity=${held}]`)?.focus();
}

function markHours() {
  const hours = [...document.querySelectorAll(".hour")];
  for (const hour of hours) hour.setAttribute("aria-pressed", String(isHour(hour.dataset.hour)));
  $("chart").firstChild?.classList.toggle("dim", hours.some((hour) => isHour(hour.dataset.hour)));
  for (const button of $("legend").children) button.setAttribute("aria-pressed", String(filters.severity === button.dataset.severity));
}

function isHour(hour) {
  return Date.parse(filters.since) === Date.parse(hour) && Date.parse(filters.until) === Date.parse(hour) + HOUR;
}

function pressHour(hour) {
  const until = new Date(Date.parse(hour) + HOUR).toISOString().replace(".000Z", "Z");
  filter(isHour(hour) ? { since: "", until: "" } : { since: hour, until });
}

function roving(at) {
  document.querySelectorAll(".hour").forEach((hour, index) => hour.setAttribute("tabindex", index === at ? "0" : "-1"));
}

function moveInChart(event) {
  const hours = [...document.querySelectorAll(".hour")];
  const at = hours.indexOf(event.target);
  if (at < 0) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return pressHour(event.target.dataset.hour);
  }
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: hours.length - 1 }[event.key];
  if (to === undefined || !hours[to]) return;
  event.preventDefault();
  roving(to);
  hours[to].focus();
}

// ── filters ──────────────────────────────────────────────────────────────────────────────────

function readFilters() {
  search = location.search;
  const given = new URLSearchParams(location.search);
  filters = Object.fromEntries(FILTERS.map((name) => [name, given.get(name)]).filter(([, value]) => value));
  for (const name of FILTERS) {
    const field = $("filters").elements[name];
    field.value = field.type === "datetime-local" ? toLocal(filters[name]) : filters[name] || "";
  }
  $("chips").replaceChildren(...Object.entries(filters).map(([name, value]) => {
    const words = name === "since" || name === "until" ? full(value) : value;
    const chip = h("button", { type: "button", "aria-label": `Remove the filter ${NAMES[name]}: ${words}` }, `${NAMES[name]}: ${words} ×`);
    chip.addEventListener("click", () => { filter({ [name]: "" }); $("q").focus(); });
    return chip;
  }));
}

function filter(changes) {
  const next = { ...filters, ...changes };
  const query = new URLSearchParams(FILTERS.filter((name) => next[name]).map((name) => [name, next[name]]));
  const search = query.toString();
  if (`?${search}` === location.search || (!search && !location.search)) return;
  history.pushState(null, "", location.pathname + (search ? `?${search}` : ""));
  readFilters();
  markHours();
  load();
}

function submitted(event) {
  event.preventDefault();
  const fields = $("filters").elements;
  filter(Object.fromEntries(FILTERS.map((name) => {
    const { type, value } = fields[name];
    return [name, type === "datetime-local" ? fromLocal(value) : value.trim()];
  })));
}

function toLocal(time) {
  const at = Date.parse(time);
  return Number.isNaN(at) ? "" : new Date(at - new Date(at).getTimezoneOffset() * 60e3).toISOString().slice(0, 19);
}

function fromLocal(value) {
  return value ? new Date(value).toISOString().replace(/\.\d+Z/, "Z") : "";
}

async function download() {
  $("csv").disabled = true;
  try {
    const response = await ask(`alerts.csv?${new URLSearchParams({ limit: 5000, ...filters })}`);
    const link = h("a", { download: "trailbell-alerts.csv" });
    // The mark at the front tells spreadsheets that it is UTF-8.
    link.href = URL.createObjectURL(new Blob(["\ufeff", await response.blob()], { type: "text/csv" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    done($("csv"), response.headers.get("X-Next-Cursor") ? "The newest 5,000 were downloaded" : "Downloaded");
  } catch (error) {
    failed(error);
  }
  $("csv").disabled = false;
}

// ── details ──────────────────────────────────────────────────────────────────────────────────

function openFromFragment() {
  const id = new URLSearchParams(location.hash.slice(1)).get("alert");
  if (id && token) details(id);
  else if ($("details").open) $("details").close();
}

async function details(id) {
  opened = id;
  document.querySelectorAll(".row[aria-current]").forEach((row) => row.removeAttribute("aria-current"));
  rows.get(id)?.firstChild.setAttribute("aria-current", "true");
  const at = alerts.findIndex((alert) => alert.alert_id === id);
  $("newer-alert").disabled = at <= 0;
  $("older-alert").disabled = at < 0 || at === alerts.length - 1;
  if (!$("details").open) { returnTo = document.activeElement; $("details").showModal(); }
  $("details-body").replaceChildren(h("h2", { id: "details-title" }, alerts[at]?.text || "Looking it up …"));
  $("details-body").setAttribute("aria-busy", "true");
  try {
    const alert = await askJson(`alerts/${encodeURIComponent(id)}`);
    if (opened === id) drawDetails(alert);
  } catch (error) {
    if (opened !== id) return;
    const words = error.status === 404 ? "This alert is not kept (any more)." : error.message;
    $("details-body").replaceChildren(h("h2", { id: "details-title" }, words));
  }
  $("details-body").setAttribute("aria-busy", "false");
  $("details-body").scrollTop = 0;
  $("details-body").focus({ preventScroll: true });
}

function drawDetails(alert) {
  const copy = h("button", { type: "button" }, "Copy the link");
  copy.addEventListener("click", () => copied(copy, new URL(`#alert=${alert.alert_id}`, location.href).href));
  $("details-body").replaceChildren(...[
    h("span", { class: `severity ${alert.severity}` }, alert.severity),
    h("h2", { id: "details-title" }, alert.text || alert.title),
    h("p", { class: "quiet" }, alert.title),
    h("p", { class: "links" }, link(alert.cloudtrail_url, "Open in CloudTrail"), link(alert.runbook, "Runbook"), copy),
    facts(alert),
    ...membersOf(alert.together),
    h("h3", {}, "Told to"),
    ...(alert.deliveries.length ? alert.deliveries.map(deliveryOf) : [h("p", {}, "Nobody: it was older than what is posted. It is listed only.")]),
    h("h3", {}, alert.rules.length > 1 ? "Rules that matched" : "The rule that matched"),
    ...alert.rules.map((rule) => ruleOf(rule, notDone(alert))),
    ...missing(alert).map((id) => h("p", { class: "rule quiet" }, `${id}: this rule is not in force now.`)),
    h("h3", {}, `${alert.together ? "One of the records" : "The record"}, with secrets removed`),
    h("div", { class: "tree" }, tree(alert.record, "record", true)),
  ].filter(Boolean));
}

// What came together for a rule over time.
function membersOf(of) {
  if (!of) return [];
  const some = of.count > of.members.length ? `, of which the first ${of.members.length}` : "";
  return [
    h("h3", {}, `${of.count}${of.more ? " or more" : ""} came together${some}`),
    h("ul", {}, ...of.members.map((one) => h("li", { class: "mono" },
      [full(one.time), one.operation, one.target, one.address, one.event_id].filter(Boolean).join(" · ")))),
  ];
}

function missing(alert) {
  return alert.rule_ids.filter((id) => !alert.rules.some((rule) => rule.id === id));
}

function facts(alert) {
  const utc = alert.event_time.replace("T", " ").replace("Z", " UTC");
  const account = alert.account_name ? `${alert.account_name} (${alert.account_id})` : alert.account_id;
  const list = h("dl", { class: "facts" });
  const put = (name, value, filterBy) => {
    if (!value) return;
    const text = value instanceof Node ? value : String(value);
    list.append(h("dt", {}, name), h("dd", {}, text, filterBy && onlyButton(filterBy, alert[filterBy] || alert.account_id)));
  };
  put("When", `${full(alert.event_time)} (${utc})`);
  put("Who", [alert.actor, alert.actor_type].filter(Boolean).join(" · "), "actor");
  put("Looked at by", alert.acknowledged_by && `${alert.acknowledged_by} · ${full(alert.acknowledged_at)}`);
  put("Hidden by", alert.mute && h("span", {}, ...muteOf(alert.mute)));
  put("Principal", alert.actor_id);
  put("Allowed", alert.allowed);
  put("With", alert.via);
  put("From", alert.source_ip);
  put("User agent", alert.user_agent);
  put("MFA", alert.mfa === null ? "" : alert.mfa ? "yes" : "no");
  put("Operation", [alert.event_name, alert.event_source].filter(Boolean).join(" · "), "event_name");
  put("On", alert.resources.length ? h("ul", {}, ...alert.resources.map((resource) => h("li", { class: "mono" }, resource))) : "");
  put("Result", [OUTCOMES[alert.outcome] || alert.outcome, alert.error_code, alert.error_message].filter(Boolean).join(": "));
  put("Read-only", alert.read_only === null ? "" : alert.read_only ? "yes" : "no");
  put("Account", account, "account");
  put("Region", alert.aws_region);
  put("Event id", alert.event_id && h("span", { class: "mono" }, alert.event_id));
  put("Alert id", h("span", { class: "mono" }, alert.alert_id));
  put("Seen", full(alert.seen_at));
  return list;
}

function onlyButton(name, value) {
  if (!value) return null;
  const button = h("button", { class: "only", type: "button", "aria-label": `List only ${NAMES[name]}: ${value}` }, "only");
  button.addEventListener("click", () => {
    $("details").close();
    filter({ [name]: value });
  });
  return button;
}

function deliveryOf(delivery) {
  const words = { parked: "parked: needs a person", uncertain: "maybe sent: nobody knows yet", pending: "waiting to be sent", sending: "being sent", sent: "sent", muted: "muted" };
  return h("p", {}, h("strong", {}, delivery.channel), " ",
    h("span", { class: `state-${delivery.state}` }, words[delivery.state] || delivery.state),
    delivery.posted_at ? ` · ${full(delivery.posted_at)}` : "",
    delivery.message_kind === "digest" ? " · in a digest" : "",
    delivery.possible_repeat ? " · possibly a repeat" : "",
    delivery.reason ? ` · ${delivery.reason}` : "", " ",
    link(delivery.message_url, "Open the Slack message"));
}

function ruleOf(rule, outcome) {
  const conditions = (rule.conditions || []).map((condition) =>
    h("li", { class: condition.holds ? "holds" : "fails" }, condition.text, h("span", { class: "off" }, condition.holds ? " (holds)" : " (does not hold)")));
  return h("div", { class: "rule" },
    h("p", {}, h("strong", {}, rule.title), " ", h("span", { class: `severity ${rule.severity}` }, rule.severity),
      outcome && h("span", { class: "quiet" }, ` · this call: ${outcome}`)),
    h("p", { class: "quiet mono" }, rule.id),
    ...toldOf(rule),
    h("ul", { class: "conditions" }, ...conditions),
    conditions.length ? null : h("p", { class: "mono" }, rule.pattern),
    ...rule.references.map((reference) => link(reference, reference)));
}

// Of the rule, not of this call, which may have been refused.
function toldOf(rule) {
  const parts = [
    ["The rule means", rule.means],
    ["It matters", rule.why],
    ["To do first", (rule.runbook || "").replaceAll("\n", " ")],
    ["Harmless where", rule.false_positives.join("; ")],
    ["ATT&CK", rule.attack.join(", ")],
  ];
  return parts.filter(([, text]) => text).map(([name, text]) => h("p", {}, `${name}: ${text}`));
}

function tree(value, key, open = false) {
  const name = key === undefined ? null : h("span", { class: "key" }, `${unhidden(key)}: `);
  if (value === null || typeof value !== "object") return h("div", {}, name, unhidden(JSON.stringify(value)));
  const entries = Object.entries(value);
  const array = Array.isArray(value);
  if (!entries.length) return h("div", {}, name, array ? "[]" : "{}");
  const size = array ? `[${entries.length}]` : `{${entries.length}}`;
  const fold = h("details", {}, h("summary", {}, name, h("span", { class: "quiet" }, size)));
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
  const at = alerts.findIndex((alert) => alert.alert_id === opened) + by;
  if (opened && alerts[at]) location.replace(`#alert=${alerts[at].alert_id}`);
}

function closed() {
  const row = rows.get(opened)?.firstChild;
  opened = null;
  if (new URLSearchParams(location.hash.slice(1)).has("alert")) history.replaceState(null, "", location.pathname + location.search);
  row?.removeAttribute("aria-current");
  const next = [row, returnTo].find((element) => element?.isConnected && element !== document.body);
  if (next) next.focus();
  else $("list").focus({ preventScroll: true });
}

async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    done(button, "Copied");
  } catch {
    done(button, "It is in the address bar");
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

function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
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

function timeOf(time) {
  return h("time", { datetime: time, title: `${time}` }, when(time));
}

function when(time) {
  const at = Date.parse(time), now = Date.now(), ago = (now - at) / 1000;
  if (Number.isNaN(at)) return "";
  if (ago >= -60 && ago < 60) return "just now";
  if (ago > 0 && ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  if (new Date(at).toDateString() === new Date(now).toDateString()) return clock(at, false);
  return new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

function clock(at, seconds = true) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) });
}

function full(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? String(time) : at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

function span(seconds) {
  return seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function say(words) {
  $("said").textContent = words;
}

function moveInList(event) {
  const to = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const item = event.target.closest("li");
  if (!to || !item || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  (to > 0 ? item.nextElementSibling : item.previousElementSibling)?.firstChild.focus();
}

$("sign-in").addEventListener("submit", (event) => { event.preventDefault(); keepToken($("token").value); start(); });
$("sign-out").addEventListener("click", () => signOut("You are signed out."));
$("retry").addEventListener("click", () => (document.body.dataset.state === "ready" ? look() : load()));
$("older").addEventListener("click", older);
$("clear").addEventListener("click", () => { filter(Object.fromEntries(FILTERS.map((name) => [name, ""]))); $("list").focus({ preventScroll: true }); });
$("filters").addEventListener("submit", submitted);
$("filters").addEventListener("change", (event) => { if (event.target.tagName === "SELECT") $("filters").requestSubmit(); });
$("q").addEventListener("search", () => { if (!$("q").value) $("filters").requestSubmit(); });
$("more-filters").addEventListener("click", () => {
  $("fields").hidden = !$("fields").hidden;
  $("more-filters").setAttribute("aria-expanded", String(!$("fields").hidden));
});
$("csv").addEventListener("click", download);
$("chart").addEventListener("click", (event) => { const hour = event.target.closest(".hour"); if (hour) pressHour(hour.dataset.hour); });
$("chart").addEventListener("keydown", moveInChart);
$("list").addEventListener("keydown", moveInList);
$("arrived").addEventListener("click", () => { above(0); $("list").firstChild?.firstChild.focus({ preventScroll: true }); scrollTo(0, 0); });
$("close").addEventListener("click", () => $("details").close());
$("details").addEventListener("close", closed);
$("details").addEventListener("click", (event) => { if (event.target === $("details")) $("details").close(); });
$("details").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});
$("newer-alert").addEventListener("click", () => step(-1));
$("older-alert").addEventListener("click", () => step(1));
addEventListener("hashchange", () => { if (takeTokenFromFragment()) start(); else openFromFragment(); });
addEventListener("popstate", () => { if (token && location.search !== search) { readFilters(); markHours(); load(); openFromFragment(); } });
addEventListener("scroll", () => { if (arrivedAbove && $("list").getBoundingClientRect().top >= 0) above(0); }, { passive: true });
addEventListener("focus", () => { unseen = 0; titled(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && token) look(); });
setInterval(() => document.querySelectorAll("time").forEach((time) => { time.textContent = when(time.dateTime); }), 30000);

takeTokenFromFragment();
start();
