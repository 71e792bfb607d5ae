import { AppError, type DiscardAnswer, type LetterSelection } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { countMeant, isSelected, listCandidates, sortOut } from "./candidates.ts";
import type { Confirm } from "./redriveStore.ts";

/** A discard of letters for good. */
export type Discard = { project: string; selection: LetterSelection; actor: string; reason: string };

/** The number of letters of a selection that a discard would affect, and the obstacles of the others. */
export async function forecastDiscard(
  prisma: PrismaClient,
  { project, selection }: Omit<Discard, "actor" | "reason">,
): Promise<DiscardAnswer> {
  const letters = await askStateStore(() => listCandidates(prisma, isSelected(project, selection), { isLocking: false }));
  const { free, obstructed } = sortOut(letters, { kind: "discard" });
  return { discarded: free.length, obstructed };
}

/**
 * Discards the unsettled letters of a selection, and records that. Throws
 * `not_found` when the selection is empty, and whatever `confirm` throws.
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
