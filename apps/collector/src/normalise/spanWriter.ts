import type { SpanBlock, TextColumn } from "@signalbox/db/clickhouse";
import {
  dayOf,
  estimateCostUsd,
  type IngestSource,
  PRICED_KINDS,
  type PricedUsage,
  priceOf,
  type SpanKind,
  type SpanStatus,
} from "@signalbox/model";
import { msAt, type OtlpEvent, type OtlpLink, type OtlpSpan, type SpanScan } from "../decode/index.ts";
import { AssembledMessages } from "./assembledMessages.ts";
import {
  type CompiledDialect,
  type CompiledKey,
  type CompiledKeys,
  DECISION_MARKS,
  ENVIRONMENT,
  RELEASE,
  USAGE_ESTIMATED,
} from "./compiledDialects.ts";
import type { BodyField, TextField } from "./dialect.ts";
import { COST_USD_MAX, COUNT_MAX, textsBut, textsOf } from "./readAttributes.ts";
import type { SpanOrigin } from "./readOrigin.ts";
import { NOWHERE, SpanAttributes } from "./spanAttributes.ts";

const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];

const NANO_USD = 1e9;

/** Default roles of messages without one. */
const ROLES = { systemMessages: "system", inputMessages: "user", outputMessages: "assistant" } as const;
type MessagesField = keyof typeof ROLES;

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

/** A text of the current span: the value of a key, a text made from several values, or nothing. */
class Found {
  key: CompiledKey | null = null;
  /** The place of its whole value. */
  place = NOWHERE;
  /** The text made from several values, in UTF-8. */
  made: Buffer | null = null;
}

const NOTHING_FOUND = new Found();
const NO_KEYS: CompiledKeys = [];
type Counts = PricedUsage & { reasoning: number | null };

/**
 * Converts spans to the canonical model, from the bytes that carry them straight into the columns of a block: texts are copied without
 * becoming strings. One instance serves many spans. A span must have passed `faultOfSpan`.
 */
