"use strict";
const parsed = id => JSON.parse(document.getElementById(id).textContent);
const once = make => { let made; return () => made ??= make(); };
const DATA = parsed("data");
const NS = "http://www.w3.org/2000/svg";
const PAGE = 50, MOST_ROWS = 120, NEAR = 300;
const QUAD = { 1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict" };

// ---- elements: text is always set as text, so that no word of the data can be read as markup ----------------
function put(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (name === "style") Object.assign(node.style, value); // by script: the policy allows no style attribute
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}
const h = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => put(document.createElementNS(NS, tag), attributes, children);

// ---- the tables ---------------------------------------------------------------------------------------------
// A row reads its cells by the names of the columns. To copy every row into an object takes longer than the rest of the first view.
function table(name, rows = DATA[name] || []) {
  class Row { constructor(cells) { this.cells = cells; } }
  (DATA.columns[name] || []).forEach((column, i) => Object.defineProperty(Row.prototype, column, { get() { return this.cells[i]; } }));
  return rows.map(cells => new Row(cells));
}
function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) { const k = row[key]; if (!groups.has(k)) groups.set(k, []); groups.get(k).push(row); }
  return groups;
}
const keyed = (rows, key) => new Map(rows.map(row => [row[key], row]));
const documents = keyed(table("documents"), "document_id"), events = table("events"), byId = keyed(events, "event_id");
const actors = keyed(table("actors"), "actor_id"), places = keyed(table("places"), "place_id");
const negatives = table("negatives"), negativeById = keyed(negatives, "negative_id");
const of = {};
for (const name of ["participants", "mentions", "links", "locations", "dyads"]) of[name] = grouped(table(name), "event_id");
const affiliations = grouped(table("affiliations"), "actor_id");
const linksTo = grouped(table("links"), "other_event_id");
const get = (name, id) => of[name].get(id) || [];
const DAY = 864e5, day = iso => iso === null ? null : Date.parse(iso + "T00:00Z") / DAY;
const iso = number => new Date(number * DAY).toISOString().slice(0, 10);
const nameOf = id => id === null ? "unnamed" : (actors.get(id) || { actor_name: id }).actor_name;
const label = code => (DATA.actions[code] || [code])[0];
const rootOf = code => { let c = code; while (DATA.actions[c] && DATA.actions[c][1]) c = DATA.actions[c][1]; return c; };
const words = text => String(text).replace(/_/g, " ");
// The readings are the largest table, and the first view needs none of them: they are read when they are asked for.
const PASSES = "passes" in DATA.columns, records = once(() => table("passes", parsed("passes"))), passes = once(() => grouped(records(), "adjudicated_id"));
// What the independent readers of the document made of an event. A reader who read it has a record of the document.
const readersOf = once(() => new Map([...grouped(records(), "document_id")].map(([id, rows]) => [id, new Set(rows.map(p => p.annotator))])));
const READERS = { alike: "all coded it alike", differ: "they differ", act: "they differ in the act", missed: "one or more did not record it" };
function readings(e) {
  const list = (passes().get(e.event_id) || []).filter(p => p.record === "event"), kinds = columns => new Set(list.map(p => JSON.stringify(columns.map(c => p[c])))).size;
  const missed = list.length > 0 && new Set(list.map(p => p.annotator)).size < (readersOf().get(e.document_id) || []).size, act = kinds(["action"]) > 1;
  const differ = missed || kinds(["action", "actor_ids", "target_ids", "date", "status"]) > 1;
  return { alike: list.length > 0 && !differ, differ, act, missed };
}
for (const e of events) {
  e.from = day(e.date_earliest); e.until = day(e.date_latest); e.root = rootOf(e.action);
  e.people = get("participants", e.event_id); e.pairs = get("dyads", e.event_id); e.where = get("locations", e.event_id);
  e.sides = role => e.people.filter(p => p.role === role);
  e.tops = side => new Set(e.pairs.map(p => p[side + "_top"]).filter(Boolean));
  e.search = once(() => [e.event_id, e.trigger, e.action, label(e.action), ...e.people.map(p => `${nameOf(p.actor_id)} ${p.text || ""}`),
    ...e.where.map(w => (places.get(w.place_id) || {}).place_name)].join(" ").toLowerCase());
  e.read = once(() => readings(e));
}

// ---- the address: #/view/id?filter=value --------------------------------------------------------------------
const FILTERS = ["q", "actor", "target", "root", "quad", "status", "vouched", "readers", "document", "place", "incident", "from", "until"];
function address() {
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  const [, view = "overview", id = ""] = path.split("/");
  const asked = new URLSearchParams(query || "");
  return { view: view || "overview", id: decodeURIComponent(id), asked, filters: Object.fromEntries(FILTERS.map(f => [f, asked.get(f) || ""])) };
}
function link(view, id, filters) {
  const asked = new URLSearchParams(Object.entries(filters || {}).filter(([, value]) => value !== "" && value !== null && value !== undefined));
  return `#/${view}${id ? "/" + encodeURIComponent(id) : ""}${String(asked) ? "?" + asked : ""}`;
}
function chosen(filters) {
  const from = filters.from ? day(filters.from) : null, until = filters.until ? day(filters.until) : null;
  const q = filters.q.toLowerCase().trim();
  return events.filter(e =>
    (!q || e.search().includes(q)) && (!filters.actor || has(e, "actor", filters.actor)) && (!filters.target || has(e, "target", filters.target)) &&
    (!filters.root || e.root === filters.root) && (!filters.quad || String(e.quad_class) === filters.quad) &&
    (!filters.status || e.status === filters.status) && (!filters.vouched || e.vouched_by === filters.vouched) &&
    (!filters.readers || e.read()[filters.readers]) && (!filters.document || e.document_id === filters.document) && (!filters.incident || e.incident_id === filters.incident) &&
    (!filters.place || e.where.some(w => under(w.place_id, filters.place))) &&
    // A date matches where it overlaps the period, not where it starts in it; an open end reaches on.
    (from === null || e.until === null || e.until >= from) && (until === null || e.from === null || e.from <= until));
}
const has = (e, side, id) => e.tops(side).has(id) || e.pairs.some(p => p[side + "_id"] === id);
function under(place, wanted) {
  for (let at = place, steps = 0; at && steps < 20; at = (places.get(at) || {}).parent_id, steps++) if (at === wanted) return true;
  return false;
}

