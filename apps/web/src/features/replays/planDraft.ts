import type { RouterInputs } from "@signalbox/api/client";

type Plan = RouterInputs["replays"]["start"]["plan"];

/** A task to replay: the first step, the number of steps, and the tools that it called. */
export type ForkSubject = { taskId: string; step: number; stepsMax: number; tools: readonly string[] };

/** A replacement answer of a tool, as typed. */
export type ToolDraft = { name: string; output: string; isError: boolean };

/** A replay as in the form; texts are as typed. */
export type PlanDraft = {
  mode: "recorded" | "live";
  from: string;
  against: string;
  promptKind: "same" | "name" | "text";
  prompt: string;
  model: string;
  tools: readonly ToolDraft[];
  allowsEffects: boolean;
  reason: string;
};

/** The initial form: a live replay from the given step on, without outside effects. */
export function newDraft(from: number): PlanDraft {
  return {
    ...{ mode: "live", from: String(from), against: "", promptKind: "same", prompt: "", model: "", tools: [] },
    ...{ allowsEffects: false, reason: "" },
  };
}

/** The errors of fields, by name. */
export type DraftFaults = Partial<Record<"from" | "prompt" | "tools" | "reason", string>>;

/**
 * The plan in a form, or its errors. A recorded replay starts at the beginning and calls no model; one with outside effects needs a reason.
 */
export function readDraft(draft: PlanDraft, stepsMax: number): { plan: Plan; reason?: string } | { faults: DraftFaults } {
  const { mode, promptKind, allowsEffects, tools } = draft;
  const [from, prompt, model, against] = [Number(draft.from), draft.prompt.trim(), draft.model.trim(), draft.against.trim()];
  const isLive = mode === "live";
  const faults: DraftFaults = {};
  if (isLive && !(Number.isInteger(from) && from >= 1 && from <= stepsMax)) faults.from = `a step from 1 to ${stepsMax}`;
  if (isLive && promptKind === "name" && !/^[a-z][a-z-]*@\d{1,4}$/.test(prompt))
    faults.prompt = "a prompt by its name and version: support@2";
  if (isLive && promptKind === "text" && prompt === "") faults.prompt = "a text";
  const reason = isLive && allowsEffects ? draft.reason.trim() : undefined;
  if (reason === "") faults.reason = "why, in a few words";
  if (tools.some(({ name }) => name.trim() === "")) faults.tools = "each answer needs the name of its tool";
  const twice = tools.find(({ name }, at) => tools.findIndex((other) => other.name.trim() === name.trim()) < at);
  if (faults.tools === undefined && twice !== undefined) faults.tools = `one answer for ${twice.name.trim()}: it is for every call`;
  if (Object.keys(faults).length > 0) return { faults };

  return {
    ...(reason === undefined ? {} : { reason }),
    plan: {
      mode,
      against: against === "" ? null : against,
      tools: Object.fromEntries(tools.map(({ name, output, isError }) => [name.trim(), [{ output, isError }]])),
      ...(isLive ? { from, allowsEffects, model: model === "" ? null : model } : {}),
      ...(isLive && promptKind !== "same" ? { prompt: promptKind === "name" ? { name: prompt } : { text: prompt } } : {}),
    },
  };
}
