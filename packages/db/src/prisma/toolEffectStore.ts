import { AppError, canonicalJson, ToolCallAnswer, type ToolCallRequest } from "@signalbox/model";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { refuseBase, unknownWorld, type WorldStore } from "./worldStore.ts";

/** What a call did, to be stored together: its answer, and the documents that it leaves behind. */
export type ToolEffect<Write> = { answer: Omit<ToolCallAnswer, "replayed">; writes: readonly Write[] };

/** A transaction lasts as long as its tool may take, and so much longer. */
const TRANSACTION_MARGIN_MS = 5_000;

/** Calls of one overlay wait for one another. */
async function lockOverlay(tx: Prisma.TransactionClient, { domain, world, overlay }: ToolCallRequest["scene"]): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${JSON.stringify([domain, world, overlay])}, 0))`;
}

/** What is on record of a call. Throws `conflict` if its key was another call's. */
function recordedAnswer(recorded: { call: unknown; answer: unknown }, { idempotencyKey, call }: ToolCallRequest): ToolCallAnswer {
  if (canonicalJson(recorded.call) === canonicalJson(call)) return ToolCallAnswer.parse({ ...(recorded.answer as object), replayed: true });
  throw new AppError("conflict", `The idempotency key ${JSON.stringify(idempotencyKey)} was used for another tool call.`);
}

/**
 * Does `work` once per scene and idempotency key and stores its effect, all in one transaction; a key that is known answers what was stored.
 * Calls of one overlay wait for one another, so that a call made twice at once is done once and none overwrites another's documents.
 * If `work` rejects, or takes more than `workMsMax`, nothing is stored. Throws `not_found` for a world that is not loaded, `conflict` for a key that another call had.
 */
export async function callOnce<Reader, Write>(
  prisma: PrismaClient,
  store: WorldStore<Reader, Write>,
  request: ToolCallRequest,
  workMsMax: number,
  work: (reader: Reader) => Promise<ToolEffect<Write>>,
): Promise<ToolCallAnswer> {
  const { scene, idempotencyKey, call } = request;
  const { domain, world, overlay } = scene;
  refuseBase(scene);
  return prisma.$transaction(
    async (tx) => {
      await lockOverlay(tx, scene);
      const [known] = await tx.$queryRaw<{ call: unknown; answer: unknown }[]>`
        SELECT call, answer FROM (${store.worldRow(scene)}) AS loaded LEFT JOIN tool_effect
          ON world = ${world} AND overlay = ${overlay} AND domain = ${domain} AND idempotency_key = ${idempotencyKey}`;
      if (known === undefined) throw unknownWorld(scene);
      if (known.answer !== null) return recordedAnswer(known, request);
      const { answer, writes } = await work(store.readThrough(tx, scene));
      await tx.$executeRaw`
        WITH ${store.writeParts(scene, writes)}
        INSERT INTO tool_effect (world, overlay, domain, idempotency_key, call, answer)
        VALUES (${world}, ${overlay}, ${domain}, ${idempotencyKey}, ${JSON.stringify(call)}::json, ${JSON.stringify(answer)}::json)`;
      return { ...answer, replayed: false };
    },
    { timeout: workMsMax + TRANSACTION_MARGIN_MS, maxWait: TRANSACTION_MARGIN_MS },
  );
}
