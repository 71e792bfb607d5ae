import type { RouterOutputs } from "@signalbox/api/client";
import type { Word } from "../../components/ui/badge/WordBadge.tsx";

export type State = RouterOutputs["scoring"]["outcomes"]["outcomes"][number]["state"];

/** The states of a trace that matched a rule's filter, in the order of the pages. */
export const STATES: readonly (Word & { state: State })[] = [
  { state: "scored", label: "Scored", tone: "clear" },
  { state: "sampled_out", label: "Sampled out", tone: "plain" },
  { state: "waiting", label: "Waiting", tone: "accent" },
  { state: "failed", label: "Failed", tone: "danger" },
];
