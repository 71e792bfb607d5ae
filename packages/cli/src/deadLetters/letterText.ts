import type { DeadLetterGroup, ListedDeadLetter } from "@signalbox/db/prisma";
import { textTable } from "../commandLine/textTable.ts";

const MESSAGE_CHARS = 80;

/** A time to the minute. */
export const minute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** The beginning of a message, on one line. */
export function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, " ");
  return line.length > MESSAGE_CHARS ? `${line.slice(0, MESSAGE_CHARS - 1)}…` : line;
}

/** A table of groups. */
export function groupTable(groups: readonly DeadLetterGroup[]): string {
  const rows = groups.map(({ fingerprint, openCount, lettersCount, firstFailedAt, lastFailedAt, versions, service, tool, message }) => [
    ...[fingerprint, String(openCount), String(lettersCount), minute(firstFailedAt), minute(lastFailedAt), versions.join(", ")],
    tool === null ? service : `${service} ${tool}`,
    oneLine(message),
  ]);
  return textTable([["fingerprint", "open", "all", "first failed", "last failed", "versions", "where", "message"], ...rows]);
}

/** A table of letters. */
export function letterTable(letters: readonly ListedDeadLetter[]): string {
  const rows = letters.map(({ id, state, run, attemptsCount, lastFailedAt, name, message }) => [
    ...[id, state, String(run), String(attemptsCount), minute(lastFailedAt), name],
    oneLine(message),
  ]);
  return textTable([["letter", "state", "run", "attempts", "last failed", "what", "message"], ...rows]);
}
