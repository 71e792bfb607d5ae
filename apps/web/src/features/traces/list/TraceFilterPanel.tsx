"use client";
import { LIST_LIMITS, type RouterOutputs } from "@signalbox/api/client";
import { type ReactNode, useState } from "react";
import { Checkbox } from "../../../components/ui/Checkbox.tsx";
import { Input } from "../../../components/ui/Input.tsx";
import { Select } from "../../../components/ui/Select.tsx";
import { SuggestInput } from "../../../components/ui/SuggestInput.tsx";
import type { ListParams } from "./listParams.ts";

type Facets = RouterOutputs["traces"]["facets"];

const STATUSES = [
  { value: "any", label: "Any" },
  { value: "ok", label: "OK" },
  { value: "error", label: "Error" },
  { value: "incomplete", label: "Root not received" },
] as const;

/** Every condition of the list as a field; a change shows in the list at once, typed text when Enter is pressed or the field left. */
export function TraceFilterPanel({
  params,
  facets,
  onChange,
}: {
  params: ListParams;
  facets: Facets;
  onChange: (change: Partial<ListParams>) => void;
}) {
  const suggestions = (facet: Facets[number]["facet"]) =>
    facets.filter((candidate) => candidate.facet === facet).map(({ value, traces }) => ({ value, note: String(traces) }));
  const amount = (text: string): number | null => (text.trim() === "" || !(Number(text) >= 0) ? null : Number(text));
  return (
    <div className="grid grid-cols-[7.5rem_1fr] items-center gap-x-3 gap-y-2 text-sm">
      <Label>Status</Label>
      <Select
        label="Status"
        value={params.status ?? "any"}
        options={STATUSES}
        onChange={(status) => onChange({ status: status === "any" ? null : status })}
      />
      {(["name", "model", "user", "tag"] as const).map((facet) => (
        <Field key={facet} label={{ name: "Name contains", model: "Model", user: "User", tag: "Tag" }[facet]}>
          {(label) => (
            <Committed value={params[facet] ?? ""} onCommit={(text) => onChange({ [facet]: text === "" ? null : text })}>
              {(typed, setTyped) => (
                <SuggestInput
                  label={label}
                  charsMax={LIST_LIMITS.textCharsMax}
                  value={typed}
                  onChange={setTyped}
                  onChoose={(chosen) => onChange({ [facet]: chosen })}
                  suggestions={suggestions(facet)}
                />
              )}
            </Committed>
          )}
        </Field>
      ))}
      <Field label="Session">
        {(label) => (
          <Committed value={params.session ?? ""} onCommit={(text) => onChange({ session: text === "" ? null : text })}>
            {(typed, setTyped) => (
              <Input aria-label={label} maxLength={LIST_LIMITS.textCharsMax} value={typed} onValueChange={setTyped} className="font-mono" />
            )}
          </Committed>
        )}
      </Field>
      <Field label="Min duration, ms">
        {(label) => (
          <Committed value={params.minMs === null ? "" : String(params.minMs)} onCommit={(text) => onChange({ minMs: amount(text) })}>
            {(typed, setTyped) => <Input aria-label={label} inputMode="decimal" value={typed} onValueChange={setTyped} />}
          </Committed>
        )}
      </Field>
      <Field label="Min cost, $">
        {(label) => (
          <Committed value={params.minUsd === null ? "" : String(params.minUsd)} onCommit={(text) => onChange({ minUsd: amount(text) })}>
            {(typed, setTyped) => <Input aria-label={label} inputMode="decimal" value={typed} onValueChange={setTyped} />}
          </Committed>
        )}
      </Field>
      <span />
      <Checkbox checked={params.errors === true} onChange={(isChecked) => onChange({ errors: isChecked ? true : null })}>
        With failed spans
      </Checkbox>
    </div>
  );
}

function Label({ children }: { children: ReactNode }) {
  return <span className="text-muted">{children}</span>;
}

function Field({ label, children }: { label: string; children: (label: string) => ReactNode }) {
  return (
    <>
      <Label>{label}</Label>
      {children(label)}
    </>
  );
}

/** A field whose text counts once Enter is pressed or the field is left. */
function Committed({
  value,
  onCommit,
  children,
}: {
  value: string;
  onCommit: (text: string) => void;
  children: (typed: string, setTyped: (text: string) => void) => ReactNode;
}) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  const commit = (): void => {
    if (typed.trim() !== value) onCommit(typed.trim());
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears what the field inside says
    <div
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    >
      {children(typed, setTyped)}
    </div>
  );
}
