// The tabs below the picture: services, targets, queue, history, rejected images and hooks.
import { ago, button, commit, foreign, h, link, moment, sentence, symbol } from "./dom.js";
import { digestOf, hasFailed, own, parents, place, shortDigest, shortTag, tagOf } from "./model.js";
import { appCommit, chip, open, wasMerged } from "./picture.js";
import { table } from "./table.js";

/** All tabs: {name, title, count, mark?, content}. */
export function tabsOf(app, found) {
  const { t } = app;
  const { shown } = app;
  const unwell = shown.targets.filter(hasFailed).length;
  const missed = (shown.state.hooks || []).filter((hook) => hook.missed > 2).length;
  return [
    { name: "services", title: t("services.title"), count: [found.grid.length, shown.grid.length], content: () => services(app, found.grid) },
    { name: "targets", title: t("targets"), count: [found.targets.length, shown.targets.length], mark: unwell > 0, content: () => targets(app, found.targets) },
    { name: "queue", title: t("queue"), count: [found.queue.length, shown.queue.length], content: () => queue(app, found.queue) },
    { name: "history", title: t("history"), count: [found.history.length, shown.history.length], content: () => history(app, found.history) },
    { name: "rejected", title: t("rejected"), count: [found.rejected.length, shown.rejected.length], content: () => rejections(app, found.rejected) },
    { name: "hooks", title: t("hooks"), count: [(shown.state.hooks || []).length, (shown.state.hooks || []).length], mark: missed > 0, content: () => hooks(app) },
  ];
}

export function tabs(app, found) {
  const { t } = app;
  const all = tabsOf(app, found);
  const chosen = all.find((tab) => tab.name === app.tab) || all[0];
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step) {
      const at = all.indexOf(chosen);
      const next = Number.isFinite(step) ? (at + step + all.length) % all.length : step < 0 ? 0 : all.length - 1;
      event.preventDefault();
      app.show(all[next].name);
      document.getElementById("tab-" + all[next].name)?.focus();
    }
  };
  return h("section", { key: "tabs", class: "gitops-tabs", "aria-label": t("parts") },
    h("div", { class: "gitops-tablist", role: "tablist", onkeydown: move }, all.map((tab) =>
      h("button", { key: tab.name, id: "tab-" + tab.name, type: "button", role: "tab", class: "gitops-tab", "aria-selected": tab === chosen ? "true" : "false",
          "aria-controls": tab === chosen ? tab.name : null, tabindex: tab === chosen ? "0" : "-1", onclick: () => app.show(tab.name) },
        tab.title, " ", tab.mark && symbol("warning"), h("span", { class: "gitops-count" },
          tab.count[0] === tab.count[1] ? String(tab.count[1]) : t("found", ...tab.count))))),
    h("div", { key: chosen.name, id: chosen.name, class: "gitops-panel", role: "tabpanel", "aria-labelledby": "tab-" + chosen.name }, chosen.content()));
}

function check(app, name, text) {
  return h("label", { class: "gitops-check" },
    h("input", { type: "checkbox", onchange: (event) => { app.filters[name] = event.target.checked; app.pages = {}; app.redraw(); } }), " ", text);
}

function choice(app, name, label, options) {
  return h("div", { key: name, class: "gitops-ranges", role: "group", "aria-label": label }, options.map(([value, text]) =>
    h("button", { key: value, type: "button", class: "gitops-range", "aria-pressed": (app.filters[name] || "") === value ? "true" : "false",
      onclick: () => { app.filters[name] = value; app.pages = {}; app.redraw(); } }, text)));
}

/** Services by waves; neighbouring waves with the same digest share a cell. */
function services(app, rows) {
  const { t } = app;
  const { waves, grid, named } = app.shown;
  const ordered = [...waves].sort((a, b) => a.row - b.row || a.column - b.column);
  const columns = ordered.map((wave, at) => ({
    title: wave.name, shown: foreign(wave.name),
    spans: (row) => shared(row, ordered, at),
    cell: (row) => image(app, row, ordered.slice(at, at + shared(row, ordered, at))),
  }));
  return table(app, {
    name: "services", title: t("services.title"), rows, all: grid.length, empty: t("noImages"),
    before: h("div", { key: "before", class: "gitops-filters" }, check(app, "different", t("onlyDifferent"))),
    columns: [
      { title: t("service"), head: true, cell: (row) => h("button", { type: "button", class: "gitops-service",
        onclick: () => open(app, { kind: "image", set: row.set, service: row.service }) }, foreign(row.service)) },
      named && { title: t("set"), cell: (row) => foreign(row.set) },
      ...columns,
    ].filter(Boolean),
  });
}

/** How many waves from this one on have the same digest of a service. */
function shared(row, ordered, at) {
  const first = row.cells.get(ordered[at].name).image;
  let count = 1;
  while (first && at + count < ordered.length && parents(ordered[at + count]).includes(ordered[at + count - 1].name)) {
    const { image: next } = row.cells.get(ordered[at + count].name);
    if (!next || digestOf(next) !== digestOf(first)) {
      break;
    }
    count++;
  }
  return count;
}

