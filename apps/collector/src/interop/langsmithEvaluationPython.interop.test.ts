import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop.ts";
import { interopTest } from "../testing/interopTest.ts";
import { pythonEnvironment } from "../testing/pythonEnvironment.ts";

const environment = await pythonEnvironment(pythonRequirements("requirements.txt"));

interopTest("what a person sees of an evaluation by LangSmith for Python", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langsmith_evaluation"));
  // An evaluator works while the next example is answered, so which of them began first is not told.
  expect(seen.traces.split("\n\n").sort()).toEqual(expectedOf("langsmith-python-evaluation").split("\n\n").sort());
  expect(seen.list.sort()).toEqual([
    "Target: 1 spans, no to no tokens, $0, session none",
    "Target: 1 spans, no to no tokens, $0, session none",
    "right: 1 spans, no to no tokens, $0, session none",
    "right: 1 spans, no to no tokens, $0, session none",
  ]);
});
