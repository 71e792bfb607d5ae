import { expect, test } from "vitest";
import { matchKeys } from "./matchKeys.ts";
import { SHORTCUTS } from "./shortcutTable.ts";

const press = (key: string, modifiers: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});

const idOf = (match: ReturnType<typeof matchKeys>) => (match.kind === "shortcuts" ? match.shortcuts[0]?.id : match.kind);

test("a letter is a shortcut in either case", () => {
  expect(idOf(matchKeys(press("j"), null))).toBe("next");
  expect(idOf(matchKeys(press("J"), null))).toBe("next");
});

test("Control and Command are one modifier, and take the plain meaning away", () => {
  expect(idOf(matchKeys(press("k", { ctrlKey: true }), null))).toBe("palette");
  expect(idOf(matchKeys(press("k", { metaKey: true }), null))).toBe("palette");
  expect(idOf(matchKeys(press("j", { ctrlKey: true }), null))).toBe("none");
  expect(idOf(matchKeys(press("j", { altKey: true }), null))).toBe("none");
});

test("two keys one after the other", () => {
  expect(matchKeys(press("g"), null)).toEqual({ kind: "begun", keys: "G" });
  expect(idOf(matchKeys(press("t"), "G"))).toBe("goTraces");
  expect(idOf(matchKeys(press("j"), "G"))).toBe("next");
});

test("a global key has no other meaning, and no key has two meanings in a group", () => {
  const everywhere = new Set<string>(SHORTCUTS.flatMap(({ keys, group }) => (group === "Everywhere" ? [keys] : [])));
  const places = SHORTCUTS.map(({ keys, group }) => (everywhere.has(keys) ? keys : `${group} ${keys}`));
  expect(new Set(places).size).toBe(places.length);
});
