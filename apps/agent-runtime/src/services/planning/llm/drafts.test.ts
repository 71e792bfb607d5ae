import { newId } from "@signalbox/model";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type DraftStore, openDrafts } from "./drafts.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PLACE = { taskId: newId(), step: 3 };

/** Drafts in a store that records its calls in `kept` and `dropped`. The task is followed unless `keep` says otherwise. */
function aDesk(keep: () => Promise<boolean> = async () => true) {
  const [kept, dropped]: [string[], string[]] = [[], []];
  const store: DraftStore = {
    keep: async ({ text }) => {
      kept.push(text);
      return keep();
    },
    drop: async ({ answer }) => void dropped.push(answer),
  };
  return { kept, dropped, drafts: openDrafts(store, pino({ level: "silent" })) };
}

test("an answer that grows word by word is kept at once, and then a few times a second", async () => {
  const { kept, drafts } = aDesk();
  using draft = drafts.begin(PLACE);
  for (let words = 1; words <= 50; words += 1) {
    draft.write("word ".repeat(words));
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(kept.length).toBeLessThanOrEqual(5);
  expect(kept[0]).toBe("word ");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept.at(-1)).toBe("word ".repeat(50));
});

test("if nobody follows the task, the store is asked again after a second, and nothing has to be withdrawn", async () => {
  const { kept, dropped, drafts } = aDesk(async () => false);
  {
    using draft = drafts.begin(PLACE);
    for (let words = 1; words <= 90; words += 1) {
      draft.write("word ".repeat(words));
      await vi.advanceTimersByTimeAsync(20);
    }
  }
  expect([kept.length, dropped]).toEqual([2, []]);
});

test("a draft that becomes no answer is withdrawn, even while it is being stored", async () => {
  const slow = Promise.withResolvers<boolean>();
  const { kept, dropped, drafts } = aDesk(() => slow.promise);
  {
    using draft = drafts.begin(PLACE);
    draft.write("It is");
    draft.write("It is done.");
  }
  expect(dropped).toHaveLength(0);
  slow.resolve(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([kept, dropped.length]).toEqual([["It is"], 1]);
});

test("a draft that became an answer stands", async () => {
  const { kept, dropped, drafts } = aDesk();
  {
    using draft = drafts.begin(PLACE);
    draft.write("It is done.");
    await vi.advanceTimersByTimeAsync(0);
    draft.stand();
  }
  await vi.advanceTimersByTimeAsync(5_000);
  expect([kept, dropped]).toEqual([["It is done."], []]);
});

test("an outage of the store has no consequences", async () => {
  const { kept, drafts } = aDesk(() => Promise.reject(new Error("away")));
  using draft = drafts.begin(PLACE);
  draft.write("It");
  await vi.advanceTimersByTimeAsync(1_000);
  draft.write("It is");
  await vi.advanceTimersByTimeAsync(0);
  expect(kept).toEqual(["It", "It is"]);
});

test("a draft contains nothing that a store would refuse", async () => {
  const { kept, drafts } = aDesk();
  using draft = drafts.begin(PLACE);
  draft.write("a\0b 🛫".slice(0, -1));
  await vi.advanceTimersByTimeAsync(0);
  expect(kept).toEqual(["a\u{fffd}b "]);
});
