import type { PassingKeys } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT } from "@signalbox/model";
import { type OtlpSender, openOtlpSender } from "./otlpExport.ts";

/**
 * Senders to a collector, one for each project. `of` throws `not_found` for a project that is gone, and the state store's error while no
 * key can be made.
 */
export type ProjectSenders = { of: (project: string) => Promise<OtlpSender>; close: () => Promise<void> };

/**
 * Opens the senders to the collector at `otlpUrl`. Telemetry of the project `default` is sent with `key`, if there is one; other projects
 * get a key of their own from `keys`. If `keys` is null, because the collector knows none, all use `key`.
 */
export function openProjectSenders(otlpUrl: string, key: string | undefined, keys: PassingKeys | null): ProjectSenders {
  const opened = new Map<string, { key: string | undefined; sender: OtlpSender }>();

  async function senderWith(name: string, shown: string | undefined): Promise<OtlpSender> {
    const before = opened.get(name);
    if (before !== undefined && before.key === shown) return before.sender;
    const sender = openOtlpSender(otlpUrl, shown);
    opened.set(name, { key: shown, sender });
    await before?.sender.close();
    return sender;
  }

  return {
    async of(project) {
      return keys === null || project === DEFAULT_PROJECT
        ? senderWith(DEFAULT_PROJECT, key)
        : senderWith(project, await keys.keyOf(project));
    },

    async close() {
      await Promise.all([...opened.values()].map(({ sender }) => sender.close()));
      await keys?.forget();
    },
  };
}
