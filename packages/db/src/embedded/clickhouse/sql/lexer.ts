/** A token of SQL; comments and white space are skipped. `depth` is the number of brackets around it. */
export type Token = {
  kind: "word" | "quoted" | "string" | "number" | "symbol" | "semicolon";
  text: string;
  start: number;
  end: number;
  depth: number;
};

const WHITESPACE = /[\s\0]+/y;
const LINE_COMMENT = /(?:--|\/\/|#[ !])[^\n]*/y;
const NUMBER = /\d(?:[\w.]|(?<=[eEpP])[+-])*/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const QUOTES: Record<string, Token["kind"]> = { "'": "string", '"': "quoted", "`": "quoted" };

/** Typographic quotes as the UTF-8 bytes of the text: they quote as well, and nothing escapes inside them. */
const TYPOGRAPHIC: readonly { open: string; close: string; kind: Token["kind"] }[] = [
  { open: "\xe2\x80\x98", close: "\xe2\x80\x99", kind: "string" },
  { open: "\xe2\x80\x9c", close: "\xe2\x80\x9d", kind: "quoted" },
];

function matchEnd(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/**
 * The end of the quotation that starts at `from`: a backslash escapes,
 * and a doubled quote stands for one. An open quotation runs to the end.
 */
function quotationEnd(text: string, from: number): number {
  const quote = text[from];
  let at = from + 1;
  while (at < text.length) {
    if (text[at] === "\\") at += 2;
    else if (text[at] !== quote) at += 1;
    else if (text[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return text.length;
}

/** The end of a block comment that starts at `from`; such comments nest. */
function blockCommentEnd(text: string, from: number): number {
  let nesting = 0;
  let at = from;
  while (at < text.length) {
    if (text.startsWith("/*", at)) {
      nesting += 1;
      at += 2;
    } else if (text.startsWith("*/", at)) {
      nesting -= 1;
      at += 2;
      if (nesting === 0) return at;
    } else at += 1;
  }
  return text.length;
}

/** The end of `$tag$ … $tag$` at `from`, or `from` when none is there. */
function hereDocEnd(text: string, from: number): number {
  const tagEnd = text.indexOf("$", from + 1);
  if (tagEnd === -1) return from;
  const tag = text.slice(from, tagEnd + 1);
  const close = text.indexOf(tag, tagEnd + 1);
  return close === -1 ? from : close + tag.length;
}

/** The end of the white space and comments at `from`. */
function blankEnd(text: string, from: number): number {
  let at = from;
  while (true) {
    const before = at;
    at = matchEnd(WHITESPACE, text, at);
    at = matchEnd(LINE_COMMENT, text, at);
    if (text.startsWith("/*", at)) at = blockCommentEnd(text, at);
    if (at === before) return at;
  }
}

function quotedToken(text: string, start: number): Omit<Token, "depth"> | undefined {
  const kind = QUOTES[text[start] ?? ""];
  if (kind !== undefined) return token(kind, text, start, quotationEnd(text, start));
  for (const { open, close, kind } of TYPOGRAPHIC) {
    if (!text.startsWith(open, start)) continue;
    const closeAt = text.indexOf(close, start + open.length);
    return token(kind, text, start, closeAt === -1 ? text.length : closeAt + close.length);
  }
  if (text[start] !== "$") return undefined;
  const end = hereDocEnd(text, start);
  return end === start ? undefined : token("string", text, start, end);
}

function token(kind: Token["kind"], text: string, start: number, end: number): Omit<Token, "depth"> {
  return { kind, text: text.slice(start, end), start, end };
}

function nextToken(text: string, start: number): Omit<Token, "depth"> {
  const quoted = quotedToken(text, start);
  if (quoted !== undefined) return quoted;
  const wordEnd = matchEnd(WORD, text, start);
  if (wordEnd > start) return token("word", text, start, wordEnd);
  const numberEnd = matchEnd(NUMBER, text, start);
  if (numberEnd > start) return token("number", text, start, numberEnd);
  return token(text[start] === ";" ? "semicolon" : "symbol", text, start, start + 1);
}

/**
 * Splits SQL like the engine's own lexer, lazily, so that a reader can stop before data that follows.
 * `text` holds one character per byte (latin1): offsets are byte offsets, and binary data does no harm.
 */
export function* tokens(text: string): Generator<Token, undefined, undefined> {
  let depth = 0;
  let at = blankEnd(text, 0);
  while (at < text.length) {
    const found = nextToken(text, at);
    const opens = "([{".includes(found.text) && found.kind === "symbol";
    const closes = ")]}".includes(found.text) && found.kind === "symbol";
    if (closes) depth -= 1;
    yield { ...found, depth };
    if (opens) depth += 1;
    at = blankEnd(text, found.end);
  }
}
