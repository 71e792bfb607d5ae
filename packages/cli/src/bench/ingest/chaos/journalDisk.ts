import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const MIB = 1024 * 1024;

/** Segments this small come and go many times in a run. */
const SEGMENT_BYTES = 4 * MIB;

/** A small journal. `kind` tells whether its disk is the limit, or a setting of the collector. Disposing frees the disk. */
export interface JournalDisk extends Disposable {
  kind: "disk" | "limit";
  /** Variables for the collector's environment. */
  env: Record<string, string>;
}

/** Puts the journal of a data folder on a small disk of its own where this user may mount one, and sets a small limit otherwise. */
export function smallJournalDisk(dataDir: string, bytes: number): JournalDisk {
  const folder = join(dataDir, "journal");
  mkdirSync(folder, { mode: 0o700 });
  const env = { SIGNALBOX_COLLECTOR_SEGMENT_BYTES: String(SEGMENT_BYTES) };
  if (!mount(folder, bytes)) {
    return { kind: "limit", env: { ...env, SIGNALBOX_COLLECTOR_JOURNAL_BYTES_MAX: String(bytes) }, [Symbol.dispose]: () => {} };
  }
  const unmount = (): void => {
    spawnSync("umount", ["--lazy", folder], { stdio: "ignore" });
  };
  // Before the folder around it is removed, which a mounted disk would prevent.
  process.prependListener("exit", unmount);
  return {
    kind: "disk",
    env,
    [Symbol.dispose]: () => {
      process.off("exit", unmount);
      unmount();
    },
  };
}

function mount(folder: string, bytes: number): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0700`, "tmpfs", folder], { stdio: "ignore" }).status === 0;
}
