// Derives the data of the page from the state, without the DOM.

/** The own property of that name; a service may be named like an inherited property, such as "constructor". */
export function own(entries, name) {
  return entries && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** The bare tag of a reference. */
export function tagOf(image) {
  return image.Tag.slice(image.Tag.lastIndexOf(":") + 1);
}

/** The bare digest of a reference. */
export function digestOf(image) {
  return image.Digest.slice(image.Digest.indexOf("@") + 1);
}

/** The tag for display: a commit is shortened as git does it, other tags are shown as they are. */
export function shortTag(tag) {
  return tag.replace(/\b([0-9a-f]{7})[0-9a-f]{9,57}\b/g, "$1");
}

/** The shortened digest, for display. */
export function shortDigest(digest) {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 12);
}

/** The wave, or its set where sets have names. */
export function place(wave, set) {
  return set ? wave + "/" + set : wave;
}

/** The waves that a wave is promoted from. */
export function parents(wave) {
  return wave.promotesFrom ?? [wave.from ?? []].flat();
}

/** The commits of the application that one release has and another does not, as far as the controller has read them. */
export function rangeOf(state, before, after) {
  return before?.appSha && after?.appSha ? own(state.commits, before.appSha + ".." + after.appSha) : undefined;
}

const COLORS = 6;
const BAD = ["degraded", "broken", "failed", "deleting", "missing"];
const DIFFERS = "something to promote";

/** Whether somebody has to look after a target. */
export function hasFailed(target) {
  return BAD.includes(target.state);
}

/** The gates in the order in which they are named when several are closed; others come behind, as they are told. */
const GATES = ["hold", "rejected digests", "signed", "approved", "verified", "deployed and healthy", "window", "soak"];

/** The conditions that do not hold, the one that matters most first. */
export function unmet(next) {
  const rank = (condition) => (GATES.includes(condition.name) ? GATES.indexOf(condition.name) : GATES.length);
  return next.conditions.filter((condition) => !condition.met && condition.name !== DIFFERS).sort((a, b) => rank(a) - rank(b));
}

/** Names of releases with their colours, by the identity of the set. */
function releasesOf(state) {
  const releases = new Map();
  const began = new Map();
  for (const runs of Object.values(state.runs || {})) {
    for (const run of runs) {
      began.set(run.identity, Math.min(began.get(run.identity) ?? Infinity, Date.parse(run.since)));
    }
  }
  const all = Object.entries(state.releases || {});
  const age = ([identity, release]) => Date.parse(release.at) || began.get(identity) || 0;
  all.sort((a, b) => age(a) - age(b) || compare(a[0], b[0]));
  all.forEach(([identity, release], at) => releases.set(identity, { ...release, identity, color: at % COLORS }));
  return releases;
}

/** A name for a set that the state has none for, as an older controller's. */
function unnamed(identity, images) {
  const tags = new Set(Object.values(images || {}).map(tagOf));
  const name = tags.size === 1 ? shortTag([...tags][0]) : "set " + (identity || "").slice(0, 6);
  return { name, identity, color: "none" };
}

/** The seconds of a duration such as 1h30m. */
export function seconds(text) {
  const units = { s: 1, m: 60, h: 3600, d: 86400 };
  return [...String(text).matchAll(/(\d+)\s*([smhd])/g)].reduce((sum, [, count, unit]) => sum + count * units[unit], 0);
}

/** Whether a service has the same digest before and after, so that nothing of it is deployed. */
export function sameDigest(now, then, service) {
  return own(now, service) && own(then, service) && digestOf(own(now, service)) === digestOf(own(then, service));
}

/** A set of a wave with what it runs, what comes next, and what keeps that. */
function setOf(state, releases, wave, set) {
  const named = (identity, images) => identity && (releases.get(identity) || unnamed(identity, images));
  const runs = own(state.runs || {}, place(wave.name, set.name)) || (set.deployed ? [set.deployed] : []);
  const empty = Object.keys(set.images || {}).length === 0 && !set.problem;
  const wanted = empty ? null : named(set.identity, set.images);
  const running = set.deployed && named(set.deployed.identity);
  const earlier = runs.find((run) => run.identity !== set.identity && run !== runs[0]) || (running && running.identity !== set.identity ? runs[0] : null);
  const queued = state.auto.filter((change) => change.target === wave.name && (change.set || "") === (set.name || ""));
  return {
    ...set, place: place(wave.name, set.name), empty, wanted, running, queued, runs,
    was: earlier && named(earlier.identity), coming: set.next && named(set.next.identity, set.next.images), gate: gateOf(set, queued),
  };
}

