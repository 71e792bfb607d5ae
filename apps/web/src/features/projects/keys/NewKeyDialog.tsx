"use client";
import type { RouterInputs, RouterOutputs } from "@signalbox/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Checkbox } from "../../../components/ui/form/Checkbox.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { Select } from "../../../components/ui/form/Select.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { KeyReveal } from "./KeyReveal.tsx";
import { kindFor, SDKS, type SdkName } from "./sdks.ts";

type Scope = NonNullable<RouterInputs["projects"]["createKey"]["scopes"]>[number];
type Made = RouterOutputs["projects"]["createKey"];

const SCOPES = [
  { scope: "ingest", label: "Send telemetry" },
  { scope: "read", label: "Read it" },
  { scope: "run", label: "Have tasks run" },
  { scope: "gate", label: "Ask and operate gates" },
  { scope: "admin", label: "Everything, keys too" },
] as const satisfies readonly { scope: Scope; label: string }[];

/** Asks for a key's purpose, creates it, and shows its secret. The secret is forgotten when the dialog closes. */
export function NewKeyDialog({ project, open, onOpenChange }: { project: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const [made, setMade] = useState<{ key: Made; sdk: SdkName } | null>(null);
  const nameRef = useRef<HTMLInputElement>(null);
  const close = (): void => {
    onOpenChange(false);
    setMade(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => (isOpen ? onOpenChange(true) : close())}
      title={made === null ? `New key of ${project}` : `Key "${made.key.key.name}"`}
      isSticky={made !== null}
      initialFocus={nameRef}
      className="max-w-2xl"
    >
      {made === null ? (
        <KeyForm project={project} nameRef={nameRef} onMade={(key, sdk) => setMade({ key, sdk })} onCancel={close} />
      ) : (
        <KeyReveal made={made.key} firstSdk={made.sdk} onDone={close} />
      )}
    </Dialog>
  );
}

function KeyForm({
  project,
  nameRef,
  onMade,
  onCancel,
}: {
  project: string;
  nameRef: RefObject<HTMLInputElement | null>;
  onMade: (key: Made, sdk: SdkName) => void;
  onCancel: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [sdk, setSdk] = useState<SdkName>("opentelemetry");
  const [scopes, setScopes] = useState<readonly Scope[]>(["ingest"]);
  const [limit, setLimit] = useState("");
  const create = useMutation(
    trpc.projects.createKey.mutationOptions({
      gcTime: 0,
      onSuccess: async (key) => {
        onMade(key, sdk);
        await queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() });
      },
    }),
  );
  const limitError = limit === "" || /^[1-9]\d{0,6}$/.test(limit) ? null : "A whole number from 1, or nothing for no limit.";
  return (
    <DialogForm
      onSubmit={() => {
        if (limitError !== null || scopes.length === 0) return;
        create.mutate({
          project,
          name,
          kind: kindFor(sdk),
          scopes: [...scopes],
          requestsPerMinuteMax: limit === "" ? null : Number(limit),
        });
      }}
    >
      <Field label="Name" hint="What uses it, so that you know it again: a service, a pipeline, a person.">
        <Input ref={nameRef} value={name} onValueChange={setName} required maxLength={100} autoComplete="off" />
      </Field>
      <Field label="For" hint="Langfuse wants a pair of keys, AgentOps a UUID; the key of any of them works for OpenTelemetry, too.">
        <Select label="For" value={sdk} options={SDKS} onChange={setSdk} className="w-56" />
      </Field>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-sm font-medium">Allows to</legend>
        <div className="grid grid-cols-2 gap-x-4 gap-y-1">
          {SCOPES.map(({ scope, label }) => (
            <Checkbox
              key={scope}
              checked={scopes.includes(scope)}
              onChange={(isChecked) => setScopes(isChecked ? [...scopes, scope] : scopes.filter((other) => other !== scope))}
            >
              {label} <span className="font-mono text-xs text-faint">{scope}</span>
            </Checkbox>
          ))}
        </div>
        {scopes.length === 0 && (
          <p role="alert" className="text-sm text-danger">
            A key that allows nothing is of no use: choose one.
          </p>
        )}
      </fieldset>
      <Field label="Requests a minute" hint="At most; nothing for no limit." error={limitError}>
        <Input value={limit} onValueChange={(text) => setLimit(text.trim())} inputMode="numeric" autoComplete="off" className="w-56" />
      </Field>
      <DialogActions failure={create.error}>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={create.isPending}>
          Make the key
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
