import { expect, test } from "vitest";
import { KEY_TABLE } from "./compiledDialects.ts";
import { KEYS_MAX, type KnownKey, KnownKeys } from "./knownKeys.ts";

/** The keys of a span with these attributes. Their memory is overwritten at once, except for that of very long keys. */
function keysOf(known: KnownKeys, texts: readonly string[]): KnownKey[] {
  let key = known.none;
  return texts.map((text) => {
    const body = Buffer.from(`<${text}>`);
    key = known.after(key, body, 1, body.length - 1);
    if (text.length < 1_000) body.fill("?");
    return key;
  });
}

const textOf = ({ bytes }: KnownKey): string => Buffer.from(bytes).toString();

test("a repeated key is found again after any other key, and outlives the bytes that it came in", () => {
  const known = new KnownKeys();
  const [model, other] = keysOf(known, ["gen_ai.request.model", "my.own"]);
  expect(model?.number).toBe(KEY_TABLE.texts.indexOf("gen_ai.request.model"));
  expect(other?.number).toBe(-1);
  const again = keysOf(known, ["my.own", "gen_ai.request.model", "my.owl", "gen_ai.request.model", "my.own"]);
  expect(again.map(textOf)).toEqual(["my.own", "gen_ai.request.model", "my.owl", "gen_ai.request.model", "my.own"]);
  expect([again[0], again[4]]).toEqual([other, other]);
  expect(again[1]).toBe(model);
});

test("however many keys senders invent, and however long, each is read correctly", () => {
  const known = new KnownKeys();
  for (let round = 0; round < 3; round += 1) {
    const texts = Array.from({ length: 5_000 }, (_, place) => (place % 2_500 === 7 ? "user.id" : `invented.${place}`));
    const keys = keysOf(known, [...texts, "k".repeat(1_000), "", "user.id"]);
    expect(keys.map(textOf)).toEqual([...texts, "k".repeat(1_000), "", "user.id"]);
    expect(keys.filter(({ number }) => number !== -1).map(textOf)).toEqual(["user.id", "user.id", "user.id"]);
  }
});

test("keys that are no longer sent are forgotten", () => {
  const known = new KnownKeys();
  let last = "first";
  keysOf(known, [last]);
  for (let span = 0; span < 300; span += 1) {
    const invented = Array.from({ length: 100 }, (_, place) => `invented.${span}.${place}`);
    keysOf(known, ["k".repeat(1_000), last, ...invented]);
    last = invented.at(-1) ?? "";
  }
  let held = 0;
  for (let key = known.none.next; key !== null; key = key.next) held += 1;
  expect(held).toBeLessThanOrEqual(KEYS_MAX);
});
