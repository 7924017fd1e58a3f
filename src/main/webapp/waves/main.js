// The live page of a config repository: it renders everything from the state each time the state changes.
import { button, h, moment, render, sentence, symbol } from "./dom.js";
import { dialog } from "./dialogs.js";
import { follow } from "./live.js";
import { model, search } from "./model.js";
import { history, hooks, images, queue, rejections, targets } from "./sections.js";
import { waves } from "./waves.js";

const root = document.getElementById("gitops-waves");
const texts = JSON.parse(root.dataset.texts);

const app = {
  t: (key, ...values) => (texts[key] ?? key).replace(/\{(\d)\}/g, (_, at) => values[at]),
  repository: root.dataset.repository,
  repositories: JSON.parse(root.dataset.repositories),
  page: root.dataset.page,
  mayHold: root.dataset.mayHold === "true",
  mayPromote: root.dataset.mayPromote === "true",
  query: new URLSearchParams(location.search).get("q") || "",
  onlyDifferent: false,
  pages: {},
  shown: null,
  problem: null,
  lostSince: null,
  open: null,
  said: "",
  redraw,
  look: () => {},
};
const { t } = app;

function redraw() {
  render(root, page());
  const shown = root.querySelector("dialog");
  if (shown && !shown.open) {
    shown.showModal();
  }
}

function page() {
  const head = [
    h("div", { key: "bar", class: "jenkins-app-bar" }, h("div", { class: "jenkins-app-bar__content" }, h("h1", null, t("title", app.repository))), chooser()),
    h("div", { key: "said", role: "status", class: "gitops-said" }, sentence(app.said)),
  ];
  if (!app.shown) {
    return [...head, h("p", { key: "waiting", role: "status" }, app.lostSince ? t("unreachable", app.lostSince) : sentence(app.problem || t("loading")))];
  }
  const { state } = app.shown;
  const found = search(app.shown, app.query, app.onlyDifferent);
  const parts = [
    ["waves", t("waves"), waves(app)],
    ["images", t("images"), images(app, found.grid)],
    ["queue", t("queue"), queue(app, found.queue)],
    ["targets", t("targets"), targets(app, found.targets)],
    ["rejected", t("rejected"), rejections(app, found.rejected)],
    ["history", t("history"), history(app, found.history)],
    ["hooks", t("hooks"), hooks(app)],
  ];
  return [
    ...head,
    app.lostSince && h("div", { key: "lost", class: "jenkins-alert jenkins-alert-warning", role: "alert" }, t("unreachable", app.lostSince)),
    app.problem && h("div", { key: "problem", class: "jenkins-alert jenkins-alert-warning", role: "alert" }, sentence(app.problem)),
    state.trouble &&
      h("div", { key: "trouble", class: "jenkins-alert jenkins-alert-danger", role: "alert" },
        symbol("warning"), " ", h("strong", null, t("trouble"), " ", moment(state.seen), ". "), sentence(state.trouble)),
    (state.problems ?? []).map((problem) =>
      h("div", { key: "problem " + problem, class: "jenkins-alert jenkins-alert-warning", role: "alert" },
        symbol("warning"), " ", sentence(problem))),
    searchBar(),
    h("nav", { key: "parts", class: "gitops-parts", "aria-label": t("parts") },
      parts.map(([name, title]) => h("a", { key: name, href: "#" + name + "-title" }, title))),
    parts.map(([, , part]) => part),
    dialog(app),
  ];
}

function chooser() {
  return app.repositories.length > 1 &&
    h("nav", { class: "gitops-chooser", "aria-label": t("repositories") },
      app.repositories.map((name) =>
        h("a", { key: name, href: app.page + encodeURIComponent(name) + "/", "aria-current": name === app.repository ? "page" : null }, name)));
}

function searchBar() {
  return h("div", { key: "search", class: "gitops-search", role: "search" },
    h("label", { for: "gitops-query" }, t("search")),
    h("input", {
      id: "gitops-query", class: "jenkins-input", type: "search", autocomplete: "off", spellcheck: "false", value: initialQuery,
      oninput: (event) => ask(event.target.value), placeholder: t("searchFor"), "aria-keyshortcuts": "/",
    }),
    app.query && button({ onclick: clear }, t("clear")),
    h("label", { class: "gitops-check" },
      h("input", { type: "checkbox", onchange: (event) => { app.onlyDifferent = event.target.checked; app.pages.images = 0; redraw(); } }), " ",
      t("onlyDifferent")));
}

const initialQuery = app.query;

function ask(query) {
  app.query = query;
  app.pages = {};
  const address = new URL(location);
  if (query) {
    address.searchParams.set("q", query);
  } else {
    address.searchParams.delete("q");
  }
  window.history.replaceState(null, "", address);
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

app.look = follow(root.dataset.state, (heard) => {
  const before = [app.problem, app.lostSince];
  app.problem = heard.problem || null;
  app.lostSince = heard.unreachable ? app.lostSince || new Date().toLocaleTimeString() : null;
  if (heard.state) {
    app.shown = model(heard.state);
  } else if (before[0] === app.problem && before[1] === app.lostSince) {
    return;
  }
  redraw();
  if (heard.state) {
    root.dataset.shown = heard.state.main.sha;
  }
});
