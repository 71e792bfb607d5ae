import { notFound, redirect } from "next/navigation";
import { z } from "zod";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The page that LangSmith's client links to for the results of `evaluate()`: an experiment's id is that of its eval run. */
export default async function Page({ searchParams }: Props) {
  const ids = z
    .array(z.uuid())
    .min(1)
    .safeParse([(await searchParams).selectedSessions].flat().flatMap((text) => text?.split(",") ?? []));
  if (!ids.success) notFound();
  const [first, ...others] = ids.data;
  redirect(others.length === 0 ? `/evals/${first}` : `/evals/compare?runs=${ids.data.join(",")}`);
}
