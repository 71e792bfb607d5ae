import type { RouterOutputs } from "@signalbox/api/client";
import type { Word } from "../../components/ui/WordBadge.tsx";

export type State = RouterOutputs["scoring"]["outcomes"]["outcomes"][number]["state"];

/** What becomes of a trace that passed a rule's filter, in the order in which pages name it. */
export const STATES: readonly (Word & { state: State })[] = [
  { state: "scored", label: "Scored", tone: "clear" },
  { state: "sampled_out", label: "Sampled out", tone: "plain" },
  { state: "waiting", label: "Waiting", tone: "accent" },
  { state: "failed", label: "Failed", tone: "danger" },
];