/** What is between a wave and the one before: {kind: "idle" | "queued" | "go" | "blocked", unmet}. */
function gateOf(set, queued) {
  if (queued.length > 0) {
    return { kind: "queued", unmet: [] };
  }
  if (!set.next || set.next.services.length === 0) {
    // A first wave that runs nothing yet has a reason that is worth saying.
    return { kind: "idle", unmet: [] };
  }
  return { kind: set.next.allowed ? "go" : "blocked", unmet: unmet(set.next) };
}

/** The pill of a wave: {kind, text, of}; kinds are "bad", "busy", "held", "good" and "none". */
function pillOf(wave, children, now) {
  const late = wave.targets.filter((target) => target.state !== "deployed");
  const counts = [wave.targets.length - late.length, wave.targets.length];
  if (wave.sets.some((set) => set.problem)) {
    return { kind: "bad", key: "unreadable" };
  }
  if (wave.sets.every((set) => set.empty)) {
    return { kind: "none", key: "empty" };
  }
  if (wave.trouble) {
    return { kind: "bad", key: "unseen" };
  }
  if (late.some(hasFailed)) {
    return { kind: "bad", key: "unwell", values: counts };
  }
  if (late.length > 0) {
    return { kind: "busy", key: "rolling", values: counts };
  }
  if (wave.hold) {
    return { kind: "held", key: "held" };
  }
  const waiting = children.flatMap((child) => child.sets).filter((set) => set.next).flatMap((set) => unmet(set.next));
  const named = (name) => waiting.find((condition) => condition.name === name);
  if (named("verified")) {
    return { kind: "busy", key: "verifying" };
  }
  const soak = named("soak");
  if (soak && soak.nextLook) {
    const whole = seconds(soak.asked);
    return { kind: "busy", key: "soaking", minutes: [whole - (Date.parse(soak.nextLook) - now) / 1000, whole] };
  }
  if (named("approved")) {
    return { kind: "busy", key: "approval" };
  }
  return wave.targets.length === 0 ? { kind: "none", key: "onMain" } : { kind: "good", key: "upToDate" };
}

/**
 * The graph of the waves: each with its column (how many promotions lie before it) and its row. A wave is in the row of
 * the wave that it is promoted from, if that is free; further ones get rows of their own.
 */
function layOut(waves) {
  const byName = new Map(waves.map((wave) => [wave.name, wave]));
  const depth = (wave, seen) =>
    Math.max(-1, ...parents(wave).filter((name) => byName.has(name) && !seen.has(name)).map((name) => depth(byName.get(name), new Set([...seen, name])))) + 1;
  const columns = new Map();
  for (const wave of waves) {
    columns.set(wave.name, memoDepth(wave, byName, columns, depth));
  }
  const children = new Map(waves.map((wave) => [wave.name, []]));
  for (const wave of waves) {
    const parent = parents(wave).find((name) => byName.has(name));
    if (parent !== undefined) {
      children.get(parent).push(wave);
    }
  }
  let free = 0;
  const rows = new Map();
  const put = (wave) => {
    if (rows.has(wave.name)) {
      return;
    }
    rows.set(wave.name, free);
    children.get(wave.name).forEach((child, at) => {
      free += at > 0 ? 1 : 0;
      put(child);
    });
  };
  for (const wave of waves) {
    if (!rows.has(wave.name) && columns.get(wave.name) === 0) {
      if (children.get(wave.name).length > 0 || rows.size === 0) {
        free = rows.size === 0 ? 0 : Math.max(...rows.values()) + 1;
        put(wave);
      } else {
        rows.set(wave.name, freeRow(wave, waves, columns, rows));
      }
    }
  }
  return waves.map((wave) => ({ ...wave, column: columns.get(wave.name), row: rows.get(wave.name) ?? 0 }));
}

/** The first free row of a wave's column, from that of a wave which is promoted from it. */
function freeRow(wave, waves, columns, rows) {
  const taken = new Set(waves.filter((other) => columns.get(other.name) === columns.get(wave.name)).map((other) => rows.get(other.name)));
  const next = waves.filter((other) => parents(other).includes(wave.name) && rows.has(other.name)).map((other) => rows.get(other.name));
  let row = Math.min(...next, rows.size);
  while (taken.has(row)) {
    row++;
  }
  return row;
}

function memoDepth(wave, byName, columns, depth) {
  const known = parents(wave).filter((name) => byName.has(name));
  return known.every((name) => columns.has(name))
    ? Math.max(-1, ...known.map((name) => columns.get(name))) + 1
    : depth(wave, new Set([wave.name]));
}