// ---- pieces -------------------------------------------------------------------------------------------------
const SECTIONS = { when: "When", who: "Who and what", pairs: "Who to whom", network: "Network", where: "Where", list: "Events" };
const section = (name, ...children) => h("section", { id: `s-${name}`, tabindex: -1, "aria-labelledby": `h-${name}` }, h("h2", { id: `h-${name}` }, SECTIONS[name]), children);
// All numbers of a figure have the same number of decimals: none if all are whole. Weights are stored with six.
const formatter = values => values.every(v => Math.abs(v - Math.round(v)) < .001) ? v => String(Math.round(v)) : v => v.toFixed(v > 0 && v < .05 ? 2 : 1);
function lines(text, most) { // whole words, as many lines as they need
  const found = [];
  for (const word of text.split(" ")) {
    if (found.length && found[found.length - 1].length + word.length < most) found[found.length - 1] += ` ${word}`; else found.push(word);
  }
  return found;
}
const eventLink = (id, text) => h("a", { href: link("event", id) }, text || id);
const scroll = (name, ...children) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, children);
const quoted = (text, doc) => h("q", { lang: (documents.get(doc) || {}).language, dir: "auto" }, text);
// As the profile of EDTF has it: [..B] happened once, and ../B went on or recurred; so the known end of the second is a day of the act.
const wentOn = e => (e.date || "").includes("/");
function when(e) {
  const from = e.date_earliest, until = e.date_latest;
  if (!from && !until) return "on an unknown day";
  if (from === until) return `on ${from}`;
  if (!from) return wentOn(e) ? `from an unknown day until ${until}` : `on one day, ${until} at the latest`;
  if (!until) return wentOn(e) ? `from ${from} until an unknown day` : `on one day, ${from} at the earliest`;
  const start = { one_of: "on one day from", several: "several times from", throughout: "all the time from" }[e.date_shape || (wentOn(e) ? "throughout" : "one_of")] || "from";
  return `${start} ${from} to ${until}`;
}
// A date that is broken at a line's end, broken where its two days meet.
const edtf = date => (date || "").split(/(?<=\/|\.\.)/).flatMap(part => [h("span", { class: "id" }, part), h("wbr")]);
function sentence(e) {
  const side = role => e.sides(role).map(p => nameOf(p.actor_id)).join(", ");
  const to = side("target"), from = side("actor") || "no actor named", sources = side("attribution");
  return [h("b", {}, from), " → ", h("b", {}, `${e.action} ${label(e.action)}`), to ? [" → ", h("b", {}, to)] : "", `, ${when(e)}. Status: ${e.status}`,
    sources ? `, according to ${sources}.` : "."];
}

// ---- the overview -------------------------------------------------------------------------------------------
function filterForm(state, view) {
  const f = state.filters;
  const go = next => { location.hash = link(view, "", { ...f, ...next }); };
  const options = (name, title, values) => h("label", {}, title, h("select", { name, on: { change: x => go({ [name]: x.target.value }) } },
    h("option", { value: "" }, "any"), values.map(([value, text]) => h("option", { value, selected: f[name] === value }, text))));
  const field = (name, title, type) => h("label", {}, title, h("input", { name, type, value: f[name], on: { change: x => go({ [name]: x.target.value }) } }));
  const some = name => [...new Set(events.map(e => e[name]).filter(Boolean))].sort().map(v => [v, words(v)]);
  const sides = side => [...new Set(events.flatMap(e => e.pairs.flatMap(p => [p[side + "_top"], p[side + "_id"]])).filter(Boolean))]
    .map(id => [id, nameOf(id)]).sort((a, b) => a[1].localeCompare(b[1], "en"));
  const roots = [...new Set(events.map(e => e.root))].sort().map(code => [code, `${code} ${label(code)}`]);
  const quads = Object.entries(QUAD).filter(([q]) => events.some(e => String(e.quad_class) === q));
  const form = h("form", { class: "filters", "aria-label": "Filters", on: { submit: x => { x.preventDefault(); go({ q: x.target.q.value }); } } },
    field("q", "Search", "search"), options("actor", "Actor, with its members", sides("actor")), options("target", "Target, with its members", sides("target")),
    options("root", "Kind of act", roots), quads.length ? options("quad", "Quad class", quads) : null, options("status", "Status", some("status")),
    some("vouched_by").length ? options("vouched", "Vouched for by", some("vouched_by")) : null,
    PASSES ? options("readers", "Independent readers", Object.entries(READERS)) : null,
    options("document", "Document", [...documents.keys()].map(id => [id, id])),
    places.size ? options("place", "Place, with all within", [...places.values()].map(p => [p.place_id, p.place_name]).sort((a, b) => a[1].localeCompare(b[1], "en"))) : null,
    field("from", "Date from", "date"), field("until", "Date until", "date"),
    h("div", { class: "clear" }, h("button", { type: "button", on: { click: () => { location.hash = link(view); } } }, "Clear all filters")));
  const set = FILTERS.filter(name => f[name]).length;
  return [h("details", { class: "filters", open: set > 0 || innerWidth > 640 }, h("summary", {}, set ? `Filters (${set} set)` : "Filters"), form),
    h("details", {}, h("summary", {}, "What the filters mean"), meanings())];
}
const meanings = () => h("dl", {}, [["Actor, Target", "A state or group, with everyone under it on the day of the event. Some acts hold in both directions, such as a meeting or a fight of each other: each side is then actor and target."],
  ["Kind of act", "The first two digits of the code of the act."], ["Quad class", "Every kind of act belongs to one of four classes: cooperation or conflict, in words (verbal) or in deeds (material)."],
  ["Status", "What the report says of the act: asserted, hedged (with a doubt), or contested (somebody denies it)."],
  ["Vouched for by", "Who says so: the narrator (the reporter), the actor, the target, a third party, or an unnamed source."],
  PASSES ? ["Independent readers", "Several readers coded each document without seeing each other's work. They differ if they chose another act, party, date or status, or if one of them has no record of the event."] : null,
  ["Dates", "Every event that may have happened in that time, even if its date is not known to the day."]].filter(Boolean).map(([name, text]) => row(name, text)));
