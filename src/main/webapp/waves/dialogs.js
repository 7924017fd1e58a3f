// The dialogs that ask for confirmation of an action and preview its changes.
import { absolute, ago, button, commit, foreign, h, link, moment, sentence, span, symbol } from "./dom.js";
import { digestOf, own, place, rangeOf, sameDigest, shortDigest, shortTag, tagOf } from "./model.js";
import { appCommit, chip, open, wasMerged } from "./picture.js";
import { commitCount } from "./words.js";

/** The open dialog, if there is one. */
export function dialog(app) {
  const asked = app.open;
  if (!asked) {
    return null;
  }
  const { t } = app;
  const made = KINDS[asked.kind](app, asked);
  return h("dialog", { key: "dialog-" + asked.key, class: "jenkins-dialog gitops-dialog", "aria-labelledby": "gitops-dialog-title",
      onclose: () => close(app), oncancel: () => close(app) },
    h("h2", { id: "gitops-dialog-title", class: "jenkins-dialog__title" }, made.title),
    h("form", { class: "gitops-form", onsubmit: (event) => submit(app, asked, made, event) },
      h("div", { class: "jenkins-dialog__contents gitops-contents", tabindex: "0" }, made.body,
        asked.refusal && h("div", { key: "refusal", class: "jenkins-alert jenkins-alert-danger", role: "alert" }, symbol("no"), " ", sentence(asked.refusal))),
      h("div", { class: "jenkins-dialog__buttons" },
        made.confirm && h("button", { key: "confirm", type: "submit", class: "jenkins-button jenkins-button--primary" + (made.grave ? " jenkins-!-destructive-color" : ""),
          "aria-disabled": asked.busy ? "true" : null }, asked.busy ? t("working") : made.confirm),
        button({ key: "cancel", onclick: () => close(app) }, made.confirm ? t("cancel") : t("close")))));
}

function close(app) {
  if (app.open) {
    app.open = null;
    const shown = document.querySelector("dialog.gitops-dialog");
    // Gives the focus back to the button that opened it.
    shown?.close();
    app.redraw();
  }
}

async function submit(app, asked, made, event) {
  event.preventDefault();
  if (asked.busy) {
    return;
  }
  const form = new URLSearchParams(new FormData(event.target));
  for (const [name, value] of Object.entries(made.sends || {})) {
    form.set(name, value || "");
  }
  asked.busy = true;
  asked.refusal = null;
  app.redraw();
  const answer = await post(app, made.action || asked.kind, form);
  asked.busy = false;
  if (app.open !== asked) {
    return;
  }
  if (answer.done) {
    app.said = told(answer.text);
    if (app.said.url && asked.wave) {
      app.started.set(asked.wave, { ...app.said, at: Date.now() });
    }
    close(app);
    app.look();
  } else {
    asked.refusal = answer.text;
    app.redraw();
  }
}

/** What an action answered: a sentence, or a sentence with the address of the build that it started. */
function told(text) {
  try {
    const { sentence: said, url } = JSON.parse(text);
    return said ? { text: said, url } : { text };
  } catch {
    return { text };
  }
}

async function post(app, action, form) {
  const { crumbHeader, crumbValue } = document.head.dataset;
  try {
    const answer = await fetch(app.page + encodeURIComponent(app.repository) + "/" + action, {
      method: "POST",
      body: form,
      headers: crumbHeader ? { [crumbHeader]: crumbValue } : {},
      credentials: "same-origin",
    });
    const own = /^(text\/plain|application\/json)/.test(answer.headers.get("Content-Type") || "");
    const text = own ? await answer.text() : "";
    return { done: answer.ok, text: text || (answer.ok ? "" : app.t("failed", answer.status)) };
  } catch {
    return { done: false, text: app.t("notSent") };
  }
}

function reason(app) {
  const { t } = app;
  return h("label", { key: "reason", class: "gitops-field" }, t("reason"),
    h("input", { class: "jenkins-input", name: "reason", required: true, maxlength: "2000", autocomplete: "off" }));
}

