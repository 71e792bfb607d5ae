import type { RouterOutputs } from "@signalbox/api/client";
import { type inferParserType, parseAsArrayOf, parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";

/**
 * The URL parameters of the simulation; the policy itself is not in the URL. `means` are `metric=value`; null values are left to the
 * policy.
 */
export const POLICY_PARAMS = {
  ...PROJECT_PARAM,
  perHour: parseAsInteger.withDefault(1_200),
  metric: parseAsString,
  drop: parseAsFloat,
  means: parseAsArrayOf(parseAsString).withDefault([]),
  view: parseAsStringLiteral(["chart", "table"]).withDefault("chart"),
};
export type PolicyParams = inferParserType<typeof POLICY_PARAMS>;

export type Linted = RouterOutputs["gatePolicies"]["lint"];
export type Simulated = RouterOutputs["gatePolicies"]["simulate"];

/** A metric of a valid policy's live gate. */
export type WatchedMetric = NonNullable<Extract<Linted, { kind: "valid" }>["canary"]>[number];

/** Reads means from the URL; those that are not numbers are left out. */
export function readMeans(means: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    means.flatMap((text) => {
      const at = text.lastIndexOf("=");
      const [name, value] = [text.slice(0, at), Number(text.slice(at + 1))];
      return at > 0 && text.slice(at + 1) !== "" && Number.isFinite(value) ? [[name, value] as const] : [];
    }),
  );
}

/** Means in the form of the URL. */
export const writeMeans = (means: Readonly<Record<string, number>>): string[] =>
  Object.entries(means).map(([name, value]) => `${name}=${value}`);
