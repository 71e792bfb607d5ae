"use client";
import { Ruler } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { Popover } from "../../../components/ui/overlay/Popover.tsx";
import { type Margins, readMargin } from "./margins.ts";

/** The compared runs and scorers, with the margins that somebody set. */
interface Setting {
  readonly metrics: readonly string[];
  readonly margins: Margins;
  readonly onSet: (margins: Margins) => void;
}

/** Sets how large a loss counts for nothing, scorer by scorer. */
export function MarginMenu({ metrics, margins, onSet }: Setting) {
  const [isOpen, setOpen] = useState(false);
  const set = (next: Margins): void => {
    onSet(next);
    setOpen(false);
  };
  const count = Object.keys(margins).length;
  return (
    <Popover
      title="Margins"
      align="end"
      open={isOpen}
      onOpenChange={setOpen}
      className="w-80"
      trigger={
        <Button>
          <Ruler className="size-3.5" aria-hidden />
          Margins{count > 0 && <span className="tabular-nums">{count}</span>}
        </Button>
      }
    >
      {isOpen && <MarginForm metrics={metrics} margins={margins} onSet={set} />}
    </Popover>
  );
}

function MarginForm({ metrics, margins, onSet }: Setting) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(Object.entries(margins).map(([name, margin]) => [name, String(margin)])),
  );
  const read = metrics.flatMap((name) => {
    const text = typed[name]?.trim() ?? "";
    return text === "" ? [] : [{ name, margin: readMargin(text) }];
  });
  const isRight = read.every(({ margin }) => margin !== null);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) onSet(Object.fromEntries(read.map(({ name, margin }) => [name, margin ?? 0])));
      }}
    >
      <p className="text-sm text-muted">
        How large a loss counts for nothing, in the scorer's own unit. The address of this page keeps it.
      </p>
      {metrics.map((name) => (
        <Field
          key={name}
          label={name}
          error={read.some((one) => one.name === name && one.margin === null) ? "A margin is a number from 0 up." : null}
        >
          <Input
            inputMode="decimal"
            placeholder="usual"
            value={typed[name] ?? ""}
            onValueChange={(text) => setTyped((before) => ({ ...before, [name]: text }))}
            autoComplete="off"
          />
        </Field>
      ))}
      <div className="flex justify-end gap-2">
        <Button onClick={() => onSet({})} disabled={Object.keys(margins).length === 0}>
          Usual margins
        </Button>
        <Button type="submit" tone="primary" disabled={!isRight}>
          Set
        </Button>
      </div>
    </form>
  );
}
