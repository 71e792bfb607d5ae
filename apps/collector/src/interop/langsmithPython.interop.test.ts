import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop.ts";
import { interopTest } from "../testing/interopTest.ts";
import { pythonEnvironment } from "../testing/pythonEnvironment.ts";

const environment = await pythonEnvironment(pythonRequirements("requirements.txt"));

const row = "clerk: 4 spans, 2000 to 200 tokens, $0.006 estimated, session s1";

interopTest("what a person sees of LangSmith for Python", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langsmith", "langsmith"));
  expect(seen.traces).toBe(expectedOf("langsmith-python-sdk"));
  expect(seen.list).toEqual([row]);
});

interopTest("what a person sees of LangSmith for Python over OpenTelemetry", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langsmith", "otel"));
  expect(seen.traces).toBe(expectedOf("langsmith-python-otel"));
  expect(seen.list).toEqual([row]);
});
