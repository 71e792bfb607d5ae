import { crc32 } from "node:zlib";
import { digestText, type LoggedSpan } from "@signalbox/db/clickhouse";
import { KEYS } from "@signalbox/model";
import { readAckLog } from "../loadgen/ackLog.ts";
import { OtlpTemplate, type SentSpan } from "../loadgen/templates/otlpTemplate.ts";
import { type PatchedRequest, RequestTemplates } from "../loadgen/templates/requestTemplates.ts";
import { type DecodedSpan, decodeTraces, plainValue } from "./otlpTraces.ts";

/**
 * The spans that were acknowledged according to a client's log, generated again from
 * it. With text, their digest covers the content under OpenTelemetry's conventions.
 */
export function* expectedSpans(logPath: string, { withText }: { withText: boolean }): Generator<LoggedSpan> {
  const { payload, acknowledged } = readAckLog(logPath);
  // An update comes after the span that it updates, and wins.
  const latest = new Map(acknowledged.map((request) => [request.number, request]));
  const templates = new RequestTemplates(payload, (shape, number) => new OtlpTemplate(shape, number));
  const textDigests = new Map<number, number[]>();

  function textDigestsOf({ number, body }: PatchedRequest): number[] {
    const template = number % payload.templates;
    const digests = textDigests.get(template) ?? spansOf(body).map((span) => crc32(digestText(toldBy(span))));
    textDigests.set(template, digests);
    return digests;
  }

  for (const { number, baseMs, isUpdated } of latest.values()) {
    const request = templates.patch(number, baseMs, isUpdated);
    const digests = withText ? textDigestsOf(request) : undefined;
    for (const [index, span] of templates.of(number).sentSpans().entries()) {
      yield { spanId: span.spanId, digest: digests === undefined ? 0 : crc32(identityText(span), digests[index]) };
    }
  }
}

function spansOf(body: Buffer): DecodedSpan[] {
  return decodeTraces(body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

function identityText({ traceId, spanId, parentSpanId, startNs, endNs }: SentSpan): string {
  return [traceId.toString("hex"), spanId.toString("hex"), parentSpanId?.toString("hex") ?? "", startNs, endNs].join("\n");
}

function toldBy({ name, attributes }: DecodedSpan) {
  const values = new Map(attributes.map(({ key, value }) => [key, plainValue(value)]));
  const text = (key: string): string => String(values.get(key) ?? "");
  return {
    name,
    agent: text(KEYS.agentName),
    session: text(KEYS.conversationId),
    user: text(KEYS.userId),
    inputTokens: Number(values.get(KEYS.inputTokens) ?? 0),
    said: contentOf(text(KEYS.inputMessages), 1),
    answered: contentOf(text(KEYS.outputMessages), 0),
  };
}

/** The text of the first part of a message in an attribute; empty where there is none. */
function contentOf(messages: string, index: number): string {
  if (messages === "") return "";
  const parsed: { parts: { content: string }[] }[] = JSON.parse(messages);
  return parsed[index]?.parts[0]?.content ?? "";
}
