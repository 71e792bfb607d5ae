"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { type DraftRules, draftOf, faultsOf, rulesOf } from "./draftRules.ts";
import { RedactionFields } from "./RedactionFields.tsx";
import { RulesTrial } from "./RulesTrial.tsx";
import { SamplingFields } from "./SamplingFields.tsx";

type State = RouterOutputs["projects"]["rules"];

/** Changes a project's rules. A click outside does not close it, since the edits would be lost. */
export function RulesDialog({
  project,
  state,
  open,
  onOpenChange,
}: {
  project: string;
  state: State;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Rules of ${project}`} isSticky className="max-w-3xl">
      <RulesForm project={project} state={state} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function RulesForm({ project, state, onDone }: { project: string; state: State; onDone: () => void }) {
  const trpc = useTRPC();
  const [draft, setDraft] = useState<DraftRules>(() => draftOf(state.rules));
  const faults = faultsOf(draft);
  const isFaulty = Object.keys(faults).length > 0;
  const save = useMutation(trpc.projects.changeRules.mutationOptions(useRefresh(trpc.projects.rules.queryKey({ project }), onDone)));
  const change = (changes: Partial<DraftRules>): void => {
    setDraft((before) => ({ ...before, ...changes }));
    // An earlier error may be corrected by now.
    save.reset();
  };
  return (
    <DialogForm
      className="gap-6"
      onSubmit={() => {
        if (!isFaulty) save.mutate({ project, rules: rulesOf(draft) });
      }}
    >
      <RedactionFields draft={draft} builtIn={state.builtIn} onChange={change} />
      <SamplingFields draft={draft} faults={faults} onChange={change} />
      <RulesTrial rules={isFaulty ? null : () => rulesOf(draft)} />
      <DialogActions failure={save.error}>
        <p className="mr-auto text-sm text-muted">Collectors follow within seconds; what is stored already stays as it is.</p>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={save.isPending || isFaulty}>
          Save the rules
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
