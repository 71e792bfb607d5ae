import { expect, test } from "vitest";
import { readPayload } from "./payloadDraft.ts";

const PAYLOAD = { name: "book", domain: "airline", world: "tau", message: "Book me a flight." };

test("an edited payload that is a task's request is taken", () => {
  expect(readPayload(JSON.stringify(PAYLOAD))).toMatchObject({ kind: "valid", payload: PAYLOAD });
});

test("what is wrong is told by field, and of a text that is no JSON at all", () => {
  expect(readPayload(JSON.stringify({ ...PAYLOAD, message: "", planner: { kind: "guess" }, extra: 1 }))).toMatchObject({
    kind: "wrong",
    faults: [{ path: "message" }, { path: "planner.kind" }, { path: "", message: expect.stringContaining("extra") }],
  });
  expect(readPayload("{")).toMatchObject({ kind: "wrong", faults: [{ path: "", message: expect.stringContaining("no JSON") }] });
});
