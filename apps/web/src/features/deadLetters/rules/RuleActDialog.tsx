"use client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { ReasonForm } from "../../../components/ui/form/ReasonForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";

/** The acts on a rule. */
export const RULE_ACTS = {
  pause: { label: "Pause", says: "It makes no redrives until it is resumed. Those that it made go on." },
  resume: { label: "Resume", says: "It goes on with what is left of its budget, also with letters that came during the pause." },
  delete: { label: "Delete", says: "It makes no redrives any more; those that it made go on. It cannot be brought back." },
} as const;
export type RuleAct = keyof typeof RULE_ACTS;

/** An act on a rule that somebody is asked about; null while there is none. */
export type AskedAct = { act: RuleAct; name: string } | null;

/** Pauses, resumes or deletes a rule, with a reason. */
export function RuleActDialog({ project, asked, onClose }: { project: string; asked: AskedAct; onClose: () => void }) {
  const reasonRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={asked !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={asked === null ? "Rule" : `${RULE_ACTS[asked.act].label} the rule ${asked.name}`}
      initialFocus={reasonRef}
    >
      {asked !== null && <RuleActForm project={project} {...asked} reasonRef={reasonRef} onClose={onClose} />}
    </Dialog>
  );
}

function RuleActForm({
  project,
  act,
  name,
  reasonRef,
  onClose,
}: {
  project: string;
  act: RuleAct;
  name: string;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const refresh = useRefresh(trpc.deadLetters.pathKey(), onClose);
  const steer = useMutation(trpc.deadLetters.rules[act === "resume" ? "resume" : "pause"].mutationOptions(refresh));
  const remove = useMutation(trpc.deadLetters.rules.delete.mutationOptions(refresh));
  const mutation = act === "delete" ? remove : steer;
  const { label, says } = RULE_ACTS[act];
  return (
    <ReasonForm
      label={label}
      tone={act === "delete" ? "danger" : "primary"}
      act={mutation}
      reasonRef={reasonRef}
      onReason={(reason) => mutation.mutate({ project, name, reason })}
      onClose={onClose}
    >
      {says}
    </ReasonForm>
  );
}
