import { expect, test } from "vitest";
import { NEW_QUEUE, readQueueDraft } from "./queueDraft.ts";

const draft = { ...NEW_QUEUE, name: " tone ", question: "Was it kind?" };

test("a draft becomes a queue whose labels are scores with its name", () => {
  expect(readQueueDraft(draft, "shop")).toMatchObject({
    project: "shop",
    name: "tone",
    scoreName: "tone",
    overlap: 1,
    kind: { type: "pass_fail" },
  });
  expect(readQueueDraft({ ...draft, type: "scale" }, "shop")?.kind).toEqual({ type: "scale", from: 1, to: 5 });
  expect(readQueueDraft({ ...draft, type: "choice", options: "refund\n\n other \n" }, "shop")?.kind).toEqual({
    ...{ type: "choice", options: ["refund", "other"] },
  });
});

test.each([
  { name: " " },
  { question: "" },
  { overlap: "0" },
  { overlap: "x" },
  { type: "scale" as const, from: "" },
  { type: "choice" as const, options: "one" },
])("%j is not finished", (change) => {
  expect(readQueueDraft({ ...draft, ...change }, "shop")).toBeUndefined();
});
