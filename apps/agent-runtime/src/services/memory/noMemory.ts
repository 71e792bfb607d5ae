import type { MemoryService } from "@signalbox/model";

async function refuse(): Promise<never> {
  throw new TypeError("this process was opened without a memory");
}

/** The memory of a process that needs none: it opens no store and refuses every call. */
export const NO_MEMORY: MemoryService = { recall: refuse, remember: refuse, search: refuse };
