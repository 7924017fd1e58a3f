// The tables of the page.
import { button, commit, foreign, h, link, moment, sentence, symbol } from "./dom.js";
import { digestOf, place, shortDigest, shortTag, tagOf } from "./model.js";
import { section } from "./table.js";
import { open, targetSymbol } from "./waves.js";

/** Services by waves. */
export function images(app, rows) {
  const { t } = app;
  const { state, grid, named } = app.shown;
  return section(app, {
    name: "images", title: t("images"), rows, all: grid.length, empty: t("noImages"),
    before: h("p", { class: "gitops-legend" }, t("legend")),
    columns: [
      { title: t("service"), head: true, cell: (row) => button({ class: "jenkins-button--tertiary gitops-service",
        onclick: () => open(app, { kind: "image", set: row.set, service: row.service }) }, foreign(row.service)) },
      named && { title: t("set"), cell: (row) => foreign(row.set) },
      ...state.waves.map((wave) => ({ title: wave.name, cell: (row) => cell(app, row.cells[wave.name]) })),
    ].filter(Boolean),
  });
}

function cell(app, { image, differs, queued }) {
  const { t } = app;
  return [
    image
      ? h("div", { key: "image", class: "gitops-image" + (differs ? " gitops-differs" : "") },
          h("code", { class: differs === "tag" || differs === "both" ? "gitops-other" : null, title: image.Tag }, shortTag(tagOf(image))),
          h("code", { class: differs === "digest" || differs === "both" ? "gitops-other" : null, title: image.Digest }, shortDigest(digestOf(image))))
      : h("span", { key: "none", class: "gitops-none" }, t("noImage")),
    differs && h("span", { key: "differs", class: "gitops-mark" }, t("differs." + differs)),
    queued && h("span", { key: "queued", class: "gitops-mark gitops-coming" }, t("queuedHere")),
  ];
}

/** The auto branch. */
export function queue(app, rows) {
  const { t } = app;
  const links = app.shown.state.links || {};
  return section(app, {
    name: "queue", title: t("queue"), rows, all: app.shown.queue.length, empty: t("noQueue"),
    columns: [
      { title: t("place"), cell: (row) => String(row.place) },
      { title: t("change"), head: true, cell: (row) => change(app, row, links) },
      { title: t("target"), cell: (row) => foreign(row.target ? place(row.target, row.set) : t("byHand")) },
      { title: t("verdict"), cell: (row) => [verdict(row.verdict), " ", t("verdict." + row.verdict)] },
      { title: t("checks"), cell: (row) => checks(row.checks) },
      { title: t("why"), cell: (row) => why(app, row) },
    ],
  });
}

function verdict(color) {
  return symbol(color === "green" ? "yes" : color === "red" ? "no" : "wait");
}

function checks(list) {
  return h("ul", { class: "gitops-list" }, list.map((check) =>
    h("li", { key: check.context }, symbol(check.state === "success" ? "yes" : ["failure", "error"].includes(check.state) ? "no" : "wait"), " ",
      link(check.url, foreign(check.context)), " ", check.state)));
}

function change(app, row, links) {
  return [
    h("div", { key: "subject", class: "gitops-subject" }, foreign(row.subject)),
    h("div", { key: "which", class: "gitops-soft" }, commit(row.sha, links.commit), " ", h("code", null, row.id === row.sha ? null : row.id),
      row.appSha && [" ", app.t("app"), " ", commit(row.appSha, links.appCommit)],
      row.build && [" ", link(row.build, app.t("build"))],
      row.author && [" ", foreign(row.author)]),
  ];
}

/** The short reason of a change, with all details behind it. */
function why(app, row) {
  return [
    sentence(row.reason),
    h("details", { key: "why" }, h("summary", null, app.t("why")), h("ul", { class: "gitops-list" }, row.why.map((said) => h("li", null, sentence(said))))),
  ];
}

/** The targets. */
export function targets(app, rows) {
  const { t } = app;
  const links = app.shown.state.links || {};
  return section(app, {
    name: "targets", title: t("targets"), rows, all: app.shown.targets.length, empty: t("noTargets"),
    columns: [
      { title: t("name"), head: true, cell: (row) => foreign(row.name) },
      { title: t("wave"), cell: (row) => foreign(row.wave) },
      { title: t("server"), cell: (row) => foreign(row.server) },
      { title: t("state"), cell: (row) => [targetSymbol(row), " ", row.state] },
      { title: t("sync"), cell: (row) => foreign(row.sync) },
      { title: t("health"), cell: (row) => foreign(row.health) },
      { title: t("revision"), cell: (row) => commit(row.revision, links.commit) },
      { title: t("message"), cell: (row) => sentence(row.reason) },
    ],
  });
}

/** The rejected images. */
export function rejections(app, rows) {
  const { t } = app;
  return section(app, {
    name: "rejected", title: t("rejected"), rows, all: app.shown.rejected.length, empty: t("noRejected"),
    before: app.mayHold && h("div", { class: "gitops-buttons" }, button({ onclick: () => open(app, { kind: "reject", digests: "" }) }, t("reject"))),
    columns: [
      { title: t("digest"), head: true, cell: (row) => h("code", null, row.digest) },
      { title: t("by"), cell: (row) => foreign(row.by) },
      { title: t("when"), cell: (row) => moment(row.at) },
      { title: t("reason"), cell: (row) => foreign(row.reason) },
    ],
  });
}

/** How changes ended. */
export function history(app, rows) {
  const { t } = app;
  const links = app.shown.state.links || {};
  return section(app, {
    name: "history", title: t("history"), rows, all: app.shown.history.length, empty: t("noHistory"),
    columns: [
      { title: t("when"), cell: (row) => moment(row.when) },
      { title: t("change"), head: true, cell: (row) => change(app, row, links) },
      { title: t("target"), cell: (row) => foreign(row.target ? place(row.target, row.set) : t("byHand")) },
      { title: t("what"), cell: (row) => [row.operation, " ", foreign((row.services || []).join(", "))] },
      { title: t("outcome"), cell: (row) => [symbol(["merged", "satisfied"].includes(row.outcome) ? "yes" : row.outcome === "superseded" ? "wait" : "no"), " ", row.outcome] },
      { title: t("why"), cell: (row) => [why(app, row), row.checks && checks(row.checks.filter((check) => check.state !== "success"))] },
    ],
  });
}

/** The webhooks, and whether they arrive. */
export function hooks(app) {
  const { t } = app;
  const rows = app.shown.state.hooks.map((hook) => ({ ...hook, key: hook.source }));
  return section(app, {
    name: "hooks", title: t("hooks"), rows, all: rows.length, empty: t("noHooks"),
    columns: [
      { title: t("source"), head: true, cell: (row) => foreign(row.source) },
      { title: t("lastSeen"), cell: (row) => (row.lastSeen ? moment(row.lastSeen) : t("never")) },
      { title: t("missed"), cell: (row) => [row.missed > 2 && [symbol("warning"), " "], row.missed > 2 ? t("broken", row.missed) : String(row.missed)] },
    ],
  });
}
