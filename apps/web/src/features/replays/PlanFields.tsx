"use client";
import { Plus, X } from "lucide-react";
import { type ReactNode, type RefObject, useId } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Checkbox } from "../../components/ui/form/Checkbox.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { TextArea } from "../../components/ui/form/TextArea.tsx";
import { AgainstField } from "./AgainstField.tsx";
import { PausedNotice } from "./PausedNotice.tsx";
import type { DraftFaults, PlanDraft, ToolDraft } from "./planDraft.ts";

const MODES = [
  { value: "live", label: "Live: ask and run anew" },
  { value: "recorded", label: "Recorded: nobody is asked" },
] as const;

const PROMPTS = [
  { value: "same", label: "The version's" },
  { value: "name", label: "Another one by name" },
  { value: "text", label: "A text" },
] as const;

const RECORDED = "The runtime goes through every step again with what is on record. No model is asked, nothing is written.";
const LIVE = "models are asked, which costs what they cost, and our own tools run on a copy of the data.";
const MODE_HINTS = {
  one: { live: `Steps before this one come from the record; from it on ${LIVE}`, recorded: RECORDED },
  many: { live: `Each task begins anew: ${LIVE}`, recorded: RECORDED },
} as const;

/**
 * The settings of a replay of `one` task, with its first live step, or of `many`, which begin at their first. `called` are the
 * names of tools to offer, `firstField` is the field that gets the focus, `onSettle` is called when the version's field loses it.
 */
export function PlanFields({
  of,
  project,
  draft,
  faults,
  called,
  firstField,
  onChange,
  onSettle,
}: {
  of: "one" | "many";
  project: string;
  draft: PlanDraft;
  faults: DraftFaults;
  called: readonly string[];
  firstField: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<PlanDraft>) => void;
  onSettle?: () => void;
}) {
  const isLive = draft.mode === "live";
  return (
    <>
      <div className="flex flex-wrap items-start gap-4">
        <Chosen label="Mode">
          <Select label="Mode" value={draft.mode} options={MODES} onChange={(mode) => onChange({ mode })} className="min-w-56" />
        </Chosen>
        {isLive && of === "one" && (
          <Field label="From step" error={faults.from ?? null}>
            <Input
              ref={firstField}
              value={draft.from}
              onValueChange={(from) => onChange({ from })}
              inputMode="numeric"
              autoComplete="off"
              className="max-w-24"
            />
          </Field>
        )}
      </div>
      <p className="-mt-2 text-sm text-muted">{MODE_HINTS[of][draft.mode]}</p>
      {isLive && <PausedNotice project={project} />}
      <AgainstField
        against={draft.against}
        onAgainst={(against) => onChange({ against })}
        {...(onSettle === undefined ? {} : { onSettle })}
        {...(of === "many" ? { fieldRef: firstField } : {})}
      />
      {isLive && (
        <>
          <Field label="Model" hint="Left empty, the version's.">
            <Input value={draft.model} onValueChange={(model) => onChange({ model })} autoComplete="off" className="max-w-96 font-mono" />
          </Field>
          <Chosen label="Prompt">
            <Select
              label="Prompt"
              value={draft.promptKind}
              options={PROMPTS}
              onChange={(promptKind) => onChange({ promptKind })}
              className="min-w-56"
            />
          </Chosen>
          {draft.promptKind === "name" && (
            <Field label="Name of the prompt" error={draft.prompt === "" ? null : (faults.prompt ?? null)} hint="Such as support@2.">
              <Input
                value={draft.prompt}
                onValueChange={(prompt) => onChange({ prompt })}
                autoComplete="off"
                className="max-w-96 font-mono"
              />
            </Field>
          )}
          {draft.promptKind === "text" && (
            <Field label="Text of the prompt">
              <TextArea rows={6} value={draft.prompt} onChange={(event) => onChange({ prompt: event.currentTarget.value })} />
            </Field>
          )}
        </>
      )}
      <ToolAnswers tools={draft.tools} called={called} fault={faults.tools} onTools={(tools) => onChange({ tools })} />
      {isLive && (
        <Checkbox checked={draft.allowsEffects} onChange={(allowsEffects) => onChange({ allowsEffects })}>
          Also call tools of others (MCP), with whatever effect they have
        </Checkbox>
      )}
      {isLive && draft.allowsEffects && (
        <Field
          label="Reason"
          hint={of === "one" ? "For the record: the replay has effects outside." : "For the record: the replays have effects outside."}
        >
          <Input value={draft.reason} onValueChange={(reason) => onChange({ reason })} autoComplete="off" />
        </Field>
      )}
    </>
  );
}

/** Answers that replace those of tools, each for a chosen tool. */
function ToolAnswers({
  tools,
  called,
  fault,
  onTools,
}: {
  tools: readonly ToolDraft[];
  called: readonly string[];
  fault: string | undefined;
  onTools: (tools: readonly ToolDraft[]) => void;
}) {
  const namesId = useId();
  const change = (at: number, part: Partial<ToolDraft>): void =>
    onTools(tools.map((tool, index) => (index === at ? { ...tool, ...part } : tool)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Tools that answer otherwise</legend>
      <datalist id={namesId}>
        {called.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {tools.map((tool, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: answers have no identity but their place
        <div key={index} className="flex flex-col gap-2 rounded-md border border-line bg-canvas p-2.5">
          <div className="flex items-center gap-2">
            <Input
              aria-label="Name of the tool"
              placeholder="Name of the tool"
              value={tool.name}
              onValueChange={(name) => change(index, { name })}
              list={namesId}
              autoComplete="off"
              className="font-mono"
            />
            <Checkbox checked={tool.isError} onChange={(isError) => change(index, { isError })}>
              refuses
            </Checkbox>
            <Button
              tone="quiet"
              size="icon"
              aria-label="Take this answer away"
              onClick={() => onTools(tools.filter((_, at) => at !== index))}
            >
              <X className="size-3.5" aria-hidden />
            </Button>
          </div>
          <Field label="Answers">
            <TextArea rows={3} value={tool.output} onChange={(event) => change(index, { output: event.currentTarget.value })} />
          </Field>
        </div>
      ))}
      {fault !== undefined && <p className="text-sm text-danger">{fault}</p>}
      <Button
        size="small"
        onClick={() => onTools([...tools, { name: called[0] ?? "", output: "", isError: false }])}
        className="self-start"
      >
        <Plus className="size-3.5" aria-hidden />
        Add an answer
      </Button>
    </fieldset>
  );
}

function Chosen({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-1">
      <span aria-hidden className="text-sm font-medium">
        {label}
      </span>
      {children}
    </div>
  );
}
