// The content of each wave, its next promotion with its conditions, and the buttons.
import { button, commit, foreign, h, moment, sentence, symbol } from "./dom.js";
import { place } from "./model.js";

/** The number of targets that are not deployed and that a wave names; the table has all. */
const NAMED = 3;

export function waves(app) {
  const { t } = app;
  const all = app.shown.state.waves;
  return h("section", { key: "waves", id: "waves", class: "jenkins-section gitops-section", "aria-labelledby": "waves-title" },
    h("h2", { id: "waves-title", class: "jenkins-section__title", tabindex: "-1" }, t("waves"), " ", h("span", { class: "gitops-count" }, String(all.length))),
    h("div", { class: "gitops-waves" }, all.map((wave) => card(app, wave))));
}

function card(app, wave) {
  const { t } = app;
  return h("section", { key: wave.name, class: "gitops-wave", "aria-labelledby": "wave-" + wave.name, "data-wave": wave.name },
    h("h3", { id: "wave-" + wave.name }, foreign(wave.name), wave.from && h("small", null, " ", t("from", wave.from))),
    wave.hold && hold(app, wave.hold),
    targetsOf(app, wave),
    wave.sets.map((set) => setOf(app, wave, set)),
    (app.mayHold || app.mayPromote) && h("div", { key: "buttons", class: "gitops-buttons" },
      wave.sets.length === 1 && promoting(app, wave, wave.sets[0]), app.mayHold && holding(app, wave)));
}

function holding(app, wave) {
  const { t } = app;
  const kind = wave.hold ? "release" : "hold";
  return button({ key: kind, "aria-label": t(kind + "Wave", wave.name), onclick: () => open(app, { kind, wave: wave.name }) }, t(kind));
}

function promoting(app, wave, set) {
  const { t } = app;
  const name = place(wave.name, set.name);
  return app.mayPromote && [
    set.next && button({ key: "promote", "aria-label": t("promoteTo", name),
      onclick: () => open(app, { kind: "promote", wave: wave.name, set: set.name }) }, t("promote")),
    button({ key: "rollback", "aria-label": t("rollbackOf", name),
      onclick: () => open(app, { kind: "rollback", wave: wave.name, set: set.name }) }, t("rollback")),
  ];
}

/** Opens a dialog. */
export function open(app, dialog) {
  app.said = "";
  app.open = { ...dialog, key: String(Math.random()) };
  app.redraw();
}

export function hold(app, held) {
  const { t } = app;
  return h("p", { key: "held", class: "gitops-held" }, symbol("hold"), " ", h("strong", null, t("heldBy"), " "), foreign(held.by), " ", t("since"), " ",
    moment(held.since), held.until && [" ", t("until"), " ", moment(held.until)], ": ", foreign(held.reason));
}

function targetsOf(app, wave) {
  const { t } = app;
  const count = wave.targets.length;
  const late = wave.targets.filter((target) => target.state !== "deployed").sort((a, b) => hasFailed(b) - hasFailed(a));
  return [
    wave.trouble && h("p", { key: "trouble", class: "gitops-bad" }, symbol("warning"), " ", sentence(wave.trouble)),
    count > 0 && h("p", { key: "targets" }, symbol(late.length === 0 ? "yes" : "wait"), " ", t("targetsDeployed", count - late.length, count)),
    late.length > 0 && h("ul", { key: "late", class: "gitops-conditions" },
      late.slice(0, NAMED).map((target) => h("li", { key: target.server + "|" + target.name },
        targetSymbol(target), " ", h("strong", null, foreign(target.name), ": "), sentence(target.reason || target.state))),
      late.length > NAMED && h("li", { key: "more" }, t("moreTargets", late.length - NAMED))),
  ];
}

function hasFailed(target) {
  return ["degraded", "broken", "failed", "deleting", "missing"].includes(target.state);
}

/** The state of a target as a symbol. */
export function targetSymbol(target) {
  return symbol(target.state === "deployed" ? "yes" : hasFailed(target) ? "no" : "wait");
}

function setOf(app, wave, set) {
  const { t } = app;
  const links = app.shown.state.links || {};
  return h("div", { key: "set-" + set.name, class: "gitops-set", "data-place": place(wave.name, set.name) },
    set.name && h("h4", null, foreign(set.name)),
    set.problem && h("p", { key: "problem", class: "gitops-bad" }, symbol("warning"), " ", sentence(set.problem)),
    set.starved && h("p", { key: "starved", class: "gitops-bad" }, symbol("warning"), " ", sentence(set.starved)),
    set.unmentioned && h("p", { key: "unmentioned" }, symbol("warning"), " ", sentence(set.unmentioned)),
    set.deployed && h("p", { key: "deployed" }, t("runs"), " ", commit(set.deployed.sha, links.commit), " ", t("since"), " ", moment(set.deployed.since)),
    set.next && next(app, set.next),
    h("details", { key: "why" }, h("summary", null, t("why")), h("ul", null, set.why.map((said) => h("li", null, sentence(said))))),
    wave.sets.length > 1 && app.mayPromote && h("div", { key: "buttons", class: "gitops-buttons" }, promoting(app, wave, set)));
}

function next(app, coming) {
  const { t } = app;
  return h("div", { key: "next", class: "gitops-next" },
    h("p", null, symbol(coming.allowed ? "yes" : "wait"), " ", h("strong", null, t("next", coming.from), " "),
      coming.services.length === 1 ? t("oneService") : t("services", coming.services.length), " ", coming.allowed ? t("mayNow") : t("mayNot")),
    conditions(app, coming.conditions.filter((condition) => !condition.met)),
    h("details", null, h("summary", null, t("conditions", coming.conditions.filter((each) => each.met).length, coming.conditions.length)),
      conditions(app, coming.conditions)));
}

/** The conditions of a promotion and their results. */
export function conditions(app, list) {
  const { t } = app;
  return list.length > 0 && h("ul", { class: "gitops-conditions" }, list.map((condition) =>
    h("li", { key: condition.name }, symbol(condition.met ? "yes" : "no"), " ",
      h("span", { class: "gitops-word" }, condition.met ? t("met") : t("unmet")), " ", h("strong", null, condition.name, ": "),
      sentence(condition.seen), condition.nextLook && !condition.seen.includes(condition.nextLook) && [" ", t("nextLook"), " ", moment(condition.nextLook)])));
}
