import type { IngestSource, Message, Span } from "@signalbox/model";
import { SpanBlock, type TextColumn } from "../clickhouse/index.ts";

const NANO_USD = 1e9;

/** Spans of the canonical model as a block for the table `spans`. */
export function spanBlockOf(spans: readonly Span[], receivedAtUs: number, source: IngestSource = "otlp_traces_http"): SpanBlock {
  const block = new SpanBlock();
  for (const span of spans) addSpan(block, span, receivedAtUs, source);
  return block;
}

function addSpan(block: SpanBlock, span: Span, receivedAtUs: number, source: IngestSource): void {
  block.project.appendText(span.project);
  block.traceId.append(Buffer.from(span.traceId, "hex"), 0);
  block.spanId.append(Buffer.from(span.spanId, "hex"), 0);
  block.parentSpanId.append(Buffer.from(span.parentSpanId ?? "0".repeat(16), "hex"), 0);
  block.name.appendText(span.name);
  block.kind.appendText(span.kind);
  block.service.appendText(span.service);
  block.startTime.append(nanosOf(span.startTimeUnixNano), 0);
  block.endTime.append(nanosOf(span.endTimeUnixNano), 0);
  block.status.appendText(span.status);
  block.statusMessage.appendText(span.statusMessage);
  const texts: readonly [TextColumn, string | null | undefined][] = [
    [block.operation, span.operation],
    [block.provider, span.provider],
    [block.model, span.model],
    [block.agent, span.agent],
    [block.toolName, span.tool?.name],
    [block.toolCallId, span.tool?.callId],
    [block.toolArguments, span.tool?.arguments],
    [block.toolResult, span.tool?.result],
    [block.session, span.session],
    [block.user, span.user],
    [block.promptName, span.promptName],
    [block.promptVersion, span.promptVersion],
    [block.release, span.release],
    [block.environment, span.environment],
    [block.variant, span.variant],
    [block.dialect, span.dialect],
    [block.scope, span.scope],
    [block.systemMessages, null],
    [block.inputMessages, messagesText(span.inputMessages)],
    [block.outputMessages, messagesText(span.outputMessages)],
    [block.events, span.events.length === 0 ? null : JSON.stringify(span.events)],
    [block.links, span.links.length === 0 ? null : JSON.stringify(span.links)],
  ];
  for (const [column, text] of texts) column.appendText(text ?? "");
  block.inputTokens.append(span.usage.input);
  block.outputTokens.append(span.usage.output);
  block.cachedTokens.append(span.usage.cached);
  block.reasoningTokens.append(span.usage.reasoning);
  block.usageIsEstimate.appendByte(Number(span.usageIsEstimate));
  block.costUsd.append(span.costUsd === null ? null : Math.round(span.costUsd * NANO_USD));
  block.costIsEstimate.appendByte(Number(span.costIsEstimate));
  block.tags.append(span.tags);
  for (const map of ["attributes", "resourceAttributes"] as const) {
    const entries = Object.entries(span[map]);
    for (const [key, value] of entries) {
      block[map].keys.appendText(key);
      block[map].values.appendText(value);
    }
    block[map].endRow(entries.length);
  }
  block.receivedAt.appendUint64(receivedAtUs);
  block.source.appendText(source);
  block.endRow();
}

function messagesText(messages: readonly Message[]): string | null {
  return messages.length === 0 ? null : JSON.stringify(messages);
}

function nanosOf(text: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(text));
  return bytes;
}
