"use client";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useId } from "react";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

/** The name of a dataset: those that are there are offered, and any other is a new one. */
export function DatasetField({
  project,
  name,
  onName,
  fieldRef,
}: {
  project: string;
  name: string;
  onName: (name: string) => void;
  fieldRef: RefObject<HTMLInputElement | null>;
}) {
  const trpc = useTRPC();
  const listId = useId();
  const datasets = useQuery(trpc.datasets.list.queryOptions({ project }));
  return (
    <>
      <Field label="Dataset" hint="One that is not there yet is made.">
        <Input ref={fieldRef} value={name} onValueChange={onName} maxLength={120} list={listId} autoComplete="off" spellCheck={false} />
      </Field>
      <datalist id={listId}>
        {datasets.data?.map(({ id, name: there }) => (
          <option key={id} value={there} />
        ))}
      </datalist>
    </>
  );
}
