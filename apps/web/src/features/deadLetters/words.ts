import type { RouterOutputs } from "@signalbox/api/client";
import type { AuditAct, DeadLetterCause, DeadLetterKind, DeadLetterState, RedriveItemState, RedriveState } from "@signalbox/model";
import type { Word } from "../../components/ui/badge/WordBadge.tsx";

/** Why there was no further attempt. */
export const CAUSES = {
  attempts_exhausted: { label: "Attempts used up", title: "Every attempt that it had failed", tone: "caution" },
  not_retryable: { label: "No retry can help", title: "It failed in a way that another attempt would fail in too", tone: "caution" },
  kills_worker: { label: "Kills its worker", title: "The workers that took it up died of it", tone: "danger" },
  timed_out: { label: "Timed out", title: "Its attempts took longer than they may", tone: "caution" },
  refused: { label: "Refused", title: "A policy or a limit refuses it, so no retry could help", tone: "danger" },
  unserved: { label: "Nobody serves it", title: "No worker of its version was there for longer than tasks may wait", tone: "caution" },
  rejected: { label: "Rejected", title: "Telemetry came that is not as it must be, so that no row could be made of it", tone: "caution" },
  refused_by_store: { label: "Store refused it", title: "The telemetry store did not take the row that was made of it", tone: "danger" },
  unreadable_batch: { label: "Unreadable batch", title: "Nothing can be read of what a client kept in a file", tone: "caution" },
} as const satisfies Record<DeadLetterCause, Word>;

/** Words for the states of a letter. */
export const STATES = {
  open: { label: "Open", title: "It waits for somebody to redrive or discard it", tone: "danger" },
  claimed: { label: "In a redrive", title: "It waits for its turn in a redrive", tone: "caution" },
  redriven: { label: "Redriven", title: "It was put back in line, or sent again", tone: "accent" },
  discarded: { label: "Discarded", title: "Somebody gave it up for good", tone: "plain" },
} as const satisfies Record<DeadLetterState, Word>;

type Trend = RouterOutputs["deadLetters"]["groups"]["groups"][number]["trend"];

/** Words for the trend of a kind of letters. */
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

/** Words for the states of a redrive. */
export const REDRIVE_STATES = {
  running: { label: "Running", title: "Its letters are put back in line, one by one", tone: "accent" },
  paused: { label: "Paused", title: "It goes on when somebody resumes it", tone: "caution" },
  stopped: { label: "Stopped", title: "Of those that were tried first, some failed again", tone: "danger" },
  done: { label: "Done", title: "Every letter of it ran again", tone: "clear" },
  cancelled: { label: "Cancelled", title: "Somebody cancelled it; letters that had not had their turn are open again", tone: "plain" },
} as const satisfies Record<RedriveState, Word>;

/** The word for a redrive that is done although some of its letters failed again. */
export const DONE_WITH_FAILURES = {
  label: "Done, with failures",
  title: "Every letter of it ran again, and some failed again",
  tone: "caution",
} as const satisfies Word;

/** Words for the states of a letter in a redrive, with the colour of its share. */
export const ITEM_STATES = {
  passed: { label: "ended well", bar: "bg-clear-mark" },
  failed: { label: "failed again", bar: "bg-danger-mark" },
  skipped: { label: "left out", bar: "bg-caution-mark" },
  running: { label: "at work", bar: "bg-accent" },
  pending: { label: "waiting", bar: "bg-line-strong" },
  released: { label: "let go", bar: "bg-line" },
} as const satisfies Record<RedriveItemState, { label: string; bar: string }>;

/** Words for the kinds of dead letters. */
export const KINDS = { task: "Tasks", ingest: "Telemetry" } as const satisfies Record<DeadLetterKind, string>;

/** Words for acts on dead letters, the queue, replays with effects, and rollouts. */
export const ACTS = {
  redrive_created: "began a redrive",
  redrive_paused: "paused a redrive",
  redrive_resumed: "resumed a redrive",
  redrive_stopped: "stopped a redrive",
  redrive_cancelled: "cancelled a redrive",
  redrive_aborted: "cancelled a redrive",
  redrive_done: "finished a redrive",
  letters_discarded: "discarded letters",
  letters_imported: "imported a file that was unreadable before",
  queue_paused: "paused the queue",
  queue_resumed: "let the queue go on",
  rule_created: "made a rule",
  rule_paused: "paused a rule",
  rule_resumed: "let a rule go on",
  rule_deleted: "deleted a rule",
  replay_asked: "asked for a replay with effects",
  replay_effect: "called a tool of others in a replay",
  replay_cancelled: "cancelled replays",
  rollout_started: "started a rollout",
  rollout_stepped: "took a rollout to its next step",
  rollout_paused: "paused a rollout",
  rollout_resumed: "let a rollout go on",
  rollout_approved: "approved a rollout's step",
  rollout_promoted: "promoted a rollout's candidate",
  rollout_rolled_back: "rolled a rollout back",
  rollout_aborted: "aborted a rollout",
  rollout_retried: "tried a rollout again",
} as const satisfies Record<AuditAct, string>;
