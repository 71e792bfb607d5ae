import type { SpanBlock, TextColumn } from "@signalbox/db/clickhouse";
import type { IngestSource, SpanKind, SpanStatus } from "@signalbox/model";
import type { OtlpEvent, OtlpLink, OtlpSpan, SpanScan } from "../decode/index.ts";
import { type CompiledKeys, DECISION_MARKS, ENVIRONMENT, RELEASE, USAGE_ESTIMATED } from "./compiledDialects.ts";
import { textsBut } from "./readAttributes.ts";
import type { SpanOrigin } from "./readOrigin.ts";
import { type Found, NOTHING_FOUND, SpanFields } from "./spanFields.ts";

const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];

const NANO_USD = 1e9;

/** How a request was received: its project, source and time. `receivedAtUs` is microseconds since 1970. */
export interface Reception {
  project: string;
  source: IngestSource;
  receivedAtUs: number;
}

/** A span, its sender, and how it was received. */
export interface SpanToWrite {
  span: SpanScan;
  from: SpanOrigin;
  reception: Reception;
}

/**
 * Converts spans to the canonical model, from the bytes that carry them straight into the columns of a block: texts are copied without
 * becoming strings. One instance serves many spans. A span must have passed `faultOfSpan`.
 */
export class SpanWriter {
  readonly #fields = new SpanFields();

  /**
   * Writes a span's row. Everything that could fail is done before the first column is touched, so that a span that makes our own code fail
   * leaves the block unchanged. Returns the decoded span if it has events or links, or holds a decision.
   */
  write(block: SpanBlock, { span, from, reception }: SpanToWrite): OtlpSpan | null {
    const fields = this.#fields;
    const { attributes } = fields;
    attributes.read(span.attributes);
    const hasDetails = span.detailCount > 0 || attributes.first(DECISION_MARKS) !== null;
    const details = hasDetails ? span.decode(from.origin) : null;
    const { dialect } = attributes;
    const kind = fields.find();
    const counts = fields.counts();
    const reportedUsd = fields.reportedUsd();
    const estimatedUsd = reportedUsd === null ? fields.estimatedUsd(span, kind, counts) : null;
    const isEstimated = attributes.isTrue(USAGE_ESTIMATED);
    const tags = fields.tags();
    const events = details === null || details.events.length === 0 ? "" : JSON.stringify(details.events.map(eventOf));
    const links = details === null || details.links.length === 0 ? "" : JSON.stringify(details.links.map(linkOf));

    this.#writeIdentity(block, span, reception);
    this.#writeOrigin(block, from);
    this.#writeTexts(block);
    this.#writeTool(block, span, kind);
    block.kind.appendText(kind);
    block.dialect.appendText(dialect.name);
    block.inputTokens.append(counts.input);
    block.outputTokens.append(counts.output);
    block.cachedTokens.append(counts.cached);
    block.reasoningTokens.append(counts.reasoning);
    block.usageIsEstimate.appendByte(isEstimated ? 1 : 0);
    const costUsd = reportedUsd ?? estimatedUsd;
    block.costUsd.append(costUsd === null ? null : Math.round(costUsd * NANO_USD));
    block.costIsEstimate.appendByte(estimatedUsd === null ? 0 : 1);
    block.tags.append(tags);
    this.#writeAttributes(block, span);
    block.events.appendText(events);
    block.links.appendText(links);
    block.endRow();
    return details;
  }

  #writeIdentity(block: SpanBlock, span: SpanScan, { project, source, receivedAtUs }: Reception): void {
    const { bytes } = span;
    block.project.appendText(project);
    block.traceId.append(bytes, span.traceIdStart);
    block.spanId.append(bytes, span.spanIdStart);
    if (span.parentStart === span.parentEnd) block.parentSpanId.appendZero();
    else block.parentSpanId.append(bytes, span.parentStart);
    block.name.append(bytes, span.nameStart, span.nameEnd);
    block.startTime.append(bytes, span.startTimeAt);
    block.endTime.append(bytes, span.endTimeAt);
    block.status.appendText(STATUSES[span.statusCode] ?? "unset");
    block.statusMessage.append(bytes, span.statusMessageStart, span.statusMessageEnd);
    block.receivedAt.appendUint64(receivedAtUs);
    block.source.appendText(source);
  }

  #writeOrigin(block: SpanBlock, from: SpanOrigin): void {
    block.service.appendText(from.service);
    this.#writeOwn(block.release, from.release, RELEASE);
    this.#writeOwn(block.environment, from.environment, ENVIRONMENT);
    block.scope.appendText(from.origin.scope);
    for (const key of from.resourceKeys) block.resourceAttributes.keys.appendText(key);
    block.resourceAttributes.values.appendEncoded(from.resourceValues);
    block.resourceAttributes.endRow(from.resourceKeys.length);
  }

  /** The resource's value, else the span's own. */
  #writeOwn(column: TextColumn, told: string, keys: CompiledKeys): void {
    if (told !== "") column.appendText(told);
    else this.#fields.attributes.append(column, this.#fields.attributes.first(keys));
  }

  #writeTexts(block: SpanBlock): void {
    const { texts, bodies } = this.#fields;
    this.#write(block.operation, texts.operation);
    this.#write(block.provider, texts.provider);
    this.#write(block.model, texts.model);
    this.#write(block.agent, texts.agent);
    this.#write(block.session, texts.session);
    this.#write(block.user, texts.user);
    this.#write(block.promptName, texts.promptName);
    this.#write(block.promptVersion, texts.promptVersion);
    this.#write(block.variant, texts.variant);
    this.#write(block.systemMessages, bodies.systemMessages);
    this.#write(block.inputMessages, bodies.inputMessages);
    this.#write(block.outputMessages, bodies.outputMessages);
  }

  /** A tool without a name gets its span's name. */
  #writeTool(block: SpanBlock, span: SpanScan, kind: SpanKind): void {
    const { texts, bodies } = this.#fields;
    const { toolName, toolCallId } = texts;
    const isTool = kind === "tool";
    if (isTool && toolName.key === null) block.toolName.append(span.bytes, span.nameStart, span.nameEnd);
    else this.#write(block.toolName, isTool ? toolName : NOTHING_FOUND);
    this.#write(block.toolCallId, isTool ? toolCallId : NOTHING_FOUND);
    this.#write(block.toolArguments, bodies.toolArguments);
    this.#write(block.toolResult, bodies.toolResult);
  }

  #write(column: TextColumn, { key, made }: Found): void {
    if (made === null) this.#fields.attributes.append(column, key);
    else column.append(made, 0, made.length);
  }

  /** Writes all attributes, except those stored whole in a column of their own. */
  #writeAttributes(block: SpanBlock, span: SpanScan): void {
    const { keys, values } = block.attributes;
    const { attributes } = this.#fields;
    const scan = span.attributes;
    let entries = 0;
    for (let place = 0; place < scan.count; place += 1) {
      if (this.#fields.isInColumn(place)) continue;
      keys.appendRepeated(attributes.keyAt(place));
      attributes.appendAt(values, place);
      entries += 1;
    }
    block.attributes.endRow(entries);
  }
}

function eventOf(event: OtlpEvent) {
  return { name: event.name, timeUnixNano: String(event.timeUnixNano), attributes: textsBut(event.attributes) };
}

function linkOf(link: OtlpLink) {
  return { traceId: link.traceId, spanId: link.spanId, attributes: textsBut(link.attributes) };
}