function bars(title, rows, filter, state) {
  const most = Math.max(...rows.map(r => r.value), 1e-9), number = formatter(rows.map(r => r.value));
  return h("div", {}, h("h3", {}, title), scroll(title, h("table", { class: "bars" },
    h("caption", { class: "hidden" }, title), h("thead", { class: "hidden" }, h("tr", {}, h("th", { scope: "col" }, "Value"), h("th", { scope: "col" }, "Bar"), h("th", { scope: "col" }, "Events"))),
    h("tbody", {}, rows.map(r => h("tr", { class: "bar-row" },
      h("th", { scope: "row" }, filter ? h("a", { href: link("overview", "", { ...state.filters, [filter]: r.key }) }, r.text) : r.text),
      h("td", { class: "fill" }, h("span", { class: "bar", style: { width: `${Math.max(1, 100 * r.value / most)}%` } })),
      h("td", { class: "number" }, number(r.value))))))));
}
function tally(list, keys, text, most) {
  const counts = new Map();
  for (const e of list) for (const [key, weight] of keys(e)) counts.set(key, (counts.get(key) || 0) + weight);
  const rows = [...counts].map(([key, value]) => ({ key, value, text: text(key) })).sort((a, b) => b.value - a.value || a.text.localeCompare(b.text, "en"));
  if (rows.length <= most) return rows;
  const rest = rows.slice(most).reduce((sum, r) => sum + r.value, 0);
  return [...rows.slice(0, most), { key: null, value: rest, text: `${rows.length - most} others`, rest: true }];
}
const bySide = side => e => { const sums = new Map(); for (const p of e.pairs) sums.set(p[side + "_top"], (sums.get(p[side + "_top"]) || 0) + p.weight); return sums; };
function overview(state) {
  const list = chosen(state.filters);
  if (!list.length) return [h("h1", {}, DATA.about.title), filterForm(state, "overview"), counted(list, state.filters), none(state, "overview")];
  const sides = (title, side) => bars(title, tally(list, bySide(side), id => id === null ? "none named" : nameOf(id), 10).map(r => ({ ...r, key: r.key || "" })), side, state);
  const single = (title, name, filter, text) => bars(title, tally(list, e => [[e[name] === null ? "" : String(e[name]), 1]], text, 12), filter, state);
  const parts = [["when", timeline(list)], ["who", [sides("Actors", "actor"), sides("Targets", "target"), single("Kinds of act", "root", "root", code => `${code} ${label(code)}`),
    single("Quad class", "quad_class", "quad", q => QUAD[q] || "none"), single("Status", "status", "status", words), single("Vouched for by", "vouched_by", "vouched", v => words(v || "not stated"))]],
    ["pairs", matrix(list, state)], ["network", network(list, state)], ["where", map(list, state)], ["list", eventTable(list, state)]].filter(([, part]) => part);
  return [h("h1", {}, DATA.about.title), filterForm(state, "overview"), counted(list, state.filters),
    h("p", { class: "note" }, "A record says what a report says, not what took place. Read its status and its source with it. Every event counts as 1 in each figure. If it has several actors or targets, each gets a part of the 1."),
    h("nav", { class: "sections", "aria-label": "On this page" }, parts.map(([name]) => h("a", { href: link("overview", "", { ...state.filters, at: name }) }, SECTIONS[name]))),
    parts.map(([name, part]) => section(name, name === "who" ? h("div", { class: "columns" }, part) : part))];
}
// The pairs of an event that the filters by actor and target choose: all without such a filter.
const pairsOf = (e, f) => e.pairs.filter(p => (!f.actor || p.actor_top === f.actor || p.actor_id === f.actor) && (!f.target || p.target_top === f.target || p.target_id === f.target));
const weightOf = (e, f) => f.actor || f.target ? pairsOf(e, f).reduce((sum, p) => sum + p.weight, 0) : 1;
const mirrored = (e, f) => (f.actor || f.target) && pairsOf(e, f).every(p => p.derived === "reciprocal" || p.derived === "host");
const many = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
function counted(list, filters) {
  const others = list.filter(e => mirrored(e, filters)).length, weight = list.reduce((sum, e) => sum + weightOf(e, filters), 0);
  return [h("p", { class: "count", role: "status" }, `${list.length} of ${events.length} events`),
    FILTERS.some(f => filters[f]) ? h("p", { class: "printed" }, `Filters: ${FILTERS.filter(f => filters[f]).map(f => `${f} = ${filters[f]}`).join(", ")}`) : null,
    list.length && (filters.actor || filters.target) ? h("p", { class: "note" }, `The weight of the chosen parties in them is ${formatter([weight])(weight)}: an event with several pairs of actor and target is divided among its pairs.`,
      others ? ` ${many(others, "event")} ${others === 1 ? "is" : "are"} here only because the act holds in both directions, or because a host receives a visitor. The words name the parties the other way round.` : "") : null];
}
const none = (state, view) => h("p", { class: "notice" }, "No event fits these filters. ", h("a", { href: link(view) }, "Clear all filters"));

