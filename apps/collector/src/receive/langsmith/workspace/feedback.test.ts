import type { Feedback } from "@signalbox/db/clickhouse";
import { memoryWorkspace } from "@signalbox/db/testing";
import { expect, test } from "vitest";
import { turns } from "../turns.ts";
import { changeFeedback, deleteFeedback, readFeedback } from "./feedback.ts";
import type { Workspace } from "./workspaceObjects.ts";

const ID = "01a2166c-f4c5-7000-8000-026b8e1c505f";

const LIKED: Feedback = {
  ...{ id: ID, runId: ID, traceId: "a".repeat(32), sessionId: "", key: "liked", score: 1, value: "", comment: "" },
  ...{ scorer: "api", time: "2026-11-26T06:00:00.000Z", receivedUs: "1" },
};

const requestOf = (body: object = {}) => ({
  ...{ project: "default", tenantId: "", id: ID, query: new URLSearchParams(), body: Buffer.from(JSON.stringify(body)) },
});

/** A store with this feedback, a journal in which something waits for ever, and a clock that goes on by six seconds at each look. */
function stage(kept: Feedback[]) {
  const done: string[] = [];
  let now = 0;
  const workspace: Workspace = {
    store: memoryWorkspace(),
    runs: { find: async () => [], sessions: async () => [], parts: async () => [] },
    feedback: {
      async list() {
        done.push("list");
        return kept;
      },
      async remove() {
        done.push("remove");
      },
      async forgetPart() {
        done.push("forget");
        return false;
      },
    },
    async sendFeedback() {
      done.push("send");
    },
    oldestUnwrittenMs: () => 0,
    inTurn: turns(),
    clock: () => (now += 6_000),
  };
  return { workspace, done };
}

test("feedback that may have changed is neither changed nor deleted, and its client is told to try again", async () => {
  const { workspace, done } = stage([LIKED]);
  await expect(changeFeedback(workspace)(requestOf({ score: 0 }))).rejects.toMatchObject({ code: "upstream_unavailable" });
  await expect(deleteFeedback(workspace)(requestOf())).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(done).toEqual([]);
});

test("reading waits for what is not there alone, and looks once more", async () => {
  const there = stage([LIKED]);
  expect(await readFeedback(there.workspace)(requestOf())).toMatchObject({ id: ID, score: 1 });
  const missing = stage([]);
  await expect(readFeedback(missing.workspace)(requestOf())).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(missing.done).toEqual(["list"]);
  const written = { ...missing.workspace, oldestUnwrittenMs: () => null };
  await expect(readFeedback(written)(requestOf())).rejects.toMatchObject({ code: "not_found" });
  expect(missing.done).toEqual(["list", "list", "list"]);
});

test("a change tells its sender nothing of what was, and one that changes nothing is refused", async () => {
  const { workspace, done } = stage([LIKED]);
  const written = { ...workspace, oldestUnwrittenMs: () => null };
  const answer = await changeFeedback(written)(requestOf({ comment: "kind" }));
  expect(answer).toEqual({ id: ID, modified_at: expect.any(String) });
  expect(done).toEqual(["list", "forget", "send"]);
  await expect(changeFeedback(written)(requestOf({}))).rejects.toThrow("a change of feedback tells a score");
});
