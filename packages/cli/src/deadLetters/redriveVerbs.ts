import { userInfo } from "node:os";
import { listAudit, listRedriveItems, listRedrives, readRedrive, steerRedrive } from "@signalbox/db/prisma";
import { ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { itemsText, redrivesText, redriveText } from "./redriveText.ts";

/** The most redrives, and letters of one, that are shown. */
const ROWS_MAX = 100;

/** The flags of all redrive verbs. */
interface RedriveFlags {
  project: string;
}

const Address = z.object({ project: ProjectName, id: z.uuid() });
const Steering = Address.extend({ reason: z.string().trim().min(1).max(1_000) });

/** `signalbox dlq redrives [id]`: the last ones, or one with its letters. */
export const dlqRedrives: Act<RedriveFlags> = async ({ output, env, args: [id], flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), flags);
  await using store = openStateStore(loadConfig(env, flags));
  if (id === undefined) {
    const redrives = await listRedrives(store, project, { rowsMax: ROWS_MAX });
    output.result({ redrives }, () => redrivesText(redrives));
    return EXIT.pass;
  }
  const redrive = await readRedrive(store, project, parseArguments(Address, { project, id }).id);
  const items = await listRedriveItems(store, { redriveId: redrive.id, after: 0, rowsMax: ROWS_MAX });
  output.result({ redrive, items }, () => `${redriveText(redrive)}\n\n${itemsText(items)}`);
  return EXIT.pass;
};

/** `signalbox dlq pause|resume|cancel <id>`. */
export function dlqSteer(steer: Parameters<typeof steerRedrive>[1]): Act<RedriveFlags & { reason?: string }> {
  return async ({ output, env, args: [id], flags }) => {
    const act = parseArguments(Steering, { project: flags.project, id, reason: flags.reason });
    await using store = openStateStore(loadConfig(env, flags));
    const redrive = await steerRedrive(store, steer, { ...act, actor: userInfo().username, now: new Date() });
    output.result({ redrive }, () => redriveText(redrive));
    return EXIT.pass;
  };
}

/** `signalbox dlq audit [subject]`. */
export const dlqAudit: Act<RedriveFlags> = async ({ output, env, args: [subject], flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), flags);
  await using store = openStateStore(loadConfig(env, flags));
  const entries = await listAudit(store, { project, subject, rowsMax: ROWS_MAX });
  output.result({ entries }, () =>
    entries.length === 0
      ? "Nothing was done."
      : textTable(
          entries.map(({ time, act, actor, subject: of, reason }) => [time.slice(0, 19).replace("T", " "), act, actor, of, reason]),
        ),
  );
  return EXIT.pass;
};
