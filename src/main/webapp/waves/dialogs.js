// The dialogs that ask for confirmation of an action and preview its changes.
import { button, commit, foreign, h, sentence, symbol } from "./dom.js";
import { digestOf, own, place, shortDigest, shortTag, tagOf } from "./model.js";
import { conditions, hold, open } from "./waves.js";

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
    app.said = answer.text;
    close(app);
    app.look();
  } else {
    asked.refusal = answer.text;
    app.redraw();
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
    const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    const text = plain ? await answer.text() : "";
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
  return app.shown.state.waves.find((wave) => wave.name === asked.wave) || { name: asked.wave, sets: [], targets: [] };
}

function setOf(app, asked) {
  return waveOf(app, asked).sets.find((set) => set.name === asked.set) || { name: asked.set, images: {} };
}

/** A line for each service that would change. */
function changes(app, now, then, services) {
  const { t } = app;
  return h("ul", { key: "changes", class: "gitops-changes" }, services.map((service) =>
    h("li", { key: service }, h("strong", null, foreign(service)), ": ", both(t, own(now, service)), " → ", both(t, own(then, service)))));
}

function both(t, image) {
  return image
    ? [h("code", { title: image.Tag }, foreign(shortTag(tagOf(image)))), " ", h("code", { title: image.Digest }, shortDigest(digestOf(image)))]
    : t("noImage");
}

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
    const coming = set.next;
    const name = place(asked.wave, asked.set);
    if (!coming) {
      return { title: t("promoteTo", name), body: h("p", null, t("nothingNext")) };
    }
    const unmet = coming.conditions.filter((condition) => !condition.met);
    return {
      title: t("promoteTo", name),
      body: [
        h("p", { key: "what" }, t("promoteChanges", coming.from, name), " ", commit(coming.sha, app.shown.state.links?.commit)),
        changes(app, set.images || {}, coming.images, coming.services),
        unmet.length > 0 && h("div", { key: "unmet", class: "jenkins-alert jenkins-alert-warning", role: "alert" }, t("notNow"), conditions(app, unmet)),
      ],
      sends: { wave: asked.wave, set: asked.set, revision: coming.sha },
      confirm: unmet.length === 0 && t("promoteNow"),
    };
  },

  rollback(app, asked) {
    const { t } = app;
    const name = place(asked.wave, asked.set);
    const earlier = app.shown.history.filter((change) =>
      change.outcome === "merged" && change.target === asked.wave && (change.set || "") === asked.set).slice(0, 100);
    const choose = (event) => {
      const revision = event.target.value.trim();
      asked.revision = revision;
      asked.preview = null;
      asked.refusal = null;
      app.redraw();
      if (/^[0-9a-f]{40}$/.test(revision)) {
        preview(app, asked);
      }
    };
    return {
      title: t("rollbackOf", name),
      body: [
        h("p", { key: "what" }, t("rollbackChanges", name)),
        h("label", { key: "revision", class: "gitops-field" }, t("rollbackTo"),
          h("input", { class: "jenkins-input", name: "revision", required: true, pattern: "\\s*[0-9a-f]{40}\\s*", list: "gitops-earlier", autocomplete: "off", oninput: choose })),
        h("datalist", { key: "earlier", id: "gitops-earlier" }, earlier.map((change) =>
          h("option", { key: change.key, value: change.mainSha || change.sha }, change.when + " " + change.subject.slice(0, 80)))),
        asked.preview && h("ul", { key: "preview", class: "gitops-changes", role: "status" }, asked.preview.map((line) => h("li", { key: line }, sentence(line)))),
      ],
      sends: { wave: asked.wave, set: asked.set },
      confirm: asked.preview && asked.preview.length > 0 && t("rollbackNow"),
      grave: true,
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

  image(app, asked) {
    const { t } = app;
    const row = app.shown.grid.find((each) => each.set === asked.set && each.service === asked.service);
    const cells = app.shown.state.waves.map((wave) => [wave.name, row?.cells[wave.name]?.image]);
    return {
      title: place(asked.service, asked.set),
      body: h("dl", { class: "gitops-where" }, cells.map(([wave, image]) => [
        h("dt", { key: "wave-" + wave }, foreign(wave)),
        h("dd", { key: "image-" + wave }, image ? [h("code", null, image.Tag), h("br"), h("code", null, image.Digest), h("br"),
          app.mayHold && button({ key: "reject", "aria-label": t("rejectIn", asked.service, wave), onclick: () => open(app, { kind: "reject", digests: digestOf(image) }) }, t("reject"))] : t("noImage")),
      ])),
    };
  },
};

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
  asked.refusal = tried.refusal || (tried.differences.length === 0 ? app.t("sameSet") : null);
  app.redraw();
}
