// Short texts about waves and gates: the sentence at the top, the pills, and why an arrow is closed.
import { foreign, moment, span } from "./dom.js";
import { hasFailed } from "./model.js";

/** The text of a key, or the other text where there is none. */
function orElse(t, key, otherwise) {
  const text = t(key);
  return text === key ? otherwise : text;
}

/** A condition that does not hold, in one or two words; one that this page does not know keeps its name. */
export function gate(app, condition) {
  const { t } = app;
  const left = condition.nextLook ? (Date.parse(condition.nextLook) - app.now()) / 1000 : 0;
  return condition.name === "soak" && left > 0
    ? t("gate.soakLeft", span(left))
    : orElse(t, "gate." + condition.name.replaceAll(" ", "-"), condition.name);
}

/** How many commits there are between two releases. */
export function commitCount({ t }, range) {
  return range.count === 1 && !range.more ? t("oneCommit") : t("commits", range.count + (range.more ? "+" : ""));
}

/** What a pill says. */
export function pill(app, { key, values = [], minutes }) {
  const { t } = app;
  if (minutes) {
    const [past, whole] = minutes;
    return t("pill.soaking", span(past).replace(/ .*/, ""), span(whole));
  }
  return t("pill." + key, ...values);
}

/** What is going on, in one sentence: at most this many clauses, the worst first. */
const CLAUSES = 4;

/** The number of waves that a clause names; more are counted. */
const PLACES = 3;

/** The clauses of the sentence at the top: {kind, text}. */
export function clauses(app) {
  const { t } = app;
  const { waves, queue, targets } = app.shown;
  const made = [];
  if (waves.length === 0) {
    return [{ kind: "none", text: t("say.noWaves") }];
  }
  const unwell = targets.filter(hasFailed);
  if (unwell.length > 0) {
    made.push({ kind: "bad", text: [t(unwell.length === 1 ? "say.unwellOne" : "say.unwell", unwell.length, targets.length)] });
  }
  for (const wave of waves.filter((each) => each.hold)) {
    made.push({ kind: "held", text: [foreign(wave.name), " ", t("say.held"), wave.hold.until ? [" ", t("until"), " ", moment(wave.hold.until)] : "", " (", foreign(wave.hold.reason), ")"] });
  }
  for (const wave of waves) {
    for (const set of wave.sets.filter((each) => wave.pill.kind === "busy" && wave.pill.key === "rolling" && each.wanted)) {
      made.push({ kind: "busy", text: [t("say.rolling", set.wanted.name), " ", foreign(set.place)] });
    }
  }
  const going = new Map();
  for (const set of waves.flatMap((wave) => wave.sets).filter((each) => each.gate.kind === "go" && each.coming)) {
    going.set(set.coming.name, [...(going.get(set.coming.name) || []), set.place]);
  }
  for (const [release, places] of going) {
    made.push({ kind: "go", text: [t("say.mayGo", release), " ", foreign(places.slice(0, PLACES).join(", ")), places.length > PLACES && [" ", t("more", places.length - PLACES)]] });
  }
  const waiting = new Set(queue.flatMap((change) => (change.checks || []).filter((check) => check.state !== "success").map((check) => check.context)));
  if (queue.length > 0) {
    made.push({ kind: "busy", text: waiting.size > 0
      ? [t(queue.length === 1 ? "say.queueOne" : "say.queue", queue.length), " ", foreign([...waiting].slice(0, 3).join(", "))]
      : [t("say.queued", queue.length)] });
  }
  const empty = waves.every((wave) => wave.sets.every((set) => set.empty));
  if (made.length === 0) {
    const names = new Set(waves.flatMap((wave) => wave.sets.map((set) => set.wanted?.name)));
    made.push(empty
      ? { kind: "none", text: t("say.empty") }
      : { kind: "good", text: names.size === 1 ? t("say.allRun", [...names][0]) : t("say.quiet") });
  }
  return made.length > CLAUSES ? [...made.slice(0, CLAUSES), { kind: "none", text: t("say.more", made.length - CLAUSES) }] : made;
}
