import { expect, test } from "vitest";
import { againRequests } from "./againRequests.ts";

/** A span without ids as the collector keeps one. */
const kept = (original: string): string =>
  JSON.stringify({
    origin: { resource: {}, scope: "" },
    ...{ traceId: "", spanId: "", parentSpanId: "", name: "", startTimeUnixNano: "0", endTimeUnixNano: "0", attributes: { original } },
    ...{ events: [], links: [], statusCode: 0, statusMessage: "" },
  });

test.each(["{", "", "null", '"text"'])("a span of which nothing but the text %j is kept cannot be sent", (original) => {
  const records = [{ reason: "no span", record: kept(original) }];
  expect(againRequests("otlp_traces_http", records)).toEqual({ requests: [], unsendable: 1 });
});

test("a span that could not be read is sent as it came", () => {
  const records = [{ reason: "no span", record: kept('{"name":7}') }];
  const { requests, unsendable } = againRequests("otlp_traces_http", records);
  expect(unsendable).toBe(0);
  expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 7 }] }] }] });
});

test("a form has another boundary each time, which nobody can put into a part before", () => {
  const record = { reason: 'the part "post.1" cannot be read: it is no JSON', record: "{" };
  const types = [1, 2].map(() => againRequests("langsmith", [record]).requests[0]?.contentType);
  expect(new Set(types).size).toBe(2);
});
