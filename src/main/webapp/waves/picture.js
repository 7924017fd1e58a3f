// The picture: the queue, and the waves as a graph, each with its release, and between them what would move and why not.
import { ago, button, foreign, h, link, moment, sentence, symbol } from "./dom.js";
import { hasFailed, parents, rangeOf, sameDigest } from "./model.js";
import { commitCount, gate, pill } from "./words.js";

/** The least width of a column of the graph, and of the queue before it, in pixels; with less, the waves are listed. */
const COLUMN = 290;
const QUEUE = 150;

/** With more waves than this a node has its name, its pill and its release only. */
const MANY = 14;

/** On a page narrower than this, more waves than these few do not fit one screen and are named in a line above, too. */
const NARROW = 600;
const FEW = 3;

/** With more targets than this a wave shows a bar instead of a square for each. */
const SQUARES = 24;

/** Opens a dialog. */
export function open(app, dialog) {
  app.said = null;
  app.open = { ...dialog, key: String(Math.random()) };
  app.redraw();
}

/** A release by its name, in its colour. */
export function chip(release, { plain = false } = {}) {
  return release && h("span", { class: "gitops-chip gitops-color" + release.color },
    plain ? foreign(release.name) : link(release.build, foreign(release.name)));
}

/** The commit of the application that a release was built from. */
export function appCommit(app, release) {
  const template = app.shown.state.links?.appCommit;
  const sha = release?.appSha;
  return sha && sha.slice(0, 7) !== release.name && h("span", { class: "gitops-app" },
    link(template && /^[0-9a-f]{40,64}$/.test(sha) ? template.replaceAll("{sha}", sha) : null, h("code", { title: sha }, sha.slice(0, 7))));
}

export function picture(app, found) {
  const { t } = app;
  const { waves } = app.shown;
  if (waves.length === 0) {
    return h("p", { key: "picture", class: "gitops-empty" }, t("noWaves"));
  }
  const columns = Math.max(...waves.map((wave) => wave.column)) + 1;
  const graph = app.width >= QUEUE + columns * COLUMN;
  const small = waves.length > MANY;
  const inOrder = graph ? waves : [...waves].sort((a, b) => a.column - b.column || a.row - b.row);
  return h("section", { key: "picture", class: "gitops-picture" + (graph ? " gitops-graph" : " gitops-lane") + (small ? " gitops-small" : "") + (found.asked ? " gitops-asked" : ""),
      "aria-label": t("waves"), style: graph ? { "--columns": String(columns) } : {} },
    app.width < NARROW && waves.length > FEW && !small && strip(app, inOrder),
    queueNode(app, graph),
    graph && waves.map((wave) => branch(wave, waves)),
    inOrder.map((wave) => cell(app, wave, { graph, small, lit: !found.asked || found.lit.has(wave.name) })));
}

/** All waves in one line with their states, which lead to their cards. */
function strip(app, waves) {
  return h("nav", { key: "strip", class: "gitops-strip", "aria-label": app.t("overview") }, waves.map((wave) =>
    h("a", { key: wave.name, href: "#wave-" + wave.name, title: wave.name, class: "gitops-pill gitops-pill-" + wave.pill.kind, onclick: (event) => jump(event, wave) },
      h("span", { class: "gitops-dot", "aria-hidden": "true" }), foreign(wave.name), h("span", { class: "gitops-word" }, " ", pill(app, wave.pill)))));
}

/** Shows a card, without an address that would be taken for a tab. */
function jump(event, wave) {
  event.preventDefault();
  const card = document.getElementById("wave-" + wave.name);
  card?.scrollIntoView({ block: "center" });
  card?.focus();
}

function queueNode(app, graph) {
  const { t } = app;
  const { queue } = app.shown;
  const first = queue.slice(0, 3);
  return h("div", { key: "queue", class: "gitops-queue-node" + (queue.length === 0 ? " gitops-quiet" : ""), style: graph ? { "grid-row": "1" } : {} },
    h("h3", null, h("a", { href: "#queue", onclick: (event) => app.show("queue", event) }, t("queue")), " ", h("span", { class: "gitops-count" }, String(queue.length))),
    queue.length === 0
      ? h("p", { key: "none", class: "gitops-soft" }, t("queueEmpty"))
      : h("ul", { key: "list", class: "gitops-list" }, first.map((change) =>
          h("li", { key: change.key }, change.coming ? chip(change.coming) : foreign(change.subject), " ", symbol(change.verdict === "red" ? "no" : change.verdict === "green" ? "yes" : "wait"), " ",
            h("span", { class: "gitops-soft" }, waitsFor(app, change)))),
          queue.length > first.length && h("li", { key: "more", class: "gitops-soft" }, t("more", queue.length - first.length))));
}

