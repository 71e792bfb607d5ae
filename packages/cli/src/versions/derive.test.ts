import { type AgentManifest, agentVersionOf } from "@signalbox/model";
import { expect, test } from "vitest";
import { derive } from "./versionVerbs.ts";

const MANIFEST: AgentManifest = {
  code: "0.1.0",
  planner: "rules",
  unclear: "refuse",
  model: { provider: "openai", name: "small", temperature: null },
  prompts: { airline: { name: "airline@1", hash: "a" } },
  promptHashes: { "airline@1": "a", "support@1": "s" },
  understanding: { classifier: "local", models: {} },
  tools: { names: {}, hash: "t" },
};
const VERSION = agentVersionOf(MANIFEST);

test("a derived version is of the same build, and has the hash of its prompt's text", () => {
  const derived = derive(VERSION, { planner: "llm", model: "large", prompt: ["airline=support@1"] });
  expect(derived.build).toBe(VERSION.build);
  expect(derived.manifest).toMatchObject({
    planner: "llm",
    model: { name: "large" },
    prompts: { airline: { name: "support@1", hash: "s" } },
  });
});

test("a version that could serve nothing is refused", () => {
  const withoutModel = agentVersionOf({ ...MANIFEST, model: null });
  expect(() => derive(withoutModel, { planner: "llm" })).toThrow("runs without a model");
  expect(() => derive(VERSION, { prompt: ["airline=support@99"] })).toThrow('no prompt "support@99"');
  expect(() => derive({ ...VERSION, build: "of a newer Signalbox" }, { planner: "person" })).toThrow("another Signalbox");
});