function waveOf(app, asked) {
  return app.shown.waves.find((wave) => wave.name === asked.wave) || { name: asked.wave, sets: [], targets: [] };
}

function setOf(app, asked) {
  return waveOf(app, asked).sets.find((set) => set.name === asked.set) || { name: asked.set, images: {}, runs: [] };
}

/** Who holds a wave, since when and why. */
function hold(app, held) {
  const { t } = app;
  return h("p", { key: "held", class: "gitops-held" }, symbol("hold"), " ", h("strong", null, t("heldBy"), " "), foreign(held.by), " ", t("since"), " ",
    moment(held.since), held.until && [" ", t("until"), " ", moment(held.until)], ": ", foreign(held.reason));
}

/** The conditions of a promotion, those that do not hold first, with what was seen. */
function conditions(app, list) {
  const { t } = app;
  return list.length > 0 && h("ul", { key: "conditions", class: "gitops-conditions" }, [...list].sort((a, b) => a.met - b.met).map((condition) =>
    h("li", { key: condition.name }, symbol(condition.met ? "yes" : "no"), " ",
      h("span", { class: "gitops-word" }, condition.met ? t("met") : t("unmet")), " ", h("strong", null, foreign(condition.name), ": "),
      sentence(condition.seen), condition.nextLook && !condition.seen.includes(condition.nextLook) && [" ", t("nextLook"), " ", moment(condition.nextLook)])));
}

/** A line for each service that would change, those whose digests stay the same at the end. */
function changes(app, now, then, services) {
  const { t } = app;
  const same = (service) => sameDigest(now, then, service);
  const sorted = [...services].sort((one, other) => same(one) - same(other));
  return h("ul", { key: "changes", class: "gitops-changes" }, sorted.map((service) =>
    h("li", { key: service, class: same(service) ? "gitops-soft" : null }, h("strong", null, foreign(service)), ": ",
      both(t, own(now, service), same(service)), " → ", both(t, own(then, service), same(service)), same(service) && [" · ", t("sameDigest")])));
}

function both(t, image, tagOnly) {
  return image
    ? [h("code", { title: image.Tag }, foreign(shortTag(tagOf(image)))), !tagOnly && [" ", h("code", { title: image.Digest }, shortDigest(digestOf(image)))]]
    : t("noImage");
}

const DIFFERENCE = /^(.+?): (none|(\S+) \((\S+)\)) -> (none|(\S+) \((\S+)\))$/;

/** A line of a preview, such as "shop: docker.example.com/shop:1 (sha256:…) -> none", in short. */
function difference(app, line) {
  const [, service, , tag, digest, , nextTag, nextDigest] = DIFFERENCE.exec(line) || [];
  const image = (Tag, Digest) => Tag && { Tag, Digest };
  const same = digest !== undefined && digest === nextDigest;
  return service
    ? h("span", { class: same ? "gitops-soft" : null }, h("strong", null, foreign(service)), ": ", both(app.t, image(tag, digest), same), " → ", both(app.t, image(nextTag, nextDigest), same), same && [" · ", app.t("sameDigest")])
    : sentence(line);
}

/** So many commits are shown at once; more are folded. */
const FEW = 6;

/** The commits of the application from one release to a later one, with a link to their comparison. */
function compared(app, before, after, range) {
  const { t } = app;
  const { appCompare, appCommit: template } = app.shown.state.links || {};
  if (!before?.appSha || !after?.appSha || before.appSha === after.appSha) {
    return null;
  }
  const whole = appCompare && link(appCompare.replaceAll("{from}", before.appSha).replaceAll("{to}", after.appSha), t("compare", before.name, after.name));
  return h("div", { key: "compared", class: "gitops-compared" },
    range?.count > 0 && h("details", { key: "commits", open: range.count <= FEW },
      h("summary", null, commitCount(app, range), " ", authors(app, range.newest)),
      h("ul", { class: "gitops-commits" }, range.newest.map((each) => h("li", { key: each.sha },
        link(template?.replaceAll("{sha}", each.sha), foreign(each.subject || each.sha.slice(0, 7))), " ",
        h("span", { class: "gitops-soft" }, foreign(each.author), " · ", ago(each.at, app.now())))),
      range.count > range.newest.length && h("li", { key: "more", class: "gitops-soft" }, t("more", range.count - range.newest.length + (range.more ? "+" : ""))))),
    range?.count === 0 && h("p", { key: "none", class: "gitops-soft" }, t("noCommits", after.name, before.name)),
    range?.problem && h("p", { key: "problem", class: "gitops-soft" }, t("commitsUnread"), " ", sentence(range.problem)),
    whole && h("p", { key: "whole" }, whole));
}

