import type { RunPart, RunPartStore } from "../clickhouse/index.ts";

/** Parts of runs in memory, by the rules of the real store. */
export function memoryRunParts(): RunPartStore {
  const parts = new Map<string, RunPart>();
  const tokens = new Set<string>();
  return {
    async insert(some, token) {
      if (tokens.has(token)) return;
      tokens.add(token);
      for (const part of some) {
        const key = JSON.stringify([part.project, part.runId, part.operation, part.fields]);
        if (part.receivedAtUs >= (parts.get(key)?.receivedAtUs ?? 0)) parts.set(key, part);
      }
    },
    async read(project, runIds) {
      const wanted = new Set(runIds);
      return [...parts.values()].filter((part) => part.project === project && wanted.has(part.runId));
    },
  };
}
