import type { RunPart, RunPartStore } from "@signalbox/db/clickhouse";

/** Limits of one insert; a larger part goes alone. */
const ROWS_MAX = 20_000;
const CHARS_MAX = 4 * 1024 * 1024;

/** Inserts the parts of one range chunk by chunk. The cuts depend on the parts alone, so a repetition has the same deduplication tokens. */
export class PartChunks {
  readonly #rangeToken: string;
  readonly #store: RunPartStore;
  #parts: RunPart[] = [];
  #chars = 0;
  #inserted = 0;

  constructor(rangeToken: string, store: RunPartStore) {
    this.#rangeToken = rangeToken;
    this.#store = store;
  }

  /** Adds a part; resolves when there is room for another one. */
  async add(part: RunPart): Promise<void> {
    const chars = part.fields.length + part.body.length;
    if (this.#parts.length >= ROWS_MAX || this.#chars + chars > CHARS_MAX) await this.flush();
    this.#parts.push(part);
    this.#chars += chars;
  }

  /** Resolves when every part is in the store. */
  async flush(): Promise<void> {
    const parts = this.#parts;
    if (parts.length === 0) return;
    await this.#store.insert(parts, `${this.#rangeToken}:run_parts:${this.#inserted}-${this.#inserted + parts.length - 1}`);
    this.#inserted += parts.length;
    this.#parts = [];
    this.#chars = 0;
  }
}
