// The live page of a config repository: it renders everything from the state each time the state changes.
import { button, foreign, h, link, moment, render, sentence, span, symbol } from "./dom.js";
import { dialog } from "./dialogs.js";
import { follow } from "./live.js";
import { model, search } from "./model.js";
import { picture } from "./picture.js";
import { tabs } from "./tabs.js";
import { timeline } from "./timeline.js";
import { clauses } from "./words.js";

/** How often relative times are written anew, and how far clocks may differ before the server's counts. */
const TICK = 15_000;
const SKEW = 30_000;

/** A started build is named on its wave's card for so long. */
const STARTED = 120_000;

/** The name under which the browser keeps how long the last state took to be shown. */
const DRAWN = "gitops-waves-drawn";

/** With more repositories than this they are chosen on their own page. */
const CHOSEN = 8;

const root = document.getElementById("gitops-waves");
const texts = JSON.parse(root.dataset.texts);
const ownTexts = new Map(Object.entries(texts));
const address = new URLSearchParams(location.search);

const app = {
  t: (key, ...values) => (ownTexts.get(key) ?? key).replace(/\{(\d)\}/g, (_, at) => values[at] ?? ""),
  now: () => Date.now() + skew,
  repository: root.dataset.repository,
  repositories: JSON.parse(root.dataset.repositories),
  page: root.dataset.page,
  user: root.dataset.user,
  mayHold: root.dataset.mayHold === "true",
  mayApprove: root.dataset.mayApprove === "true",
  mayPromote: root.dataset.mayPromote === "true",
  query: address.get("q") || "",
  tab: location.hash.slice(1),
  filters: { different: false, outcome: "" },
  range: null,
  chosen: null,
  pages: {},
  width: root.clientWidth,
  shown: null,
  problem: null,
  lost: false,
  heard: null,
  open: null,
  said: null,
  started: new Map(),
  redraw,
  show,
  look: () => {},
};
const { t } = app;
let skew = 0;

function redraw() {
  render(root, page());
  const shown = root.querySelector("dialog");
  if (shown && !shown.open) {
    shown.showModal();
  }
}

/** Shows a tab, which the address keeps. */
function show(tab, event) {
  event?.preventDefault();
  app.tab = tab;
  history.replaceState(null, "", "#" + tab);
  redraw();
  if (event) {
    document.getElementById("tab-" + tab)?.scrollIntoView({ block: "nearest" });
    document.getElementById("tab-" + tab)?.focus();
  }
}

function page() {
  const head = [
    h("div", { key: "bar", class: "gitops-bar" },
      h("h1", null, foreign(app.repository)), searchBar(), live(), chooser()),
    h("div", { key: "said", role: "status", class: "gitops-said" }, app.said && link(app.said.url, sentence(app.said.text))),
  ];
  if (!app.shown) {
    return [...head, h("p", { key: "waiting", role: "status", class: "gitops-empty" }, app.lost ? t("unanswered") : sentence(app.problem || t("loading")))];
  }
  const { state } = app.shown;
  const found = search(app.shown, app.query, app.filters);
  return [
    ...head,
    (app.lost || app.problem) && h("div", { key: "lost", class: "gitops-notice" },
      alert("notice", "warning", app.lost ? t("unreachable") : sentence(app.problem))),
    state.trouble && alert("trouble", "danger", [h("strong", null, t("trouble"), " ", moment(state.seen), ". "), sentence(state.trouble)]),
    (state.problems ?? []).map((problem) => alert("problem " + problem, "warning", sentence(problem))),
    summary(),
    picture(app, found),
    timeline(app),
    tabs(app, found),
    dialog(app),
  ];
}

function alert(key, kind, content) {
  return h("div", { key, class: "jenkins-alert jenkins-alert-" + kind, role: "alert" }, symbol("warning"), " ", content);
}

/** What is going on, in one sentence. */
function summary() {
  const said = clauses(app);
  return h("p", { key: "summary", class: "gitops-summary" }, said.map((clause, at) =>
    h("span", { key: String(at), class: "gitops-clause gitops-clause-" + clause.kind }, h("span", { class: "gitops-dot", "aria-hidden": "true" }), h("span", null, clause.text, at === said.length - 1 ? "." : "; "))));
}

function live() {
  const lost = app.lost || app.problem || app.shown?.state.trouble;
  const silent = app.heard && (app.lost || app.problem) ? (Date.now() - app.heard) / 1000 : 0;
  return h("span", { class: "gitops-live" + (lost ? " gitops-lost" : "") }, h("span", { class: "gitops-dot", "aria-hidden": "true" }), !lost ? t("live") : silent >= 1 ? t("notLiveSince", span(silent)) : t("notLive"));
}

function chooser() {
  const { repositories } = app;
  return repositories.length > 1 && h("nav", { class: "gitops-chooser", "aria-label": t("repositories") },
    repositories.length > CHOSEN
      ? h("a", { href: app.page }, t("allRepositories", repositories.length))
      : repositories.map((name) => h("a", { key: name, href: app.page + encodeURIComponent(name) + "/", "aria-current": name === app.repository ? "page" : null }, foreign(name))));
}

function searchBar() {
  return h("div", { key: "search", class: "gitops-search", role: "search" },
    h("input", {
      id: "gitops-query", class: "jenkins-input", type: "search", autocomplete: "off", spellcheck: "false", value: initialQuery,
      "aria-label": t("search"), oninput: (event) => ask(event.target.value), placeholder: t("searchFor"), "aria-keyshortcuts": "/",
    }),
    app.query && button({ class: "jenkins-button--tertiary", onclick: clear }, t("clear")));
}

const initialQuery = app.query;

function ask(query) {
  app.query = query;
  app.pages = {};
  const now = new URL(location);
  if (query) {
    now.searchParams.set("q", query);
  } else {
    now.searchParams.delete("q");
  }
  history.replaceState(null, "", now);
  redraw();
}

function clear() {
  const box = document.getElementById("gitops-query");
  box.value = "";
  box.focus();
  ask("");
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, dialog");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    document.getElementById("gitops-query")?.focus();
    event.preventDefault();
  }
});

window.addEventListener("hashchange", () => {
  app.tab = location.hash.slice(1);
  redraw();
});

new ResizeObserver(() => {
  if (Math.abs(root.clientWidth - app.width) > 8) {
    app.width = root.clientWidth;
    redraw();
  }
}).observe(root);

setInterval(() => {
  if (!document.hidden && app.shown) {
    for (const [wave, build] of app.started) {
      if (Date.now() - build.at > STARTED) {
        app.started.delete(wave);
      }
    }
    app.shown = model(app.shown.state, app.now());
    redraw();
  }
}, TICK);

app.look = follow(root.dataset.state, (heard) => {
  const before = [app.problem, app.lost];
  app.problem = heard.problem || (heard.signedOut && t("signedOut")) || (heard.refused && t(heard.refused >= 500 ? "starting" : "refused", heard.refused)) || null;
  app.lost = Boolean(heard.unreachable);
  if (!app.lost && !app.problem) {
    app.heard = Date.now();
  }
  if (heard.date && Math.abs(heard.date - Date.now()) > SKEW) {
    skew = heard.date - Date.now();
  }
  const start = performance.now();
  if (heard.state) {
    app.shown = model(heard.state, app.now());
  } else if (before[0] === app.problem && before[1] === app.lost) {
    return;
  }
  redraw();
  if (heard.state) {
    root.dataset.shown = heard.state.main.sha;
    // Seen by benchmarks and by the tools of browsers.
    performance.clearMeasures(DRAWN);
    performance.measure(DRAWN, { start });
  }
});
