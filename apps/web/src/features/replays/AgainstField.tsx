"use client";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useId } from "react";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

/** The version of the agent to replay against, by its name; `onSettle` is told when somebody leaves it. */
export function AgainstField({
  against,
  onAgainst,
  onSettle,
  fieldRef,
}: {
  against: string;
  onAgainst: (against: string) => void;
  onSettle?: () => void;
  fieldRef?: RefObject<HTMLInputElement | null>;
}) {
  const trpc = useTRPC();
  const versionsId = useId();
  const versions = useQuery(trpc.replays.versions.queryOptions(undefined, { staleTime: 60_000 }));
  return (
    <>
      <Field label="Against version" hint="Left empty, the version that ran.">
        <Input
          ref={fieldRef}
          value={against}
          onValueChange={onAgainst}
          onBlur={onSettle}
          list={versionsId}
          autoComplete="off"
          className="max-w-96 font-mono"
        />
      </Field>
      <datalist id={versionsId}>
        {versions.data?.map(({ name, isHere }) => (
          <option key={name} value={name}>
            {isHere ? "a worker is there" : "no worker is there"}
          </option>
        ))}
      </datalist>
    </>
  );
}