/** Who made these commits, whoever made most of them first. */
function authors(app, commits) {
  const counts = new Map();
  commits.forEach((each) => counts.set(each.author, (counts.get(each.author) || 0) + 1));
  const sorted = [...counts].filter(([name]) => name).sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const more = sorted.length - NAMED;
  return sorted.length > 0 && h("span", { class: "gitops-soft" }, app.t("by.authors"), " ", foreign(sorted.slice(0, NAMED).join(", ")), more > 0 && [" ", app.t("more", more)]);
}

/** The earlier releases of a set of a wave, the newest first, each once, without the present one: {identity, sha, since, until?}. */
export function earlierReleases(app, wave, set) {
  const made = new Map();
  for (const run of set.runs) {
    if (run.identity !== set.identity && !made.has(run.identity)) {
      made.set(run.identity, run);
    }
  }
  for (const change of app.shown.history) {
    if (wasMerged(change, wave, set) && !made.has(change.identity)) {
      made.set(change.identity, { identity: change.identity, sha: change.mainSha, since: change.when });
    }
  }
  return [...made.values()].filter((run) => run.sha).sort((a, b) => Date.parse(b.since) - Date.parse(a.since));
}

/** Who made a release: the author of the oldest change that brought it. */
function authorOf(app, identity) {
  return app.shown.history.filter((change) => change.identity === identity && change.author).pop()?.author;
}

/** The services whose digests differ now from those of an earlier release, or that were written anew and may. */
function changedSince(app, wave, set, run) {
  const then = new Map();
  let reached = false;
  for (const change of app.shown.history) {
    if (change.outcome === "merged" && change.target === wave.name && (change.set || "") === (set.name || "")) {
      reached ||= change.identity === run.identity;
      for (const [service, image] of Object.entries(change.images || {})) {
        if (!reached) {
          then.set(service, null);
        } else if (then.get(service) === null) {
          then.set(service, image);
        }
      }
      if (reached && ![...then.values()].includes(null)) {
        break;
      }
    }
  }
  const now = (service) => own(set.images, service);
  return [...then].filter(([service, image]) => !image || !now(service) || digestOf(image) !== digestOf(now(service))).map(([service]) => service).sort();
}

/** The number of services that are named; more are counted. */
const NAMED = 3;

function names(app, services) {
  const more = services.length - NAMED;
  return services.length > 0 && [app.t("changedSince"), " ", foreign(services.slice(0, NAMED).join(", ")), more > 0 && [" ", app.t("more", more)]];
}

/** The number of earlier releases that are listed; an older one can be named. */
const LISTED = 30;

