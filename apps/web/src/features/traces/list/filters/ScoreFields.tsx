"use client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { readScoreCondition, SCORE_COMPARISONS, type ScoreComparison, scoreConditionText } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { Input } from "../../../../components/ui/form/Input.tsx";
import { Select } from "../../../../components/ui/form/Select.tsx";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import type { ListParams, ListUpdate } from "../listParams.ts";

const COMPARISONS = SCORE_COMPARISONS.map((value) => ({ value, label: { "<=": "≤", ">=": "≥" }[value as string] ?? value }));

/** Adds a condition on a score: the score, the comparison, the limit. */
export function ScoreFields({ params, onChange }: { params: ListParams; onChange: (update: ListUpdate) => void }) {
  const trpc = useTRPC();
  const namesId = useId();
  const nameId = useId();
  const names = useQuery(trpc.scores.names.queryOptions({ project: params.project }, { staleTime: 60_000 }));
  const [name, setName] = useState("");
  const [comparison, setComparison] = useState<ScoreComparison>("<");
  const [limit, setLimit] = useState("");
  const condition = readScoreCondition(`${name}${comparison}${limit}`);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (condition === null) return;
    const text = scoreConditionText(condition);
    onChange((now) => ({ score: [...now.score.filter((each) => each !== text), text] }));
    setName("");
    setLimit("");
  };
  return (
    <form onSubmit={add} className="grid shrink-0 grid-cols-[5.5rem_minmax(0,1fr)] items-center gap-x-2 gap-y-1.5 px-3 pb-3 text-sm">
      <label htmlFor={nameId} className="text-muted">
        Score
      </label>
      <Input
        id={nameId}
        list={namesId}
        placeholder={names.data?.[0] ?? "name"}
        value={name}
        maxLength={LIST_LIMITS.textCharsMax}
        onValueChange={setName}
      />
      <datalist id={namesId}>
        {names.data?.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <span className="col-span-2 flex gap-1.5">
        <Select label="Comparison" value={comparison} options={COMPARISONS} onChange={setComparison} className="w-14 shrink-0" />
        <Input aria-label="Limit of the score" inputMode="decimal" placeholder="0.5" value={limit} onValueChange={setLimit} />
        <Button type="submit" disabled={condition === null} aria-label="Add the condition on a score">
          Add
        </Button>
      </span>
    </form>
  );
}
