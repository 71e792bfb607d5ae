import type { Grounds, RolloutEntryKind, RolloutPhase, RolloutVerb, Standing } from "@signalbox/model";
import type { Word } from "../../components/ui/badge/WordBadge.tsx";

/** Words for the phases of a rollout. */
export const PHASES = {
  running: { label: "Running", title: "The gate looks again and again, and goes on, rolls back or promotes by itself", tone: "accent" },
  paused: { label: "Paused", title: "No next step until somebody acts; what harms is rolled back all the same", tone: "caution" },
  promoted: { label: "Promoted", title: "The candidate has the whole traffic", tone: "clear" },
  rolledBack: { label: "Rolled back", title: "The gate gave the whole traffic back to the stable version", tone: "danger" },
  aborted: { label: "Aborted", title: "Somebody gave the whole traffic back to the stable version", tone: "plain" },
} as const satisfies Record<RolloutPhase, Word>;

/** Words for the standing of a metric. */
export const STANDINGS = {
  worse: { label: "Worse", title: "It is to blame for the rollback", tone: "danger" },
  safe: { label: "Within margin", title: "It is shown not to be worse than its margin allows", tone: "clear" },
  open: { label: "Open", title: "Neither shown to be worse nor to be within its margin", tone: "plain" },
} as const satisfies Record<Standing, Word>;

/** The word for a count metric without any harm, which is less than shown to be safe. */
export const NO_HARM = {
  label: "No harm seen",
  title: "Nothing shows that it is worse; that is less than shown to be safe",
  tone: "clear",
} as const;

/** Words for the entries of a log. */
export const ENTRIES = {
  started: { label: "Started", title: "The candidate has the first step's share", tone: "accent" },
  looked: { label: "Looked", title: "The gate says something new, and nothing changes", tone: "plain" },
  stepped: { label: "Next step", title: "The candidate has the next step's share", tone: "accent" },
  paused: { label: "Paused", title: "No next step until somebody acts", tone: "caution" },
  resumed: { label: "Resumed", title: "It goes on", tone: "accent" },
  approved: { label: "Approved", title: "Somebody approved a step", tone: "accent" },
  promoted: { label: "Promoted", title: "The candidate has the whole traffic", tone: "clear" },
  rolledBack: { label: "Rolled back", title: "The stable version has the whole traffic again", tone: "danger" },
  aborted: { label: "Aborted", title: "The stable version has the whole traffic again", tone: "danger" },
  retried: { label: "Retried", title: "Another rollout of the same versions began", tone: "plain" },
} as const satisfies Record<RolloutEntryKind, Word>;

/** Words for the acts on a rollout and their effects. */
export const ACTS = {
  promote: {
    label: "Promote",
    says: "The candidate has the whole traffic at once, whatever the gate says, and the rollout ends.",
    isFinal: true,
    tone: "primary",
  },
  approve: { label: "Approve", says: "The step may end: the rollout goes on when the gate says so.", isFinal: false, tone: "primary" },
  pause: {
    label: "Pause",
    says: "The candidate keeps its share and there is no next step until somebody resumes it. What harms is rolled back all the same.",
    isFinal: false,
    tone: "primary",
  },
  resume: { label: "Resume", says: "It goes on with the step that it is at.", isFinal: false, tone: "primary" },
  abort: {
    label: "Abort",
    says: "The stable version has the whole traffic again at once, and the rollout ends.",
    isFinal: true,
    tone: "danger",
  },
  retry: {
    label: "Try again",
    says: "Another rollout begins from its first step, with the same versions under the same policy. What this one knows counts for nothing in it.",
    isFinal: false,
    tone: "primary",
  },
} as const satisfies Record<RolloutVerb, { label: string; says: string; isFinal: boolean; tone: "primary" | "danger" }>;

/** The grounds of a gate's verdict, in a word or two. */
export const GROUNDS = {
  evidence: "by evidence",
  breaker: "by a limit",
  timeout: "out of time",
  split: "traffic is split wrongly",
  signal: "a signal got worse",
  no_units: "nothing settled yet",
  not_scored: "too few are scored",
  units_missing: "needs more units",
  not_shown_safe: "not shown to be safe yet",
  step_done: "step is done",
  shown_safe: "shown to be safe",
} as const satisfies Record<Grounds, string>;