const KINDS = {
  hold(app, asked) {
    const { t } = app;
    return {
      title: t("holdWave", asked.wave),
      body: [
        h("p", { key: "what" }, t("holdChanges", asked.wave)),
        waiting(app, asked),
        reason(app),
        h("label", { key: "until", class: "gitops-field" }, t("holdFor"),
          h("input", { class: "jenkins-input", name: "until", autocomplete: "off", placeholder: "2h", pattern: "\\s*\\d+\\s*[smhd]\\s*" })),
      ],
      sends: { wave: asked.wave },
      confirm: t("holdNow"),
    };
  },

  release(app, asked) {
    const { t } = app;
    const held = waveOf(app, asked).hold;
    return {
      title: t("releaseWave", asked.wave),
      body: [h("p", { key: "what" }, t("releaseChanges", asked.wave)), held && hold(app, held), reason(app)],
      sends: { wave: asked.wave },
      confirm: t("releaseNow"),
    };
  },

  promote(app, asked) {
    const { t } = app;
    const set = setOf(app, asked);
    const wave = waveOf(app, asked);
    const coming = set.next;
    const name = place(asked.wave, asked.set);
    if (!coming) {
      return { title: t("promoteTo", name), body: h("p", null, t("nothingNext")) };
    }
    const unmet = coming.conditions.filter((condition) => !condition.met);
    const missing = !app.mayPromote ? t("mayNotPromote") : wave.promotionJob === false ? t("noPromotionJob", asked.wave) : null;
    const others = (set.qualified || []).filter((each) => each.sha !== coming.sha && each.identity !== set.identity);
    const chosen = asked.revision && asked.revision !== coming.sha;
    return {
      title: unmet.length === 0 ? t("promoteTo", name) : t("nextFor", name),
      body: [
        h("p", { key: "what", class: "gitops-moves" }, set.wanted && [chip(set.wanted), " "], "→ ", chip(set.coming), " ", appCommit(app, set.coming), " ", t("promoteChanges", [coming.from].flat().join(", "), name), " ", h("span", { class: "gitops-soft" }, commit(coming.sha, app.shown.state.links?.commit))),
        !chosen && unmet.length > 0 && h("div", { key: "unmet", class: "jenkins-alert jenkins-alert-warning", role: "alert" }, t("notNow"), conditions(app, unmet)),
        unmet.length === 0 && missing && h("p", { key: "missing", class: "jenkins-alert jenkins-alert-warning" }, missing),
        others.length > 0 && h("fieldset", { key: "choice", class: "gitops-earlier" }, h("legend", null, t("chooseSet")),
          [{ sha: coming.sha, identity: coming.identity }, ...others].map((each) => qualifiedOption(app, asked, each, coming.sha))),
        !chosen && compared(app, set.wanted, set.coming, rangeOf(app.shown.state, set.wanted, set.coming)),
        !chosen && changes(app, set.images || {}, coming.images, coming.services),
        h("details", { key: "all" }, h("summary", null, t("conditions", coming.conditions.length - unmet.length, coming.conditions.length)),
          conditions(app, coming.conditions)),
      ],
      sends: { wave: asked.wave, set: asked.set, revision: chosen ? asked.revision : coming.sha },
      confirm: (chosen || unmet.length === 0) && !missing && t("promoteNow"),
    };
  },

  rollback(app, asked) {
    const { t } = app;
    const wave = waveOf(app, asked);
    const set = setOf(app, asked);
    const name = place(asked.wave, asked.set);
    if (wave.promotionJob === false) {
      return { title: t("rollbackOf", name), body: h("p", null, t("noPromotionJob", asked.wave)) };
    }
    const all = earlierReleases(app, wave, set);
    const earlier = all.slice(0, LISTED);
    if (asked.revision === undefined) {
      choose(app, asked, earlier[0]?.sha || "", false);
    } else if (asked.tried !== asked.revision) {
      choose(app, asked, asked.revision, false);
    }
    const chosen = all.find((run) => run.sha === asked.revision);
    const listed = earlier.includes(chosen);
    return {
      title: t("rollbackOf", name),
      body: [
        h("p", { key: "what" }, t("rollbackChanges", name)),
        h("fieldset", { key: "earlier", class: "gitops-earlier" }, h("legend", null, t("rollbackTo")),
          earlier.map((run) => option(app, asked, run, wave, set)),
          h("label", { key: "other", class: "gitops-option gitops-other" }, h("span", null, t("otherRelease")),
            h("input", { class: "jenkins-input", name: "other", autocomplete: "off", spellcheck: "false", placeholder: t("otherFor"), value: listed ? "" : asked.revision,
              oninput: (event) => choose(app, asked, event.target.value.trim(), true) }))),
        asked.preview?.length > 0 && h("div", { key: "preview", class: "gitops-preview", role: "status" },
          h("strong", null, t("wouldChange", asked.preview.length)),
          h("ul", { class: "gitops-changes" }, asked.preview.map((line) => h("li", { key: line }, difference(app, line)))),
          chosen && h("div", { key: "back" }, h("strong", null, t("takenBack")), compared(app, app.shown.releases.get(chosen.identity), set.wanted, asked.commits))),
      ],
      sends: { wave: asked.wave, set: asked.set, revision: asked.revision },
      confirm: asked.preview && asked.preview.length > 0 && t("rollbackNow"),
      grave: true,
    };
  },

  why(app, asked) {
    const { t } = app;
    const wave = waveOf(app, asked);
    const commits = app.shown.state.links?.commit;
    return {
      title: t("whyOf", asked.wave),
      body: wave.sets.map((set) => h("div", { key: "set " + set.name },
        set.name && h("h3", null, foreign(set.name)),
        h("ul", { key: "why" }, (set.why || []).map((said) => h("li", null, sentence(said)))),
        set.deployed && h("p", { key: "commit", class: "gitops-soft" }, t("configCommit"), " ", commit(set.deployed.sha, commits, 12)),
        set.next && [h("h4", { key: "next" }, t("nextFor", set.place)), conditions(app, set.next.conditions)])),
    };
  },

  reject(app, asked) {
    const { t } = app;
    return {
      title: t("rejectImages"),
      body: [
        h("p", { key: "what" }, t("rejectChanges")),
        h("label", { key: "digests", class: "gitops-field" }, t("digests"),
          h("textarea", { class: "jenkins-input", name: "digests", required: true, rows: "3", value: asked.digests })),
        reason(app),
      ],
      confirm: t("rejectNow"),
      grave: true,
    };
  },

  accept(app, asked) {
    const { t } = app;
    return {
      title: t("acceptImages"),
      body: [h("p", { key: "what" }, t("acceptChanges"), " ", h("code", null, asked.digests)), reason(app)],
      sends: { digests: asked.digests },
      confirm: t("acceptNow"),
    };
  },

  approve(app, asked) {
    const { t } = app;
    const set = setOf(app, asked);
    const name = place(asked.wave, asked.set);
    if (!set.next?.sha) {
      return { title: t("approveFor", name), body: h("p", null, t("nothingNext")) };
    }
    return {
      title: t("approveFor", name),
      body: [
        h("p", { key: "what" }, t("approveChanges", name), " ", commit(set.next.sha, app.shown.state.links?.commit)),
        changes(app, set.images || {}, set.next.images, set.next.services),
        h("label", { key: "comment", class: "gitops-field" }, t("comment"),
          h("input", { class: "jenkins-input", name: "comment", maxlength: "1000", autocomplete: "off" })),
      ],
      sends: { wave: asked.wave, set: asked.set, revision: set.next.sha },
      confirm: t("approveNow"),
    };
  },

  withdraw(app, asked) {
    const { t } = app;
    const set = setOf(app, asked);
    const name = place(asked.wave, asked.set);
    return {
      title: t("withdrawFor", name),
      body: [
        h("p", { key: "what" }, t("withdrawChanges", name)),
        h("ul", { key: "given" }, (set.approvals || []).map((each) => h("li", { key: each.by }, foreign(each.by), " ", each.at, each.comment && [": ", foreign(each.comment)]))),
      ],
      sends: { wave: asked.wave, set: asked.set, revision: set.next?.sha },
      confirm: set.next?.sha && t("withdrawNow"),
    };
  },

  verify(app, asked) {
    const { t } = app;
    const name = place(asked.wave, asked.set);
    return {
      title: t("verifyAgain", name),
      body: h("p", { key: "what" }, t("verifyChanges", name)),
      sends: { wave: asked.wave, set: asked.set },
      confirm: t("verifyNow"),
    };
  },

  image(app, asked) {
    const { t } = app;
    const row = app.shown.grid.find((each) => each.set === asked.set && each.service === asked.service);
    const cells = app.shown.waves.map((wave) => [wave, row?.cells.get(wave.name)?.image]);
    const seen = new Set();
    return {
      title: place(asked.service, asked.set),
      body: h("dl", { class: "gitops-where" }, cells.map(([wave, image]) => {
        const again = image && seen.has(image.Digest);
        seen.add(image?.Digest);
        return [
          h("dt", { key: "wave-" + wave.name }, foreign(wave.name), " ", wave.sets.filter((set) => (set.name || "") === (asked.set || "")).map((set) => chip(set.wanted))),
          h("dd", { key: "image-" + wave.name }, image ? [h("code", null, image.Tag), h("br"), h("code", { class: again ? "gitops-soft" : null }, image.Digest), h("br"),
            app.mayHold && !again && button({ key: "reject", class: "jenkins-button--tertiary", "aria-label": t("rejectIn", asked.service, wave.name), onclick: () => open(app, { kind: "reject", digests: digestOf(image) }) }, t("reject"))] : t("noImage")),
        ];
      })),
    };
  },
};

