import type { RouterOutputs } from "@signalbox/api/client";
import type { DeadLetterCause, DeadLetterState } from "@signalbox/model";
import type { BadgeTone } from "../../components/ui/Badge.tsx";

type Word = { label: string; title: string; tone: BadgeTone };

/** Why there was no other attempt. */
export const CAUSES = {
  attempts_exhausted: { label: "Attempts used up", title: "Every attempt that it had failed", tone: "caution" },
  not_retryable: { label: "No retry can help", title: "It failed in a way that another attempt would fail in too", tone: "caution" },
  kills_worker: { label: "Kills its worker", title: "The workers that took it up died of it", tone: "danger" },
  timed_out: { label: "Timed out", title: "Its attempts took longer than they may", tone: "caution" },
  refused: { label: "Refused", title: "A policy or a limit refuses it, so no retry could help", tone: "danger" },
} as const satisfies Record<DeadLetterCause, Word>;

/** What became of a letter. */
export const STATES = {
  open: { label: "Open", title: "It waits for somebody to redrive or discard it", tone: "danger" },
  redriven: { label: "Redriven", title: "Its task was put back in line", tone: "accent" },
  discarded: { label: "Discarded", title: "Somebody gave it up for good", tone: "plain" },
} as const satisfies Record<DeadLetterState, Word>;

type Trend = RouterOutputs["deadLetters"]["groups"]["groups"][number]["trend"];

/** Whether letters of a kind come faster than they did. */
export const TRENDS = {
  new: { label: "New", title: "The first one came in the later half of this time", tone: "danger" },
  growing: {
    label: "Growing",
    title: "More came in the later half of this time than in the earlier one, by more than chance",
    tone: "danger",
  },
  steady: { label: "Steady", title: "As many came in the later half of this time as in the earlier one, but for chance", tone: "plain" },
  fading: {
    label: "Fading",
    title: "Fewer came in the later half of this time than in the earlier one, by more than chance",
    tone: "clear",
  },
} as const satisfies Record<Trend, Word>;
