// A table that shows a page of its rows at a time, so that the cost does not depend on their number.
import { button, h } from "./dom.js";

export const ROWS = 50;

/**
 * Shows a part of the page.
 *
 * @param app with {t: texts, pages: {name: number}, redraw}
 * @param name of the part, unique on the page
 * @param columns {title, cell: (row) => children, head?: whether its cells head their rows}
 * @param rows with a key each
 * @param all how many there are without a search
 */
export function section(app, { name, title, columns, rows, all, before, empty }) {
  const { t } = app;
  const last = Math.max(0, Math.ceil(rows.length / ROWS) - 1);
  const page = Math.min(app.pages[name] || 0, last);
  const shown = rows.slice(page * ROWS, (page + 1) * ROWS);
  const count = rows.length === all ? String(all) : t("found", rows.length, all);
  return h(
    "section",
    { key: name, id: name, class: "jenkins-section gitops-section", "aria-labelledby": name + "-title" },
    h("h2", { id: name + "-title", class: "jenkins-section__title", tabindex: "-1" }, title, " ", h("span", { class: "gitops-count" }, count)),
    before,
    shown.length === 0
      ? h("p", { class: "gitops-empty" }, all === 0 ? empty || t("none") : t("noneFound"))
      : h("div", { class: "gitops-scroll", tabindex: "0", role: "region", "aria-labelledby": name + "-title" }, table(name, columns, shown)),
    rows.length > ROWS && pager(app, name, title, page, last, rows.length),
  );
}

function table(name, columns, rows) {
  return h(
    "table",
    { class: "jenkins-table jenkins-table--small gitops-table gitops-" + name },
    h("thead", null, h("tr", null, columns.map((column) => h("th", { key: column.title, scope: "col" }, column.title)))),
    h(
      "tbody",
      null,
      rows.map((row) =>
        h(
          "tr",
          { key: row.key },
          columns.map((column) => h(column.head ? "th" : "td", { key: column.title, scope: column.head ? "row" : null }, column.cell(row))),
        ),
      ),
    ),
  );
}

function pager(app, name, title, page, last, count) {
  const { t } = app;
  const go = (to) => () => {
    app.pages[name] = Math.max(0, Math.min(last, to));
    app.redraw();
  };
  // Not disabled at the ends: a button that is disabled while it has the focus loses it.
  return h(
    "nav",
    { class: "gitops-pager", "aria-label": t("pagesOf", title) },
    button({ onclick: go(page - 1), "aria-disabled": page === 0 ? "true" : null }, t("earlier")),
    h("span", { role: "status" }, t("rows", page * ROWS + 1, Math.min(count, (page + 1) * ROWS), count)),
    button({ onclick: go(page + 1), "aria-disabled": page === last ? "true" : null }, t("later")),
  );
}
