import { notFound, redirect } from "next/navigation";
import { z } from "zod";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Where LangSmith's client says that the results of `evaluate()` are: an experiment's id is its eval run's. */
export default async function Page({ searchParams }: Props) {
  const ids = z
    .array(z.uuid())
    .min(1)
    .safeParse([(await searchParams).selectedSessions].flat().flatMap((text) => text?.split(",") ?? []));
  if (!ids.success) notFound();
  const [first, ...others] = ids.data;
  redirect(others.length === 0 ? `/evals/${first}` : `/evals/compare?runs=${ids.data.join(",")}`);
}