function image(app, row, waves) {
  const { t } = app;
  const { image: shown, differs } = row.cells.get(waves[0].name);
  const queued = waves.some((wave) => row.cells.get(wave.name).queued);
  const tagged = waves.map((wave) => [wave.name, tagOf(row.cells.get(wave.name).image || { Tag: "" })]);
  const tags = new Set(tagged.map(([, tag]) => tag));
  return h("span", { class: "gitops-image" + (differs === "digest" || differs === "new" ? " gitops-differs" : "") + (waves.length > 1 ? " gitops-shared" : "") },
    shown
      ? h("code", { key: "tag", title: (tags.size > 1 ? tagged.map((each) => each.join(": ")).join("\n") : shown.Tag) + "\n" + shown.Digest }, foreign(shortTag([...tags][0])), tags.size > 1 && h("span", { class: "gitops-soft" }, foreign(", " + [...tags].slice(1).map(shortTag).join(", "))))
      : h("span", { key: "none", class: "gitops-soft" }, t("noImage")),
    differs === "tag" && h("span", { key: "differs", class: "gitops-soft gitops-mark" }, t("differs.tag")),
    ["digest", "gone", "new"].includes(differs) && h("span", { key: "differs", class: "gitops-word" }, t("differs." + differs)),
    queued && h("span", { key: "queued", class: "gitops-mark gitops-coming", title: t("queuedHere") }, "→", h("span", { class: "gitops-word" }, t("queuedHere"))));
}

/** A target by its name, which leads to Argo CD where it is an application there. */
function targetName(links, row) {
  const server = own(links, "server " + row.server);
  return link(server && server + [row.namespace, row.name].filter(Boolean).map(encodeURIComponent).join("/"), foreign(row.name));
}

/** Targets by state, those that somebody has to look after first and open. */
function targets(app, rows) {
  const { t } = app;
  const links = app.shown.state.links || {};
  if (rows.length === 0) {
    return h("p", { class: "gitops-empty" }, app.shown.targets.length === 0 ? t("noTargets") : t("noneFound"));
  }
  const groups = [["bad", rows.filter((row) => row.rank === 0)], ["busy", rows.filter((row) => row.rank === 1)], ["good", rows.filter((row) => row.rank === 2)]];
  return groups.filter(([, list]) => list.length > 0).map(([kind, list]) =>
    h("details", { key: kind, class: "gitops-group", open: kind !== "good" || rows.length <= 12 },
      h("summary", null, h("span", { class: "gitops-square gitops-" + kind }), " ", t("targets." + kind), " ", h("span", { class: "gitops-count" }, String(list.length))),
      kind === "good"
        ? h("ul", { class: "gitops-names" }, list.slice(0, 600).map((row) =>
            h("li", { key: row.key, title: row.server + ": " + row.reason }, h("span", { class: "gitops-square gitops-good", "aria-hidden": "true" }), " ", targetName(links, row))))
        : h("ul", { class: "gitops-targets" }, list.slice(0, 200).map((row) =>
            h("li", { key: row.key }, h("strong", null, targetName(links, row)), " ", h("span", { class: "gitops-soft" }, foreign(row.wave), " · ", foreign(row.server), " · ", row.state,
              row.sync && [" · ", foreign(row.sync)], row.health && [" · ", foreign(row.health)], row.revision && [" · ", commit(row.revision, links.commit)]), h("div", null, sentence(row.reason)))),
            list.length > 200 && h("li", { key: "more" }, t("more", list.length - 200)))));
}

/** The auto branch. */
function queue(app, rows) {
  const { t } = app;
  const links = app.shown.state.links || {};
  return table(app, {
    name: "queue", title: t("queue"), rows, all: app.shown.queue.length, empty: t("noQueue"),
    columns: [
      { title: t("place"), cell: (row) => String(row.place) },
      { title: t("release.title"), head: true, cell: (row) => [chip(row.coming), " ", appCommit(app, row.coming), h("div", { class: "gitops-soft" }, foreign(row.subject), " ", commit(row.sha, links.commit))] },
      { title: t("target"), cell: (row) => foreign(row.target ? place(row.target, row.set) : t("byHand")) },
      { title: t("checks"), cell: (row) => checks(row.checks || []) },
      { title: t("since"), cell: (row) => row.since && ago(row.since, app.now()) },
      { title: t("why"), cell: (row) => why(app, row) },
    ],
  });
}

function checks(list) {
  return h("ul", { class: "gitops-list" }, list.map((each) =>
    h("li", { key: each.context }, symbol(each.state === "success" ? "yes" : ["failure", "error"].includes(each.state) ? "no" : "wait"), " ",
      link(each.url, foreign(each.context)), " ", h("span", { class: "gitops-soft" }, each.state))));
}

