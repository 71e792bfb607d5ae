import { EngineError } from "../engine/engineError.ts";
import { type Token, tokens } from "./lexer.ts";

/**
 * A parsed statement. Texts are latin1 (one character per byte).
 * - `read`: returns rows; `before` and `after` surround the place of `INTO OUTFILE` and `FORMAT`.
 * - `load`: an insert whose rows come as data; `head` and `settings` surround the place of `FROM INFILE`, and
 *   `inline` is data that followed in the text. `file` names a handed-over file with the data instead.
 * - `write`: any other insert; the engine makes the rows itself.
 * - `other`: everything else; small results.
 */
export type Statement =
  | { kind: "read"; before: string; format: string | undefined; after: string }
  | { kind: "load"; head: string; settings: string; format: string; inline: string; file?: string }
  | { kind: "write"; sql: string }
  | { kind: "other"; sql: string; format: string | undefined };

const READ_WORDS = new Set(["SELECT", "WITH", "FROM"]);

/**
 * Parses a client's statement far enough to run it: its kind, its result format and its data. Throws an
 * `EngineError` for text that must not reach the engine: several statements at once (after an insert's data
 * the engine would run them), and access to this machine's files for which the engine would not check grants.
 */
export function readStatement(text: string): Statement {
  const reader = new Reader(text);
  if (reader.peek()?.kind === "semicolon" || reader.peek() === undefined) throw EngineError.own("SYNTAX_ERROR", "Empty query");
  if (isWord(reader.peek(), "INSERT")) return readInsert(text, reader);

  const all = reader.rest();
  refuseFileAccess(all);
  const top = all.filter((token) => token.depth === 0);
  if (top.some((token) => isWord(token, "INSERT"))) {
    if (top.some((token) => isWord(token, "VALUES") || isWord(token, "FORMAT")))
      throw EngineError.own("NOT_IMPLEMENTED", "An INSERT with data must be a statement of its own");
    return { kind: "write", sql: text.slice(0, endOf(all)) };
  }
  const clause = formatClause(top);
  const first = all.find((token) => token.text !== "(");
  if (first === undefined || !READ_WORDS.has(first.text.toUpperCase()))
    return { kind: "other", sql: text.slice(0, endOf(all)), format: clause?.format.text };
  if (clause === undefined) return { kind: "read", before: text.slice(0, endOf(all)), format: undefined, after: "" };
  const { word, format } = clause;
  return { kind: "read", before: text.slice(0, word.start), format: format.text, after: text.slice(format.end, endOf(all)) };
}

function readInsert(text: string, reader: Reader): Statement {
  reader.next();
  if (isWord(reader.peek(), "INTO")) reader.next();
  if (isWord(reader.peek(), "TABLE")) reader.next();
  if (isWord(reader.peek(), "FUNCTION")) return { kind: "write", sql: readRest(text, reader) };
  reader.skipName();
  if (reader.peek()?.text === "(" && !isWord(reader.peekSecond(), "SELECT") && !isWord(reader.peekSecond(), "WITH")) reader.skipBrackets();
  const head = text.slice(0, reader.position);
  const file = readFileName(reader);
  const settingsStart = reader.position;
  if (isWord(reader.peek(), "SETTINGS")) reader.skipSettings();
  const settings = text.slice(settingsStart, reader.position);

  const data = readDataStart(text, reader);
  if (file !== undefined) {
    if (data === undefined || data.inline !== "") throw EngineError.own("SYNTAX_ERROR", "Syntax error: FORMAT and a name end FROM INFILE");
    return { kind: "load", head, settings, ...data, file };
  }
  if (data === undefined) return { kind: "write", sql: readRest(text, reader) };
  return { kind: "load", head, settings, ...data };
}

/** The name in `FROM INFILE 'name'`, where that comes next: a bare file name, so that it cannot leave the folder. */
function readFileName(reader: Reader): string | undefined {
  if (!isWord(reader.peek(), "FROM") || !isWord(reader.peekSecond(), "INFILE")) return undefined;
  reader.next();
  reader.next();
  const [, name] = /^'([\w-]+)'$/.exec(reader.next()?.text ?? "") ?? [];
  if (name === undefined) throw EngineError.own("ACCESS_DENIED", "FROM INFILE takes the bare name of a file that was handed over");
  return name;
}

/** The format and the start of an insert's data, or undefined when the engine makes the rows itself. */
function readDataStart(text: string, reader: Reader): { format: string; inline: string } | undefined {
  const word = reader.peek();
  if (word !== undefined && isWord(word, "VALUES")) return { format: "Values", inline: readValues(text.slice(word.end)) };
  if (!isWord(word, "FORMAT")) return undefined;
  reader.next();
  const format = reader.next();
  if (format?.kind !== "word") throw EngineError.own("SYNTAX_ERROR", "Syntax error: a format name is expected after FORMAT");
  return { format: format.text, inline: text.slice(format.end).replace(/^[ \t\f]*(?:;\s*$)?\r?\n?/, "") };
}

