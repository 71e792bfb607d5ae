import { expect, test } from "vitest";
import { nearestName } from "../nearestName.ts";
import { type AgentManifest, agentVersionOf, diffManifests, isOfVersion } from "./agentVersion.ts";

const MODEL = { provider: "openai", name: "small", temperature: null };
const MANIFEST: AgentManifest = {
  code: "0.1.0",
  planner: "rules",
  unclear: "refuse",
  model: MODEL,
  prompts: { airline: { name: "support@1", hash: "a" } },
  promptHashes: { "support@1": "a" },
  understanding: { classifier: "local", models: {} },
  tools: { names: { airline: ["think"] }, hash: "t" },
};

test("a version is named by its code and its content, whatever the order of its parts", () => {
  const version = agentVersionOf(MANIFEST);
  expect(version.name).toMatch(/^0\.1\.0\+[0-9a-f]{8}$/);
  expect(agentVersionOf(Object.fromEntries(Object.entries(MANIFEST).reverse()) as AgentManifest)).toMatchObject({ hash: version.hash });
});

test("what any worker of a build can do is no other build; other code, prompts' texts, tools, understanding, or another endpoint is", () => {
  const { build } = agentVersionOf(MANIFEST);
  expect(agentVersionOf({ ...MANIFEST, planner: "llm", model: { ...MODEL, name: "large" }, prompts: {} }).build).toBe(build);
  for (const other of [
    { code: "0.2.0" },
    { tools: { names: {}, hash: "" } },
    { model: null },
    { model: { ...MODEL, temperature: 1.5 } },
    { model: { ...MODEL, provider: "another" } },
    { promptHashes: { "support@1": "edited" } },
    { understanding: { classifier: "llm" as const, models: {} } },
    { planted: { fault: "none" as const, planMs: 0 } },
  ])
    expect(agentVersionOf({ ...MANIFEST, ...other }).build).not.toBe(build);
});

test("what two versions differ in is told by its path", () => {
  const after = {
    ...MANIFEST,
    model: null,
    prompts: { ...MANIFEST.prompts, banking: { name: "support@1", hash: "b" } },
    planner: "llm" as const,
  };
  expect(diffManifests(MANIFEST, after)).toEqual([
    { path: "model", before: MANIFEST.model, after: null },
    { path: "planner", before: "rules", after: "llm" },
    { path: "prompts.banking", before: undefined, after: { name: "support@1", hash: "b" } },
  ]);
  expect(diffManifests(MANIFEST, MANIFEST)).toEqual([]);
});

test("a code's version names all versions of it, and no other", () => {
  expect(isOfVersion("0.1.0+abcd", "0.1.0")).toBe(true);
  expect(isOfVersion("0.1.0+abcd", "0.1.0+abcd")).toBe(true);
  expect(isOfVersion("0.1.01+abcd", "0.1.0")).toBe(false);
});

test("the nearest of some names is the one with the fewest edits", () => {
  expect(nearestName("airlin", ["banking", "airline"])).toBe("airline");
  expect(nearestName("x", [])).toBeUndefined();
});
