import { type ClickHouseClient, createRunCopyStore } from "@signalbox/db/clickhouse";
import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop/interop.ts";
import { interopTest } from "../testing/interop/interopTest.ts";
import { pythonEnvironment } from "../testing/interop/pythonEnvironment.ts";

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

/** Drops copies as the controller's loop does, and expects that many spans to go. */
const dropCopies =
  (spans: number) =>
  async (clickhouse: ClickHouseClient): Promise<void> => {
    const copies = createRunCopyStore(clickhouse);
    const until = Date.now() + 1_000;
    const from = until - 600_000;
    for (const project of await copies.projects(from)) expect(await copies.drop({ project, from, until })).toBe(spans);
    while (!(await copies.isSettled()));
  };

interopTest("what a person sees of LangSmith for Python that tells each run both ways", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langsmith", "hybrid"), dropCopies(4));
  expect(seen.traces).toBe(expectedOf("langsmith-python-sdk"));
  expect(seen.list).toEqual([row]);
});

interopTest("a span of one's own inside a run that LangSmith for Python tells both ways is below the run", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langsmith_inside"), dropCopies(2));
  expect(seen.traces).toBe(expectedOf("langsmith-python-inside"));
  expect(seen.list).toEqual(["clerk: 3 spans, no to no tokens, $0, session none"]);
});
