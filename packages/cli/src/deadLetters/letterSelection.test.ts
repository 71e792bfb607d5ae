import { newId } from "@signalbox/model";
import { expect, test } from "vitest";
import { letterSelection } from "./letterSelection.ts";

const NOW_MS = Date.parse("2026-11-26T12:00:00.000Z");
const of = (ids: string[], flags: object) => letterSelection(ids, { project: "default", ...flags }, NOW_MS);

test("ids, a group, and a filter of open letters are told apart", () => {
  const id = newId();
  expect(of([id], {})).toEqual({ kind: "letters", ids: [id] });
  expect(of([], { group: "f" })).toEqual({ kind: "group", fingerprint: "f" });
  expect(of([], { allOpen: true })).toEqual({ kind: "filter", filter: { state: "open" } });
  expect(of([], { group: "f", text: "answer", since: "24h" })).toEqual({
    kind: "filter",
    filter: { state: "open", fingerprint: "f", text: "answer", failedSince: "2026-11-25T12:00:00.000Z" },
  });
});

test("nothing, both, a wrong id and a wrong time are refused", () => {
  expect(() => of([], {})).toThrow("Say which dead letters are meant.");
  expect(() => of([newId()], { group: "f" })).toThrow("Ids and flags both say");
  expect(() => of(["7"], {})).toThrow("Wrong ids");
  expect(() => of([], { since: "yesterday-ish" })).toThrow('Wrong --since: "yesterday-ish" is no time.');
});
