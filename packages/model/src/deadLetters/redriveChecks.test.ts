import { expect, test } from "vitest";
import { newId } from "../ids.ts";
import { confirmBulk, editedPayload } from "./redriveChecks.ts";

test("several letters need their number or the act's name, one needs nothing", () => {
  expect(() => confirmBulk(undefined, null)(1)).not.toThrow();
  expect(() => confirmBulk("30", null)(30)).not.toThrow();
  expect(() => confirmBulk("after the fix", "after the fix")(30)).not.toThrow();
  expect(() => confirmBulk(undefined, "after the fix")(30)).toThrow("30 dead letters at once, and is not confirmed");
  expect(() => confirmBulk("29", null)(30)).toThrow("It is 30 dead letters by now, not 29.");
});

test("an edited request that is none is refused with the field, and so is one for several letters", () => {
  const ids = [newId()];
  const request = { name: "t", domain: "airline", world: "w", message: "Hello" };
  expect(editedPayload(request, { kind: "letters", ids })).toMatchObject({ ...request, project: "default" });
  expect(editedPayload(undefined, { kind: "letters", ids })).toBeNull();
  expect(() => editedPayload({ ...request, message: "" }, { kind: "letters", ids })).toThrow("payload.message:");
  expect(() => editedPayload({ ...request, planner: { kind: "magic" } }, { kind: "letters", ids })).toThrow("payload.planner.kind:");
  expect(() => editedPayload({ ...request, tags: ["a", "b\u0000"] }, { kind: "letters", ids })).toThrow(
    "payload.tags.1 holds a NUL character",
  );
  expect(() => editedPayload({ ...request, user: "\ud83d" }, { kind: "letters", ids })).toThrow("payload.user holds");
  expect(() => editedPayload(request, { kind: "group", fingerprint: "f" })).toThrow("one dead letter at a time");
});