function waitsFor(app, change) {
  const open = (change.checks || []).find((check) => check.state !== "success");
  return open ? foreign(open.context) : app.t("verdict." + change.verdict);
}

/** The rows of what comes before a wave: of the waves that it is promoted from, or of the queue. */
function sources(wave, waves) {
  const from = waves.filter((other) => parents(wave).includes(other.name)).map((other) => other.row);
  return from.length > 0 ? from : [0];
}

/** The line that joins a wave with those that it is promoted from where these are in other rows. */
function branch(wave, waves) {
  const rows = [wave.row, ...sources(wave, waves)];
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
  return bottom > top && h("div", { key: "branch " + wave.name, class: "gitops-branch", "aria-hidden": "true", style: {
    "grid-column": String(wave.column + 2), "grid-row": top + 1 + " / " + (bottom + 2), "--rows": String(bottom - top + 1) } });
}

function cell(app, wave, { graph, small, lit }) {
  const turned = graph && !sources(wave, app.shown.waves).includes(wave.row);
  // A wave whose line goes to another row has a piece of line behind it.
  const forks = graph && app.shown.waves.some((other) => parents(other).includes(wave.name) && (other.row !== wave.row || parents(other).length > 1));
  return h("div", { key: "wave " + wave.name, class: "gitops-cell" + (lit ? "" : " gitops-dim") + (turned ? " gitops-turned" : "") + (forks ? " gitops-forks" : ""),
      style: graph ? { "grid-column": String(wave.column + 2), "grid-row": String(wave.row + 1) } : {} },
    arrow(app, wave, graph), node(app, wave, small));
}

/** The arrow into a wave: above it what would move, below it what keeps that, or the button that moves it. */
function arrow(app, wave, graph) {
  const { t } = app;
  if (parents(wave).length === 0) {
    const queued = wave.sets.some((set) => set.queued.length > 0);
    return h("div", { class: "gitops-arrow gitops-arrow-" + (queued ? "queued" : "idle") }, h("span", { class: "gitops-arrow-line" }));
  }
  const sets = wave.sets.filter((set) => set.next || set.queued.length > 0);
  const order = ["go", "blocked", "queued", "idle"];
  const set = [...sets].sort((a, b) => order.indexOf(a.gate.kind) - order.indexOf(b.gate.kind))[0];
  const kind = set?.gate.kind || "idle";
  return h("div", { class: "gitops-arrow gitops-arrow-" + kind, "data-arrow": wave.name },
    h("div", { class: "gitops-arrow-top" },
      !graph && h("span", { key: "from", class: "gitops-soft" }, t("from", parents(wave).join(", "))),
      set && kind !== "idle" && kind !== "queued" && h("button", { key: "what", type: "button", class: "gitops-what", onclick: () => open(app, { kind: "promote", wave: wave.name, set: set.name }),
        "aria-label": t("whatMoves", set.place) }, chip(set.coming, { plain: true }), " ", h("span", null, whatIsDeployed(t, set)), commitsOf(app, set)),
      kind === "queued" && h("span", { key: "queued" }, chip(set.queued[0].release ? releaseOfChange(app, set.queued[0]) : null, { plain: true }))),
    h("span", { class: "gitops-arrow-line" }),
    h("div", { class: "gitops-arrow-bottom" }, verdict(app, wave, set, kind), sets.length > 1 && h("span", { key: "sets", class: "gitops-soft" }, t("setsMore", sets.length - 1))));
}

/** How many services would get another digest; where only tags change nothing is deployed. */
function whatIsDeployed(t, set) {
  const count = set.next.services.filter((service) => !sameDigest(set.images || {}, set.next.images || {}, service)).length;
  return count === 0 ? t("onlyTags") : t(count === 1 ? "oneService" : "services", count);
}

function commitsOf(app, set) {
  const range = rangeOf(app.shown.state, set.wanted, set.coming);
  return range?.count > 0 && h("span", { class: "gitops-what-commits" }, commitCount(app, range));
}

function releaseOfChange(app, change) {
  return app.shown.queue.find((each) => each.id === change.id)?.coming;
}

