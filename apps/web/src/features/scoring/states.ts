import type { RouterOutputs } from "@signalbox/api/client";
import type { BadgeTone } from "../../components/ui/Badge.tsx";

export type State = RouterOutputs["scoring"]["outcomes"]["outcomes"][number]["state"];

/** What becomes of a trace that passed a rule's filter, in the order in which pages name it. */
export const STATES: readonly { state: State; label: string; tone: BadgeTone }[] = [
  { state: "scored", label: "scored", tone: "clear" },
  { state: "sampled_out", label: "sampled out", tone: "plain" },
  { state: "waiting", label: "waiting", tone: "accent" },
  { state: "failed", label: "failed", tone: "danger" },
];
