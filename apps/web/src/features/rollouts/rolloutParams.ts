import type { RouterOutputs } from "@signalbox/api/client";
import { RolloutPhase } from "@signalbox/model";
import { parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";
import { tracesLink } from "../traces/index.ts";

/** The URL parameters of the list: the projects, and the phase (null: any). */
export const LIST_PARAMS = {
  ...PROJECT_PARAM,
  of: parseAsStringLiteral(["project", "all"]).withDefault("project"),
  phase: parseAsStringLiteral(RolloutPhase.options),
};

/** The URL parameters of a rollout's page: how its evidence is shown. */
export const PAGE_PARAMS = {
  ...PROJECT_PARAM,
  view: parseAsStringLiteral(["chart", "table"]).withDefault("chart"),
};

export type ListedRollout = RouterOutputs["rollouts"]["list"]["rollouts"][number];
export type Rollout = RouterOutputs["rollouts"]["byId"]["rollout"];
export type RolloutDetail = RouterOutputs["rollouts"]["byId"];
export type CountedAgainst = RouterOutputs["rollouts"]["countedAgainst"];
export type Verdict = NonNullable<RolloutDetail["verdict"]>;
export type Entry = RouterOutputs["rollouts"]["entries"]["entries"][number];
export type Evidence = RouterOutputs["rollouts"]["evidence"];

/** The page of a rollout. */
export const rolloutLink = (id: string, project: string): string => projectLink(`/rollouts/${id}`, { project });

type Spell = Pick<Rollout, "project" | "candidate" | "startedAt" | "endedAt">;

/**
 * The traces of a rollout's candidate, up to `at` (ISO 8601) while it is under way: a version is its traces' release, and a trace whose
 * task named its version belongs to no arm.
 */
const candidateTraces = ({ project, candidate, startedAt, endedAt }: Spell, at: string) => ({
  ...{ project, release: [candidate], variant: ["candidate"], from: startedAt, to: endedAt ?? at },
});

/** The failed traces of a rollout's candidate. */
export const failedTracesLink = (rollout: Spell, at: string): string => tracesLink({ ...candidateTraces(rollout, at), errors: true });

/** The traces of the sessions, or of the users, that counted against a rollout's candidate. */
export const countedTracesLink = (rollout: Spell, at: string, units: { kind: "session" | "user"; ids: string[] }): string =>
  tracesLink({ ...candidateTraces(rollout, at), [units.kind]: units.ids });