/** The short reason of a change, with all details behind it. */
function why(app, row) {
  return [
    sentence(row.reason),
    (row.why || []).length > 0 && h("details", { key: "why" }, h("summary", null, app.t("details")), h("ul", { class: "gitops-list" }, row.why.map((said) => h("li", null, sentence(said))),
      h("li", { key: "id" }, h("code", null, row.id)))),
  ];
}

const OUTCOMES = { merged: "yes", satisfied: "yes", superseded: "wait", evicted: "no", lost: "no" };

/** How changes ended, and what else people and controllers did. */
function history(app, rows) {
  const { t } = app;
  const links = app.shown.state.links || {};
  return table(app, {
    name: "history", title: t("history"), rows, all: app.shown.history.length, empty: t("noHistory"),
    before: h("div", { key: "before", class: "gitops-filters" },
      choice(app, "outcome", t("outcome"), [["", t("all")], ["merged", t("merged")], ["other", t("notMerged")], ["event", t("events")]])),
    columns: [
      { title: t("when"), cell: (row) => h("span", { class: "gitops-when" }, ago(row.when, app.now())) },
      { title: t("what"), head: true, cell: (row) => row.outcome === "event" ? h("span", null, / is (held|released)/.test(row.what) && [symbol("hold"), " "], / is unwell/.test(row.what) && [symbol("warning"), " "], sentence(row.what)) : moved(app, row, links) },
      { title: t("outcome"), cell: (row) => row.outcome === "event" ? t("event") : h("span", { class: "gitops-when" }, symbol(OUTCOMES[row.outcome] || "wait"), " ", row.outcome) },
      { title: t("by"), cell: (row) => row.outcome === "event" ? doer(row.by) : [foreign(row.author), row.author && row.build && " · ", row.build && link(row.build, t("build"))] },
      { title: t("why"), cell: (row) => row.outcome === "event" ? sentence(row.why)
        : [why(app, row), row.checks && checks(row.checks.filter((each) => each.state !== "success")), again(app, row)] },
    ],
  });
}

/** Who did something: a person, or a build with its address in brackets. */
function doer(by) {
  const build = /^(.*) \((https?:\/\/[^\s()]+)\)$/.exec(by || "");
  return build ? link(build[2], foreign(build[1])) : foreign(by);
}

/** What a change moved where. */
function moved(app, row, links) {
  const { t } = app;
  const to = row.target ? place(row.target, row.set) : t("byHand");
  return [
    h("div", { key: "what", class: "gitops-moved" }, chip(row.ended), " ", appCommit(app, row.ended), " ",
      row.operation === "rollback" ? t("rolledBack") : "→", " ", h("strong", null, foreign(to))),
    h("div", { key: "subject", class: "gitops-soft" }, foreign(row.subject), " ", commit(row.mainSha || row.sha, links.commit)),
  ];
}

/** The button that restores the release of a change. */
function again(app, row) {
  const { t } = app;
  const wave = app.shown.waves.find((each) => each.name === row.target);
  const set = wave?.sets.find((each) => (each.name || "") === (row.set || ""));
  return app.mayPromote && set && wave.promotionJob !== false && row.mainSha && wasMerged(row, wave, set)
    && button({ key: "again", class: "jenkins-button--tertiary gitops-act", onclick: () => open(app, { kind: "rollback", wave: wave.name, set: set.name, revision: row.mainSha }) }, t("rollbackToThis"));
}

/** The rejected images. */
function rejections(app, rows) {
  const { t } = app;
  return table(app, {
    name: "rejected", title: t("rejected"), rows, all: app.shown.rejected.length, empty: t("noRejected"),
    before: app.mayHold && h("div", { key: "before", class: "gitops-filters" }, button({ onclick: () => open(app, { kind: "reject", digests: "" }) }, t("reject"))),
    columns: [
      { title: t("digest"), head: true, cell: (row) => h("code", { title: row.digest }, shortDigest(row.digest)) },
      { title: t("by"), cell: (row) => foreign(row.by) },
      { title: t("when"), cell: (row) => ago(row.at, app.now()) },
      { title: t("reason"), cell: (row) => [foreign(row.reason), app.mayHold && [" ", button({ key: "accept", class: "jenkins-button--tertiary gitops-act",
        "aria-label": t("acceptOne", row.digest), onclick: () => open(app, { kind: "accept", digests: row.digest }) }, t("accept"))]] },
    ],
  });
}

/** The webhooks, and whether they arrive. */
function hooks(app) {
  const { t } = app;
  const rows = (app.shown.state.hooks || []).map((hook) => ({ ...hook, key: hook.source }));
  return table(app, {
    name: "hooks", title: t("hooks"), rows, all: rows.length, empty: t("noHooks"),
    columns: [
      { title: t("source"), head: true, cell: (row) => foreign(row.source) },
      { title: t("lastSeen"), cell: (row) => (row.lastSeen ? moment(row.lastSeen) : t("never")) },
      { title: t("missed"), cell: (row) => [row.missed > 2 && [symbol("warning"), " "], row.missed > 2 ? t("broken", row.missed) : String(row.missed)] },
    ],
  });
}