/** Rows after VALUES. The engine would silently drop whatever follows their semicolon. */
function readValues(inline: string): string {
  if (/;\s*\S/.test(inline)) endOf([...tokens(inline)]);
  return inline;
}

/** The rest of an insert that makes its own rows: one statement, without any data after it. */
function readRest(text: string, reader: Reader): string {
  const rest = reader.rest();
  refuseFileAccess(rest);
  if (rest.some((token) => token.depth === 0 && isWord(token, "FORMAT")))
    throw EngineError.own(
      "NOT_IMPLEMENTED",
      "INSERT ... SELECT ... FORMAT with data is not supported here: insert the rows as they are, or transform them in a materialized view",
    );
  return text.slice(0, rest.length === 0 ? reader.position : endOf(rest));
}

const FILE_CLAUSES = new Set(["OUTFILE", "INFILE"]);

/** The function `file()`, `INTO OUTFILE` and `FROM INFILE` need no grant in this build of the engine; every other way to a file does. */
function refuseFileAccess(all: readonly Token[]): void {
  all.forEach((token, index) => {
    const name = token.kind === "quoted" ? token.text.slice(1, -1) : token.text;
    if (token.kind === "word" && FILE_CLAUSES.has(name.toUpperCase()) && /^(into|from)$/i.test(all[index - 1]?.text ?? ""))
      throw EngineError.own("ACCESS_DENIED", `${name.toUpperCase()} is for a client's own files`);
    const isCall = all[index + 1]?.text === "(" && all[index + 1]?.kind === "symbol";
    if ((token.kind === "word" || token.kind === "quoted") && /^file$/i.test(name) && isCall)
      throw EngineError.own("ACCESS_DENIED", "The function file reads this machine's files, which no client may");
  });
}

/** `FORMAT name` at the end of a statement, where only SETTINGS may follow. */
function formatClause(top: readonly Token[]): { word: Token; format: Token } | undefined {
  for (let index = top.length - 2; index >= 0; index -= 1) {
    const [word, format, following] = top.slice(index, index + 3);
    const isLast = following === undefined || following.kind === "semicolon" || isWord(following, "SETTINGS");
    if (word !== undefined && format?.kind === "word" && isWord(word, "FORMAT") && isLast) return { word, format };
  }
  return undefined;
}

/** The end of the statement: before its semicolon. A second statement is refused, as on a server. */
function endOf(all: readonly Token[]): number {
  const semicolonAt = all.findIndex((token) => token.kind === "semicolon");
  if (semicolonAt !== -1 && all.slice(semicolonAt).some((token) => token.kind !== "semicolon"))
    throw EngineError.own("SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");
  return (semicolonAt === -1 ? all.at(-1)?.end : all[semicolonAt]?.start) ?? 0;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toUpperCase() === word;
}

/** Walks over tokens with a lookahead of two, never lexing further than necessary. */
class Reader {
  readonly #tokens: Generator<Token>;
  readonly #ahead: Token[] = [];
  /** The end of the last token taken. */
  position = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  peek(): Token | undefined {
    return this.#look(1);
  }

  peekSecond(): Token | undefined {
    return this.#look(2);
  }

  next(): Token | undefined {
    const token = this.#look(1);
    this.#ahead.shift();
    if (token !== undefined) this.position = token.end;
    return token;
  }

  rest(): Token[] {
    return [...this.#ahead.splice(0), ...this.#tokens];
  }

  /** Skips `table` or `database.table`, each a name or a `{parameter:Identifier}`. */
  skipName(): void {
    do {
      if (this.peek()?.text === ".") this.next();
      if (this.peek()?.text === "{") this.skipBrackets();
      else this.next();
    } while (this.peek()?.text === ".");
  }

  /** Skips a bracket and its content. */
  skipBrackets(): void {
    const open = this.next();
    while (open !== undefined && this.peek() !== undefined && this.next()?.depth !== open.depth);
  }

  /** Skips `SETTINGS name = value, …`: a value is a literal, signed or not, or something in brackets. */
  skipSettings(): void {
    do {
      this.next();
      this.next();
      if (this.peek()?.text === "=") this.next();
      if (/^[+-]$/.test(this.peek()?.text ?? "")) this.next();
      if (/^[([{]$/.test(this.peek()?.text ?? "")) this.skipBrackets();
      else this.next();
    } while (this.peek()?.text === ",");
  }

  #look(count: number): Token | undefined {
    while (this.#ahead.length < count) {
      const { value } = this.#tokens.next();
      if (value === undefined) break;
      this.#ahead.push(value);
    }
    return this.#ahead[count - 1];
  }
}
