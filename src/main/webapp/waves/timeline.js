// When each wave ran which release: a lane for each wave, a colour for each release.
import { absolute, foreign, h, span, symbol } from "./dom.js";
import { holdsOf, place } from "./model.js";

const HOUR = 3600;
const RANGES = [["6h", 6 * HOUR], ["1d", 24 * HOUR], ["7d", 7 * 24 * HOUR], ["30d", 30 * 24 * HOUR]];

/** By itself the timeline shows the newest releases: this many for each lane, but some minutes at least. */
const LATEST = 2;
const SHORTEST = 600;
/** Where more days than this are shown, the ticks below them have no time of day. */
const DAYS = 4;
const TICKS = 5;
const FEW_TICKS = 3;
const NARROW = 600;

/** The least time that can be shown, in seconds, and the least way of the pointer that chooses a time, in pixels. */
const LEAST = 60;
const DRAGGED = 6;

/** The number of signs of a kind in a lane. */
const MARKS = 20;

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
  const named = all.find(([name]) => name === app.range) || all[0];
  const { from, to } = app.chosen || { from: now - named[1] * 1000, to: now };
  const ticks = app.width < NARROW ? FEW_TICKS : TICKS;
  const at = (time) => Math.max(0, Math.min(1, (time - from) / (to - from)));
  const scale = { now, from, to, at };
  return h("section", { key: "timeline", class: "gitops-timeline", "aria-labelledby": "timeline-title" },
    h("header", null,
      h("h2", { id: "timeline-title" }, t("timeline")),
      h("div", { class: "gitops-ranges", role: "group", "aria-label": t("range") },
        mover(app, "‹", t("earlierTime"), { from, to }, -1, now),
        mover(app, "›", t("laterTime"), { from, to }, 1, now),
        all.map(([name, seconds]) =>
          h("button", { key: name, type: "button", class: "gitops-range", "aria-pressed": !app.chosen && name === named[0] ? "true" : "false",
            onclick: () => { app.range = name; app.chosen = null; app.redraw(); } }, name === "latest" ? t("latest") : span(seconds))),
        app.chosen && h("span", { key: "chosen", class: "gitops-range", role: "status", "aria-label": t("chosenTime") }, span((to - from) / 1000)))),
    h("div", { class: "gitops-lanes", role: "list", onpointerdown: (event) => choose(app, scale, event) }, lanes.map((lane) => laneOf(app, lane, scale))),
    h("div", { class: "gitops-ticks", "aria-hidden": "true" }, Array.from({ length: ticks }, (_, tick) =>
      h("span", { key: String(tick) }, tick === ticks - 1 && to >= now ? t("now") : label(from + ((to - from) * tick) / (ticks - 1), scale)))));
}

/** The button that shows an earlier or a later time of the same length. */
function mover(app, sign, title, { from, to }, direction, now) {
  const by = ((to - from) / 2) * direction;
  return h("button", { key: title, type: "button", class: "gitops-range", "aria-label": title, title, "aria-disabled": direction > 0 && to >= now ? "true" : null,
    onclick: () => show(app, from + by, to + by) }, sign);
}

/** Shows a time, which does not end after now and does not begin before the longest range. */
function show(app, from, to) {
  const now = app.now();
  const length = Math.max(LEAST * 1000, to - from);
  const end = Math.min(now, to);
  const begin = Math.max(now - RANGES[RANGES.length - 1][1] * 1000, end - length);
  app.chosen = { from: begin, to: Math.max(end, begin + length) };
  app.redraw();
}

