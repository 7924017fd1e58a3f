// Polls the state with conditional requests: a response without changes has no body.

const EVERY = 2000;
const AFTER_A_FAILURE = 5000;

/**
 * Polls the state at an address while the page is visible.
 *
 * @param told is called with {state}, with {problem: a sentence} while there is none, or {unreachable: true}
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
      if (answer.status === 200) {
        const state = await answer.json();
        if (state.history) {
          past = { tag: state.past, history: state.history };
          // Later requests are without the history, and their responses have another ETag.
          etag = null;
        } else {
          etag = answer.headers.get("ETag");
        }
        state.history = past.history;
        told({ state });
      } else if (answer.status === 304) {
        told({});
      } else {
        wait = AFTER_A_FAILURE;
        told({ problem: (await answer.text()).slice(0, 1000) });
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
