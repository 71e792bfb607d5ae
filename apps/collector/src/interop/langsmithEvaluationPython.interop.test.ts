import type { ClickHouseClient } from "@signalbox/db/clickhouse";
import { listEvalRuns, listEvalTries } from "@signalbox/db/evalRuns";
import { foldExperiment, listDueExperiments } from "@signalbox/db/langsmith";
import { createPrisma } from "@signalbox/db/prisma";
import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop/interop.ts";
import { interopTest } from "../testing/interop/interopTest.ts";
import { pythonEnvironment } from "../testing/interop/pythonEnvironment.ts";

const environment = await pythonEnvironment(pythonRequirements("requirements.txt"));

interopTest("what a person sees of an evaluation by LangSmith for Python", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langsmith_evaluation"), findEvalRun);
  // An evaluator works while the next example is answered, so their order is not determined.
  expect(seen.traces.split("\n\n").sort()).toEqual(expectedOf("langsmith-python-evaluation").split("\n\n").sort());
  expect(seen.list.sort()).toEqual([
    "Target: 1 spans, no to no tokens, $0, session none",
    "Target: 1 spans, no to no tokens, $0, session none",
    "right: 1 spans, no to no tokens, $0, session none",
    "right: 1 spans, no to no tokens, $0, session none",
  ]);
});

/** Expects the evaluation as a finished eval run with a try for each example. */
async function findEvalRun(clickhouse: ClickHouseClient, databaseUrl: string): Promise<void> {
  await using prisma = createPrisma(databaseUrl);
  const now = new Date();
  for (const experiment of await listDueExperiments(prisma, now, 10)) await foldExperiment({ prisma, clickhouse }, experiment, now);
  const [run] = await listEvalRuns(prisma, "default", 10);
  expect(run).toMatchObject({ dataset: "weather questions@1", items: 2, finished: 2, failed: 0, endedAt: expect.any(String) });
  const { tries } = await listEvalTries(prisma, run?.id ?? "", {}, { skip: 0, rowsMax: 10 });
  const said = tries.map(({ input, output, scores: [score] }) => [input, output, score?.value]);
  expect(said).toEqual([
    [{ city: "Oslo" }, { sky: "sunny" }, 0],
    [{ city: "Rome" }, { sky: "sunny" }, 1],
  ]);
}