const parties = e => ["actor", "target"].map(role => e.sides(role).map(p => nameOf(p.actor_id)).join(", ") || "not named").join(" → ");
const short = (text, most) => [...text].length <= most ? text : [...text].slice(0, most - 1).join("").trimEnd() + "…";
function timeline(list) {
  const dated = list.filter(e => e.from !== null || e.until !== null);
  const ends = dated.flatMap(e => [e.from, e.until]).filter(x => x !== null);
  if (!ends.length) return h("p", {}, "No event has a date.");
  const sorted = [...ends].sort((a, b) => a - b), low = sorted[0], high = sorted[sorted.length - 1] + 1;
  const W = 960, left = 310, right = 30, span = Math.max(high - low, 1), x = d => left + (d - low) / span * (W - left - right);
  const shown = dated.length <= MOST_ROWS ? [...dated].sort((a, b) => (a.from ?? a.until) - (b.from ?? b.until) || (a.event_id < b.event_id ? -1 : 1)) : [];
  const bins = histogram(dated, low, high, 48), number = formatter(bins.map(b => b.expected)), tallest = Math.max(...bins.map(b => b.possible), 1), H = 130;
  const y = v => 20 + (1 - v / tallest) * (H - 20), unit = (W - left - right) / bins.length;
  const parts = [s("text", { x: left, y: 12, class: "faint" }, `Number of events in each ${bins[0].to - bins[0].from === 1 ? "day" : `period of ${bins[0].to - bins[0].from} days`}`), s("text", { x: left - 8, y: y(tallest) + 4, "text-anchor": "end", class: "faint" }, String(tallest)),
    s("text", { x: left - 8, y: H + 4, "text-anchor": "end", class: "faint" }, "0"), s("line", { x1: left, y1: H, x2: W - right, y2: H, class: "axis" })];
  bins.forEach((b, i) => {
    const bx = left + i * unit + 1, bw = Math.max(unit - 2, 1), title = `${iso(Math.floor(b.from))} to ${iso(Math.ceil(b.to) - 1)}: ${b.certain} certain, ${number(b.expected)} expected, ${b.possible} possible`;
    if (b.possible) parts.push(s("rect", { x: bx, y: y(b.possible), width: bw, height: H - y(b.possible), class: "n-possible" }, s("title", {}, title)));
    if (b.expected) parts.push(s("rect", { x: bx, y: y(b.expected), width: bw, height: H - y(b.expected), class: "n-expected" }, s("title", {}, title)));
    if (b.certain) parts.push(s("rect", { x: bx, y: y(b.certain), width: bw, height: H - y(b.certain), class: "n-certain" }, s("title", {}, title)));
  });
  shown.forEach((e, i) => {
    const top = H + 38 + i * 13, q = `q${e.quad_class || 0}`, x1 = e.from === null ? left - 14 : x(e.from), x2 = e.until === null ? W - right + 14 : x(e.until + 1);
    const kind = e.from === null || e.until === null ? "open" : e.from === e.until || e.date_shape === "throughout" ? "" : "possible";
    parts.push(s("a", { href: link("event", e.event_id) }, s("title", {}, `${e.event_id} ${label(e.action)}, ${when(e)}`),
      s("text", { x: 4, y: top + 9, class: "faint" }, short(`${e.event_id} ${parties(e)}`, 40)), s("rect", { x: x1, y: top, width: Math.max(x2 - x1, 3), height: 9, class: `${q} ${kind}` }),
      kind === "open" && wentOn(e) ? s("rect", { x: e.from === null ? x2 - 5 : x1, y: top, width: 5, height: 9, class: q }) : null));
  });
  const bottom = H + 34 + shown.length * 13;
  for (const t of ticks(low, high)) parts.push(s("line", { x1: x(t.at), y1: 20, x2: x(t.at), y2: bottom, class: "axis" }), s("text", { x: x(t.at), y: H + 18, "text-anchor": "middle", class: "faint" }, t.text));
  const open = list.length - dated.filter(e => e.from !== null && e.until !== null).length;
  const key = (mark, text) => h("li", {}, h("span", { class: `key ${mark}` }), text);
  return [h("figure", {}, scroll("Timeline", s("svg", { viewBox: `0 0 ${W} ${bottom + 8}`, width: W, height: bottom + 8, role: "group", "aria-label": "Timeline" }, parts)),
    h("figcaption", {}, h("ul", { class: "legend" }, h("li", {}, "Columns:"), key("k-certain", "certain: the whole date is in the period"), key("k-expected", "expected: each event spread evenly over its days"), key("k-overlap", "possible: the date overlaps the period")),
      shown.length ? [h("ul", { class: "legend" }, h("li", {}, "A row for each event, with its actors → targets. The colour is the class of the act:"), [1, 2, 3, 4].map(q => key(`b${q}`, QUAD[q]))),
        h("ul", { class: "legend" }, h("li", {}, "Its date:"), key("b0", "one day, or throughout"), key("k-possible", "on a day or days within"), key("k-open", "once, open at one end"), key("k-on", "went on or recurred, open at one end"), h("li", {}, `${many(open, "event")} with an open end, counted as possible only`))]
        : h("p", {}, `${open} event${open === 1 ? " has" : "s have"} a date that is open at an end, and count${open === 1 ? "s" : ""} as possible only. Set filters until ${MOST_ROWS} events or fewer are left to see a row for each.`))),
    h("details", {}, h("summary", {}, "The timeline as a table"), scroll("Timeline as a table", h("table", {}, h("thead", {}, h("tr", {}, ["From", "To", "Certain", "Expected", "Possible"].map(t => h("th", { scope: "col" }, t)))),
      h("tbody", {}, bins.filter(b => b.possible).map(b => h("tr", {}, h("td", {}, iso(Math.floor(b.from))), h("td", {}, iso(Math.ceil(b.to) - 1)), [b.certain, number(b.expected), b.possible].map(v => h("td", { class: "number" }, String(v)))))))))];
}
function histogram(list, low, high, most) {
  const width = Math.max(1, Math.ceil((high - low) / most)), bins = [];
  for (let from = low; from < high; from += width) bins.push({ from, to: Math.min(from + width, high), certain: 0, expected: 0, possible: 0 });
  for (const e of list) {
    const a = e.from ?? -Infinity, b = e.until === null ? Infinity : e.until + 1, closed = e.from !== null && e.until !== null;
    for (const bin of bins) {
      const shared = Math.min(b, bin.to) - Math.max(a, bin.from);
      if (shared <= 0) continue;
      bin.possible += 1;
      if (closed) bin.expected += shared / (b - a);
      if (closed && a >= bin.from && b <= bin.to) bin.certain += 1;
    }
  }
  return bins;
}
function ticks(low, high) {
  const months = (high - low) / 30.44, found = [], first = new Date(low * DAY);
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240].find(each => months / each <= 12) || 480;
  for (let month = Math.ceil(first.getUTCMonth() / step) * step, year = first.getUTCFullYear(), n = 0; n < 60; month += step, n++) {
    const at = Date.UTC(year, month, 1) / DAY;
    if (at > high) break;
    if (at >= low) found.push({ at, text: new Date(at * DAY).toISOString().slice(0, step >= 12 ? 4 : 7) });
  }
  return found;
}
function sums(list) {
  const cells = new Map(), total = new Map();
  for (const e of list) for (const p of e.pairs) {
    if (!p.actor_top || !p.target_top) continue;
    const key = p.actor_top + "\n" + p.target_top, cell = cells.get(key) || { weight: 0, conflict: 0 };
    cell.weight += p.weight; if (p.quad_class > 2) cell.conflict += p.weight;
    cells.set(key, cell);
    for (const id of new Set([p.actor_top, p.target_top])) total.set(id, (total.get(id) || 0) + p.weight);
  }
  return { cells, order: [...total].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id) };
}
const shownOf = (shown, all) => all > shown ? ` The ${shown} states and groups with the most events are shown; ${all - shown} ${all - shown === 1 ? "is" : "are"} left out.` : "";
function matrix(list, state) {
  const { cells, order } = sums(list), ids = order.slice(0, 12), most = Math.max(...[...cells.values()].map(c => c.weight), 1e-9);
  if (!ids.length) return null;
  const number = formatter([...cells.values()].map(c => c.weight));
  const acting = ids.filter(a => ids.some(b => cells.has(a + "\n" + b))), reached = ids.filter(b => ids.some(a => cells.has(a + "\n" + b)));
  return [h("p", { class: "note" }, `Number of events by actor (rows) and target (columns). An event with several pairs is divided among them. So a number can be smaller than the number of events that its link shows. The line below a number is red if most of the acts are conflict, and blue if most are cooperation.${shownOf(ids.length, order.length)}`),
    scroll("Who to whom", h("table", { class: "matrix" }, h("caption", { class: "hidden" }, "Who to whom"),
    h("thead", {}, h("tr", {}, h("td", {}, "Actor ↓ Target →"), reached.map(id => h("th", { scope: "col" }, nameOf(id))))),
    h("tbody", {}, acting.map(a => h("tr", {}, h("th", { scope: "row" }, nameOf(a)), reached.map(b => {
      const cell = cells.get(a + "\n" + b);
      return h("td", {}, cell ? [h("a", { href: link("overview", "", { ...state.filters, actor: a, target: b, at: "list" }) }, number(cell.weight)),
        h("i", { class: cell.conflict > cell.weight / 2 ? "b4" : "b2", style: { opacity: .25 + .75 * cell.weight / most } })] : "");
    }))))))];
}
function network(list, state) {
  const { cells, order } = sums(list), spots = new Map(DATA.network.nodes.map(([id, x, y]) => [id, [x, y]])), drawn = [];
  const most = Math.max(...[...cells.values()].map(c => c.weight), 1e-9), shown = order.filter(id => spots.has(id));
  if (shown.length < 2) return null;
  // Only the part of the drawing that has nodes of this view, with room for their names.
  const xs = shown.map(id => spots.get(id)[0]), ys = shown.map(id => spots.get(id)[1]);
  const x0 = Math.max(0, Math.min(...xs) - 100), y0 = Math.max(0, Math.min(...ys) - 45), wide = Math.min(DATA.network.width, Math.max(...xs) + 100) - x0, high = Math.min(DATA.network.height, Math.max(...ys) + 30) - y0;
  const number = formatter([...cells.values()].map(c => c.weight));
  for (const [key, cell] of cells) {
    const [a, b] = key.split("\n");
    if (a === b || !spots.has(a) || !spots.has(b)) continue;
    const [x1, y1] = spots.get(a), [x2, y2] = spots.get(b), dx = x2 - x1, dy = y2 - y1, mx = (x1 + x2) / 2 - dy * .12, my = (y1 + y2) / 2 + dx * .12;
    const kind = cell.conflict > cell.weight / 2 ? "conflict" : "cooperation", far = Math.hypot(x2 - mx, y2 - my) || 1, stop = v => v.toFixed(1);
    drawn.push(s("path", { class: `edge ${kind}`, "stroke-width": (.8 + 4 * Math.sqrt(cell.weight / most)).toFixed(1), "marker-end": `url(#to-${kind})`,
      d: `M${x1} ${y1}Q${stop(mx)} ${stop(my)} ${stop(x2 - 9 * (x2 - mx) / far)} ${stop(y2 - 9 * (y2 - my) / far)}` }, s("title", {}, `${nameOf(a)} to ${nameOf(b)}: ${number(cell.weight)}`)));
  }
  for (const id of shown) {
    const [x, y] = spots.get(id), parts = lines(nameOf(id), 22), anchor = x - x0 < 90 ? "start" : x > x0 + wide - 90 ? "end" : "middle";
    drawn.push(s("a", { href: link("overview", "", { ...state.filters, actor: id, at: "network" }) }, s("title", {}, nameOf(id)), s("circle", { cx: x, cy: y, r: 6, class: "node" }),
      s("text", { "text-anchor": anchor }, parts.map((part, i) => s("tspan", { x, y: y - 10 - 13 * (parts.length - 1 - i) }, i + 1 < parts.length ? `${part} ` : part)))));
  }
  const arrow = kind => s("marker", { id: `to-${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, s("path", { d: "M0 0L8 4L0 8Z", class: `head ${kind}` }));
  return h("figure", {}, scroll("Network", s("svg", { viewBox: `${x0} ${y0} ${wide} ${high}`, width: wide, height: high, style: { minWidth: `${Math.min(wide, 640)}px` }, role: "group", "aria-label": "Network of actors and targets" }, s("defs", {}, arrow("conflict"), arrow("cooperation")), drawn)),
    h("figcaption", {}, `An arrow leads from actor to target. The wider it is, the more events; each event counts once. Red: mostly conflict; blue: mostly cooperation. The table above has the numbers.${shownOf(shown.length, order.length)}`));
}
const POINTS = new Set(["city", "town", "village", "neighbourhood", "site"]);
function map(list, state) {
  if (!DATA.map) return null;
  const counts = new Map();
  for (const e of list) for (const w of e.where) { if (!counts.has(w.place_id)) counts.set(w.place_id, new Set()); counts.get(w.place_id).add(e.event_id); }
  const rows = [...counts].map(([id, ids]) => ({ id, n: ids.size, place: places.get(id) || { place_name: id } })).sort((a, b) => b.n - a.n || a.place.place_name.localeCompare(b.place.place_name, "en"));
  const { width, height, west, east, south, north } = DATA.map, drawn = [], across = x => (x - west) / (east - west) * width, down = y => (north - y) / (north - south) * height;
  const step = [1, 2, 5, 10, 20].find(each => (east - west) / each <= 10) || 45, degree = (v, plus, minus) => `${Math.abs(v)}°${v > 0 ? plus : v < 0 ? minus : ""}`;
  for (let x = Math.ceil(west / step) * step; x < east; x += step) drawn.push(s("line", { x1: across(x), x2: across(x), y1: 0, y2: height, class: "grid" }), s("text", { x: across(x) + 3, y: height - 4, class: "faint" }, degree(x, "E", "W")));
  for (let y = Math.ceil(south / step) * step; y < north; y += step) drawn.push(s("line", { x1: 0, x2: width, y1: down(y), y2: down(y), class: "grid" }), s("text", { x: width - 3, y: down(y) - 3, "text-anchor": "end", class: "faint" }, degree(y, "N", "S")));
  drawn.push(...DATA.map.lines.map(d => s("path", { d, class: "coast" })), s("rect", { x: .5, y: .5, width: width - 1, height: height - 1, class: "frame" }));
  const placeLink = (id, text) => h("a", { href: link("overview", "", { ...state.filters, place: id, at: "where" }) }, text);
  for (const { id, n, place } of rows) {
    const spot = DATA.map.spots[id];
    if (!spot) continue;
    const point = POINTS.has(place.kind), r = point ? 3 + 2 * Math.sqrt(n) : 12 + 2 * Math.sqrt(n), left = spot[0] > width - 110;
    drawn.push(s("a", { href: link("overview", "", { ...state.filters, place: id, at: "where" }) }, s("title", {}, `${place.place_name}: ${many(n, "event")}${point ? "" : `, somewhere in this ${place.kind}`}`),
      s("circle", { cx: spot[0], cy: spot[1], r, class: point ? "point" : "area" }), s("text", { x: left ? spot[0] - r - 2 : spot[0] + r + 2, y: spot[1] + 4, "text-anchor": left ? "end" : "start" }, `${place.place_name} (${n})`)));
  }
  const elsewhere = rows.filter(r => !DATA.map.spots[r.id]), here = rows.filter(r => DATA.map.spots[r.id]), areas = here.some(r => !POINTS.has(r.place.kind));
  return [h("figure", {}, scroll("Map", s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": "Map of the places" }, drawn)),
    h("figcaption", {}, `Dots are towns and sites, with the number of events. ${areas ? "A dashed ring is an area: the event happened somewhere in it, not at the ring. " : ""}Outlines: Natural Earth, simplified; they state no claim to any border.`)),
    elsewhere.length ? h("p", {}, `${elsewhere.length} of ${rows.length} places are areas without a point, so the map does not show them: `, elsewhere.map((r, i) => [i ? ", " : "", placeLink(r.id, r.place.place_name), ` (${r.n})`]), ".") : null,
    h("details", {}, h("summary", {}, "The places as a table"), scroll("Places", h("table", {}, h("thead", {}, h("tr", {}, ["Place", "Kind", "Country", "On the map", "Events"].map(t => h("th", { scope: "col" }, t)))),
      h("tbody", {}, rows.map(r => h("tr", {}, h("th", { scope: "row" }, placeLink(r.id, r.place.place_name)), h("td", {}, words(r.place.kind || "")), h("td", {}, r.place.country || ""), h("td", {}, DATA.map.spots[r.id] ? "yes" : "no"), h("td", { class: "number" }, String(r.n))))))))];
}

// ---- tables and downloads -----------------------------------------------------------------------------------
const SORTS = { id: e => e.event_id, date: e => e.from ?? e.until ?? Infinity, actor: e => e.sides("actor").map(p => nameOf(p.actor_id)).join(), code: e => e.action, target: e => e.sides("target").map(p => nameOf(p.actor_id)).join(), status: e => e.status };
function eventTable(list, state) {
  const sort = SORTS[state.asked.get("sort")] ? state.asked.get("sort") : "id", down = state.asked.get("down") === "1";
  const order = [...list].sort((a, b) => { const x = SORTS[sort](a), y = SORTS[sort](b); return (x < y ? -1 : x > y ? 1 : a.event_id < b.event_id ? -1 : 1) * (down ? -1 : 1); });
  const pages = Math.max(1, Math.ceil(order.length / PAGE)), at = Math.min(Math.max(1, Number(state.asked.get("page")) || 1), pages);
  const rows = order.slice((at - 1) * PAGE, at * PAGE), here = more => link(state.view, "", { ...state.filters, sort, down: down ? 1 : "", at: state.view === "overview" ? "list" : "", ...more });
  const header = (name, text) => h("th", { scope: "col", "aria-sort": sort === name ? (down ? "descending" : "ascending") : null }, h("a", { href: here({ sort: name, down: sort === name && !down ? 1 : "" }) }, text));
  const people = (e, role) => e.sides(role).map(p => nameOf(p.actor_id)).join("; ");
  return [h("p", { class: "note screen" }, "The downloads have a column weight: the part of the event that belongs to the chosen actor and target, or 1 if none is chosen. Its sum is the number in the figures."), h("div", { class: "tools" },
    h("button", { type: "button", on: { click: () => save("csv", order) } }, "Download as CSV"), h("button", { type: "button", on: { click: () => save("json", order) } }, "Download as JSON"),
    at > 1 ? h("a", { href: here({ page: at - 1 }) }, "previous page") : null, h("span", {}, `page ${at} of ${pages}`), at < pages ? h("a", { href: here({ page: at + 1 }) }, "next page") : null),
    scroll("Events", h("table", {}, h("caption", { class: "hidden" }, "Events"), h("thead", {}, h("tr", {}, header("id", "Event"), header("date", "Date"), header("actor", "Actors"), header("code", "Act"), header("target", "Targets"), h("th", { scope: "col" }, "Trigger"), header("status", "Status"), h("th", { scope: "col" }, "Vouched for by"))),
      h("tbody", {}, rows.map(e => h("tr", {}, h("th", { scope: "row", class: "id" }, eventLink(e.event_id)), h("td", {}, edtf(e.date)), h("td", {}, people(e, "actor")), h("td", {}, h("span", { class: `key b${e.quad_class || 0}` }), `${e.action} ${label(e.action)}`), h("td", {}, people(e, "target")), h("td", {}, quoted(e.trigger, e.document_id)), h("td", {}, e.status), h("td", {}, words(e.vouched_by || ""))))))),
    h("p", { class: "note" }, "Dates: A/B went on, or happened several times, from A to B; [A..B] happened once, on a day from A to B. Two dots without a day are an open end: ../B went on until B, [..B] happened once, on B or before. The page of an event says it in words.")];
}
function save(kind, list) {
  const columns = DATA.columns.events, extra = ["actors", "targets", "weight", "other_direction"], { filters } = address();
  const rows = list.map(e => ({ ...Object.fromEntries(columns.map(c => [c, e[c]])), actors: e.sides("actor").map(p => nameOf(p.actor_id)).join("; "), targets: e.sides("target").map(p => nameOf(p.actor_id)).join("; "),
    weight: Math.round(weightOf(e, filters) * 1e6) / 1e6, other_direction: Boolean(mirrored(e, filters)) }));
  // A cell that a spreadsheet would run as a formula begins with a quotation mark instead.
  const cell = v => v === null || v === undefined ? "" : typeof v === "string" && /^[=+\-@\t\r]/.test(v) ? JSON.stringify("'" + v) : /[",\n\r]/.test(String(v)) ? `"${String(v).replace(/"/g, '""')}"` : String(v);
  const text = kind === "json" ? JSON.stringify(rows, null, 1) + "\n" : [[...columns, ...extra].join(","), ...rows.map(r => [...columns, ...extra].map(c => cell(r[c])).join(","))].join("\n") + "\n";
  const url = URL.createObjectURL(new Blob([text], { type: kind === "json" ? "application/json" : "text/csv" }));
  const a = h("a", { href: url, download: `${DATA.about.name}-${DATA.about.version}-events.${kind}` });
  document.body.append(a); a.click(); a.remove(); setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// ---- one event ----------------------------------------------------------------------------------------------
const row = (name, ...value) => value.flat(3).some(v => v !== null && v !== undefined && v !== false && v !== "") ? [h("dt", {}, name), h("dd", {}, value)] : null;
function affiliationOn(id, e) {
  const list = affiliations.get(id) || [], at = e.until ?? e.from;
  const on = at === null ? list : list.filter(a => (a.date_from === null || day(a.date_from) <= at) && (a.date_until === null || day(a.date_until) >= (e.from ?? at)));
  return on.map(a => [a.actor_code, a.role, a.parent_id ? `of ${nameOf(a.parent_id)}` : ""].filter(Boolean).join(", ")).join("; ");
}
function party(p, e) {
  const more = p.actor_id ? affiliationOn(p.actor_id, e) : "";
  return h("li", {}, h("b", {}, p.actor_id ? h("a", { href: link("overview", "", { actor: p.actor_id }) }, nameOf(p.actor_id)) : "unnamed"), more ? ` (${more})` : "", p.text ? [", in the words ", quoted(p.text, e.document_id)] : "", p.implicit ? ", implicit" : "");
}
function eventView(state) {
  const e = byId.get(state.id);
  if (!e) return missing(state.id);
  const doc = documents.get(e.document_id) || {}, action = DATA.actions[e.action] || [], side = (title, role) => { const list = e.sides(role); return list.length ? row(title, h("ul", {}, list.map(p => party(p, e)))) : null; };
  const order = events.indexOf(e), relations = [...get("links", e.event_id).map(l => h("li", {}, `${words(l.relation)} `, eventLink(l.other_event_id), ` ${label((byId.get(l.other_event_id) || {}).action)}`)),
    ...(linksTo.get(e.event_id) || []).map(l => h("li", {}, eventLink(l.event_id), ` ${label((byId.get(l.event_id) || {}).action)}: ${words(l.relation)} this event`))];
  const near = negatives.filter(n => n.document_id === e.document_id && n.trigger_start < e.evidence_end + NEAR && n.trigger_end > e.evidence_start - NEAR);
  return [h("h1", {}, e.event_id), h("p", { class: "sentence" }, sentence(e)), h("dl", {},
    side("Actors", "actor"), side("Targets", "target"), row("Act", h("b", {}, `${e.action} ${action[0] || ""}`), action[2] ? h("p", {}, action[2]) : ""),
    row("Trigger", quoted(e.trigger, e.document_id)), row("Date", `${e.date}: ${when(e)}; it rests on: ${e.date_basis}`), row("Status", e.status),
    side("Vouched for by", "attribution") || row("Vouched for by", words(e.vouched_by || "the narrator")), side("Relayed by", "via"),
    row("Places", e.where.length ? h("ul", {}, e.where.map(w => h("li", {}, `${w.relation} `, h("a", { href: link("overview", "", { place: w.place_id }) }, (places.get(w.place_id) || { place_name: w.place_id }).place_name), w.ucdp_where_prec ? ` (precision ${w.ucdp_where_prec} of UCDP's scale)` : ""))) : ""),
    row("At least", e.count_min > 1 ? `${e.count_min} such acts` : ""), row("Both sides", e.reciprocal ? "do it to each other" : ""), row("Incident", e.incident_id ? h("a", { href: link("overview", "", { incident: e.incident_id }) }, e.incident_id) : ""),
    row("Relations", relations.length ? h("ul", {}, relations) : ""), row("Note", e.note), row("Error in the source", e.source_error),
    row("Document", `${doc.document_id} ${doc.title || ""}, ${doc.publisher || ""}, ${doc.published || ""} `, doc.url ? h("a", { href: doc.url, rel: "noreferrer" }, "source") : ""),
    row("Words", `characters ${e.evidence_start} to ${e.evidence_end}. `, h("a", { href: link("read", e.document_id, { at: e.event_id }) }, "Show them in your own copy"))),
    passTable(e), near.length ? [h("h2", {}, "Nearby passages that are not events"), h("ul", {}, near.map(n => h("li", {}, negativeLine(n))))] : "",
    h("h2", {}, "Cite"), h("p", {}, `${DATA.about.citation} Event ${e.event_id}. `, h("a", { href: link("event", e.event_id) }, "Link to this event")),
    h("div", { class: "tools" }, order > 0 ? h("a", { href: link("event", events[order - 1].event_id) }, "previous event") : "", order < events.length - 1 ? h("a", { href: link("event", events[order + 1].event_id) }, "next event") : "")];
}
const negativeLine = n => [h("a", { href: link("negative", n.negative_id) }, n.negative_id), " ", quoted(n.trigger, n.document_id), `: ${words(n.reason)}`];
function passTable(e) {
  const list = passes().get(e.event_id) || [];
  if (!list.length) return null;
  const names = ids => (ids || "").split("; ").filter(Boolean).map(nameOf).join("; ");
  return [h("h2", {}, "How the independent readers coded it"), scroll("Readings", h("table", {}, h("thead", {}, h("tr", {}, ["Reader", "Act", "Actors", "Targets", "Date", "Status", "Note"].map(t => h("th", { scope: "col" }, t)))),
    h("tbody", {}, list.map(p => h("tr", {}, h("th", { scope: "row" }, `${p.annotator} (${p.annotator_kind})`), h("td", {}, p.action ? `${p.action} ${label(p.action)}` : words(p.reason || "")), h("td", {}, names(p.actor_ids)), h("td", {}, names(p.target_ids)), h("td", {}, edtf(p.date)), h("td", {}, p.status || ""), h("td", { class: "prose" }, p.note || ""))))))];
}
function negativeView(state) {
  const n = negativeById.get(state.id);
  if (!n) return missing(state.id);
  const would = [n.would_be_action ? `${n.would_be_action} ${label(n.would_be_action)}` : "", n.would_be_actor_id ? `by ${nameOf(n.would_be_actor_id)}` : "", n.would_be_target_id ? `towards ${nameOf(n.would_be_target_id)}` : ""].filter(Boolean).join(" ");
  return [h("h1", {}, `${n.negative_id}: not an event`), h("dl", {}, row("Words", quoted(n.trigger, n.document_id)), row("Reason", words(n.reason)), row("A careless coder might code", would), row("Note", n.note),
    row("Document", `${n.document_id} ${(documents.get(n.document_id) || {}).title || ""}`), row("Words", `characters ${n.trigger_start} to ${n.trigger_end}. `, h("a", { href: link("read", n.document_id, { at: n.negative_id }) }, "Show them in your own copy")))];
}
const missing = id => [h("h1", {}, "Not here"), h("p", {}, `This release has no ${id || "such page"}. It may have been withdrawn: see retired.csv of the release.`)];

// ---- the reading view ---------------------------------------------------------------------------------------
const texts = new Map();
async function digest(bytes) {
  const sum = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(sum)].map(b => b.toString(16).padStart(2, "0")).join("");
}
async function take(file, wanted) {
  const bytes = new Uint8Array(await file.arrayBuffer()), sum = await digest(bytes), known = [...documents.values()].find(d => d.sha256 === sum);
  if (known) { texts.set(known.document_id, new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)); return known.document_id === wanted ? "" : `This is ${known.document_id}, not ${wanted}; the page keeps it and shows it when you open that document.`; }
  for (const [from, to] of [["\r\n", "\n"], ["\n", "\r\n"]]) {
    const changed = new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replaceAll(from, to)), same = await digest(changed);
    const twin = [...documents.values()].find(d => d.sha256 === same);
    if (twin) return `The file has the words of ${twin.document_id} with other line endings. Save it with its original line endings, so that positions hold.`;
  }
  return `The file is not a document of this release: its SHA-256 is ${sum}, and that of ${wanted} is ${(documents.get(wanted) || {}).sha256}.`;
}
function readView(state) {
  const id = documents.has(state.id) ? state.id : [...documents.keys()][0], doc = documents.get(id), said = h("p", { role: "status" });
  if (!doc) return missing(state.id);
  const at = state.asked.get("at") || "", text = texts.get(id), secure = Boolean(globalThis.crypto && crypto.subtle);
  const choose = h("input", { type: "file", id: "copy", accept: ".txt,text/plain", multiple: true, on: { change: async x => {
    const faults = [], files = [...x.target.files];
    x.target.value = ""; // so that the same file can be chosen again after a correction
    for (const file of files) { try { const fault = await take(file, id); if (fault) faults.push(`${file.name}: ${fault}`); } catch { faults.push(`${file.name}: it is not UTF-8 text.`); } }
    if (texts.has(id) && !faults.length) draw(); else { said.textContent = faults.join(" "); if (texts.has(id)) draw(faults.join(" ")); } } } });
  const mine = events.filter(e => e.document_id === id), theirs = negatives.filter(n => n.document_id === id);
  return [h("h1", {}, `Read ${id}`), h("p", {}, `${doc.title}. ${doc.publisher}, ${doc.published}.`), h("div", { class: "tools" }, h("label", {}, "Document ", h("select", { on: { change: x => { location.hash = link("read", x.target.value); } } }, [...documents.values()].map(d => h("option", { value: d.document_id, selected: d.document_id === id }, `${d.document_id} ${d.title}`))))),
    secure ? h("p", {}, h("label", { for: "copy" }, "Your own copies of the documents (text files): "), choose) : h("p", { class: "notice" }, "Browsers compute a SHA-256 only for pages from a disk or over https. Save this page and open it from your disk."),
    h("p", { class: "note" }, "The page compares the SHA-256 of your file with that of the release. Nothing leaves your browser: the page's security policy forbids every connection."), said,
    text === undefined ? null : [h("ul", { class: "legend" }, [["w-trigger", "trigger of an event"], ["w-actor", "actor"], ["w-target", "target"], ["w-attribution", "source"], ["w-mention", "mention"], ["w-place", "place"], ["w-negative", "words that look like an event"], ["w-mark", "the words that show it is none"]].map(([c, t]) => h("li", {}, h("span", { class: c }, t)))), marked(text, doc, mine, theirs, at)],
    h("h2", {}, "What was recorded"), scroll("Records of the document", h("table", {}, h("thead", {}, h("tr", {}, ["Record", "Words", "What", "In the text"].map(t => h("th", { scope: "col" }, t)))), h("tbody", {},
      [...mine.map(e => ({ start: e.trigger_start, id: e.event_id, view: "event", words: e.trigger, what: `${e.action} ${label(e.action)}` })), ...theirs.map(n => ({ start: n.trigger_start, id: n.negative_id, view: "negative", words: n.trigger, what: `not an event: ${words(n.reason)}` }))].sort((a, b) => a.start - b.start).map(r =>
        h("tr", {}, h("th", { scope: "row", class: "id" }, h("a", { href: link(r.view, r.id) }, r.id)), h("td", {}, quoted(r.words, id)), h("td", {}, r.what), h("td", {}, text === undefined ? `character ${r.start}` : h("a", { href: link("read", id, { at: r.id }), "aria-label": `show the words of ${r.id}` }, "show")))))))];
}
function marked(text, doc, mine, theirs, at) {
  const points = [...text], spans = [];
  const add = (start, end, kind, id) => { if (start !== null && end !== null) spans.push({ start, end, kind, id }); };
  for (const e of mine) {
    add(e.evidence_start, e.evidence_end, "evidence", e.event_id); add(e.trigger_start, e.trigger_end, "trigger", e.event_id);
    for (const p of e.people) add(p.span_start, p.span_end, p.role, e.event_id);
    for (const m of get("mentions", e.event_id)) add(m.span_start, m.span_end, "mention", e.event_id);
    for (const w of e.where) add(w.span_start, w.span_end, "place", e.event_id);
    for (const l of get("links", e.event_id)) add(l.span_start, l.span_end, "link", e.event_id);
  }
  for (const n of theirs) { add(n.trigger_start, n.trigger_end, "negative", n.negative_id); add(n.mark_start, n.mark_end, "mark", n.negative_id); }
  const cuts = [...new Set([0, points.length, ...spans.flatMap(x => [x.start, x.end])])].filter(c => c >= 0 && c <= points.length).sort((a, b) => a - b);
  const starts = [...spans].sort((a, b) => a.start - b.start), pieces = [];
  let active = [], next = 0;
  const placed = new Set();
  for (let i = 0; i + 1 < cuts.length; i++) {
    const from = cuts[i], to = cuts[i + 1];
    active = active.filter(x => x.end > from);
    while (next < starts.length && starts[next].start <= from) { if (starts[next].end > from) active.push(starts[next]); next++; }
    const part = points.slice(from, to).join("");
    if (!active.length) { pieces.push(part); continue; }
    const classes = [...new Set(active.map(x => `w-${x.kind}`))], own = active.find(x => x.kind === "trigger" || x.kind === "negative");
    if (at && active.some(x => x.id === at && (x.kind === "trigger" || x.kind === "negative"))) classes.push("w-here");
    const title = active.filter(x => x.kind !== "evidence").map(x => `${x.kind} of ${x.id}`).join(", ");
    if (own) {
      const first = !placed.has(own.id); placed.add(own.id);
      pieces.push(h("a", { class: classes.join(" "), id: first ? `w-${own.id}` : null, href: link(own.kind === "trigger" ? "event" : "negative", own.id), title }, part, h("span", { class: "hidden" }, ` [${title}] `)));
    } else pieces.push(h("span", { class: classes.join(" "), title: title || null }, part));
  }
  return h("div", { class: "text", lang: doc.language, dir: "auto", role: "region", "aria-label": `Text of ${doc.document_id}`, tabindex: 0 }, pieces);
}

