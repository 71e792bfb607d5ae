"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";

/** Asks for a project's properties, creates it, and switches to it. */
export function NewProjectDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New project" initialFocus={nameRef}>
      <ProjectForm nameRef={nameRef} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ProjectForm({ nameRef, onDone }: { nameRef: RefObject<HTMLInputElement | null>; onDone: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [name, setName] = useState("");
  const [organisation, setOrganisation] = useState("default");
  const [environments, setEnvironments] = useState("production");
  const create = useMutation(
    trpc.projects.create.mutationOptions(
      useRefresh(trpc.projects.list.queryKey(), ({ name: project }) => {
        router.push(projectLink("/projects", { project }));
        onDone();
      }),
    ),
  );
  const names = environments.split(/[\s,]+/).filter((environment) => environment !== "");
  return (
    <DialogForm
      onSubmit={() => {
        create.mutate({ name, organisation, environments: names });
      }}
    >
      <Field label="Name" hint="Lower-case letters, digits and hyphens. It stands in every row of its telemetry and never changes.">
        <Input ref={nameRef} value={name} onValueChange={setName} required autoComplete="off" spellCheck={false} className="font-mono" />
      </Field>
      <Field label="Environments" hint="Where its agents run, one or more, with commas between them.">
        <Input value={environments} onValueChange={setEnvironments} required autoComplete="off" spellCheck={false} />
      </Field>
      <Field label="Organisation" hint="One that is not there yet is made with the project.">
        <Input value={organisation} onValueChange={setOrganisation} required autoComplete="off" spellCheck={false} />
      </Field>
      <DialogActions failure={create.error}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={create.isPending}>
          Make the project
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
