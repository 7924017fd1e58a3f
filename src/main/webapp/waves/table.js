// A table that shows a page of its rows at a time, so that the cost does not depend on their number.
import { button, h } from "./dom.js";

export const ROWS = 100;

/**
 * Shows rows in a table with a heading that stays.
 *
 * @param app with {t: texts, pages: {name: number}, redraw}
 * @param name of the table, unique on the page
 * @param columns {title, cell: (row) => children, head?: whether its cells head their rows, spans?: (row) => columns}
 * @param rows with a key each
 * @param all how many there are without a search
 */
export function table(app, { name, title, columns, rows, all, before, empty }) {
  const { t } = app;
  const last = Math.max(0, Math.ceil(rows.length / ROWS) - 1);
  const page = Math.min(app.pages[name] || 0, last);
  const shown = rows.slice(page * ROWS, (page + 1) * ROWS);
  return [
    before,
    shown.length === 0
      ? h("p", { key: "empty", class: "gitops-empty" }, all === 0 ? empty || t("none") : t("noneFound"))
      : h("div", { key: "scroll", class: "gitops-scroll", tabindex: "0", role: "region", "aria-label": title }, whole(name, title, columns, shown)),
    rows.length > ROWS && pager(app, name, title, page, last, rows.length),
  ];
}

function whole(name, title, columns, rows) {
  return h("table", { class: "jenkins-table jenkins-table--small gitops-table gitops-" + name },
    h("caption", { class: "gitops-word" }, title),
    h("thead", null, h("tr", null, columns.map((column) => h("th", { key: column.title, scope: "col", title: column.title }, column.shown ?? column.title)))),
    h("tbody", null, rows.map((row) => h("tr", { key: row.key }, cells(columns, row)))));
}

function cells(columns, row) {
  const made = [];
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at];
    const span = column.spans ? column.spans(row) : 1;
    made.push(h(column.head ? "th" : "td", { key: column.title, scope: column.head ? "row" : null, colspan: span > 1 ? String(span) : null }, column.cell(row)));
    at += span - 1;
  }
  return made;
}

function pager(app, name, title, page, last, count) {
  const { t } = app;
  const go = (to) => () => {
    app.pages[name] = Math.max(0, Math.min(last, to));
    app.redraw();
  };
  // Not disabled at the ends: a button that is disabled while it has the focus loses it.
  return h("nav", { key: "pager", class: "gitops-pager", "aria-label": t("pagesOf", title) },
    button({ onclick: go(page - 1), "aria-disabled": page === 0 ? "true" : null }, t("earlier")),
    h("span", { role: "status" }, t("rows", page * ROWS + 1, Math.min(count, (page + 1) * ROWS), count)),
    button({ onclick: go(page + 1), "aria-disabled": page === last ? "true" : null }, t("later")));
}
