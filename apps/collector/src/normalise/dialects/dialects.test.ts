import { expect, test } from "vitest";
import { decodeSpans } from "../../decode/index.ts";
import { expectedOf, recordedOf } from "../../testing/expectations.ts";
import { normalised } from "../../testing/normalised.ts";
import { traceSnapshot } from "../../testing/traceSnapshot.ts";

test.each([
  "openinference",
  "traceloop",
  "vercel-ai-4",
  "vercel-ai-5",
  "vercel-ai-6",
  "vercel-ai-7",
  "vercel-ai-7-legacy",
  "langfuse",
  "langfuse-python",
  "openinference-langchain",
  "agentops-python",
  "agentops-js",
  "genkit",
  "laminar",
  "mlflow",
  "openllmetry-python",
  "pydantic-ai",
])("what a person sees of a recorded request of %s", (framework) => {
  const spans = decodeSpans(recordedOf(framework), "json").map(normalised);
  expect(traceSnapshot(spans)).toBe(expectedOf(framework));
});
