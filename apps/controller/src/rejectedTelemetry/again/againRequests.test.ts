import { expect, test } from "vitest";
import { againRequests } from "./againRequests.ts";

/** A span without ids in the form in which the collector keeps it. */
const kept = (original: string): string =>
  JSON.stringify({
    origin: { resource: {}, scope: "" },
    ...{ traceId: "", spanId: "", parentSpanId: "", name: "", startTimeUnixNano: "0", endTimeUnixNano: "0", attributes: { original } },
    ...{ events: [], links: [], statusCode: 0, statusMessage: "" },
  });

test.each(["{", "", "null", '"text"'])("a span kept only as the text %j cannot be sent", (original) => {
  const records = [{ reason: "no span", record: kept(original) }];
  expect(againRequests("otlp_traces_http", records)).toEqual({ requests: [], unsendable: 1 });
});

test("an unreadable span is sent as it came", () => {
  const records = [{ reason: "no span", record: kept('{"name":7}') }];
  const { requests, unsendable } = againRequests("otlp_traces_http", records);
  expect(unsendable).toBe(0);
  expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 7 }] }] }] });
});

test("a form has a new boundary each time, which nobody can place in a part beforehand", () => {
  const record = { reason: 'the part "post.1" cannot be read: it is no JSON', record: "{" };
  const types = [1, 2].map(() => againRequests("langsmith", [record]).requests[0]?.contentType);
  expect(new Set(types).size).toBe(2);
});
