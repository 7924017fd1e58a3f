// Polls the state with conditional requests: a response without changes has no body.

const EVERY = 2000;

/** After a failure the next request waits for so long, after further ones for twice as long each, up to the longest. */
const AFTER_A_FAILURE = 5000;
const LONGEST = 30_000;

/** A response that takes longer counts as none, since a browser lets a hanging connection hang for minutes. */
const PATIENCE = 20_000;

/** The members of the state that are sent only when they have changed. */
const PAST = ["history", "events", "runs", "releases"];

/**
 * Polls the state at an address while the page is visible.
 *
 * @param told is called with {state}, with {problem: a sentence} or {refused: an HTTP status} while there is none, or
 *     {signedOut: true} where a login is wanted, or {unreachable: true}; also with {date: the time of the server} where
 *     it said one
 * @return a function that requests the state at once
 */
export function follow(address, told) {
  let etag = null;
  let past = null;
  let timer = null;
  let asking = false;
  let again = false;
  let failures = 0;

  /** Pages that lost Jenkins together do not all come back in one moment. */
  function afterFailure() {
    const wait = Math.min(AFTER_A_FAILURE * 2 ** failures, LONGEST);
    failures += 1;
    return wait * (1 - Math.random() / 4);
  }

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
        signal: AbortSignal.timeout(PATIENCE),
      });
      const date = Date.parse(answer.headers.get("Date") || "");
      if (answer.status === 200 && !isJson(answer)) {
        // A login page, to which whoever is in front of Jenkins redirects.
        wait = afterFailure();
        told({ signedOut: true, date });
      } else if (answer.status === 200) {
        const state = await answer.json();
        failures = 0;
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
        failures = 0;
        told({ date });
      } else {
        const refusal = await refusalOf(answer);
        if (refusal.problem) {
          failures = 0;
        }
        wait = afterFailure();
        told({ ...refusal, date });
      }
    } catch {
      wait = afterFailure();
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
  window.addEventListener("online", ask);
  ask();
  return ask;
}

function isJson(answer) {
  return contentType(answer).startsWith("application/json");
}

function contentType(answer) {
  return answer.headers.get("Content-Type") || "";
}

/** What a refusal says; of a page, as of a proxy or of a Jenkins that starts, the status alone. */
async function refusalOf(answer) {
  const text = contentType(answer).startsWith("text/plain") ? (await answer.text()).slice(0, 1000).trim() : "";
  if (text) {
    return { problem: text };
  }
  return answer.status === 401 || answer.status === 403 ? { signedOut: true } : { refused: answer.status };
}
