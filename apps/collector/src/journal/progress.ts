import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { type Position, type Range, syncFolder } from "./segments.ts";

const Place = z.number().int().nonnegative();

const Saved = z.strictObject({
  /** Increases with every save, so that the newer of two slots can be told. */
  save: Place,
  /** Everything before this position is in the store. */
  written: z.strictObject({ segment: Place, offset: Place }),
  /** Ranges that are being inserted. After a crash exactly these are inserted again first, so that their tokens are the same. */
  intents: z.array(z.strictObject({ segment: Place, from: Place, to: Place })),
  /** When the newest request that the journal ever held was received, in microseconds since 1970; 0 if not recorded yet. */
  newestUs: Place.default(0),
});

/** The format of earlier versions, which inserted one range at a time. */
const SavedBefore = z
  .strictObject({ save: Place, written: Saved.shape.written, intent: Saved.shape.intents.element.nullable() })
  .transform(({ save, written, intent }) => ({ save, written, intents: intent === null ? [] : [intent], newestUs: 0 }));

/**
 * How far the journal is written to the store, and the ranges on their way after that, in order and without gaps. `newestUs` is when the
 * newest request that the journal ever held was received, in microseconds since 1970.
 */
export interface Progress {
  written: Position;
  intents: readonly Range[];
  newestUs: number;
}

const SLOT_BYTES = 4096;

/**
 * The progress file: two slots that are overwritten in turn, so that a save torn by a crash leaves the previous one intact, and saving
 * works on a full disk (it needs no new block).
 */
export class ProgressFile {
  readonly #file: FileHandle;
  #saves: number;
  /** The last saved progress. */
  current: Progress;

  private constructor(file: FileHandle, last: z.infer<typeof Saved>) {
    this.#file = file;
    this.#saves = last.save;
    this.current = { written: last.written, intents: last.intents, newestUs: last.newestUs };
  }

  /** Opens the file in a journal's folder; `wasLost` means that it exists but neither slot is intact. */
  static async open(folder: string): Promise<{ progress: ProgressFile; wasLost: boolean }> {
    const file = await open(join(folder, "progress"), constants.O_RDWR | constants.O_CREAT, 0o600);
    const bytes = Buffer.alloc(2 * SLOT_BYTES, " ");
    await file.read(bytes, 0, bytes.length, 0);
    const isNew = bytes.toString("latin1").trim() === "";
    const slots = [readSlot(bytes.subarray(0, SLOT_BYTES)), readSlot(bytes.subarray(SLOT_BYTES))].flatMap((slot) => slot ?? []);
    const last = slots.sort((a, b) => b.save - a.save)[0];
    if (last === undefined) {
      await file.write(bytes.fill(" "), 0, bytes.length, 0);
      await file.sync();
      await syncFolder(folder);
    }
    const start = { save: 0, written: { segment: 0, offset: 0 }, intents: [], newestUs: 0 };
    return { progress: new ProgressFile(file, last ?? start), wasLost: last === undefined && !isNew };
  }

  /** Resolves when `progress` is durable. */
  async save(progress: Progress): Promise<void> {
    const save = this.#saves + 1;
    const slot = slotOf({ save, ...progress });
    await this.#file.write(slot, 0, slot.length, (save % 2) * SLOT_BYTES);
    await this.#file.datasync();
    this.#saves = save;
    this.current = progress;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function slotOf(saved: { save: number } & Progress): Buffer {
  const text = JSON.stringify(saved);
  const line = `${crc32(text)} ${text}\n`;
  if (line.length > SLOT_BYTES) throw new RangeError("more is on its way than the progress file has room for");
  const slot = Buffer.alloc(SLOT_BYTES, " ");
  slot.write(line);
  return slot;
}

function readSlot(slot: Buffer): z.infer<typeof Saved> | null {
  const [line = ""] = slot.toString("latin1").split("\n", 1);
  const space = line.indexOf(" ");
  const text = line.slice(space + 1);
  if (space < 1 || line.slice(0, space) !== String(crc32(text))) return null;
  return z.union([Saved, SavedBefore]).parse(JSON.parse(text));
}
