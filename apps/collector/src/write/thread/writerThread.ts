import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type BackOff, backOffMs } from "@signalbox/model";
import type { Logger } from "pino";
import type { Journal, Range } from "../../journal/index.ts";
import type { WriterMetrics } from "../../metrics.ts";
import type { RuleBook } from "../../rules/index.ts";
import type { RunningWriter } from "../writer.ts";
import type { FromWriter, JournalState, ToWriter, WriterStart } from "./messages.ts";

/** `spawn` starts the thread. */
export interface WriterThreadOptions extends Omit<WriterStart, "journal" | "rules"> {
  folder: string;
  journal: Journal;
  rules: RuleBook;
  metrics: WriterMetrics;
  log: Logger;
  spawn?: (start: WriterStart) => Worker;
}

const ENTRY = new URL("./writerMain.ts", import.meta.url);

/** Durable requests are announced together every so many milliseconds: any of them may complete a batch, but few do. */
const TOLD_EVERY_MS = 5;

/** How many failures in a row are no coincidence. */
const FAILURES_IN_A_ROW = 3;

const RESTART: BackOff = { firstMs: 100, msMax: 2_000 };

/** How much longer than its grace time the thread may take to end, in milliseconds. */
const END_SLACK_MS = 500;

/**
 * Runs the writer on a thread of its own, so that no request waits while columns are built. Messages are small: where in the journal to
 * read, and the outcome. A thread that ends by itself is restarted, and begins as after a crash of the process: with the ranges that were
 * on their way, under their tokens.
 */
export class WriterThread implements RunningWriter {
  readonly #options: WriterThreadOptions;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;
  #worker: Worker | null = null;
  /** Failures since the last range was stored. */
  #failures = 0;

  constructor(options: WriterThreadOptions) {
    this.#options = options;
    let isTelling = false;
    options.journal.onDurable(() => {
      if (isTelling) return;
      isTelling = true;
      setTimeout(() => {
        isTelling = false;
        this.#tell();
      }, TOLD_EVERY_MS);
    });
    options.rules.onChange((rules) => this.#post({ kind: "rules", rules }));
    this.#running = this.#run();
  }

  get trouble(): string | null {
    return this.#failures < FAILURES_IN_A_ROW ? null : "the thread that writes ends again and again; the collector's log has the cause";
  }

  /** Ends as `RunningWriter.end` does; a thread that takes longer is terminated. */
  async end(graceMs: number): Promise<void> {
    this.#ended.abort();
    this.#tell();
    this.#post({ kind: "end", graceMs });
    const cutOff = setTimeout(() => void this.#worker?.terminate(), graceMs + END_SLACK_MS);
    await this.#running;
    clearTimeout(cutOff);
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    while (!this.#ended.signal.aborted) {
      await this.#runOnce().catch((error: unknown) => log.error({ err: error }, "the thread that writes cannot be started"));
      if (this.#ended.signal.aborted) return;
      this.#failures += 1;
      log.error("the thread that writes has ended; another takes its place");
      await sleep(backOffMs(RESTART, this.#failures), undefined, { signal: this.#ended.signal }).catch(() => {});
    }
  }

  /**
   * Resolves when a thread has ended and nothing that it asked for is still running: the next one must not find the journal between two
   * steps.
   */
  async #runOnce(): Promise<void> {
    const { clickhouseUrl, handoverFolder, logLevel, folder, journal, rules, batch, log, spawn = spawnWriter } = this.#options;
    const asked = new Set<Promise<void>>();
    const worker = spawn({
      clickhouseUrl,
      handoverFolder,
      logLevel,
      batch,
      journal: { folder, id: journal.id, state: this.#state },
      rules: rules.latest,
    });
    this.#worker = worker;
    worker.on("message", (message: FromWriter) => {
      const answered = this.#hear(message);
      if (answered === null) return;
      asked.add(answered);
      void answered.finally(() => asked.delete(answered));
    });
    worker.on("error", (error) => log.error({ err: error }, "the thread that writes has failed"));
    await new Promise((resolve) => worker.on("exit", resolve));
    this.#worker = null;
    await Promise.all(asked);
  }

  /** Handles a message; null if it needs no answer. */
  #hear(message: FromWriter): Promise<void> | null {
    const { journal, metrics } = this.#options;
    switch (message.kind) {
      case "intend":
        return this.#answer(message, journal.intend(message.range));
      case "stored":
        this.#failures = 0;
        return this.#answer(message, journal.stored(message.range));
      case "took":
        journal.took(message.range, message.contents);
        return null;
      case "counted":
        for (const { metric, labels, value } of message.counted) metrics[metric].inc(labels, value);
        return null;
    }
  }

  async #answer({ call }: { call: number; range: Range }, doing: Promise<void>): Promise<void> {
    const failure = await doing.then(
      () => null,
      (error: Error) => error.message,
    );
    this.#post({ kind: "answered", call, failure, state: this.#state });
  }

  get #state(): JournalState {
    const { progress, unstored, untaken, untakenBytes } = this.#options.journal;
    return { progress, unstored, untaken, untakenBytes };
  }

  #tell(): void {
    this.#post({ kind: "durable", state: this.#state });
  }

  #post(message: ToWriter): void {
    this.#worker?.postMessage(message);
  }
}

function spawnWriter(start: WriterStart): Worker {
  return new Worker(ENTRY, { workerData: start });
}
