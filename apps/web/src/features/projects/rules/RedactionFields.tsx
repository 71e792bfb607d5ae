import type { RouterOutputs } from "@signalbox/api/client";
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Checkbox } from "../../../components/ui/form/Checkbox.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { type DraftLine, type DraftRules, draftLine } from "./draftRules.ts";

/** The redaction rules applied before anything is stored: built-in patterns, own patterns, and values by name. */
export function RedactionFields({
  draft,
  builtIn,
  onChange,
}: {
  draft: DraftRules;
  builtIn: RouterOutputs["projects"]["rules"]["builtIn"];
  onChange: (changes: Partial<DraftRules>) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 text-md font-semibold">Never store</legend>
      <div className="grid grid-cols-2 gap-x-6 gap-y-2 max-md:grid-cols-1">
        {builtIn.map(({ name, what }) => (
          <Checkbox
            key={name}
            checked={draft.builtIn.includes(name)}
            onChange={(isChecked) =>
              onChange({ builtIn: isChecked ? [...draft.builtIn, name] : draft.builtIn.filter((other) => other !== name) })
            }
          >
            <span>
              <span className="font-medium">{name}</span> <span className="text-muted">{what}</span>
            </span>
          </Checkbox>
        ))}
      </div>
      <Lines
        title="Patterns of your own"
        hint="Regular expressions in RE2's syntax, with a name that stands in the place of what they match."
        lines={draft.patterns}
        addLabel="Add a pattern"
        onAdd={() => onChange({ patterns: [...draft.patterns, draftLine({ name: "", pattern: "" })] })}
        onRemove={(id) => onChange({ patterns: draft.patterns.filter((line) => line.id !== id) })}
        removeLabel={({ name }) => `Remove the pattern ${name}`}
        fields={({ id, name, pattern }, place) => {
          const set = (changes: { name?: string; pattern?: string }): void =>
            onChange({ patterns: draft.patterns.map((line) => (line.id === id ? { ...line, ...changes } : line)) });
          return (
            <>
              <Input
                aria-label={`Name of pattern ${place}`}
                placeholder="employee"
                value={name}
                onValueChange={(text) => set({ name: text })}
                autoComplete="off"
                className="w-40 shrink-0"
              />
              <Input
                aria-label={`Pattern ${place}`}
                placeholder="EMP-[0-9]{6}"
                value={pattern}
                onValueChange={(text) => set({ pattern: text })}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
              />
            </>
          );
        }}
      />
      <Lines
        title="Values by their name"
        hint="Attributes, and members of JSON however deep. * stands for any characters; case does not matter."
        lines={draft.attributes}
        addLabel="Add a name"
        onAdd={() => onChange({ attributes: [...draft.attributes, draftLine({ name: "" })] })}
        onRemove={(id) => onChange({ attributes: draft.attributes.filter((line) => line.id !== id) })}
        removeLabel={({ name }) => `Remove the name ${name}`}
        fields={({ id, name }, place) => (
          <Input
            aria-label={`Name ${place}`}
            placeholder="*.password"
            value={name}
            onValueChange={(text) =>
              onChange({ attributes: draft.attributes.map((line) => (line.id === id ? { ...line, name: text } : line)) })
            }
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      />
    </fieldset>
  );
}

/** A list whose lines can be edited, added and removed. */
function Lines<T>({
  title,
  hint,
  lines,
  fields,
  addLabel,
  onAdd,
  onRemove,
  removeLabel,
}: {
  title: string;
  hint: string;
  lines: readonly DraftLine<T>[];
  fields: (line: DraftLine<T>, place: number) => ReactNode;
  addLabel: string;
  onAdd: () => void;
  onRemove: (id: number) => void;
  removeLabel: (line: DraftLine<T>) => string;
}) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-sm font-medium">{title}</p>
      <p className="text-sm text-muted">{hint}</p>
      {lines.map((line, index) => (
        <div key={line.id} className="flex items-center gap-2">
          {fields(line, index + 1)}
          <Button tone="quiet" size="icon" aria-label={removeLabel(line)} onClick={() => onRemove(line.id)}>
            <X className="size-3.5" aria-hidden />
          </Button>
        </div>
      ))}
      <Button className="self-start" onClick={onAdd}>
        <Plus className="size-3.5" aria-hidden />
        {addLabel}
      </Button>
    </div>
  );
}