/** A qualified release that may be promoted in place of the newest one. */
function qualifiedOption(app, asked, each, newest) {
  const { t } = app;
  const release = app.shown.releases.get(each.identity) || { name: each.sha.slice(0, 7), color: "none" };
  return h("label", { key: each.sha, class: "gitops-option" },
    h("input", { type: "radio", name: "qualified", checked: (asked.revision ?? newest) === each.sha, onchange: () => { asked.revision = each.sha; asked.refusal = null; app.redraw(); } }),
    h("span", null, chip(release, { plain: true }), " ", appCommit(app, release), " ", h("span", { class: "gitops-soft" }, each.sha === newest ? t("newest") : [ago(each.at, app.now()), " ", t("ago")])));
}

/** An earlier release to go back to. */
function option(app, asked, run, wave, set) {
  const { t } = app;
  const author = authorOf(app, run.identity);
  const changed = changedSince(app, wave, set, run);
  const release = app.shown.releases.get(run.identity) || { name: run.sha.slice(0, 7), color: "none" };
  const ran = run.until ? t("ranFor", span((Date.parse(run.until) - Date.parse(run.since)) / 1000)) : "";
  return h("label", { key: run.identity, class: "gitops-option" },
    h("input", { type: "radio", name: "earlier", checked: asked.revision === run.sha, onchange: () => choose(app, asked, run.sha, true) }),
    h("span", null, chip(release, { plain: true }), " ", appCommit(app, release), " ", h("span", { class: "gitops-soft", title: absolute(run.since) }, ago(run.since, app.now()), " ", t("ago"), author && [" · ", foreign(author)], ran && [" · ", ran], changed.length > 0 && [" · ", names(app, changed)])));
}

/** Chooses what to go back to, and asks what that would change. */
function choose(app, asked, revision, redraw) {
  asked.revision = revision;
  asked.tried = revision;
  asked.preview = null;
  asked.commits = null;
  asked.refusal = null;
  if (redraw) {
    app.redraw();
  }
  if (/^(#\d+|.*#\d+|[0-9a-f]{4,40})$/.test(revision)) {
    preview(app, asked);
  }
}

/** What a hold would keep out. */
function waiting(app, asked) {
  const queued = app.shown.queue.filter((change) => change.target === asked.wave);
  return queued.length > 0 && h("p", { key: "waiting" }, app.t("holdEvicts", queued.length));
}

async function preview(app, asked) {
  const revision = asked.revision;
  const answer = await post(app, "preview", new URLSearchParams({ wave: asked.wave, set: asked.set || "", revision }));
  if (app.open !== asked || asked.revision !== revision) {
    return;
  }
  const tried = answer.done ? JSON.parse(answer.text) : { refusal: answer.text, differences: [] };
  asked.preview = tried.differences;
  asked.commits = tried.commits;
  asked.refusal = tried.refusal || (tried.differences.length === 0 ? app.t("sameSet") : null);
  app.redraw();
}
