import { RE2JS } from "re2js";
import { BUILT_IN_PATTERNS } from "./builtInPatterns.ts";
import { withDistinctNames } from "./distinctNames.ts";
import { parseExactly } from "./parseExactly.ts";
import type { FindPlaces, Place } from "./place.ts";
import type { RedactionRules } from "./redactionRules.ts";
import { endOfText, hasRepeatedNames } from "./repeatedNames.ts";

/** Values nested deeper are removed, because they are not searched. */
const DEPTH_MAX = 100;

/** Numbers from here on may be a card's, an account's or a telephone's. Counts, tokens and costs are smaller, and stay. */
const NUMBER_MIN = 1e8;

/** Size of the cache of names: a project has few of them. */
const NAMES_KNOWN_MAX = 10_000;
const KNOWN_NAME_CHARS_MAX = 200;

const MAY_BE_JSON = new Set(['"', "[", "{"]);

/** Short texts without a match are cached: names of models, roles and types occur again and again. */
const CLEAN_CHARS_MAX = 40;
const CLEAN_TEXTS_MAX = 10_000;

/** The rule name in the placeholder of a value that could not be searched. */
export const UNREADABLE = "unreadable";

const markOf = (rule: string): string => `[redacted: ${rule}]`;

/** A cached name: whether it can be stored unchanged, and the rule that redacts its whole value, if any. */
type Named = { isClean: boolean; rule: string | null };

/**
 * Applies a project's redaction rules to values. A match becomes `[redacted: rule]`, and `count` is called with the rule. Names
 * of attributes and of members are searched like any other text. Rules are compiled once: use one instance for many values.
 */
export class Redactor {
  readonly #finders: readonly { rule: string; find: FindPlaces }[];
  readonly #names: readonly { rule: string; pattern: RE2JS }[];
  readonly #named = new Map<string, Named>();
  readonly #count: (rule: string) => void;
  readonly #clean = new Set<string>();
  #hits = 0;

