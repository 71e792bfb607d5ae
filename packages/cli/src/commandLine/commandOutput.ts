import { styleText } from "node:util";
import { causesOf, describeFailure, type Failure } from "./failure.ts";
import { plainText } from "./plainText.ts";

/** The output options of a command. */
export interface OutputChoice {
  json: boolean;
  verbose: boolean;
}

/** The streams that a command writes to; a test passes its own. */
export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** A style of `util.styleText`. */
type Style = Parameters<typeof styleText>[0];

/** A command's output: its result goes to stdout (one JSON document with `--json`), everything else to stderr. */
export class CommandOutput {
  readonly #streams: Streams;
  readonly choice: OutputChoice;
  #hasResult = false;

  constructor(streams: Streams, choice: OutputChoice) {
    this.#streams = streams;
    this.choice = choice;
  }

  /** Whether a person watches stderr, so that a progress bar can move. */
  get isWatched(): boolean {
    return this.#streams.stderr.isTTY === true;
  }

  /** The stream that progress bars draw on. */
  get progressStream(): NodeJS.WriteStream {
    return this.#streams.stderr;
  }

  /** Whether the result is read by a person at a terminal: tables then have symbols and colours. */
  get isForPerson(): boolean {
    return !this.choice.json && this.#streams.stdout.isTTY === true;
  }

  /** Writes the command's result, once: `document` with `--json`, else `text`. */
  result(document: unknown, text: () => string): void {
    this.#hasResult = true;
    this.#streams.stdout.write(`${this.choice.json ? JSON.stringify(document) : plainText(text())}\n`);
  }

  /** Writes help or the version. */
  help(text: string): void {
    this.#streams.stdout.write(text);
  }

  /** Writes a line about what is going on. */
  note(line: string): void {
    this.#streams.stderr.write(`${plainText(line)}\n`);
  }

  /** `text` in a colour if the result's stream shows colours (a terminal, and no NO_COLOR). */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#streams.stdout });
  }

  /**
   * Ends a failed command: one sentence and a hint, or with `--json` the error document
   * unless stdout already has a document; `--verbose` adds the causes on stderr.
   */
  failure(error: unknown): Failure {
    const failure = describeFailure(error);
    const { code, message, hint } = failure;
    if (this.choice.json && !this.#hasResult) this.#streams.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    else this.note(hint === undefined ? message : `${message}\n${hint}`);
    if (this.choice.verbose) for (const cause of causesOf(error)) this.note(cause);
    return failure;
  }
}
