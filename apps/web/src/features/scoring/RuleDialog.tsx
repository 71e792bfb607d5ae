"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { TextArea } from "../../components/ui/form/TextArea.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { type DraftRule, draftOf, faultsOf, filterOf, type Rule, ruleOf } from "./draftRule.ts";

/** The rule being edited: an existing one, a new one, or none. */
export type Edited = { rule: Rule | null } | null;

/** Creates or changes a rule. A click outside does not close it, since the edits would be lost. */
export function RuleDialog({ project, edited, onClose }: { project: string; edited: Edited; onClose: () => void }) {
  const title = edited?.rule ? `Rule ${edited.rule.name}` : "New score rule";
  return (
    <Dialog open={edited !== null} onOpenChange={(isOpen) => !isOpen && onClose()} title={title} isSticky className="max-w-2xl">
      {edited !== null && <RuleForm project={project} rule={edited.rule} onDone={onClose} />}
    </Dialog>
  );
}

function RuleForm({ project, rule, onDone }: { project: string; rule: Rule | null; onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<DraftRule>(() => draftOf(rule));
  const kept = { enabled: rule?.enabled ?? true, tracesPerHourMax: rule?.tracesPerHourMax ?? null };
  const faults = faultsOf(draft);
  const isFaulty = Object.keys(faults).length > 0;
  const onSuccess = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.scoring.pathKey() });
    onDone();
  };
  const save = useMutation(trpc.scoring.set.mutationOptions({ onSuccess }));
  const remove = useMutation(trpc.scoring.remove.mutationOptions({ onSuccess }));
  const change = (changes: Partial<DraftRule>): void => {
    setDraft((before) => ({ ...before, ...changes }));
    save.reset();
  };
  const failure = save.error ?? remove.error;
  return (
    <DialogForm
      onSubmit={() => {
        if (!isFaulty) save.mutate(ruleOf(project, draft, kept));
      }}
    >
      <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
        <Field label="Name" error={draft.name === "" ? null : (faults.name ?? null)}>
          <Input value={draft.name} onValueChange={(name) => change({ name })} disabled={rule !== null} autoComplete="off" />
        </Field>
        <Field label="Share, in percent" error={faults.sharePercent ?? null} hint="Chosen by a hash of the trace id.">
          <Input
            value={draft.sharePercent}
            onValueChange={(sharePercent) => change({ sharePercent })}
            inputMode="decimal"
            autoComplete="off"
          />
        </Field>
        <Field label="Over after, s" error={faults.waitSeconds ?? null} hint="Without anything new of it.">
          <Input
            value={draft.waitSeconds}
            onValueChange={(waitSeconds) => change({ waitSeconds })}
            inputMode="numeric"
            autoComplete="off"
          />
        </Field>
      </div>
      <Field label="Filter" error={faults.filter ?? null} hint="As the list of traces is filtered, in JSON; {} is every trace.">
        <TextArea rows={2} value={draft.filter} onChange={(event) => change({ filter: event.target.value })} />
      </Field>
      <Preview project={project} draft={draft} />
      <Field label="Scorers, one a line" error={faults.scorers ?? null} hint="None that needs to know what would have been right.">
        <TextArea rows={4} value={draft.scorers} onChange={(event) => change({ scorers: event.target.value })} />
      </Field>
      <DialogActions failure={failure}>
        {rule !== null && (
          <span className="mr-auto flex gap-2">
            <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate({ project, name: rule.name })}>
              Remove
            </Button>
            <Button
              disabled={save.isPending || isFaulty}
              onClick={() => save.mutate(ruleOf(project, draft, { ...kept, enabled: !rule.enabled }))}
            >
              {rule.enabled ? "Disable" : "Enable"}
            </Button>
          </span>
        )}
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={save.isPending || isFaulty}>
          {rule === null ? "Make the rule" : "Save"}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}

/** How many of the last day's traces the rule would have matched. */
function Preview({ project, draft }: { project: string; draft: DraftRule }) {
  const trpc = useTRPC();
  const filter = filterOf(draft);
  const preview = useQuery(
    trpc.scoring.preview.queryOptions(
      { project, filter: filter ?? {} },
      { enabled: filter !== null, staleTime: 30_000, placeholderData: (before) => before },
    ),
  );
  const share = Number(draft.sharePercent) / 100;
  const matched = preview.data?.traces;
  return (
    <p role="status" className="rounded-md bg-sunken px-3 py-2 text-sm text-muted">
      {filter === null || matched === undefined ? (
        "How many traces match is shown here."
      ) : (
        <>
          <strong className="font-semibold text-ink">{formatCount(matched)}</strong> of the last day’s traces match
          {share > 0 && share <= 1 && `: about ${formatCount(Math.round(matched * share))} a day would be scored`}.
        </>
      )}
    </p>
  );
}