// ---- about, and the way from view to view -------------------------------------------------------------------
function about() {
  const a = DATA.about;
  return [h("h1", {}, "About this page"), h("p", {}, a.description), h("dl", {}, row("Version", a.version), row("Licence of the records", a.license), row("Cite as", a.citation), row("Home page", a.homepage ? h("a", { href: a.homepage, rel: "noreferrer" }, a.homepage) : "")),
    h("h2", {}, "How to read it"), h("ul", {}, h("li", {}, "A record says what a report says, not what took place. Read its status and its source with it."), h("li", {}, "Figures count every event as 1. If it has several actors or targets, each pair gets a part of the 1, its weight. So a party can have a number such as 12.5."), h("li", {}, "If an act holds in both directions, each side is actor and target. A host of a visit is an actor too, as the one who receives. A filter by target therefore finds events in which the words name this party as the actor."), h("li", {}, "A filter by date keeps every event that may have happened in that time, even if its date is not known to the day."), h("li", {}, `Tables are shown ${PAGE} rows at a time. The page is made for up to about 5,000 events. Open larger releases with a program.`), h("li", {}, "README.md in the folder of the release describes the dataset and lists its other files."), h("li", {}, "The documents are not part of the page. The reading view shows them from your own copies.")),
    h("h2", {}, "What the filters mean"), meanings(),
    h("h2", {}, "Documents"), scroll("Documents", h("table", {}, h("thead", {}, h("tr", {}, ["Id", "Title", "Publisher", "Published", "SHA-256", "Rights"].map(t => h("th", { scope: "col" }, t)))), h("tbody", {}, [...documents.values()].map(d => h("tr", {}, h("th", { scope: "row" }, h("a", { href: link("read", d.document_id) }, d.document_id)), h("td", {}, d.title), h("td", {}, d.publisher), h("td", {}, d.published), h("td", {}, d.sha256.slice(0, 16) + "…"), h("td", {}, d.rights))))))];
}
const VIEWS = { overview: [overview, "Overview"], events: [state => { const list = chosen(state.filters); return [h("h1", {}, "Events"), filterForm(state, "events"), counted(list, state.filters), list.length ? eventTable(list, state) : none(state, "events")]; }, "Events"],
  read: [readView, "Read"], about: [about, "About"], event: [eventView], negative: [negativeView] };
