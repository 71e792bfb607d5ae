"use client";
import { canaryOf, isUnderWay, needsApproval, type RolloutVerb, whereText } from "@signalbox/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronsUp, CircleCheckBig, type LucideIcon, Pause, Play, RotateCcw, Square } from "lucide-react";
import { useRouter } from "next/navigation";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { keysOf, type ShortcutId, useShortcuts } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { type Rollout, rolloutLink } from "./rolloutParams.ts";
import { ACTS } from "./words.ts";

const LOOKS = {
  promote: { icon: ChevronsUp, shortcut: "promoteRollout" },
  approve: { icon: CircleCheckBig, shortcut: "approveRollout" },
  pause: { icon: Pause, shortcut: "pauseRollout" },
  resume: { icon: Play, shortcut: "resumeRollout" },
  abort: { icon: Square, shortcut: "abortRollout" },
  retry: { icon: RotateCcw, shortcut: "retryRollout" },
} as const satisfies Record<RolloutVerb, { icon: LucideIcon; shortcut: ShortcutId }>;

/** The acts possible on a rollout in its current state. */
export function actsOn(rollout: Rollout): RolloutVerb[] {
  if (!isUnderWay(rollout)) return rollout.phase === "promoted" ? [] : ["retry"];
  const waits = needsApproval(rollout);
  const onwards: RolloutVerb[] = rollout.phase === "running" ? ["pause"] : rollout.pausedFor === "approval" ? [] : ["resume"];
  return [...(waits ? (["approve"] as const) : []), ...onwards, "promote", "abort"];
}

/**
 * The acts possible on a rollout now, by button and key. Each asks for a reason, and those that end the rollout also for its project's
 * name.
 */
export function RolloutActs({ rollout }: { rollout: Rollout }) {
  const reasonRef = useRef<HTMLInputElement>(null);
  const [act, setAct] = useState<RolloutVerb | null>(null);
  const acts = actsOn(rollout);
  useShortcuts(Object.fromEntries(acts.map((verb) => [LOOKS[verb].shortcut, () => setAct(verb)])));
  return (
    <>
      {acts.map((verb) => {
        const { icon: Icon, shortcut } = LOOKS[verb];
        return (
          <Button
            key={verb}
            tone={verb === "abort" ? "danger" : "plain"}
            aria-keyshortcuts={keysOf(shortcut)}
            title={`${ACTS[verb].label} (${keysOf(shortcut)})`}
            onClick={() => setAct(verb)}
          >
            <Icon className="size-3.5" aria-hidden />
            {ACTS[verb].label}
          </Button>
        );
      })}
      <Dialog
        open={act !== null}
        onOpenChange={(isOpen) => !isOpen && setAct(null)}
        title={act === null ? "Rollout" : `${ACTS[act].label} this rollout`}
        isSticky={act !== null && ACTS[act].isFinal}
        initialFocus={reasonRef}
      >
        {act !== null && <ActForm rollout={rollout} act={act} reasonRef={reasonRef} onClose={() => setAct(null)} />}
      </Dialog>
    </>
  );
}

/**
 * The state that must still hold when an act is carried out. Stopping and aborting apply wherever the rollout is by then, an approval
 * applies to one step, and any other act to exactly the state that the form shows.
 */
function expectedBy(act: RolloutVerb, { step, phase }: Pick<Rollout, "step" | "phase">): { step?: number; phase?: Rollout["phase"] } {
  if (act === "abort" || act === "pause") return {};
  return act === "approve" ? { step } : { step, phase };
}

function ActForm({
  rollout: { id, project, candidate, stable, policy, step, phase },
  act,
  reasonRef,
  onClose,
}: {
  rollout: Rollout;
  act: RolloutVerb;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  // The decision is about the rollout as it was when the form opened, since it may have moved on. After a refusal, it is about the state
  // that the form shows then.
  const [seen, setSeen] = useState({ step, phase });
  const { label, says, isFinal, tone } = ACTS[act];
  const done = useMutation(
    trpc.rollouts.act.mutationOptions({
      onSuccess: async (rollout) => {
        await queryClient.invalidateQueries({ queryKey: trpc.rollouts.pathKey() });
        onClose();
        if (rollout.id !== id) router.push(rolloutLink(rollout.id, project));
      },
      onError: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.rollouts.pathKey() });
        const now = queryClient.getQueryData(trpc.rollouts.byId.queryKey({ id }));
        if (now !== undefined) setSeen({ step: now.rollout.step, phase: now.rollout.phase });
      },
    }),
  );
  const isReady = reason.trim() !== "" && (!isFinal || typed.trim() === project) && !done.isPending;
  return (
    <DialogForm
      onSubmit={() => {
        if (isReady) done.mutate({ id, act, reason: reason.trim(), expected: expectedBy(act, seen) });
      }}
    >
      <div className="flex flex-col gap-1">
        <p>{says}</p>
        <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
          {candidate} in the place of {stable}
        </p>
        <p className="text-sm text-muted">
          Seen here: {whereText(seen)} of {canaryOf({ policy }).steps.length}.
        </p>
      </div>
      <Field label="Why" hint="It stays on record with your name.">
        <Input ref={reasonRef} value={reason} onValueChange={setReason} maxLength={1_000} autoComplete="off" />
      </Field>
      {isFinal && (
        <Field label={`Type ${project} to confirm`} hint="The project whose traffic moves.">
          <Input value={typed} onValueChange={setTyped} autoComplete="off" className="max-w-64" />
        </Field>
      )}
      <DialogActions failure={done.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone={tone} disabled={!isReady}>
          {label}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
