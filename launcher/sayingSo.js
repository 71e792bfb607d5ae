/** Work shorter than this is not announced, in milliseconds. */
const SAY_AFTER_MS = 1_500;
const STILL_EVERY_MS = 10_000;

/**
 * Waits for work whose own output is held back: announces it if it is not done at once, and again at intervals, with the time it has taken.
 * @template T
 * @param {string} words a sentence
 * @param {Promise<T>} work
 * @param {{ sayAfterMs?: number, stillEveryMs?: number }} [pace]
 * @returns {Promise<T>}
 */
export async function sayingSo(words, work, { sayAfterMs = SAY_AFTER_MS, stillEveryMs = STILL_EVERY_MS } = {}) {
  const beganAt = performance.now();
  let still;
  const first = setTimeout(() => {
    process.stderr.write(`${words}\n`);
    still = setInterval(() => process.stderr.write(`… ${Math.round((performance.now() - beganAt) / 1_000)} s\n`), stillEveryMs);
  }, sayAfterMs);
  try {
    return await work;
  } finally {
    clearTimeout(first);
    clearInterval(still);
  }
}
