import { canonicalJson, type Scene } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { AIRLINE, listOverlaid } from "./airlineStore.ts";
import { listCovering } from "./documentStore.ts";

/** Those documents of an overlay that differ from the world's, each with its canonical JSON: one that was changed back is none of them. */
export function changedAmong<Overlaid extends { document: object; base: object | null }>(
  documents: readonly Overlaid[],
): (Overlaid & { text: string })[] {
  return documents
    .map((own) => ({ ...own, text: canonicalJson(own.document) }))
    .filter(({ text, base }) => base === null || canonicalJson(base) !== text);
}

/** The documents that were changed in a scene, whole, by kind and id. */
export async function readChanged(prisma: PrismaClient, scene: Scene): Promise<Record<string, object>> {
  const named =
    scene.domain === AIRLINE
      ? changedAmong(await listOverlaid(prisma, scene)).map(({ table, id, document }) => [`${table}/${id}`, document])
      : changedAmong(await listCovering(prisma, scene)).map(({ kind, id, document }) => [`${kind}/${id}`, document]);
  return Object.fromEntries(named);
}
