import { type FileHandle, open } from "node:fs/promises";
import { removeSegment, segmentPath, syncFolder } from "./segments.ts";

/** The segment that is being written; `durableBytes` of it are on disk. */
export class SegmentFile {
  readonly number: number;
  readonly #file: FileHandle;
  #durableBytes = 0;

  private constructor(number: number, file: FileHandle) {
    this.number = number;
    this.#file = file;
  }

  /** Creates a new segment, which survives a power cut from then on. */
  static async create(folder: string, number: number): Promise<SegmentFile> {
    const file = await open(segmentPath(folder, number), "wx", 0o600);
    try {
      await file.sync();
      await syncFolder(folder);
    } catch (error) {
      await file.close();
      await removeSegment(folder, number);
      throw error;
    }
    return new SegmentFile(number, file);
  }

  get durableBytes(): number {
    return this.#durableBytes;
  }

  /**
   * Appends `pieces` with one write and one fdatasync, all or nothing: after a failure the file is cut back to its durable size. Throws
   * `AppendFailed`; if its `isUsable` is false, the file can no longer be trusted (after a failed sync nobody knows what is on the disk).
   */
  async append(pieces: readonly Buffer[]): Promise<void> {
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    let isSyncing = false;
    try {
      const { bytesWritten } = await this.#file.writev(pieces, this.#durableBytes);
      if (bytesWritten !== bytes) throw new Error(`the disk took ${bytesWritten} of ${bytes} bytes`);
      isSyncing = true;
      await this.#file.datasync();
      this.#durableBytes += bytes;
    } catch (cause) {
      const isCut = await this.#file.truncate(this.#durableBytes).then(
        () => true,
        () => false,
      );
      throw new AppendFailed(isCut && !isSyncing, cause);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The disk refused an append. */
export class AppendFailed extends Error {
  override readonly name = "AppendFailed";
  readonly isUsable: boolean;

  constructor(isUsable: boolean, cause: unknown) {
    super((cause as Error).message, { cause });
    this.isUsable = isUsable;
  }
}
