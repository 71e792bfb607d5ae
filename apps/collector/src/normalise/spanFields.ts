import { dayOf, estimateCostUsd, PRICED_KINDS, type PricedUsage, priceOf, type SpanKind } from "@signalbox/model";
import { msAt, type SpanScan } from "../decode/index.ts";
import { AssembledMessages } from "./assembledMessages.ts";
import type { CompiledDialect, CompiledKey, CompiledKeys } from "./compiledDialects.ts";
import type { BodyField, TextField } from "./dialect.ts";
import { COST_USD_MAX, COUNT_MAX, textsOf } from "./readAttributes.ts";
import { NOWHERE, SpanAttributes } from "./spanAttributes.ts";

/** Default roles of messages without one. */
const ROLES = { systemMessages: "system", inputMessages: "user", outputMessages: "assistant" } as const;
type MessagesField = keyof typeof ROLES;

/** A text of the current span: the value of a key, a text made from several values, or nothing. */
export class Found {
  key: CompiledKey | null = null;
  /** The place of its whole value. */
  place = NOWHERE;
  /** The text made from several values, in UTF-8. */
  made: Buffer | null = null;
}

export const NOTHING_FOUND = new Found();
const NO_KEYS: CompiledKeys = [];
type Counts = PricedUsage & { reasoning: number | null };

/** The canonical fields of the current span, found among its attributes by its dialect. Reused for every span. */
export class SpanFields {
  readonly attributes = new SpanAttributes();
  readonly texts: Readonly<Record<TextField, Found>> = {
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
  readonly bodies: Readonly<Record<BodyField, Found>> = {
    systemMessages: new Found(),
    inputMessages: new Found(),
    outputMessages: new Found(),
    toolArguments: new Found(),
    toolResult: new Found(),
  };
  readonly #ownKind = new Found();
  readonly #assembled = new AssembledMessages();

  /** Finds the texts, the kind and the bodies of the span whose `attributes` were read; returns the kind. */
  find(): SpanKind {
    const { dialect } = this.attributes;
    this.#findTexts(dialect);
    const kind = this.#kind(dialect);
    this.#findBodies(dialect, kind);
    return kind;
  }

  /** The numbers of tokens; `input` includes what was read from and written to a cache. */
  counts(): Counts {
    const { attributes } = this;
    const { counts, cachedIsBesideInput } = attributes.dialect;
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

  /** The cost as the sender reported it. */
  reportedUsd(): number | null {
    return this.attributes.number(this.attributes.dialect.costUsd, isCost);
  }

  /** The cost at list price, if the list has the model. */
  estimatedUsd({ bytes, startTimeAt }: SpanScan, kind: SpanKind, counts: Counts): number | null {
    const model = PRICED_KINDS.has(kind) ? this.#textOf(this.texts.model) : null;
    const price = model === null ? null : priceOf(model, dayOf(msAt(bytes, startTimeAt)));
    return price === null ? null : estimateCostUsd(counts, price);
  }

  /** The tags: a list, or one text that joins them. */
  tags(): string[] {
    const { attributes } = this;
    const { tags, joinedTags } = attributes.dialect;
    const own = attributes.first(tags);
    if (own !== null) return textsOf(attributes.value(own));
    const joined = attributes.first(joinedTags);
    return joined === null ? [] : attributes.text(joined).split(", ");
  }

  /** Whether the attribute at `place` is whole in a column of its own. */
  isInColumn(place: number): boolean {
    return this.#isBody(place) || this.#assembled.isWhole(place);
  }

  #findTexts({ texts }: CompiledDialect): void {
    for (const field in texts) this.#find(this.texts[field as TextField], texts[field as TextField]);
  }

  /** Tool calls are read first: in a tool span, an attribute that is an argument is not a message, although both may use the same key. */
  #findBodies({ bodies, indexed }: CompiledDialect, kind: SpanKind): void {
    const { toolArguments, toolResult, systemMessages, inputMessages, outputMessages } = this.bodies;
    this.#find(toolArguments, kind === "tool" ? bodies.toolArguments : NO_KEYS);
    this.#find(toolResult, kind === "tool" ? bodies.toolResult : NO_KEYS);
    this.#find(systemMessages, bodies.systemMessages, this.#isOfTool);
    this.#find(inputMessages, bodies.inputMessages, this.#isOfTool);
    this.#find(outputMessages, bodies.outputMessages, this.#isOfTool);
    this.#assembled.clear();
    if (this.attributes.indexed.length === 0) return;
    for (const field in indexed) {
      const made = this.#assembled.assemble(this.attributes, indexed[field as MessagesField] ?? "", ROLES[field as MessagesField]);
      if (made !== null) Object.assign(this.bodies[field as MessagesField], { key: null, place: NOWHERE, made });
    }
  }

  readonly #isOfTool = (place: number): boolean => place === this.bodies.toolArguments.place || place === this.bodies.toolResult.place;

  #find(found: Found, keys: CompiledKeys, isTaken?: (place: number) => boolean): void {
    const key = this.attributes.first(keys, isTaken);
    found.key = key;
    found.place = key === null ? NOWHERE : this.attributes.placeOf(key);
    found.made = null;
  }

  #textOf({ key }: Found): string | null {
    return key === null ? null : this.attributes.text(key);
  }

  /** The kind, by the dialect's own key for it, else by the operation; without either, a tool's name or a model decides. */
  #kind({ kindKeys, kinds }: CompiledDialect): SpanKind {
    this.#find(this.#ownKind, kindKeys);
    const own = this.#textOf(this.#ownKind);
    const word = own ?? this.#textOf(this.texts.operation);
    if (word !== null) return kinds.get(word.toLowerCase()) ?? "other";
    if (this.texts.toolName.key !== null) return "tool";
    return this.texts.model.key === null ? "other" : "llm";
  }

  #isBody(place: number): boolean {
    const { systemMessages, inputMessages, outputMessages, toolArguments, toolResult } = this.bodies;
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
