"use client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { type ReactNode, useId, useState } from "react";
import { Checkbox } from "../../../../components/ui/form/Checkbox.tsx";
import { Input } from "../../../../components/ui/form/Input.tsx";
import type { ListChange, ListParams } from "../listParams.ts";

const amount = (text: string): number | null => (text.trim() === "" || !(Number(text) >= 0) ? null : Number(text));
const shown = (amount: number | null): string => (amount === null ? "" : String(amount));

/** The typed conditions of the list; a change is applied on Enter or when the field loses focus. */
export function TraceFields({ params, onChange }: { params: ListParams; onChange: (change: ListChange) => void }) {
  return (
    <div className="grid shrink-0 grid-cols-[5.5rem_minmax(0,1fr)] items-center gap-x-2 gap-y-1.5 px-3 pb-3 text-sm">
      <TypedField label="Name contains" value={params.name ?? ""} onCommit={(text) => onChange({ name: text === "" ? null : text })} />
      <TypedField label="Min duration" unit="ms" value={shown(params.minMs)} onCommit={(text) => onChange({ minMs: amount(text) })} />
      <TypedField label="Min cost" unit="$" value={shown(params.minUsd)} onCommit={(text) => onChange({ minUsd: amount(text) })} />
      <span className="col-span-2">
        <Checkbox checked={params.errors === true} onChange={(isChecked) => onChange({ errors: isChecked ? true : null })}>
          With failed spans
        </Checkbox>
      </span>
    </div>
  );
}

/** A field whose text is applied on Enter or when it loses focus. */
function TypedField({
  label,
  unit,
  value,
  onCommit,
}: {
  label: string;
  unit?: string;
  value: string;
  onCommit: (text: string) => void;
}): ReactNode {
  const id = useId();
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
    <>
      <label htmlFor={id} className="whitespace-nowrap text-muted">
        {label}
      </label>
      <span className="relative">
        <Input
          id={id}
          maxLength={LIST_LIMITS.textCharsMax}
          {...(unit === undefined ? {} : { inputMode: "decimal", className: "pr-7" })}
          value={typed}
          onValueChange={setTyped}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />
        {unit !== undefined && <span className="pointer-events-none absolute top-1.25 right-2 text-faint">{unit}</span>}
      </span>
    </>
  );
}
