"use client";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { type RefObject, useId, useRef, useState } from "react";
import { classNames } from "../../../components/ui/classNames.ts";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { ReasonField } from "../../../components/ui/form/ReasonForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { usePauses } from "../../queue/index.ts";
import { ForecastText } from "../redrive/Forecast.tsx";
import { newRuleDraft, type RuleDraft, readRule } from "./ruleDraft.ts";
import { useKnownGroups } from "./useRules.ts";

/** Makes a rule; `about` is the fingerprint of the group that it is to be about, "" for none yet, null while nobody makes one. */
export function NewRuleDialog({
  project,
  about,
  onClose,
  onMade = onClose,
}: {
  project: string;
  about: string | null;
  onClose: () => void;
  onMade?: () => void;
}) {
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={about !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="New redrive rule"
      isSticky
      initialFocus={nameRef}
      className="max-w-2xl"
    >
      {about !== null && <NewRuleForm project={project} about={about} nameRef={nameRef} onClose={onClose} onMade={onMade} />}
    </Dialog>
  );
}

function NewRuleForm({
  project,
  about,
  nameRef,
  onClose,
  onMade,
}: {
  project: string;
  about: string;
  nameRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
  onMade: () => void;
}) {
  const trpc = useTRPC();
  const [groupsId, classesId] = [useId(), useId()];
  const [draft, setDraft] = useState<RuleDraft>(() => newRuleDraft(about));
  const [touched, setTouched] = useState<ReadonlySet<keyof RuleDraft>>(new Set());
  const groups = useKnownGroups(project);
  const create = useMutation(trpc.deadLetters.rules.create.mutationOptions(useRefresh(trpc.deadLetters.pathKey(), onMade)));
  const read = readRule(project, draft);
  const faults = "faults" in read ? read.faults : {};
  const change = (field: keyof RuleDraft) => (text: string) => {
    setDraft({ ...draft, [field]: text });
    setTouched(new Set([...touched, field]));
  };
  const matching = useMatching(project, draft);
  const isReady = "rule" in read && matching.isSettled && !create.isPending;
  const isAboutTouched = touched.has("fingerprint") || touched.has("errorClass") || touched.has("reason");
  const faultOf = (field: keyof RuleDraft): string | null => (touched.has(field) ? (faults[field] ?? null) : null);
  return (
    <DialogForm
      onSubmit={() => {
        if (isReady) create.mutate(read.rule);
      }}
    >
      <p className="text-sm text-muted">
        The controller redrives letters that a rule is about without asking anybody, those that are open at once and others as they come,
        each time on record as the rule’s act.
      </p>
      <Field label="Name" error={faultOf("name")} hint="Such as tool-away.">
        <Input ref={nameRef} value={draft.name} onValueChange={change("name")} autoComplete="off" className="max-w-80" />
      </Field>
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <Field
          label="Group"
          error={isAboutTouched ? (faults.fingerprint ?? null) : null}
          hint="The fingerprint of letters that failed alike. This, an error class, or both."
        >
          <Input value={draft.fingerprint} onValueChange={change("fingerprint")} list={groupsId} autoComplete="off" className="font-mono" />
        </Field>
        <Field label="Error class" error={faultOf("errorClass")} hint="How the last attempt failed. This, a group, or both.">
          <Input value={draft.errorClass} onValueChange={change("errorClass")} list={classesId} autoComplete="off" className="font-mono" />
        </Field>
      </div>
      <datalist id={groupsId}>
        {groups.map(({ fingerprint, message }) => (
          <option key={fingerprint} value={fingerprint}>
            {message}
          </option>
        ))}
      </datalist>
      <datalist id={classesId}>
        {[...new Set(groups.map(({ errorClass }) => errorClass))].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
        <Field label="Letters at most" error={faultOf("lettersMax")}>
          <Input value={draft.lettersMax} onValueChange={change("lettersMax")} inputMode="numeric" autoComplete="off" />
        </Field>
        <Field label="In so many minutes" error={faultOf("minutes")}>
          <Input value={draft.minutes} onValueChange={change("minutes")} inputMode="numeric" autoComplete="off" />
        </Field>
        <Field label="Runs of a task at most" error={faultOf("runsMax")} hint="One that ran more often is left alone.">
          <Input value={draft.runsMax} onValueChange={change("runsMax")} inputMode="numeric" autoComplete="off" />
        </Field>
      </div>
      {matching.isAskable && <Matching {...matching} />}
      <ReasonField reason={draft.reason} onReason={change("reason")} />
      <DialogActions failure={create.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!isReady}>
          Make the rule
        </Button>
      </DialogActions>
    </DialogForm>
  );
}

/** The open letters that the rule would match now, from a dry run. It is settled where no answer to it is awaited. */
function useMatching(project: string, draft: RuleDraft) {
  const trpc = useTRPC();
  const [fingerprint, errorClass] = [draft.fingerprint.trim(), draft.errorClass.trim()];
  const filter = { state: "open" as const, ...(fingerprint === "" ? {} : { fingerprint }), ...(errorClass === "" ? {} : { errorClass }) };
  const isAskable = fingerprint !== "" || errorClass !== "";
  const forecast = useQuery(
    trpc.deadLetters.dryRun.queryOptions(
      { project, selection: { kind: "filter", filter } },
      { enabled: isAskable, staleTime: 0, placeholderData: keepPreviousData },
    ),
  );
  const isPaused = (usePauses(project).data ?? []).length > 0;
  return { isAskable, forecast, isPaused, isSettled: !isAskable || (!forecast.isFetching && !forecast.isPlaceholderData) };
}

function Matching({ forecast, isPaused, isSettled }: Omit<ReturnType<typeof useMatching>, "isAskable">) {
  const isNone = forecast.isError && failureOf(forecast.error).code === "not_found";
  return (
    <section aria-label="Dry run" aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2.5 text-sm">
      <h3 className="text-xs font-semibold text-faint">Open letters that match now; the rule takes its budget of them at most</h3>
      {forecast.isPending && <Skeleton className="my-1 w-2/3" />}
      {isPaused && <p className="text-caution">The queue is paused: the rule redrives tasks when it goes on.</p>}
      {isNone && <p className="font-medium">No open letter matches now.</p>}
      {forecast.isError && !isPaused && !isNone && <FormFailure error={forecast.error} />}
      {!forecast.isError && forecast.data !== undefined && (
        <div className={classNames("flex flex-col gap-1", !isSettled && "opacity-50")} aria-busy={!isSettled}>
          <ForecastText forecast={forecast.data} />
        </div>
      )}
    </section>
  );
}