/** How an image differs from that of the wave before: "", "tag", "digest", "new" or "gone". */
export function difference(image, before) {
  if (!image || !before) {
    return image ? "new" : before ? "gone" : "";
  }
  return digestOf(image) !== digestOf(before) ? "digest" : tagOf(image) !== tagOf(before) ? "tag" : "";
}

/** A row for each service of each set, with a cell for each wave: {image, differs, queued}. */
export function grid(state) {
  const rows = new Map();
  const coming = new Set();
  for (const change of state.auto) {
    for (const service of change.services || []) {
      coming.add(place(change.target, change.set) + "|" + service);
    }
  }
  for (const wave of state.waves) {
    for (const set of wave.sets) {
      for (const [service, image] of Object.entries(set.images || {})) {
        const key = set.name + "|" + service;
        if (!rows.has(key)) {
          rows.set(key, { key, set: set.name, service, cells: new Map(), differs: false, index: index([set.name, service]) });
        }
        const row = rows.get(key);
        row.cells.set(wave.name, { image });
        indexImage(row.index, image);
      }
    }
  }
  for (const row of rows.values()) {
    for (const wave of state.waves) {
      const cell = row.cells.get(wave.name) || {};
      row.cells.set(wave.name, cell);
      // Of several waves before it, one that has something else is enough.
      cell.differs = parents(wave).map((from) => difference(cell.image, row.cells.get(from)?.image)).find((differs) => differs) ?? "";
      cell.queued = coming.has(place(wave.name, row.set) + "|" + row.service);
      row.differs ||= ["digest", "new", "gone"].includes(cell.differs);
    }
  }
  return [...rows.values()].sort((a, b) => compare(a.set, b.set) || compare(a.service, b.service));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a row is found by: words anywhere, digests by any part, commits and ids by their beginning, builds by number. */
function index(words) {
  return { words: words.flat(2).filter(Boolean).join(" ").toLowerCase(), digests: "", shas: [], ids: [], numbers: [] };
}

function indexImage(into, image) {
  into.words += " " + tagOf(image).toLowerCase();
  into.digests += " " + digestOf(image);
}

function indexRelease(into, release) {
  if (release) {
    into.words += " " + release.name.toLowerCase();
    into.shas.push(release.appSha);
    into.numbers.push(release.number);
  }
}

/** Whether what a row is found by has all words of a query. */
export function finds(query) {
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => asked.every((word) => has(row, word));
}

function has(row, word) {
  const number = /^#(\d+)$/.exec(word);
  if (number) {
    return row.numbers.includes(Number(number[1]));
  }
  // The words may have identifiers of hexadecimal digits, which a part of a digest does not mean.
  const hex = /^(?:[a-z0-9]+:)?([0-9a-f]{4,128})$/.exec(word);
  if (hex && (row.digests.includes(hex[1]) || row.shas.some((sha) => sha?.startsWith(hex[1])))) {
    return true;
  }
  return row.words.includes(word) || row.ids.some((id) => id === word || (word.length >= 8 && id?.startsWith(word)));
}

/** All targets, each with its wave; targets with problems come first. */
function targetsOf(waves) {
  const rank = (target) => (hasFailed(target) ? 0 : target.state === "deployed" ? 2 : 1);
  return waves.flatMap((wave) =>
    wave.targets.map((target) => {
      const made = { ...target, wave: wave.name, key: [wave.name, target.server, target.namespace, target.name].join("|"), rank: rank(target) };
      made.index = index([wave.name, target.name, target.server, target.sync, target.health, target.state, target.reason]);
      made.index.shas.push(target.revision);
      wave.sets.forEach((set) => indexRelease(made.index, set.wanted));
      return made;
    }),
  ).sort((a, b) => a.rank - b.rank);
}

function changeIndex(change, release) {
  const made = index([
    change.subject, change.target, change.set, change.operation, change.services, change.outcome, change.reason, change.by, change.author,
    change.what, change.outcome ? null : change.why, (change.checks || []).map((check) => check.context),
  ]);
  indexRelease(made, release);
  made.shas.push(change.sha, change.mainSha, change.appSha);
  made.ids.push(change.id);
  const number = /\/(\d+)\/?$/.exec(change.build || "");
  made.numbers.push(number && Number(number[1]));
  Object.values(change.images || {}).forEach((image) => indexImage(made, image));
  return made;
}

let lastPast = { of: [], made: [] };

/** Changes that ended, and what else was done, the newest first. It is long and seldom changes. */
function past(state, releases) {
  const of = [state.history, state.events, state.releases];
  if (of.some((each, at) => each !== lastPast.of[at])) {
    const changes = (state.history || []).map((change) => {
      const release = releases.get(change.identity) || (change.release && { name: change.release, color: "none", build: change.build, appSha: change.appSha });
      return { ...change, key: change.id + change.when, ended: release, index: changeIndex(change, release) };
    });
    const events = (state.events || []).map((event) => ({ ...event, outcome: "event", key: event.sha, index: changeIndex(event) }));
    const made = [...changes, ...events].sort((a, b) => compare(b.when, a.when));
    lastPast = { of, made };
  }
  return lastPast.made;
}

/** When a wave was held, by what the state's log says, the oldest first: {since, until?, by, reason}. */
export function holdsOf(shown, wave) {
  const made = [];
  let last = null;
  for (const event of [...(shown.state.events || [])].reverse()) {
    if (event.what === wave.name + " is held" || event.what.startsWith(wave.name + " is held until ")) {
      last = { since: event.when, until: / until (\S+Z)$/.exec(event.what)?.[1], by: event.by, reason: event.why };
      made.push(last);
    } else if (event.what === wave.name + " is released" && last) {
      last.until = [event.when, last.until].filter(Boolean).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
      last = null;
    }
  }
  // What the log does not end, and the wave does not have, was folded away.
  const ended = made.filter((hold) => hold.until && hold.since !== wave.hold?.since);
  return wave.hold ? [...ended.filter((hold) => Date.parse(hold.since) < Date.parse(wave.hold.since)), wave.hold] : ended;
}

/** All data that the page shows, computed once for each state. */
export function model(state, now) {
  const releases = releasesOf(state);
  const named = state.waves.map((wave) => ({ ...wave, sets: wave.sets.map((set) => setOf(state, releases, wave, set)) }));
  const waves = layOut(named.map((wave) => ({
    ...wave, pill: pillOf(wave, named.filter((other) => parents(other).includes(wave.name)), now),
  })));
  const byName = [...releases.values()];
  return {
    state,
    releases,
    waves,
    grid: grid(state),
    targets: targetsOf(waves),
    queue: state.auto.map((change, at) => {
      const release = byName.find((each) => each.name === change.release) || (change.release && { name: change.release, color: byName.length % COLORS, build: change.build, appSha: change.appSha });
      return { ...change, place: at + 1, key: change.id, coming: release, index: changeIndex(change, release) };
    }),
    rejected: (state.rejected || []).map((each) => {
      const made = index([each.by, each.reason]);
      made.digests = each.digest;
      return { ...each, key: each.digest, index: made };
    }),
    history: past(state, releases),
    named: state.waves.some((wave) => wave.sets.some((set) => set.name)),
  };
}

/** The data that matches a query, with the waves that have something of it; an image leads to the targets that run it. */
export function search(shown, query, filters) {
  const found = finds(query);
  const asked = query.trim() !== "";
  const has = (row) => found(row.index);
  const lit = new Set();
  const rows = shown.grid.filter((row) => has(row) && (!filters.different || row.differs));
  const runs = new Set();
  if (asked) {
    for (const row of shown.grid.filter(has)) {
      const byName = finds(query)(index([row.set, row.service]));
      for (const [wave, cell] of row.cells) {
        if (cell.image) {
          const own = index([row.service]);
          indexImage(own, cell.image);
          if (byName || found(own)) {
            lit.add(wave);
            if (!byName) {
              runs.add(wave);
            }
          }
        }
      }
    }
  }
  const targets = shown.targets.filter((target) => has(target) || (target.rank === 2 && runs.has(target.wave)));
  const queue = shown.queue.filter(has);
  if (asked) {
    targets.forEach((target) => lit.add(target.wave));
    queue.forEach((change) => lit.add(change.target));
    for (const wave of shown.waves) {
      const own = index([wave.name, wave.hold?.by, wave.hold?.reason]);
      wave.sets.forEach((set) => {
        indexRelease(own, set.wanted);
        indexRelease(own, set.running);
        own.shas.push(set.deployed?.sha);
      });
      if (found(own)) {
        lit.add(wave.name);
      }
    }
  }
  return {
    asked, lit, queue, targets,
    grid: rows,
    rejected: shown.rejected.filter(has),
    history: shown.history.filter((row) => has(row) && (!filters.outcome || filters.outcome === (row.outcome === "event" ? "event" : row.outcome === "merged" ? "merged" : "other"))),
  };
}