  constructor({ builtIn, patterns, attributes }: RedactionRules, count: (rule: string) => void = () => {}) {
    const chosen = Object.entries(BUILT_IN_PATTERNS).filter(([name]) => (builtIn as string[]).includes(name));
    this.#finders = [
      ...chosen.map(([rule, { find }]) => ({ rule, find })),
      ...patterns.map(({ name, pattern }) => ({ rule: name, find: finderOf(RE2JS.compile(pattern)) })),
    ];
    this.#names = attributes.map((rule) => ({ rule, pattern: RE2JS.compile(wildcardSource(rule), RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL) }));
    this.#count = count;
  }

  /** Redacts a text. In JSON each string is redacted by itself, so that the result is still JSON. */
  text(text: string): string {
    return this.#text(text, 0);
  }

  /**
   * Redacts a text that is kept because it could not be understood. A text
   * that is not JSON is removed whole: it may be anything, in any encoding.
   */
  record(text: string): string {
    const parsed = parseExactly(text);
    if (parsed === undefined) return this.#mark(UNREADABLE);
    return this.#json(text, parsed, 0);
  }

  /** The redacted value of an attribute. */
  value<V>(name: string, value: V): V | string {
    const { rule } = this.#about(name);
    return rule === null ? this.#deep(value, 0) : this.#mark(rule);
  }

  /** The redacted name of an attribute. */
  name(name: string): string {
    return this.#about(name).isClean ? name : this.#plain(name);
  }

  #text(text: string, depth: number): string {
    if (text === "") return text;
    const parsed = MAY_BE_JSON.has(text.trimStart().charAt(0)) ? parseExactly(text) : undefined;
    if (parsed !== undefined) return this.#json(text, parsed, depth);
    return this.#plain(text.includes('"') ? this.#withoutNamed(text) : text);
  }

  #json(text: string, parsed: unknown, depth: number): string {
    const hits = this.#hits;
    const redacted = this.#deep(parsed, depth + 1);
    if (this.#hits === hits && hasRepeatedNames(text, parsed)) this.#hits += 1;
    return this.#hits === hits ? text : JSON.stringify(redacted);
  }

  /**
   * Finds all matches in the original text, so that no placeholder is searched again; overlapping matches merge under the first one's rule.
   */
  #plain(text: string): string {
    if (this.#clean.has(text)) return text;
    const found = this.#found(text);
    if (found === null) return this.#mark(UNREADABLE);
    if (found.length === 0) {
      this.#noteClean(text);
      return text;
    }
    found.sort((a, b) => a.place[0] - b.place[0]);
    let redacted = "";
    let from = 0;
    for (let index = 0; index < found.length; ) {
      const { rule, place } = found[index] as (typeof found)[number];
      let [, end] = place;
      for (index += 1; index < found.length && (found[index]?.place[0] ?? 0) < end; index += 1)
        end = Math.max(end, found[index]?.place[1] ?? 0);
      redacted += text.slice(from, place[0]) + this.#mark(rule);
      from = end;
    }
    return redacted + text.slice(from);
  }

  /** Null where a finder fails on a text too long for it: only that text is removed. */
  #found(text: string): { rule: string; place: Place }[] | null {
    const found: { rule: string; place: Place }[] = [];
    try {
      for (const { rule, find } of this.#finders) for (const place of find(text)) found.push({ rule, place });
    } catch {
      return null;
    }
    return found;
  }

  #noteClean(text: string): void {
    if (text.length > CLEAN_CHARS_MAX) return;
    if (this.#clean.size >= CLEAN_TEXTS_MAX) this.#clean.clear();
    this.#clean.add(text);
  }

  #deep<V>(value: V, depth: number): V | string {
    if (typeof value === "string") return this.#text(value, depth);
    if (typeof value === "number") return Math.abs(value) >= NUMBER_MIN ? this.#number(value, String(value)) : value;
    if (value === null || typeof value !== "object") return value;
    if (depth > DEPTH_MAX) return this.#mark(UNREADABLE);
    if (JSON.isRawJSON(value)) return this.#number(value, value.rawJSON);
    if (Array.isArray(value)) return value.map((item) => this.#deep(item, depth + 1)) as V;
    return Object.fromEntries(withDistinctNames(Object.entries(value).map(([key, item]) => this.#member(key, item, depth)))) as V;
  }

  #member(key: string, value: unknown, depth: number): [string, unknown] {
    const { rule } = this.#about(key);
    return [this.name(key), rule === null ? this.#deep(value, depth + 1) : this.#mark(rule)];
  }

  #number<V>(value: V, text: string): V | string {
    const redacted = this.#plain(text);
    return redacted === text ? value : redacted;
  }

  #about(name: string): Named {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const rule = this.#names.find(({ pattern }) => pattern.matches(name))?.rule ?? null;
    const about = { isClean: this.#found(name)?.length === 0, rule };
    if (this.#named.size >= NAMES_KNOWN_MAX) this.#named.clear();
    if (name.length <= KNOWN_NAME_CHARS_MAX) this.#named.set(name, about);
    return about;
  }

  /** Redacts the values of members named by the rules in a text that is not complete JSON (cut off, or with words around it). */
  #withoutNamed(text: string): string {
    if (this.#names.length === 0) return text;
    let redacted = "";
    let from = 0;
    for (const { index, 0: before, 1: key = "" } of text.matchAll(MEMBER)) {
      const { rule } = this.#about(key);
      if (index < from || rule === null) continue;
      const valueFrom = index + before.length;
      redacted += `${text.slice(from, valueFrom)}"${this.#mark(rule)}"`;
      from = endOfValue(text, valueFrom);
    }
    return redacted + text.slice(from);
  }

  #mark(rule: string): string {
    this.#hits += 1;
    this.#count(rule);
    return markOf(rule);
  }
}

/** A JSON member's name and colon; in JSON within a string, the quotes are escaped. */
const MEMBER = /"([^"\\]{1,200})\\{0,8}"\s{0,8}:\s{0,8}/g;

const OPENING = /\\{0,8}"/y;

/**
 * The end of the value that begins at `from`: a string (perhaps cut off), a number or a
 * word. The end of a list or an object is not known here, so everything after it is dropped.
 */
function endOfValue(text: string, from: number): number {
  OPENING.lastIndex = from;
  if (OPENING.test(text)) return endOfText(text, OPENING.lastIndex);
  const WORD_ENDS = /[\s"\\{[\],}]/g;
  WORD_ENDS.lastIndex = from;
  const end = WORD_ENDS.exec(text)?.index ?? text.length;
  return end === from ? text.length : end;
}

function finderOf(pattern: RE2JS): FindPlaces {
  return (text) => {
    const places: Place[] = [];
    if (!pattern.test(text)) return places;
    for (const matcher = pattern.matcher(text); matcher.find(); )
      if (matcher.end() > matcher.start()) places.push([matcher.start(), matcher.end()]);
    return places;
  };
}

function wildcardSource(name: string): string {
  return name.split("*").map(RE2JS.quote).join(".*");
}