function verdict(app, wave, set, kind) {
  const { t } = app;
  if (kind === "idle") {
    return h("span", { key: "idle", class: "gitops-soft" }, wave.sets.some((each) => each.next) ? t("inStep") : "");
  }
  if (kind === "queued") {
    return h("span", { key: "queued", class: "gitops-gate gitops-busy" }, symbol("wait"), " ", waitsFor(app, set.queued[0]));
  }
  if (kind === "go") {
    return app.mayPromote && wave.promotionJob !== false
      ? button({ key: "promote", class: "jenkins-button--primary gitops-go", "aria-label": t("promoteTo", set.place), onclick: () => open(app, { kind: "promote", wave: wave.name, set: set.name }) }, t("promote"))
      : h("span", { key: "may", class: "gitops-gate gitops-good" }, symbol("yes"), " ", t("mayNow"));
  }
  const [first, ...others] = set.gate.unmet;
  return h("button", { key: "gate", type: "button", class: "gitops-gate gitops-closed", title: first?.seen, onclick: () => open(app, { kind: "promote", wave: wave.name, set: set.name }) },
    symbol(first?.name === "hold" ? "hold" : ["soak", "window", "approved", "verified"].includes(first?.name) ? "wait" : "no"), " ", first ? gate(app, first) : t("mayNot"),
    others.length > 0 && h("span", { class: "gitops-soft" }, " +" + others.length));
}

function node(app, wave, small) {
  const { t } = app;
  return h("section", { class: "gitops-node gitops-node-" + wave.pill.kind, "aria-labelledby": "wave-" + wave.name, "data-wave": wave.name },
    h("header", null,
      h("h3", { id: "wave-" + wave.name, title: wave.name, tabindex: "-1" }, wave.hold && [symbol("hold"), " "], foreign(wave.name)),
      h("span", { class: "gitops-pill gitops-pill-" + wave.pill.kind }, h("span", { class: "gitops-dot", "aria-hidden": "true" }), pill(app, wave.pill))),
    wave.sets.map((set) => release(app, wave, set)),
    !small && facts(app, wave),
    actions(app, wave, small));
}

/** The release of a set of a wave: what main has for it, and what runs until that has arrived. */
function release(app, wave, set) {
  const { t } = app;
  if (set.problem) {
    return h("p", { key: "set " + set.name, class: "gitops-bad" }, set.name && [h("strong", null, foreign(set.name)), ": "], sentence(set.problem));
  }
  if (set.empty) {
    return h("p", { key: "set " + set.name, class: "gitops-soft" }, set.name && [h("strong", null, foreign(set.name)), ": "], t(parents(wave).length === 0 ? "emptyFirst" : "emptyNext"));
  }
  const coming = set.running && set.running.identity !== set.wanted.identity;
  return h("div", { key: "set " + set.name, class: "gitops-release", "data-place": set.place },
    set.name && h("span", { key: "name", class: "gitops-set-name" }, foreign(set.name)),
    h("span", { key: "which", class: "gitops-which" }, coming && [chip(set.running), " ", h("span", { class: "gitops-onto", "aria-label": t("rollsOut") }, "→"), " "], chip(set.wanted), " ", appCommit(app, set.wanted)),
    !coming && set.deployed && h("span", { key: "since", class: "gitops-soft gitops-since" }, ago(set.deployed.since, app.now())));
}

function facts(app, wave) {
  const { t } = app;
  const set = wave.sets.length === 1 ? wave.sets[0] : null;
  const bad = wave.targets.filter(hasFailed);
  const started = app.started.get(wave.name);
  return [
    wave.targets.length > 0 && h("div", { key: "targets", class: "gitops-fact" }, squares(app, wave),
      bad.length > 0 && h("span", { class: "gitops-bad-name", title: bad[0].reason }, foreign(bad[0].name), bad.length > 1 && " +" + (bad.length - 1))),
    verifications(app, set),
    wave.trouble && h("p", { key: "trouble", class: "gitops-fact gitops-bad" }, sentence(wave.trouble)),
    wave.hold
      ? h("p", { key: "held", class: "gitops-fact gitops-held", title: wave.hold.reason }, foreign(wave.hold.by.replace(/ \(https?:[^)]*\)$/, "")), ": ", sentence(wave.hold.reason), wave.hold.until && [" · ", t("until"), " ", moment(wave.hold.until)])
      : set?.starved || set?.unmentioned ? h("p", { key: "starved", class: "gitops-fact gitops-held" }, sentence(set.starved || set.unmentioned))
        : set?.was && h("p", { key: "was", class: "gitops-fact gitops-soft" }, t("was"), " ", chip(set.was)),
    started && h("p", { key: "started", class: "gitops-fact", role: "status" }, symbol("wait"), " ", link(started.url, started.text)),
  ];
}

