import type { IntakeRules } from "@signalbox/model";
import type { Logger } from "pino";

/** The redaction and sampling rules of each project, by name. */
export type RulesByProject = ReadonlyMap<string, IntakeRules>;

/** A source of rules. */
export interface RuleSource {
  listIntakeRules(): Promise<RulesByProject>;
}

/** How often the rules are read, in milliseconds: a change takes effect this soon. */
const REFRESH_MS = 2_000;

/**
 * The projects' rules, cached and read again every few seconds. Nothing is written before they have been read once; if the source is away
 * later, the last known ones apply. Without a source there are no rules.
 */
export class RuleBook {
  readonly #source: RuleSource | null;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout | null;
  readonly #firstRead = Promise.withResolvers<void>();
  #onChange: (rules: RulesByProject) => void = () => {};
  #latest: RulesByProject | null = null;
  /** The latest rules as text, to recognise an unchanged answer. */
  #text = "";
  #isAnswering = true;
  #running: Promise<void> | null = null;

  constructor(source: RuleSource | null, log: Logger) {
    this.#source = source;
    this.#log = log;
    this.#timer = source === null ? null : setInterval(() => void this.#refresh(), REFRESH_MS).unref();
    if (source === null) this.#keep(new Map());
    else void this.#refresh();
  }

  /** The rules as last read; null before the first time. The same object until they change. */
  get latest(): RulesByProject | null {
    return this.#latest;
  }

  /** Resolves when the rules have been read once. */
  get known(): Promise<void> {
    return this.#firstRead.promise;
  }

  /** Sets the listener that is called with the rules whenever they have changed. */
  onChange(listener: (rules: RulesByProject) => void): void {
    this.#onChange = listener;
  }

  /** Why nothing is written, or null. */
  get trouble(): string | null {
    return this.#latest === null ? "the projects' rules cannot be read yet, and nothing is stored before they are known" : null;
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #refresh(): Promise<void> {
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #read(): Promise<void> {
    if (this.#source === null) return;
    try {
      this.#keep(await this.#source.listIntakeRules());
      if (!this.#isAnswering) this.#log.info("rules are read again");
      this.#isAnswering = true;
    } catch (error) {
      if (this.#isAnswering) this.#log.warn({ err: error }, "rules cannot be read; those that are known stay in force");
      this.#isAnswering = false;
    }
  }

  #keep(rules: RulesByProject): void {
    const text = JSON.stringify([...rules].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (this.#latest !== null && text === this.#text) return;
    this.#text = text;
    this.#latest = rules;
    this.#firstRead.resolve();
    this.#onChange(rules);
  }
}
