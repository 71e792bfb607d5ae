import { expect } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { inPython, pythonRequirements, sentAndRead } from "../testing/interop/interop.ts";
import { interopTest } from "../testing/interop/interopTest.ts";
import { pythonEnvironment } from "../testing/interop/pythonEnvironment.ts";

const environment = await pythonEnvironment(pythonRequirements("requirements.txt"));

for (const protocol of ["http", "grpc"])
  interopTest(`what a person sees of OpenTelemetry for Python over ${protocol}`, environment, async (python) => {
    const seen = await sentAndRead(inPython(python, "send_opentelemetry", protocol));
    expect(seen.traces).toBe(expectedOf("opentelemetry-sdk"));
    expect(seen.list).toEqual(["invoke_agent clerk: 3 spans, 1000 to 100 tokens, $0.003 estimated, session s1"]);
  });