// A box that is wider than the window says so.
const cut = new ResizeObserver(boxes => { for (const { target } of boxes) target.classList.toggle("cut", target.scrollWidth > target.clientWidth + 1); });
let before = null;
function draw(said) {
  const state = address(), view = VIEWS[state.view] || [() => missing(state.view)], main = document.getElementById("main");
  const focused = document.activeElement && document.activeElement.name;
  main.replaceChildren(...view[0](state).flat(3).filter(Boolean));
  cut.disconnect();
  for (const box of main.querySelectorAll(".scroll")) cut.observe(box);
  document.getElementById("nav").replaceChildren(...Object.entries(VIEWS).filter(([, v]) => v[1]).map(([name, v]) => h("a", { href: link(name), "aria-current": name === state.view ? "page" : null }, v[1])), DATA.about.site ? h("a", { href: DATA.about.site }, "Documentation") : "");
  document.title = `${(main.querySelector("h1") || {}).textContent} · ${DATA.about.name} ${DATA.about.version}`;
  if (typeof said === "string") { const status = main.querySelector("[role=status]"); if (status) status.textContent = said; }
  const place = state.view + "/" + state.id, at = state.asked.get("at"), part = at && document.getElementById(`s-${at}`), target = at && document.getElementById(`w-${at}`);
  if (part) { part.scrollIntoView(); part.focus({ preventScroll: true }); }
  else if (target) { target.scrollIntoView({ block: "center" }); target.focus({ preventScroll: true }); }
  else if (before !== null && before !== place) { window.scrollTo(0, 0); main.focus({ preventScroll: true }); }
  else if (focused) { const again = main.querySelector(`[name="${focused}"]`); if (again) again.focus(); }
  before = place;
}
document.getElementById("brand").append(h("a", { href: "#/overview" }, `${DATA.about.name} ${DATA.about.version}`));
document.getElementById("footer").append(h("p", {}, `${DATA.about.citation} ${DATA.about.license}.`));
addEventListener("hashchange", () => draw());
draw();
