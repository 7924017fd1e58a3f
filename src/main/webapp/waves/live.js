// Polls the state with conditional requests: a response without changes has no body.

const EVERY = 2000;
const AFTER_A_FAILURE = 5000;

/** The members of the state that are sent only when they have changed. */
const PAST = ["history", "events", "runs", "releases"];

/**
 * Polls the state at an address while the page is visible.
 *
 * @param told is called with {state}, with {problem: a sentence} or {refused: an HTTP status} while there is none, or
 *     {unreachable: true}; also with {date: the time of the server} where it said one
 * @return a function that requests the state at once
 */
export function follow(address, told) {
  let etag = null;
  let past = null;
  let timer = null;
  let asking = false;
  let again = false;

  async function ask() {
    clearTimeout(timer);
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    let wait = EVERY;
    try {
      const answer = await fetch(past ? address + "?past=" + past.tag : address, {
        headers: etag ? { "If-None-Match": etag } : {},
        cache: "no-store",
        credentials: "same-origin",
      });
      const date = Date.parse(answer.headers.get("Date") || "");
      if (answer.status === 200) {
        const state = await answer.json();
        if (state.history) {
          past = { tag: state.past, ...Object.fromEntries(PAST.map((name) => [name, state[name]])) };
          // Later requests are without the past, and their responses have another ETag.
          etag = null;
        } else {
          etag = answer.headers.get("ETag");
        }
        PAST.forEach((name) => (state[name] = past[name]));
        told({ state, date });
      } else if (answer.status === 304) {
        told({ date });
      } else {
        wait = AFTER_A_FAILURE;
        told({ ...(await refusalOf(answer)), date });
      }
    } catch {
      wait = AFTER_A_FAILURE;
      told({ unreachable: true });
    }
    asking = false;
    if (again) {
      again = false;
      ask();
    } else if (!document.hidden) {
      timer = setTimeout(ask, wait);
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      ask();
    }
  });
  ask();
  return ask;
}

/** What a refusal says; of a page, as of a proxy or of a Jenkins that starts, the status alone. */
async function refusalOf(answer) {
  const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
  const text = plain ? (await answer.text()).slice(0, 1000).trim() : "";
  return text ? { problem: text } : { refused: answer.status };
}
