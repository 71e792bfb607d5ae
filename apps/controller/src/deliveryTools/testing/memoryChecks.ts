import type { KeptCheck, KeptChecks } from "../keptChecks.ts";

/** A store with one verdict, or none, whatever it is asked about. */
export class MemoryChecks implements KeptChecks {
  kept: KeptCheck | null = null;

  say(verdict: KeptCheck["verdict"], reason: string, offlineHash: string | null = null): void {
    this.kept = { id: "0199c0de-0000-7000-8000-000000000002", at: "2026-11-27T08:00:00.000Z", verdict, reason, offlineHash };
  }

  async latest(): Promise<KeptCheck | null> {
    return this.kept;
  }
}
