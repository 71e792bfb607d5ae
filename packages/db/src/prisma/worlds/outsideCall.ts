import { AppError, canonicalJson, type ToolCallAnswer, type ToolCallRequest } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { recordedAnswer, type ToolAnswer } from "./toolEffectStore.ts";
import { refuseBase } from "./worldStore.ts";

/** The time that a transaction may last beyond its call. */
const TRANSACTION_MARGIN_MS = 5_000;

/** Locks names until the transaction is over, or its process gone; others wait. */
async function lock(tx: Prisma.TransactionClient, names: readonly string[]): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${JSON.stringify(names)}, 0))`;
}

/** The outcome of an external call: an answer; nothing, because it was never sent; or unknown. */
export type OutsideOutcome =
  | { kind: "answered"; answer: ToolAnswer }
  | { kind: "not_sent"; why: AppError }
  | { kind: "unknown"; why: AppError };

/** An external call. With `isRepeatable` the tool's server declares that repeating it is harmless. */
export type OutsideCall = { isRepeatable: boolean; msMax: number; send: () => Promise<OutsideOutcome> };

/** Deletes the row of a call that was never sent; an answer stored meanwhile by another process stays. */
async function takeBack(prisma: PrismaClient, { scene: { domain, world, overlay }, idempotencyKey }: ToolCallRequest): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await lock(tx, [domain, world, overlay, idempotencyKey]);
    await tx.$executeRaw`
      DELETE FROM tool_effect WHERE answer IS NULL
      AND world = ${world} AND overlay = ${overlay} AND domain = ${domain} AND idempotency_key = ${idempotencyKey}`;
  });
}

/** The answer for a call whose outcome nobody knows. */
function unknownOutcome({ call }: ToolCallRequest): ToolAnswer {
  const output = `Error: nobody knows whether ${call.name} was done: it was begun and its answer never came. It is not tried again.`;
  return { output, isError: true, endsEpisode: false };
}

/**
 * Makes an external call at most once, unless it is repeatable. The call is recorded before it is sent, and its answer afterwards: a known
 * key returns the stored answer. A call that was begun and has no answer (its process is gone, since the lock is free; or its connection
 * broke) is repeated if it is repeatable, and otherwise answered for good as of unknown outcome. One that failed before it was sent is
 * taken back, so that it can be made. Throws the errors of `not_sent`, and of `unknown` for a repeatable call: both can be retried.
 */
export async function callOutside(prisma: PrismaClient, request: ToolCallRequest, outside: OutsideCall): Promise<ToolCallAnswer> {
  const { scene, idempotencyKey, call } = request;
  const { domain, world, overlay } = scene;
  const key = { world, overlay, domain, idempotencyKey };
  refuseBase(scene);
  const begun = await prisma.$executeRaw`
    INSERT INTO tool_effect (world, overlay, domain, idempotency_key, call)
    VALUES (${world}, ${overlay}, ${domain}, ${idempotencyKey}, ${JSON.stringify(call)}::json) ON CONFLICT DO NOTHING`;
  let isSent = false;
  const making = prisma.$transaction(
    async (tx): Promise<ToolCallAnswer | AppError> => {
      await lock(tx, [domain, world, overlay, idempotencyKey]);
      const known = await tx.toolEffect.findUniqueOrThrow({ where: { world_overlay_domain_idempotencyKey: key } });
      if (known.answer !== null || canonicalJson(known.call) !== canonicalJson(call)) return recordedAnswer(known, request);

      const mayBeMade = begun === 1 || outside.isRepeatable;
      isSent = mayBeMade;
      const outcome: OutsideOutcome = mayBeMade ? await outside.send() : { kind: "answered", answer: unknownOutcome(request) };
      if (outcome.kind === "not_sent") {
        // The row of an earlier attempt stays: that one may have been sent.
        if (begun === 1) await tx.toolEffect.delete({ where: { world_overlay_domain_idempotencyKey: key } });
        return outcome.why;
      }
      if (outcome.kind === "unknown" && outside.isRepeatable) return outcome.why;
      const answer = outcome.kind === "answered" ? outcome.answer : unknownOutcome(request);
      await tx.$executeRaw`
        UPDATE tool_effect SET answer = ${JSON.stringify(answer)}::json
        WHERE world = ${world} AND overlay = ${overlay} AND domain = ${domain} AND idempotency_key = ${idempotencyKey}`;
      return { ...answer, replayed: false };
    },
    { timeout: outside.msMax + TRANSACTION_MARGIN_MS, maxWait: TRANSACTION_MARGIN_MS },
  );
  const done = await making.catch(async (error: unknown) => {
    // If this fails too, the row stays, as after a kill: then nobody knows whether the call was sent.
    if (begun === 1 && !isSent) await takeBack(prisma, request).catch(() => undefined);
    throw error;
  });
  if (done instanceof AppError) throw done;
  return done;
}
