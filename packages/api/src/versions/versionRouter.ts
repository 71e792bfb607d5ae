import { requireAgentVersion } from "@signalbox/db/prisma";
import { diffManifests } from "@signalbox/model";
import { z } from "zod";
import { procedure, router } from "../trpc.ts";

const VersionName = z.string().min(1).max(200);

/** A value of a manifest as text; null where it is missing. */
function said(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export const versionRouter = router({
  /** The differences in version `after`, by path, and the registrations of both. */
  diff: procedure.input(z.strictObject({ before: VersionName, after: VersionName })).query(async ({ ctx, input }) => {
    const [before, after] = await Promise.all([requireAgentVersion(ctx.state, input.before), requireAgentVersion(ctx.state, input.after)]);
    const changes = diffManifests(before.manifest, after.manifest).map((change) => ({
      ...{ path: change.path, before: said(change.before), after: said(change.after) },
    }));
    const registered = ({ name, hash, registeredAt, seenAt }: typeof before) => ({ name, hash, registeredAt, seenAt });
    return { before: registered(before), after: registered(after), isSameBuild: before.build === after.build, changes };
  }),
});
