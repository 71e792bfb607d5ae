"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import type { IntakeRules } from "./draftRules.ts";

/** Tries the rules as they are in the form: describes them in words, and applies them to a text. `rules` is null while they are invalid. */
export function RulesTrial({ rules }: { rules: (() => IntakeRules) | null }) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const trial = useMutation(trpc.projects.tryRules.mutationOptions());
  const run = (): void => {
    if (rules !== null) trial.mutate({ rules: rules(), text });
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-md font-semibold">Try them</legend>
      <Field label="A text that a sender may write" hint="Nothing is stored.">
        <div className="flex gap-2">
          <Input
            value={text}
            onValueChange={setText}
            placeholder='{"to":"ann@example.org","password":"hunter2"}'
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              run();
            }}
          />
          <Button disabled={rules === null || trial.isPending} onClick={run}>
            Try
          </Button>
        </div>
      </Field>
      {trial.isError && <FormFailure error={trial.error} />}
      {trial.data !== undefined && (
        <output aria-label="What the rules would do" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2 text-sm">
          {trial.data.text !== "" && <code className="font-mono text-sm [overflow-wrap:anywhere]">{trial.data.text}</code>}
          {trial.data.words.map((sentence) => (
            <span key={sentence} className="text-muted">
              {sentence}
            </span>
          ))}
        </output>
      )}
    </fieldset>
  );
}
