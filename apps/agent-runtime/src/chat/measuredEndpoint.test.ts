import { AppError } from "@signalbox/model";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import type { ChatEndpoint, Completion } from "./chatEndpoint.ts";
import { measuredEndpoint } from "./measuredEndpoint.ts";

const ASKED = { model: "gpt-4o", messages: [] };
const usage = { inputTokens: 30, outputTokens: 4, cachedTokens: 0, reasoningTokens: 0 };
const answer = { model: "gpt-4o-2024-08-06", content: "Yes.", toolCalls: [], finishReason: "stop", usage };

async function metricsOf(complete: () => Promise<Completion>, usualModel = ASKED.model): Promise<string> {
  const metrics = new Registry();
  const endpoint: ChatEndpoint = measuredEndpoint({ provider: "stub", complete }, usualModel, metrics);
  await endpoint.complete(ASKED).catch(() => undefined);
  return metrics.metrics();
}

test("an answer and its tokens are counted by the model that was asked", async () => {
  const text = await metricsOf(async () => ({ answer, isReplayed: false }));
  expect(text).toContain('signalbox_model_call_seconds_count{model="gpt-4o",outcome="answered"} 1');
  expect(text).toContain('signalbox_model_tokens_total{model="gpt-4o",direction="input"} 30');
  expect(text).toContain('signalbox_model_tokens_total{model="gpt-4o",direction="output"} 4');
});

test("models named by tasks alone are counted together", async () => {
  const text = await metricsOf(async () => ({ answer, isReplayed: false }), "another-model");
  expect(text).toContain('signalbox_model_call_seconds_count{model="other",outcome="answered"} 1');
  expect(text).not.toContain("gpt-4o");
});

test("a replay is counted without its tokens: no model was called", async () => {
  const text = await metricsOf(async () => ({ answer, isReplayed: true }));
  expect(text).toContain('signalbox_model_call_seconds_count{model="gpt-4o",outcome="replayed"} 1');
  expect(text).not.toContain('direction="input"');
});

test("a failure is counted by its code", async () => {
  const text = await metricsOf(() => Promise.reject(new AppError("model_unavailable", "later")));
  expect(text).toContain('signalbox_model_call_seconds_count{model="gpt-4o",outcome="model_unavailable"} 1');
});