/** Lets the pointer choose the time to show, by drawing over a lane. */
function choose(app, { from, to }, down) {
  const track = down.target.closest?.(".gitops-track");
  if (!track || down.button !== 0) {
    return;
  }
  const { left, width } = track.getBoundingClientRect();
  const share = (event) => Math.max(0, Math.min(1, (event.clientX - left) / width));
  const mark = document.createElement("span");
  mark.className = "gitops-chosen-mark";
  const begun = share(down);
  const move = (event) => {
    const ends = [begun, share(event)].sort((a, b) => a - b);
    mark.style.left = percent(ends[0]);
    mark.style.width = percent(ends[1] - ends[0]);
    track.append(mark);
  };
  const end = (event) => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
    window.removeEventListener("pointercancel", end);
    mark.remove();
    const ends = [begun, share(event)].sort((a, b) => a - b);
    if (event.type === "pointerup" && (ends[1] - ends[0]) * width >= DRAGGED) {
      show(app, from + ends[0] * (to - from), from + ends[1] * (to - from));
    }
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
}

/** The seconds since the newest releases of all lanes began to run, with some room before. */
function latest(lanes, now) {
  const began = lanes.flatMap((lane) => lane.runs.slice(0, LATEST)).map((run) => Date.parse(run.since)).filter((time) => !isNaN(time));
  const longest = RANGES[RANGES.length - 1][1];
  return Math.min(longest, Math.max(SHORTEST, ((now - Math.min(...began)) / 1000) * 1.05));
}

/** A time below the lanes: with its day where it is not of the last day. */
function label(time, { now, from, to }) {
  const day = now - from > 24 * HOUR * 1000 ? { day: "numeric", month: "short" } : {};
  const clock = to - from > DAYS * 24 * HOUR * 1000 ? {} : { hour: "2-digit", minute: "2-digit" };
  return new Date(time).toLocaleString([], { ...day, ...clock });
}

function laneOf(app, { wave, set, runs }, scale) {
  const name = place(wave.name, set.name);
  const within = (time) => Date.parse(time) > scale.from && Date.parse(time) < scale.to;
  const shown = runs.filter((run) => Date.parse(run.since) < scale.to && (!run.until || Date.parse(run.until) > scale.from));
  const failed = app.shown.history.filter((change) => ["evicted", "lost"].includes(change.outcome) && change.target === wave.name
    && (change.set || "") === (set.name || "") && within(change.when));
  const unwell = (app.shown.state.events || []).filter((event) => event.what === name + " is unwell" && within(event.when));
  return h("div", { key: name, class: "gitops-lane-row", role: "listitem", "data-lane": name },
    h("span", { class: "gitops-lane-name", title: name }, foreign(name)),
    h("span", { class: "gitops-track" },
      [...shown].reverse().map((run) => part(app, run, scale)),
      holdsOf(app.shown, wave).filter((hold) => Date.parse(hold.since) < scale.to && (!hold.until || Date.parse(hold.until) > scale.from)).map((hold) => held(app, hold, scale)),
      unwell.slice(0, MARKS).map((event) => mark(scale, event, "warning", app.t("wasUnwell", absolute(event.when)) + (event.why ? ": " + event.why : ""))),
      failed.slice(0, MARKS).map((change) => mark(scale, change, "no", app.t("failedAt", change.subject, absolute(change.when))))));
}

/** The time for which a wave was held, or is. */
function held(app, hold, { now, at }) {
  const until = hold.until && Date.parse(hold.until) < now ? hold.until : null;
  const said = until ? app.t("wasHeld", absolute(hold.since), absolute(until)) : app.t("heldSince", absolute(hold.since));
  const left = at(Date.parse(hold.since));
  return h("span", { key: "hold " + hold.since, class: "gitops-hold-mark", role: "img", "aria-label": said, title: said + ": " + hold.reason,
    style: { left: percent(left), right: percent(1 - at(until ? Date.parse(until) : now)) } });
}

/** A sign for what went wrong at a time. */
function mark({ at }, event, sign, said) {
  return h("span", { key: sign + event.key + event.when, class: "gitops-fail-mark", role: "img", "aria-label": said, title: said, style: { left: percent(at(Date.parse(event.when))) } }, symbol(sign));
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
