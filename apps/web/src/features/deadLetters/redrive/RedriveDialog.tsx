"use client";
import type { RouterInputs } from "@signalbox/api/client";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { classNames } from "../../../components/ui/classNames.ts";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Checkbox } from "../../../components/ui/form/Checkbox.tsx";
import { ConfirmField } from "../../../components/ui/form/ConfirmField.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { ReasonField } from "../../../components/ui/form/ReasonForm.tsx";
import { Select } from "../../../components/ui/form/Select.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { ForecastText, lettersText } from "./Forecast.tsx";
import { PayloadField } from "./PayloadField.tsx";
import { readPayload } from "./payloadDraft.ts";

type Order = RouterInputs["deadLetters"]["redrive"];
export type Selection = Order["selection"];

/** The letters to run again; `title` becomes the redrive's name. A single letter brings its `payload`, which can be edited. */
export type RedriveSubject = { selection: Selection; title: string; payload?: object; isEdited?: boolean };

const RATE_MAX = 1_000;
const TITLE_CHARS_MAX = 120;

const VERSIONS = [
  { value: "any", label: "Any version that serves" },
  { value: "same", label: "The version it died on" },
  { value: "other", label: "Another version" },
] as const;

/** Runs dead letters again, after a dry run that is always shown first. */
export function RedriveDialog({ project, subject, onClose }: { project: string; subject: RedriveSubject | null; onClose: () => void }) {
  const reasonRef = useRef<HTMLInputElement>(null);
  const payloadRef = useRef<HTMLTextAreaElement>(null);
  return (
    <Dialog
      open={subject !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Redrive"
      isSticky
      initialFocus={subject?.isEdited === true ? payloadRef : reasonRef}
      className="max-w-2xl"
    >
      {subject !== null && (
        <RedriveForm project={project} subject={subject} reasonRef={reasonRef} payloadRef={payloadRef} onClose={onClose} />
      )}
    </Dialog>
  );
}

const numberIn = (text: string, least: number, most: number): number | null => {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value >= least && value <= most ? value : null;
};

function RedriveForm({
  project,
  subject: { selection, title, payload, isEdited = false },
  reasonRef,
  payloadRef,
  onClose,
}: {
  project: string;
  subject: RedriveSubject;
  reasonRef: RefObject<HTMLInputElement | null>;
  payloadRef: RefObject<HTMLTextAreaElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const original = payload === undefined ? "" : JSON.stringify(payload, null, 2);
  const [isEditing, setIsEditing] = useState(isEdited);
  const [text, setText] = useState(original);
  const [settled, setSettled] = useState(original);
  const [reason, setReason] = useState("");
  const [kind, setKind] = useState<(typeof VERSIONS)[number]["value"]>("any");
  const [version, setVersion] = useState("");
  const [rate, setRate] = useState("50");
  const [isTrying, setIsTrying] = useState(true);
  const [first, setFirst] = useState("5");
  const [typed, setTyped] = useState("");

  const draft = readPayload(text);
  const settledDraft = readPayload(settled);
  const isChanged = isEditing && text !== original;
  const target: Order["version"] = kind === "other" ? { kind, version: version.trim() } : { kind };
  const isTargeted = kind !== "other" || version.trim() !== "";
  const question = {
    ...{ project, selection, version: target },
    ...(isEditing && settled !== original && settledDraft.kind === "valid" ? { payload: settledDraft.payload } : {}),
  };
  const isAskable = isTargeted && (!isEditing || settledDraft.kind === "valid");
  const forecast = useQuery(
    trpc.deadLetters.dryRun.queryOptions(question, { enabled: isAskable, staleTime: 0, placeholderData: keepPreviousData }),
  );
  const redrive = useMutation(trpc.deadLetters.redrive.mutationOptions(useRefresh(trpc.deadLetters.pathKey(), onClose)));

  const count = forecast.data?.redrivable ?? 0;
  const ratePerSecond = numberIn(rate, 0.01, RATE_MAX);
  const tryFirst = count > 1 && isTrying ? numberIn(first, 1, RATE_MAX) : null;
  const isFirstWrong = count > 1 && isTrying && (tryFirst === null || !Number.isInteger(tryFirst));
  const isPayloadFine = !isChanged || draft.kind === "valid";
  // The shown forecast is of exactly the current request.
  const isForecast = forecast.isSuccess && !forecast.isPlaceholderData && !forecast.isFetching && (!isEditing || settled === text);
  const isConfirmed = count === 1 || typed.trim() === String(count);
  const isReady =
    isForecast &&
    count > 0 &&
    isTargeted &&
    isPayloadFine &&
    isConfirmed &&
    reason.trim() !== "" &&
    ratePerSecond !== null &&
    !isFirstWrong &&
    !redrive.isPending;

  return (
    <DialogForm
      onSubmit={() => {
        if (!isReady || ratePerSecond === null) return;
        redrive.mutate({
          ...{ project, selection, version: target, reason: reason.trim(), ratePerSecond, tryFirst },
          ...{ name: title.slice(0, TITLE_CHARS_MAX), confirmation: typed.trim() },
          ...(isChanged && draft.kind === "valid" ? { payload: draft.payload } : {}),
        });
      }}
    >
      <section aria-label="Dry run" aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2.5 text-sm">
        <h3 className="text-xs font-semibold text-faint">Dry run: nothing is changed yet</h3>
        {forecast.isPending && isAskable && <Skeleton className="my-1 w-2/3" />}
        {forecast.isError && <FormFailure error={forecast.error} />}
        {!forecast.isError && forecast.data !== undefined && (
          <div className={classNames("flex flex-col gap-1", !isForecast && "opacity-50")} aria-busy={!isForecast}>
            <ForecastText forecast={forecast.data} />
          </div>
        )}
      </section>
      {payload !== undefined &&
        (isEditing ? (
          <PayloadField fieldRef={payloadRef} text={text} draft={draft} onText={setText} onSettle={() => setSettled(text)} />
        ) : (
          <Button onClick={() => setIsEditing(true)} className="self-start">
            Edit the payload
          </Button>
        ))}
      <ReasonField reasonRef={reasonRef} reason={reason} onReason={setReason} />
      <div className="flex flex-wrap items-end gap-4">
        <div className="flex flex-col gap-1">
          <span aria-hidden className="text-sm font-medium">
            By which version
          </span>
          <Select label="By which version" value={kind} options={VERSIONS} onChange={setKind} className="min-w-52" />
        </div>
        {kind === "other" && (
          <Field label="Version">
            <Input value={version} onValueChange={setVersion} autoComplete="off" className="max-w-40 font-mono" />
          </Field>
        )}
        {count > 1 && (
          <Field label="Letters a second" error={ratePerSecond === null ? `0.01 to ${RATE_MAX}` : null}>
            <Input value={rate} onValueChange={setRate} inputMode="decimal" autoComplete="off" className="max-w-24" />
          </Field>
        )}
      </div>
      {count > 1 && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <Checkbox checked={isTrying} onChange={setIsTrying}>
              Try some first, and go on only if all of them end well
            </Checkbox>
            {isTrying && (
              <Input
                aria-label="How many first"
                aria-invalid={isFirstWrong}
                value={first}
                onValueChange={setFirst}
                inputMode="numeric"
                autoComplete="off"
                className="max-w-16"
              />
            )}
          </div>
          <ConfirmField count={count} typed={typed} onTyped={setTyped} />
        </>
      )}
      <DialogActions failure={redrive.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!isReady}>
          Redrive {lettersText(count)}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
