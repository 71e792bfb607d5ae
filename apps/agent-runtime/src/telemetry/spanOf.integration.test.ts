import type { TaskRecord } from "@signalbox/db/prisma";
import type { Stage, Step } from "@signalbox/model";
import { expect, test } from "vitest";
import { aRequest } from "../testing/stage.ts";
import { spanOf } from "./spanOf.ts";

/** The attributes of a step's span in an otherwise empty task. */
function toldOf(stage: Stage): Record<string, unknown> {
  const request = aRequest({ session: "s" });
  const task = { id: request.id, request, traceId: "0".repeat(32) } as TaskRecord;
  const step: Step = { step: 1, attempt: 1, startedUs: 1, finishedUs: 2, stage, modelUse: null };
  return spanOf(task, [step], 1)?.attributes ?? {};
}

test("a span of memory names what was unavailable, and the documents that were found", () => {
  const passage = { document: "cards/lost.md", title: "Lost cards", text: "Block it.", attributes: {}, score: 1 };
  const recall = { kind: "recall" as const, input: { session: "s" } };
  expect(toldOf({ ...recall, output: { turns: [], passages: [passage], outage: "Memory is away." } })).toMatchObject({
    "signalbox.memory.outage": "Memory is away.",
    "signalbox.knowledge.documents": ["cards/lost.md"],
  });
  const quiet = toldOf({ ...recall, output: { turns: [] } });
  expect(Object.keys(quiet).filter((key) => /outage|documents/.test(key))).toEqual([]);
  const remember = { kind: "remember" as const, input: { session: "s" }, output: { turns: 0, outage: "Memory is away." } };
  expect(toldOf(remember)).toMatchObject({ "signalbox.memory.outage": "Memory is away." });
});
