import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop/interop.ts";
import { interopTest } from "../testing/interop/interopTest.ts";
import { pythonEnvironment } from "../testing/interop/pythonEnvironment.ts";

const environment = await pythonEnvironment(pythonRequirements("requirements.txt"));

interopTest("what a person sees of Langfuse for Python", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_langfuse"));
  expect(seen.traces).toBe(expectedOf("langfuse-python-sdk"));
  expect(seen.list).toEqual(["clerk: 4 spans, 2000 to 200 tokens, $0.006 estimated, session s1"]);
});
