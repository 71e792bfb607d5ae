import { expect, test } from "vitest";
import { PROMPTS, promptFor } from "./prompts.ts";

test("a domain has the prompt in its folder, or the general one", () => {
  expect(promptFor("airline", undefined)).toMatchObject({ name: "airline", text: expect.stringContaining("airline") });
  expect(promptFor("banking", undefined)).toMatchObject({ name: "banking", text: expect.stringContaining("bank") });
  expect(promptFor("plumbing", undefined)).toMatchObject({ name: "support" });
});

test("every prompt has a name, a version and a hash of its own", () => {
  const prompts = [...PROMPTS];
  expect(prompts.length).toBeGreaterThanOrEqual(3);
  for (const [key, { name, version, hash }] of prompts) {
    expect(key).toBe(`${name}@${version}`);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
  }
  expect(new Set(prompts.map(([, { hash }]) => hash)).size).toBe(prompts.length);
});
