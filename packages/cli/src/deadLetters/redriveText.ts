import type { Redrive, RedriveItem, RedriveItemState } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

/** The number of letters of a redrive, and of those that have ended. */
export function progressOf({ counts }: Redrive): { total: number; ended: number } {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { total, ended: total - counts.pending - counts.running };
}

function countsText({ counts }: Redrive): string {
  const told = (Object.entries(counts) as [RedriveItemState, number][]).filter(([, count]) => count > 0);
  return told.map(([state, count]) => `${count} ${state}`).join(", ");
}

/** A redrive in a line or two. */
export function redriveText(redrive: Redrive): string {
  const { id, name, state, note } = redrive;
  return `Redrive ${id} "${name}" is ${state}${note === null ? "" : `: ${note}`}\n${countsText(redrive)}`;
}

/** Redrives in a table, one a line. */
export function redrivesText(redrives: readonly Redrive[]): string {
  if (redrives.length === 0) return "There are no redrives.";
  const rows = redrives.map((redrive) => [
    redrive.id,
    redrive.state,
    redrive.createdAt.slice(0, 16).replace("T", " "),
    redrive.actor,
    redrive.name,
    countsText(redrive),
  ]);
  return textTable([["id", "state", "made (UTC)", "by", "name", "letters"], ...rows]);
}

/** The letters of a redrive in a table, one a line. */
export function itemsText(items: readonly RedriveItem[]): string {
  return textTable(
    items.map(({ letterId, state, nextLetterId, note }) => [letterId, state, nextLetterId ?? "", note?.split("\n")[0] ?? ""]),
  );
}
