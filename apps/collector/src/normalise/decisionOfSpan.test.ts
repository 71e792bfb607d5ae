import { readFileSync } from "node:fs";
import { memoryRunParts } from "@signalbox/db/testing";
import { type Decision, verifyChain } from "@signalbox/model";
import { expect, test } from "vitest";
import { type AttributeValue, decodeSpans, emptyOrigin, emptySpan, type OtlpSpan } from "../decode/index.ts";
import { recordedOf } from "../testing/expectations.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { untilTrue } from "../testing/untilTrue.ts";
import { decisionOfSpan } from "./index.ts";

const decisionsOf = (spans: readonly OtlpSpan[]): Decision[] => spans.flatMap((span) => decisionOfSpan(span, "default") ?? []);

test("a decision of Vercel's AI SDK 7 is one event, although two spans report it", () => {
  const spans = decodeSpans(recordedOf("vercel-ai-7"), "json");
  const decisions = decisionsOf(spans);
  const [operation] = spans.filter(({ name, parentSpanId }) => name === "decide gpt-4o-mini" && parentSpanId === "");
  expect(decisions).toMatchObject([
    {
      taskId: `${operation?.traceId}/${operation?.spanId}`,
      kind: "decided",
      chosen: "umbrella: false",
      confidence: 0.9,
      spanId: operation?.spanId,
      detail: {
        model: "gpt-4o-mini",
        state: "It is sunny in Paris.",
        questions: { umbrella: { type: "boolean", instructions: "Take an umbrella?" } },
        answers: { umbrella: { type: "boolean", value: false, probabilities: { true: 0.1, false: 0.9 }, confidence: 0.9 } },
      },
    },
  ]);
  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
});

test("a decision of LangChain, as its run was recorded, is stored beside its span", async () => {
  const body = readFileSync(new URL("../decode/langsmith/__fixtures__/langchain-core-1.4.0-decision.multipart", import.meta.url));
  await using collector = await startTestCollector({}, undefined, { runParts: memoryRunParts() });
  await fetch(`${collector.url}/runs/multipart`, { method: "POST", body: new Uint8Array(body) });
  const rowsOf = (table: string) => collector.stored.filter((stored) => stored.table === table).flatMap(({ rows }) => rows);
  await untilTrue(() => rowsOf("decisions").length === 1);
  const decision = JSON.parse(String(rowsOf("decisions")[0]?.record)) as Decision;
  expect(decision).toMatchObject({
    kind: "decided",
    chosen: "refund: true; department: billing; frustration: 1.35",
    confidence: 0.45,
    actor: { service: "shop" },
    detail: {
      model: "clerk-1",
      state: "This has failed three times. Give me my money back.",
      questions: { refund: { type: "noul" } },
      answers: {
        refund: { type: "boolean", value: true, confidence: 0.92 },
        department: { type: "choice", value: "billing", probabilities: { billing: 0.7, technical: 0.3 }, confidence: 0.7 },
        frustration: { type: "score", value: 1.35, confidence: 0.45 },
      },
    },
  });
  expect(rowsOf("spans")).toMatchObject([{ kind: "llm", model: "clerk-1", input_tokens: 120, span_id: decision.spanId }]);
  expect(verifyChain([decision])).toEqual({ kind: "whole" });
});

/** A span with the two events that Strands documents. */
function ofStrands(answers: AttributeValue): OtlpSpan {
  const event = (name: string, key: string, value: AttributeValue) => ({ name, timeUnixNano: 1n, attributes: new Map([[key, value]]) });
  return {
    ...emptySpan(emptyOrigin(new Map())),
    traceId: "1".repeat(32),
    spanId: "2".repeat(16),
    name: "decision",
    attributes: new Map<string, AttributeValue>([["gen_ai.operation.name", "decision"]]),
    events: [
      event("gen_ai.decision.questions", "gen_ai.decision.questions", '["urgent"]'),
      event("gen_ai.decision.answers", "gen_ai.decision.answers", answers),
    ],
  };
}

test("a decision of Strands is read from the events of its span, even an uncertain one", () => {
  const sure = ofStrands('{"urgent":{"type":"choice","choice":"yes","probabilities":{"yes":0.8,"no":0.2}}}');
  expect(decisionsOf([sure])).toMatchObject([
    { chosen: "urgent: yes", confidence: 0.8, reason: "", detail: { questions: ["urgent"], answers: { urgent: { value: "yes" } } } },
  ]);
  const unsure = ofStrands('{"urgent":{"uncertain":true,"reason":"too short"}}');
  expect(decisionsOf([unsure])).toMatchObject([{ chosen: "urgent: null", confidence: null, reason: "urgent: too short" }]);
});

test("attributes that only look like a decision make none", () => {
  const plain = emptySpan(emptyOrigin(new Map()));
  const spans = [plain, ofStrands("soon"), { ...plain, attributes: new Map<string, AttributeValue>([["ai.decision.answers", "[1]"]]) }];
  expect(decisionsOf(spans)).toEqual([]);
});
