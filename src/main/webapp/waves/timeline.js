// When each wave ran which release: a lane for each wave, a colour for each release.
import { absolute, foreign, h, span, symbol } from "./dom.js";
import { place } from "./model.js";

const HOUR = 3600;
const RANGES = [["6h", 6 * HOUR], ["1d", 24 * HOUR], ["7d", 7 * 24 * HOUR], ["30d", 30 * 24 * HOUR]];

/** By itself the timeline shows the newest releases: this many for each lane, but some minutes at least. */
const LATEST = 2;
const SHORTEST = 600;
const TICKS = 5;
const FEW_TICKS = 3;
const NARROW = 600;

/** Narrower parts than this share of the lane have no name in them. */
const NAMED = 0.035;

/** The times at which releases began to run in a set of a wave, the newest first; from merges where nothing else is known. */
function runsOf(shown, wave, set) {
  if (set.runs.length > 0) {
    return set.runs;
  }
  const merged = shown.history.filter((change) => change.outcome === "merged" && change.identity && change.target === wave.name && (change.set || "") === (set.name || ""));
  return merged.map((change, at) => ({ identity: change.identity, since: change.when, until: merged[at - 1]?.when, sha: change.mainSha }));
}

export function timeline(app) {
  const { t } = app;
  const { shown } = app;
  const now = app.now();
  const lanes = [...shown.waves].reverse().flatMap((wave) => wave.sets.map((set) => ({ wave, set, runs: runsOf(shown, wave, set) })));
  if (lanes.every((lane) => lane.runs.length === 0)) {
    return null;
  }
  const all = [["latest", latest(lanes, now)], ...RANGES];
  const range = all.find(([name]) => name === app.range) || all[0];
  const from = now - range[1] * 1000;
  const ticks = app.width < NARROW ? FEW_TICKS : TICKS;
  const at = (time) => Math.max(0, Math.min(1, (time - from) / (now - from)));
  return h("section", { key: "timeline", class: "gitops-timeline", "aria-labelledby": "timeline-title" },
    h("header", null,
      h("h2", { id: "timeline-title" }, t("timeline")),
      h("div", { class: "gitops-ranges", role: "group", "aria-label": t("range") }, all.map(([name, seconds]) =>
        h("button", { key: name, type: "button", class: "gitops-range", "aria-pressed": name === range[0] ? "true" : "false",
          onclick: () => { app.range = name; app.redraw(); } }, name === "latest" ? t("latest") : span(seconds))))),
    h("div", { class: "gitops-lanes", role: "list" }, lanes.map((lane) => laneOf(app, lane, { now, from, at, seconds: range[1] }))),
    h("div", { class: "gitops-ticks", "aria-hidden": "true" }, Array.from({ length: ticks }, (_, tick) =>
      h("span", { key: String(tick) }, tick === ticks - 1 ? t("now") : label(from + ((now - from) * tick) / (ticks - 1), range[1])))));
}

/** The seconds since the newest releases of all lanes began to run, with some room before. */
function latest(lanes, now) {
  const began = lanes.flatMap((lane) => lane.runs.slice(0, LATEST)).map((run) => Date.parse(run.since)).filter((time) => !isNaN(time));
  const longest = RANGES[RANGES.length - 1][1];
  return Math.min(longest, Math.max(SHORTEST, ((now - Math.min(...began)) / 1000) * 1.05));
}

function label(time, seconds) {
  return new Date(time).toLocaleString([], seconds > 24 * HOUR ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" });
}

function laneOf(app, { wave, set, runs }, scale) {
  const name = place(wave.name, set.name);
  const shown = runs.filter((run) => !run.until || Date.parse(run.until) > scale.from);
  const failed = app.shown.history.filter((change) => ["evicted", "lost"].includes(change.outcome) && change.target === wave.name
    && (change.set || "") === (set.name || "") && Date.parse(change.when) > scale.from);
  return h("div", { key: name, class: "gitops-lane-row", role: "listitem", "data-lane": name },
    h("span", { class: "gitops-lane-name", title: name }, foreign(name)),
    h("span", { class: "gitops-track" },
      [...shown].reverse().map((run) => part(app, run, scale)),
      wave.hold && h("span", { key: "hold", class: "gitops-hold-mark", role: "img", "aria-label": app.t("heldSince", absolute(wave.hold.since)), title: app.t("heldSince", absolute(wave.hold.since)) + ": " + wave.hold.reason,
        style: { left: percent(scale.at(Date.parse(wave.hold.since))), right: "0%" } }),
      failed.slice(0, 20).map((change) => h("span", { key: change.key, class: "gitops-fail-mark", role: "img", "aria-label": app.t("failedAt", change.subject, absolute(change.when)),
        title: app.t("failedAt", change.subject, absolute(change.when)), style: { left: percent(scale.at(Date.parse(change.when))) } }, symbol("no")))));
}

function percent(share) {
  return Math.round(share * 10000) / 100 + "%";
}

function part(app, run, { now, from, at }) {
  const release = app.shown.releases.get(run.identity) || { name: (run.identity || "").slice(0, 6), color: "none" };
  const since = Date.parse(run.since);
  const until = run.until ? Date.parse(run.until) : now;
  const [left, right] = [at(since), at(until)];
  const said = app.t("ran", release.name, absolute(run.since), run.until ? absolute(run.until) : app.t("now"), span((until - since) / 1000));
  return h("span", { key: run.identity + run.since, class: "gitops-part gitops-color" + release.color + (since < from ? " gitops-older" : ""), title: said, role: "img", "aria-label": said,
      style: { left: percent(left), width: percent(Math.max(0, right - left)) } },
    right - left > NAMED && h("span", { class: "gitops-part-name" }, foreign(release.name)));
}
