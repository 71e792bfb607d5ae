/** The tests' instrumentation key: exporters accept only lower-case UUIDs. */
export const INSTRUMENTATION_KEY = "11111111-2222-3333-4444-555555555555";

export const TRACE_ID = "c6d76716db305ecfbed34d462a5c7c9f";
export const ROOT_ID = "37f990c57a78bc59";

const TAGS = {
  "ai.internal.sdkVersion": "node24:otel2.12.1:ext1.0.0-beta.47",
  "ai.cloud.role": "clerk",
  "ai.cloud.roleInstance": "i1",
  "ai.application.ver": "1.2.3",
  "ai.operation.id": TRACE_ID,
};

/** An envelope of Application Insights. */
export function anEnvelope(baseType: string, baseData: object, tags: object = { "ai.operation.parentId": ROOT_ID }) {
  return {
    ver: 1,
    name: `Microsoft.ApplicationInsights.${baseType.replace("Data", "")}`,
    time: "2026-11-20T03:04:05.6789012Z",
    sampleRate: 100,
    iKey: INSTRUMENTATION_KEY,
    tags: { ...TAGS, ...tags },
    data: { baseType, baseData: { ver: 2, ...baseData } },
  };
}

export const A_RESOURCE = anEnvelope(
  "MetricData",
  { metrics: [{ name: "_OTELRESOURCE_", value: 1 }], properties: { "service.name": "other", "deployment.environment.name": "prod" } },
  {},
);

export const A_REQUEST = anEnvelope(
  "RequestData",
  { id: ROOT_ID, name: "POST /ask", duration: "00:00:02.000", success: false, responseCode: "500", url: "http://me/ask", properties: {} },
  { "ai.session.id": "s1", "ai.user.authUserId": "u1" },
);

export const A_DEPENDENCY = anEnvelope("RemoteDependencyData", {
  id: "d9a5769ae1d0fe24",
  name: "chat gpt-4o",
  resultCode: "0",
  type: "Dependency",
  duration: "1.01:01:01.0010005",
  success: true,
  properties: {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": "12",
    "_MS.links": '[{"operation_Id":"5b8efff798038103d269b633813fc60c","id":"eee19b7ec3c1b174"}]',
  },
  measurements: { score: 0.5 },
});

export const A_MESSAGE = anEnvelope("MessageData", { message: "hello", severityLevel: "Warning", properties: { n: "1" } });

export const AN_EVALUATION = anEnvelope("MessageData", {
  message: "n/a",
  properties: { "gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": "0.9" },
});

export const AN_EVENT = anEnvelope("EventData", { name: "custom", properties: { k: "v" } });

export const AN_EXCEPTION = anEnvelope("ExceptionData", {
  exceptions: [{ typeName: "TypeError", message: "bad", hasFullStack: true, stack: "at x" }],
  severityLevel: 3,
});

export const A_METRIC = anEnvelope("MetricData", {
  metrics: [{ name: "latency", value: 7.5, count: 3, min: 1, max: 4 }],
  properties: { queue: "a" },
});

export const EVERY_ENVELOPE = [A_RESOURCE, A_REQUEST, A_DEPENDENCY, A_MESSAGE, AN_EVALUATION, AN_EVENT, AN_EXCEPTION, A_METRIC];
