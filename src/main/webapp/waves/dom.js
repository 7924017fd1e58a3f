// Renders a tree of plain objects as DOM and updates only what differs, so focus, selection and scroll position stay.
// Texts become text nodes; no markup is parsed.

const state = Symbol("shown");

/** An element: `h("td", {class: "x", onclick: f}, "text", child)`; what is null or false is left out. */
export function h(tag, props, ...children) {
  return { tag, props: props || {}, children: children.flat(Infinity).filter((child) => child != null && child !== false && child !== "") };
}

/** A symbol of the page, by its name. */
export function symbol(name) {
  return { symbol: name };
}

/** Updates the children of an element to these. */
export function render(parent, nodes) {
  const wanted = nodes.flat(Infinity).filter((node) => node != null && node !== false && node !== "");
  const keyed = new Map();
  for (const child of parent.childNodes) {
    const key = child[state]?.key;
    if (key !== undefined) {
      keyed.set(key, child);
    }
  }
  const keys = new Set(wanted.map((node) => node.props?.key).filter((key) => key !== undefined));
  // Removes old children first: the others are then in place, and an element that is not moved keeps its focus.
  for (const [key, child] of keyed) {
    if (!keys.has(key)) {
      child.remove();
      keyed.delete(key);
    }
  }
  let cursor = parent.firstChild;
  for (const node of wanted) {
    const key = node.props?.key;
    let child = key === undefined ? ahead(cursor, node) : keyed.get(key);
    if (child && matches(child, node)) {
      while (key === undefined && cursor !== child) {
        const skipped = cursor;
        cursor = cursor.nextSibling;
        skipped.remove();
      }
      if (child === cursor) {
        cursor = cursor.nextSibling;
      } else {
        parent.insertBefore(child, cursor);
      }
      update(child, node);
    } else {
      child = make(node);
      update(child, node);
      parent.insertBefore(child, cursor);
    }
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

/** The next child without a key that a node can be shown by, as long as only such are skipped for it. */
function ahead(cursor, node) {
  for (let child = cursor; child && child[state]?.key === undefined; child = child.nextSibling) {
    if (matches(child, node)) {
      return child;
    }
  }
  return null;
}

function matches(child, node) {
  if (typeof node !== "object") {
    return child.nodeType === Node.TEXT_NODE;
  }
  if (node.symbol) {
    return child[state]?.symbol === node.symbol;
  }
  return child[state]?.tag === node.tag && child[state].key === node.props.key;
}

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "circle", "rect"]);

function make(node) {
  if (typeof node !== "object") {
    return document.createTextNode("");
  }
  if (node.symbol) {
    const found = document.getElementById("gitops-waves-symbols").content.querySelector(".gitops-symbol-" + node.symbol);
    const copy = found ? found.cloneNode(true) : document.createElement("span");
    copy.setAttribute("aria-hidden", "true");
    copy[state] = { symbol: node.symbol };
    return copy;
  }
  const made = DRAWN.has(node.tag) ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  made[state] = { tag: node.tag, key: node.props.key, props: {} };
  return made;
}

function update(child, node) {
  if (typeof node !== "object") {
    if (child.data !== String(node)) {
      child.data = String(node);
    }
  } else if (!node.symbol) {
    const before = child[state].props;
    for (const name of Object.keys(before)) {
      if (!(name in node.props) && name !== "style") {
        set(child, name, null);
      }
    }
    for (const [name, value] of Object.entries(node.props)) {
      if (before[name] !== value && name !== "key" && name !== "style") {
        set(child, name, value);
      }
    }
    restyle(child, before.style || {}, node.props.style || {});
    child[state].props = node.props;
    render(child, node.children);
  }
}

/** Sets properties one by one: a policy that forbids inline styles forbids the attribute, not this. */
function restyle(element, before, now) {
  for (const name of Object.keys(before)) {
    if (!(name in now)) {
      element.style.removeProperty(name);
    }
  }
  for (const [name, value] of Object.entries(now)) {
    if (before[name] !== value) {
      element.style.setProperty(name, value);
    }
  }
}

function set(element, name, value) {
  if (name.startsWith("on")) {
    element[name] = value;
  } else if (name === "value") {
    // Set once: afterwards the value belongs to the user who types.
    element.value = value ?? "";
  } else if (value == null || value === false || (name === "href" && !isWebAddress(value))) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? "" : value);
  }
}

/** Whether an address may become a link: addresses from other systems must be http or https. */
export function isWebAddress(address) {
  try {
    return ["http:", "https:"].includes(new URL(address, document.baseURI).protocol);
  } catch {
    return false;
  }
}

const LONGEST = 300;

/** A text from other systems, isolated from its neighbours, since it may be written from right to left. */
export function foreign(text) {
  const whole = String(text ?? "");
  const shown = whole.length > LONGEST ? whole.slice(0, LONGEST) + "…" : whole;
  return whole && h("bdi", whole === shown ? {} : { title: whole.slice(0, 2000) }, shown);
}

const TOLD = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|\b[0-9a-f]{40,64}\b)/;

/** A message of the plugin, with times in the locale of the user, and SHAs and digests shortened. */
export function sentence(text) {
  const whole = String(text ?? "");
  const parts = whole.slice(0, LONGEST * 2).split(TOLD);
  return whole && h("bdi", null, parts.map((part, at) =>
    at % 2 === 0 ? part : part.endsWith("Z") ? moment(part) : h("code", { title: part }, part.slice(0, 12))), whole.length > LONGEST * 2 && "…");
}

/** A link if the address may become one, else only the text. */
export function link(address, ...children) {
  return address && isWebAddress(address)
    ? h("a", { href: address, rel: "noopener noreferrer" }, children)
    : h("span", null, children);
}

/** A button in Jenkins' style. */
export function button(props, ...children) {
  return h("button", { type: "button", ...props, class: "jenkins-button " + (props.class || "") }, children);
}

/** A time in the locale of the user, with its zone. */
export function absolute(text) {
  return new Date(text).toLocaleString([], {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
}

/** A time in the locale of the user; the tooltip has its zone. */
export function moment(text) {
  const date = new Date(text);
  return isNaN(date)
    ? foreign(text)
    : h("time", { datetime: text, title: absolute(text) }, date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));
}

const STEPS = [["d", 86400], ["h", 3600], ["min", 60]];

/** A number of seconds in its largest one or two units, such as "2 h 5 min". */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const at = STEPS.findIndex(([, length]) => whole >= length);
  if (at < 0) {
    return whole + " s";
  }
  const [unit, length] = STEPS[at];
  const count = Math.floor(whole / length);
  const [smaller, part] = STEPS[at + 1] || [];
  const rest = smaller && count < 4 ? Math.floor((whole % length) / part) : 0;
  return count + " " + unit + (rest ? " " + rest + " " + smaller : "");
}

/** How long ago a time is, with the time itself as the tooltip. */
export function ago(text, now) {
  const date = new Date(text);
  return isNaN(date) ? foreign(text) : h("time", { datetime: text, title: absolute(text) }, span((now - date) / 1000));
}

/** A commit by its shortened SHA. */
export function commit(sha, template, digits = 7) {
  const address = template && /^[0-9a-f]{40,64}$/.test(sha) ? template.replaceAll("{sha}", sha) : null;
  return sha && link(address, h("code", { title: sha }, sha.slice(0, digits)));
}
