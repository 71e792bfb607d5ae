"use client";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Input } from "../../components/ui/form/Input.tsx";

const NAME_CHARS_MAX = 60;

/** The labelling person: whoever runs the console, or a name that is typed once and remembered. */
export function PersonField({ person, me, onChange }: { person: string; me: string; onChange: (person: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  if (typed === null)
    return (
      <span className="inline-flex items-center gap-1">
        {person === "" ? me : person}
        <Button tone="quiet" size="smallIcon" aria-label="Label under another name" onClick={() => setTyped(person === "" ? me : person)}>
          <Pencil className="size-3.5" aria-hidden />
        </Button>
      </span>
    );
  return (
    <form
      className="inline-flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.trim() === me ? "" : typed.trim());
        setTyped(null);
      }}
    >
      <Input aria-label="Your name" value={typed} onValueChange={setTyped} maxLength={NAME_CHARS_MAX} className="w-40" autoFocus />
      <Button type="submit" size="small">
        Label as this
      </Button>
    </form>
  );
}
