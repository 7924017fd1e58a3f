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

/** The shortened tag, for display. */
export function shortTag(tag) {
  return tag.length > 16 ? tag.slice(0, 12) + "…" : tag;
}

/** The shortened digest, for display. */
export function shortDigest(digest) {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 12);
}

/** The wave, or its set where sets have names. */
export function place(wave, set) {
  return set ? wave + "/" + set : wave;
}

/** How an image differs from that of the wave before: "", "tag", "digest", "both", "new" or "gone". */
export function difference(image, before) {
  if (!image || !before) {
    return image ? "new" : before ? "gone" : "";
  }
  const tag = tagOf(image) !== tagOf(before);
  const digest = digestOf(image) !== digestOf(before);
  return tag && digest ? "both" : tag ? "tag" : digest ? "digest" : "";
}

/** A row for each service of each set: {set, service, cells: {wave: {image, differs, queued}}, differs}. */
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
          rows.set(key, { key, set: set.name, service, cells: Object.create(null), differs: false, text: set.name + " " + service });
        }
        const row = rows.get(key);
        row.cells[wave.name] = { image };
        row.text += " " + image.Tag + " " + image.Digest;
      }
    }
  }
  for (const row of rows.values()) {
    row.text = row.text.toLowerCase();
    for (const wave of state.waves) {
      const cell = (row.cells[wave.name] ??= {});
      // Of several waves before it, one that has something else is enough.
      const sources = wave.promotesFrom ?? (wave.from ? [wave.from] : []);
      cell.differs = sources.map((from) => difference(cell.image, row.cells[from]?.image)).find((differs) => differs) ?? "";
      cell.queued = coming.has(place(wave.name, row.set) + "|" + row.service);
      row.differs ||= cell.differs !== "";
    }
  }
  return [...rows.values()].sort((a, b) => compare(a.set, b.set) || compare(a.service, b.service));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All targets, each with its wave; targets with problems come first. */
export function targets(state) {
  return state.waves.flatMap((wave) =>
    wave.targets.map((target) => ({
      ...target,
      wave: wave.name,
      key: wave.name + "|" + target.server + "|" + target.name,
      well: target.state === "deployed",
      text: words(wave.name, target.name, target.server, target.sync, target.health, target.state, target.reason, target.revision),
    })),
  ).sort((a, b) => a.well - b.well);
}

/** The texts by which a change is found. */
export function changeText(change) {
  return words(
    change.subject, change.id, change.sha, change.mainSha, change.appSha, change.target, change.set, change.operation,
    change.services, change.outcome, change.reason, change.by, change.author, change.build,
    (change.checks || []).map((check) => check.context),
    Object.values(change.images || {}).map((image) => image.Tag + " " + image.Digest),
  );
}

/** One text in small letters, to look for words in. */
export function words(...parts) {
  return parts.flat(2).filter(Boolean).join(" ").toLowerCase();
}

/** Whether a text has all words of a query. */
export function finds(query) {
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (text) => asked.every((word) => text.includes(word));
}

/** All data that the page shows, computed once for each state. */
export function model(state) {
  return {
    state,
    grid: grid(state),
    targets: targets(state),
    queue: state.auto.map((change, index) => ({ ...change, place: index + 1, key: change.id, text: changeText(change) })),
    rejected: state.rejected.map((each) => ({ ...each, key: each.digest, text: words(each.digest, each.by, each.reason) })),
    history: history(state.history),
    named: state.waves.some((wave) => wave.sets.some((set) => set.name)),
  };
}

let lastHistory = { of: null, made: [] };

/** The history is long and seldom changes. */
function history(entries) {
  if (lastHistory.of !== entries) {
    lastHistory = {
      of: entries,
      made: entries.map((change) => ({ ...change, key: change.id + change.when, text: changeText(change) })),
    };
  }
  return lastHistory.made;
}

/** The data that matches a query. A matching image also selects the targets that run it. */
export function search(shown, query, onlyDifferent) {
  const found = finds(query);
  const has = (row) => found(row.text);
  const rows = shown.grid.filter((row) => found(row.text) && (!onlyDifferent || row.differs));
  const runs = new Set();
  if (query.trim().length >= 6) {
    for (const row of rows) {
      for (const [wave, cell] of Object.entries(row.cells)) {
        if (cell.image && found(words(row.service, cell.image.Tag, cell.image.Digest))) {
          runs.add(wave);
        }
      }
    }
  }
  return {
    grid: rows,
    queue: shown.queue.filter(has),
    targets: shown.targets.filter((target) => found(target.text) || (target.well && runs.has(target.wave))),
    rejected: shown.rejected.filter(has),
    history: query.trim() ? shown.history.filter(has) : shown.history,
  };
}
