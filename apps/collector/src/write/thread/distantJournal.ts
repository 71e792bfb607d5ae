import { type Range, type RangeContents, SegmentReader } from "../../journal/index.ts";
import type { WriterJournal } from "../writer.ts";
import type { FromWriter, JournalState, ToWriter, WriterStart } from "./messages.ts";

/** The journal as seen by the writer's thread: it reads the disk itself, and asks the appending thread for everything else. */
export class DistantJournal implements WriterJournal {
  readonly id: string;
  readonly #post: (message: FromWriter) => void;
  readonly #reader: SegmentReader;
  readonly #calls = new Map<number, PromiseWithResolvers<void>>();
  #lastCall = 0;
  #state: JournalState;
  #onDurable: () => void = () => {};

  constructor({ folder, id, state }: WriterStart["journal"], post: (message: FromWriter) => void) {
    this.id = id;
    this.#state = state;
    this.#post = post;
    this.#reader = new SegmentReader(folder, id);
  }

  get progress(): JournalState["progress"] {
    return this.#state.progress;
  }

  get unstored(): Range[] {
    return this.#state.unstored;
  }

  get untaken(): Range | null {
    return this.#state.untaken;
  }

  get untakenBytes(): number {
    return this.#state.untakenBytes;
  }

  onDurable(listener: () => void): void {
    this.#onDurable = listener;
  }

  read(...args: Parameters<SegmentReader["read"]>): ReturnType<SegmentReader["read"]> {
    return this.#reader.read(...args);
  }

  quarantine(segment: number): Promise<string> {
    return this.#reader.quarantine(segment);
  }

  took(range: Range, contents: RangeContents): void {
    this.#post({ kind: "took", range, contents });
  }

  intend(range: Range): Promise<void> {
    return this.#call("intend", range);
  }

  stored(range: Range): Promise<void> {
    return this.#call("stored", range);
  }

  #call(kind: "intend" | "stored", range: Range): Promise<void> {
    const answered = Promise.withResolvers<void>();
    this.#lastCall += 1;
    this.#calls.set(this.#lastCall, answered);
    this.#post({ kind, call: this.#lastCall, range });
    return answered.promise;
  }

  /** Takes in the other thread's message about the journal. */
  told(message: Extract<ToWriter, { state: JournalState }>): void {
    this.#state = message.state;
    if (message.kind === "durable") this.#onDurable();
    else this.#end(message.call, message.failure);
  }

  #end(call: number, failure: string | null): void {
    const answered = this.#calls.get(call);
    this.#calls.delete(call);
    if (failure === null) answered?.resolve();
    else answered?.reject(new Error(failure));
  }
}
