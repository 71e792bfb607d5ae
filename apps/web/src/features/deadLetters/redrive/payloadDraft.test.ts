import { expect, test } from "vitest";
import { readPayload } from "./payloadDraft.ts";

const PAYLOAD = { name: "book", domain: "airline", world: "tau", message: "Book me a flight." };

test("an edited payload that is a valid task request is accepted", () => {
  expect(readPayload(JSON.stringify(PAYLOAD))).toMatchObject({ kind: "valid", payload: PAYLOAD });
});

test("errors are reported by field, and for a text that is not JSON", () => {
  expect(readPayload(JSON.stringify({ ...PAYLOAD, message: "", planner: { kind: "guess" }, extra: 1 }))).toMatchObject({
    kind: "wrong",
    faults: [{ path: "message" }, { path: "planner.kind" }, { path: "", message: expect.stringContaining("extra") }],
  });
  expect(readPayload("{")).toMatchObject({ kind: "wrong", faults: [{ path: "", message: expect.stringContaining("no JSON") }] });
});
