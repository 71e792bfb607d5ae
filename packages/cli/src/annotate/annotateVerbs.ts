import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import {
  addAnnotationItems,
  createAnnotationQueue,
  listAnnotationQueues,
  listAnnotations,
  readAnnotationProgress,
  requireAnnotationQueueNamed,
  streamAnnotations,
} from "@signalbox/db/annotations";
import { type Agreement, queueAgreement } from "@signalbox/evals";
import { AnnotationSubject, AppError, issueText, NewAnnotationQueue } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { writeWholeFile } from "../commandLine/wholeFile.ts";
import { loadConfig } from "../config.ts";
import { type ProjectFlag, projectOf } from "../datasets/datasetVerbs.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { readKind } from "./readKind.ts";

interface CreateFlags extends ProjectFlag {
  question: string;
  kind: string;
  ends?: string;
  instructions: string;
  overlap: number;
  score?: string;
}

/** `signalbox annotate create <queue>`. */
export const annotateCreate: Act<CreateFlags> = async ({ output, env, args: [name = ""], flags }) => {
  const { question, instructions, overlap } = flags;
  const given = parseArguments(NewAnnotationQueue, {
    ...{ project: flags.project, name, question, instructions, overlap },
    ...{ kind: readKind(flags.kind, flags.ends), scoreName: flags.score ?? name },
  });
  await using store = openStateStore(loadConfig(env, flags));
  const queue = await createAnnotationQueue(store, given, { createdBy: userInfo().username, now: new Date() });
  output.result({ queue }, () => `${name} asks: ${queue.question} Add traces: ./signalbox annotate add ${JSON.stringify(name)} TRACE…`);
  return EXIT.pass;
};

/** The most labels of a queue that are read for its agreement. */
const ANNOTATIONS_MAX = 20_000;

/** `signalbox annotate list`. */
export const annotateList: Act<ProjectFlag> = async ({ output, env, flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const found = await listAnnotationQueues(store, project);
  const progressOf = await readAnnotationProgress(
    store,
    found.map(({ id }) => id),
  );
  const agreements: (Agreement | null)[] = [];
  for (const queue of found) agreements.push(queueAgreement(queue, await listAnnotations(store, queue.id, ANNOTATIONS_MAX)));
  const queues = found.map((queue, index) => ({ ...queue, progress: progressOf(queue.id), agreement: agreements[index] ?? null }));
  output.result({ project, queues }, () =>
    queues.length === 0
      ? `Project ${project} has no annotation queues. Make one: ./signalbox annotate create NAME --question …`
      : textTable([
          ["queue", "question", "done", "items", "labels", "skips", "disagreements", "agreement"],
          ...queues.map(({ name, question, progress, agreement }) => [
            ...[name, question, progress.done, progress.items, progress.labels, progress.skips, progress.disagreements].map(String),
            agreementText(agreement),
          ]),
        ]),
  );
  return EXIT.pass;
};

function agreementText(agreement: Agreement | null): string {
  if (agreement === null) return "";
  const raw = `${Math.round(agreement.raw * 100)} % alike`;
  if (agreement.value === null || agreement.lower === null || agreement.upper === null) return raw;
  const [value, lower, upper] = [agreement.value, agreement.lower, agreement.upper].map((figure) => figure.toFixed(2));
  return `${agreement.measure} ${value} [${lower}, ${upper}], ${raw}`;
}

interface AddFlags extends ProjectFlag {
  file?: string;
}

/** `signalbox annotate add <queue> [traces...]`. */
export const annotateAdd: Act<AddFlags> = async ({ output, env, args: [name = "", ...given], flags }) => {
  const project = projectOf(flags);
  const lines = flags.file === undefined ? [] : (await readLines(flags.file)).map((line) => line.trim());
  const subjects = [...given, ...lines].filter((text) => text !== "").map(subjectOf);
  if (subjects.length === 0)
    throw new AppError("invalid_input", "No trace is named.", {
      hint: "Give ids, or a file of them with --file; in the console, choose traces in the list.",
    });
  await using store = openStateStore(loadConfig(env, flags));
  const queue = await requireAnnotationQueueNamed(store, project, name);
  const { added } = await addAnnotationItems(store, queue.id, subjects, { addedBy: userInfo().username, now: new Date() });
  const there = subjects.length - added;
  output.result({ project, queue: name, given: subjects.length, added }, () =>
    there === 0 ? `${added} added to ${name}.` : `${added} added to ${name}; ${there} ${there === 1 ? "was" : "were"} in it already.`,
  );
  return EXIT.pass;
};

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, "utf8")).split("\n");
  } catch (cause) {
    throw new AppError("invalid_input", `${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function subjectOf(text: string): AnnotationSubject {
  const [traceId, spanId = null] = text.split(":");
  const read = AnnotationSubject.safeParse({ traceId, spanId });
  if (read.success) return read.data;
  throw new AppError("invalid_input", `Wrong ${text}: ${read.error.issues.map(issueText).join("; ")}.`, {
    hint: "Add --help to see what the command takes.",
  });
}

/** `signalbox annotate export <queue> <file>`: the file is written completely, or keeps its old content. */
export const annotateExport: Act<ProjectFlag> = async ({ output, env, args: [name = "", path = ""], flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const queue = await requireAnnotationQueueNamed(store, project, name);
  let annotations = 0;
  async function* lines() {
    for await (const annotation of streamAnnotations(store, queue.id)) {
      annotations += 1;
      yield `${JSON.stringify(annotation)}\n`;
    }
  }
  await writeWholeFile(path, lines());
  output.result({ project, queue: name, file: path, annotations }, () => `${annotations} labels and skips of ${name} are in ${path}.`);
  return EXIT.pass;
};