export class SpanWriter {
  readonly #attributes = new SpanAttributes();
  readonly #texts: Readonly<Record<TextField, Found>> = {
    operation: new Found(),
    provider: new Found(),
    model: new Found(),
    agent: new Found(),
    session: new Found(),
    user: new Found(),
    promptName: new Found(),
    promptVersion: new Found(),
    variant: new Found(),
    toolName: new Found(),
    toolCallId: new Found(),
  };
  readonly #ownKind = new Found();
  readonly #assembled = new AssembledMessages();
  readonly #bodies: Readonly<Record<BodyField, Found>> = {
    systemMessages: new Found(),
    inputMessages: new Found(),
    outputMessages: new Found(),
    toolArguments: new Found(),
    toolResult: new Found(),
  };

  /**
   * Writes a span's row. Everything that could fail is done before the first column is touched, so that a span that makes our own code fail
   * leaves the block unchanged. Returns the decoded span if it has events or links, or holds a decision.
   */
  write(block: SpanBlock, { span, from, reception }: SpanToWrite): OtlpSpan | null {
    const attributes = this.#attributes;
    attributes.read(span.attributes);
    const hasDetails = span.detailCount > 0 || attributes.first(DECISION_MARKS) !== null;
    const details = hasDetails ? span.decode(from.origin) : null;
    const { dialect } = attributes;
    this.#findTexts(dialect);
    const kind = this.#kind(dialect);
    this.#findBodies(dialect, kind);
    const counts = this.#counts(dialect);
    const reportedUsd = attributes.number(dialect.costUsd, isCost);
    const estimatedUsd = reportedUsd === null ? this.#estimatedUsd(span, kind, counts) : null;
    const isEstimated = attributes.isTrue(USAGE_ESTIMATED);
    const tags = this.#tags(dialect);
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

  #findTexts({ texts }: CompiledDialect): void {
    for (const field in texts) this.#find(this.#texts[field as TextField], texts[field as TextField]);
  }

  /** Tool calls are read first: in a tool span, an attribute that is an argument is not a message, although both may use the same key. */
  #findBodies({ bodies, indexed }: CompiledDialect, kind: SpanKind): void {
    const { toolArguments, toolResult, systemMessages, inputMessages, outputMessages } = this.#bodies;
    this.#find(toolArguments, kind === "tool" ? bodies.toolArguments : NO_KEYS);
    this.#find(toolResult, kind === "tool" ? bodies.toolResult : NO_KEYS);
    this.#find(systemMessages, bodies.systemMessages, this.#isOfTool);
    this.#find(inputMessages, bodies.inputMessages, this.#isOfTool);
    this.#find(outputMessages, bodies.outputMessages, this.#isOfTool);
    this.#assembled.clear();
    if (this.#attributes.indexed.length === 0) return;
    for (const field in indexed) {
      const made = this.#assembled.assemble(this.#attributes, indexed[field as MessagesField] ?? "", ROLES[field as MessagesField]);
      if (made !== null) Object.assign(this.#bodies[field as MessagesField], { key: null, place: NOWHERE, made });
    }
  }

  readonly #isOfTool = (place: number): boolean => place === this.#bodies.toolArguments.place || place === this.#bodies.toolResult.place;

  #find(found: Found, keys: CompiledKeys, isTaken?: (place: number) => boolean): void {
    const key = this.#attributes.first(keys, isTaken);
    found.key = key;
    found.place = key === null ? NOWHERE : this.#attributes.placeOf(key);
    found.made = null;
  }

  #textOf({ key }: Found): string | null {
    return key === null ? null : this.#attributes.text(key);
  }

  /** The kind, by the dialect's own key for it, else by the operation; without either, a tool's name or a model decides. */
  #kind({ kindKeys, kinds }: CompiledDialect): SpanKind {
    this.#find(this.#ownKind, kindKeys);
    const own = this.#textOf(this.#ownKind);
    const word = own ?? this.#textOf(this.#texts.operation);
    if (word !== null) return kinds.get(word.toLowerCase()) ?? "other";
    if (this.#texts.toolName.key !== null) return "tool";
    return this.#texts.model.key === null ? "other" : "llm";
  }

  #counts({ counts, cachedIsBesideInput }: CompiledDialect): Counts {
    const attributes = this.#attributes;
    const input = attributes.number(counts.input, isCount);
    const cached = attributes.number(counts.cached, isCount);
    const cacheWrite = attributes.number(counts.cacheWrite, isCount);
    const parts = (cached ?? 0) + (cacheWrite ?? 0);
    const isBeside = cachedIsBesideInput || parts > (input ?? 0);
    return {
      input: input === null ? null : Math.min(isBeside ? input + parts : input, COUNT_MAX),
      output: attributes.number(counts.output, isCount),
      cached: cached ?? attributes.number(counts.cachedInside, isCount),
      cacheWrite,
      reasoning: attributes.number(counts.reasoning, isCount),
    };
  }

  #estimatedUsd({ bytes, startTimeAt }: SpanScan, kind: SpanKind, counts: Counts): number | null {
    const model = PRICED_KINDS.has(kind) ? this.#textOf(this.#texts.model) : null;
    const price = model === null ? null : priceOf(model, dayOf(msAt(bytes, startTimeAt)));
    return price === null ? null : estimateCostUsd(counts, price);
  }

  #tags({ tags, joinedTags }: CompiledDialect): string[] {
    const attributes = this.#attributes;
    const own = attributes.first(tags);
    if (own !== null) return textsOf(attributes.value(own));
    const joined = attributes.first(joinedTags);
    return joined === null ? [] : attributes.text(joined).split(", ");
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
    else this.#attributes.append(column, this.#attributes.first(keys));
  }

  #writeTexts(block: SpanBlock): void {
    const texts = this.#texts;
    const bodies = this.#bodies;
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
    const { toolName, toolCallId } = this.#texts;
    const isTool = kind === "tool";
    if (isTool && toolName.key === null) block.toolName.append(span.bytes, span.nameStart, span.nameEnd);
    else this.#write(block.toolName, isTool ? toolName : NOTHING_FOUND);
    this.#write(block.toolCallId, isTool ? toolCallId : NOTHING_FOUND);
    this.#write(block.toolArguments, this.#bodies.toolArguments);
    this.#write(block.toolResult, this.#bodies.toolResult);
  }

  #write(column: TextColumn, { key, made }: Found): void {
    if (made === null) this.#attributes.append(column, key);
    else column.append(made, 0, made.length);
  }

  /** Writes all attributes, except those stored whole in a column of their own. */
  #writeAttributes(block: SpanBlock, span: SpanScan): void {
    const { keys, values } = block.attributes;
    const scan = span.attributes;
    let entries = 0;
    for (let place = 0; place < scan.count; place += 1) {
      if (this.#isBody(place) || this.#assembled.isWhole(place)) continue;
      keys.appendRepeated(this.#attributes.keyAt(place));
      this.#attributes.appendAt(values, place);
      entries += 1;
    }
    block.attributes.endRow(entries);
  }

  #isBody(place: number): boolean {
    const { systemMessages, inputMessages, outputMessages, toolArguments, toolResult } = this.#bodies;
    return (
      place === inputMessages.place ||
      place === outputMessages.place ||
      place === systemMessages.place ||
      place === toolArguments.place ||
      place === toolResult.place
    );
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= COUNT_MAX;
}

function isCost(value: number): boolean {
  return value >= 0 && value <= COST_USD_MAX;
}

function eventOf(event: OtlpEvent) {
  return { name: event.name, timeUnixNano: String(event.timeUnixNano), attributes: textsBut(event.attributes) };
}

function linkOf(link: OtlpLink) {
  return { traceId: link.traceId, spanId: link.spanId, attributes: textsBut(link.attributes) };
}
