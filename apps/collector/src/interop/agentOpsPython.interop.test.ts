import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop/interop.ts";
import { interopTest } from "../testing/interop/interopTest.ts";
import { pythonEnvironment } from "../testing/interop/pythonEnvironment.ts";

const environment = await pythonEnvironment(pythonRequirements("requirements-agentops.txt"));

interopTest("what a person sees of AgentOps for Python", environment, async (python) => {
  const seen = await sentAndRead(inPython(python, "send_agentops"));
  expect(seen.traces).toBe(expectedOf("agentops-python-sdk"));
  expect(seen.list).toEqual(["trip.session: 7 spans, 2000 to 200 tokens, $0.007 estimated, session none"]);
});