const SHADES = ["bad", "busy", "good"];

/** The targets of a wave, a square each, or as parts of a bar. */
export function squares(app, wave) {
  const counts = [0, 0, 0];
  wave.targets.forEach((target) => counts[hasFailed(target) ? 0 : target.state === "deployed" ? 2 : 1]++);
  const label = app.t("targetsDeployed", counts[2], wave.targets.length);
  const bar = wave.targets.length > SQUARES;
  return h("span", { class: "gitops-squares" + (bar ? " gitops-bar" : ""), role: "img", "aria-label": label, title: label },
    counts.map((count, shade) => bar
      ? count > 0 && h("span", { key: SHADES[shade], class: "gitops-square gitops-" + SHADES[shade], style: { "flex-grow": String(count) } })
      : Array.from({ length: count }, (_, at) => h("span", { key: SHADES[shade] + at, class: "gitops-square gitops-" + SHADES[shade] }))));
}

/** One button for what is most likely wanted, and the rest in a menu; none that can do nothing. */
function actions(app, wave, small) {
  const { t } = app;
  const filled = wave.sets.filter((set) => !set.empty);
  const back = app.mayPromote && filled.filter((set) => set.runs.length > 1 || app.shown.history.some((change) => wasMerged(change, wave, set)));
  const kind = wave.hold ? "release" : "hold";
  const all = [
    app.mayHold && { key: kind, label: t(kind + "Wave", wave.name), text: t(kind), run: () => open(app, { kind, wave: wave.name }) },
    ...(back || []).map((set) => ({ key: "rollback " + set.name, label: t("rollbackOf", set.place), text: filled.length > 1 ? t("rollbackOf", set.name) : t("rollback"),
      run: () => open(app, { kind: "rollback", wave: wave.name, set: set.name }) })),
    ...(app.mayApprove ? wave.sets : []).filter((set) => set.approvals && set.next?.sha && set.next.services.length > 0)
      .map((set) => act(app, wave, set, ...(set.approvals.some((each) => each.by === app.user) ? ["withdraw", t("withdrawFor", set.place)] : ["approve", t("approveFor", set.place)]))),
    ...(app.mayHold ? wave.sets : []).filter((set) => set.verifications?.some((each) => ["failed", "passed"].includes(each.state)))
      .map((set) => act(app, wave, set, "verify", t("verifyAgain", set.place))),
    { key: "why", label: t("whyOf", wave.name), text: t("why"), run: () => open(app, { kind: "why", wave: wave.name }) },
  ].filter(Boolean);
  const wanted = (action) => (wave.hold ? action.key === "release" : wave.pill.kind === "bad" && action.key.startsWith("rollback"));
  const shown = small ? [] : all.filter(wanted).slice(0, 1);
  const rest = all.filter((action) => !shown.includes(action));
  return h("div", { key: "actions", class: "gitops-buttons" },
    shown.map((action) => button({ key: action.key, class: "gitops-act", "aria-label": action.label, onclick: action.run }, action.text)),
    rest.map((action) => button({ key: action.key, class: "jenkins-button--tertiary gitops-act", "aria-label": action.label, onclick: action.run }, action.text)));
}

function act(app, wave, set, kind, label) {
  return { key: kind + " " + set.name, label, text: app.t(kind), run: () => open(app, { kind, wave: wave.name, set: set.name }) };
}

/** Where the verifications of the set are that a wave runs. */
function verifications(app, set) {
  const { t } = app;
  return set?.verifications && h("ul", { key: "verifications", class: "gitops-list gitops-fact" }, set.verifications.map((each) =>
    h("li", { key: each.name, title: each.reason }, symbol(each.state === "passed" ? "yes" : each.state === "failed" ? "no" : "wait"), " ",
      link(each.url, foreign(each.name)), " ", h("span", { class: "gitops-soft" }, t("verification." + each.state), " ", ago(each.at, app.now())),
      ["failed", "blocked"].includes(each.state) && each.reason && h("div", null, sentence(each.reason)))));
}

/** Whether a change brought an earlier release into a set of a wave. */
export function wasMerged(change, wave, set) {
  return change.outcome === "merged" && change.target === wave.name && (change.set || "") === (set.name || "")
    && change.identity !== undefined && change.identity !== set.identity;
}
