import { AppError, type DiscardAnswer, type LetterSelection } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { countMeant, isSelected, listCandidates, sortOut } from "./candidates.ts";
import type { Confirm } from "./redriveStore.ts";

/** Letters that somebody gives up for good. */
export type Discard = { project: string; selection: LetterSelection; actor: string; reason: string };

/** How many letters of a selection a discard would be of, and what stands in the way of the others. */
export async function forecastDiscard(
  prisma: PrismaClient,
  { project, selection }: Omit<Discard, "actor" | "reason">,
): Promise<DiscardAnswer> {
  const letters = await askStateStore(() => listCandidates(prisma, isSelected(project, selection), { isLocking: false }));
  const { free, obstructed } = sortOut(letters, { kind: "discard" });
  return { discarded: free.length, obstructed };
}

/**
 * Discards the letters of a selection that nobody has dealt with, on record. Throws
 * `not_found` when the selection is of no letter at all, and what `confirm` throws.
 */
export async function discardLetters(
  prisma: PrismaClient,
  { project, selection, actor, reason }: Discard,
  { now, confirm }: { now: Date; confirm: Confirm },
): Promise<DiscardAnswer> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const letters = await listCandidates(transaction, isSelected(project, selection), { isLocking: true });
      const { free, obstructed } = sortOut(letters, { kind: "discard" });
      if (countMeant(free, obstructed) === 0) throw new AppError("not_found", "There are no such dead letters.");
      if (free.length > 0) {
        confirm(free.length);
        const ids = free.map(({ id }) => id);
        await transaction.$executeRaw`
          UPDATE dead_letter SET discarded_at = ${now}, discarded_by = ${actor}, discard_reason = ${reason}
          WHERE id = ANY(${ids}::uuid[]) AND redriven_at IS NULL AND discarded_at IS NULL`;
        const subject =
          selection.kind === "group" ? selection.fingerprint : selection.kind === "letters" && ids.length === 1 ? String(ids[0]) : "filter";
        const detail = { letters: free.length, selection };
        await audit(transaction, [{ project, act: "letters_discarded", subject, actor, reason, detail, now }]);
      }
      return { discarded: free.length, obstructed };
    }),
  );
}
