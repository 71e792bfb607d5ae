import { requireEvalRun } from "@signalbox/db/evalRuns";
import { countDatasetSplits, type PrismaClient, resolveDataset } from "@signalbox/db/prisma";
import {
  AppError,
  type EvalRun,
  EvalRunPlan,
  formatDatasetReference,
  issuesText,
  LANGSMITH_TARGET,
  parseDatasetReference,
  targetName,
} from "@signalbox/model";
import type { EvalRunFlags } from "./evalRunFlags.ts";
import { scorerChoices } from "./scorerChoices.ts";
import { isUrl } from "./targets.ts";

const DEFAULTS = { repeats: 1, concurrency: 8, timeoutSeconds: 60 } as const;

const FIXED = ["dataset", "split", "target", "header", "scorers", "repeats", "unit", "name"] as const satisfies (keyof EvalRunFlags)[];

const millis = (seconds: number): number => Math.round(seconds * 1_000);

function required(flags: EvalRunFlags, flag: "dataset" | "target"): string {
  const value = flags[flag];
  if (value !== undefined) return value;
  throw new AppError("invalid_input", `Say which ${flag}: --${flag}.`, {
    hint: "./signalbox eval run --help shows what the command takes.",
  });
}

const HEADER = /^([\w-]+)=\$(\w+)$/;

/** The variables that hold the headers of a URL target. A literal value is refused, because it would be stored. */
function headersOf(texts: readonly string[], target: string): Record<string, string> {
  if (!isUrl(target)) throw new AppError("invalid_input", "--header is for a target that is a URL.");
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, variable] = HEADER.exec(text) ?? [];
      if (name !== undefined && variable !== undefined) return [name.toLowerCase(), variable];
      throw new AppError("invalid_input", "A header is given by the name of the variable that holds it.", {
        hint: "Write --header 'authorization=$VARIABLE', in single quotes: the value is read when the run asks, and kept nowhere.",
      });
    }),
  );
}

/** The items to ask: those of a version, or of a split of it. Throws `invalid_input` where there are none. */
async function askedItems(prisma: PrismaClient, project: string, reference: string, split: string | undefined) {
  const { version, dataset } = await resolveDataset(prisma, project, parseDatasetReference(reference));
  const name = formatDatasetReference(dataset.name, version);
  const whole = { dataset: name, datasetHash: version.hash };
  if (split === undefined) {
    if (version.items === 0) throw new AppError("invalid_input", `${name} has no item to ask about.`);
    return { ...whole, items: version.items };
  }
  const splits = await countDatasetSplits(prisma, dataset.id, version.number);
  const items = splits.find((one) => one.split === split)?.items;
  if (items !== undefined) return { ...whole, split, items };
  const names = splits.flatMap((one) => one.split ?? []);
  throw new AppError("invalid_input", `${name} has no item of the split ${JSON.stringify(split)}.`, {
    hint: names.length === 0 ? "None of its items names a split." : `It has ${names.join(", ")}.`,
  });
}

/** The plan of a new run on existing items. */
export async function planRun(prisma: PrismaClient, flags: EvalRunFlags): Promise<EvalRunPlan> {
  const [dataset, target] = [required(flags, "dataset"), required(flags, "target")];
  const scorers = scorerChoices(flags.scorers ?? []);
  if (scorers.length === 0)
    throw new AppError("invalid_input", "Say who judges: --scorers.", { hint: "./signalbox eval scorers shows every one." });
  const asked = await askedItems(prisma, flags.project, dataset, flags.split);
  const about = flags.split === undefined ? asked.dataset : `${asked.dataset} ${flags.split}`;
  const plan = EvalRunPlan.safeParse({
    ...{ project: flags.project, target, scorers, ...asked },
    ...(flags.header === undefined ? {} : { headers: headersOf(flags.header, target) }),
    name: flags.name ?? `${about} · ${targetName(target)}`.slice(0, 200),
    trials: flags.repeats ?? DEFAULTS.repeats,
    unitKey: flags.unit ?? null,
    concurrency: flags.concurrency ?? DEFAULTS.concurrency,
    ratePerSecond: flags.rate ?? null,
    timeoutMs: millis(flags.timeout ?? DEFAULTS.timeoutSeconds),
  });
  if (!plan.success) throw new AppError("invalid_input", `The run cannot be made: ${issuesText(plan.error)}`);
  return plan.data;
}

/** The run to resume, with its plan; only its pace may be changed. */
export async function resumedRun(prisma: PrismaClient, resume: string, flags: EvalRunFlags): Promise<EvalRun> {
  const given = FIXED.filter((flag) => flags[flag] !== undefined);
  if (given.length > 0)
    throw new AppError(
      "invalid_input",
      `--resume goes on with a run as it was planned: leave out ${given.map((flag) => `--${flag}`).join(", ")}.`,
    );
  const run = await requireEvalRun(prisma, flags.project, resume);
  if (run.target === LANGSMITH_TARGET)
    throw new AppError("invalid_input", `LangSmith's client made the run ${run.name}; only that can go on with it.`, {
      hint: "What its client sends is in the run, whenever it comes.",
    });
  const { concurrency = run.concurrency, rate = run.ratePerSecond } = flags;
  return { ...run, concurrency, ratePerSecond: rate, timeoutMs: flags.timeout === undefined ? run.timeoutMs : millis(flags.timeout) };
}
