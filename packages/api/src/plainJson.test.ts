import { expect, expectTypeOf, test } from "vitest";
import type { RouterInputs, RouterOutputs } from "./appRouter.ts";
import { plainJson } from "./plainJson.ts";

/** The parts of a type that JSON cannot represent. */
type NotJson<T> = T extends Date | Map<unknown, unknown> | Set<unknown> | bigint | symbol
  ? T
  : T extends readonly (infer Item)[]
    ? NotJson<Item>
    : T extends object
      ? { [Key in keyof T]-?: NotJson<T[Key]> }[keyof T]
      : never;

test("what procedures take and answer is JSON and nothing else", () => {
  expectTypeOf<NotJson<{ at: Date }>>().toEqualTypeOf<Date>();
  expectTypeOf<NotJson<RouterInputs>>().toBeNever();
  expectTypeOf<NotJson<RouterOutputs>>().toBeNever();
});

test("a value comes back as it was", () => {
  const value = { a: [1, null, { b: "ü" }], c: false };
  const over = plainJson.output.deserialize(JSON.parse(JSON.stringify(plainJson.output.serialize(value))));
  expect(over).toEqual(value);
});
