"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { sessionLink, userLink } from "../../project/ownerLink.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { rangeInputOf, rangeProblems } from "../traces/index.ts";
import { OwnerList, type OwnerRow } from "./OwnerList.tsx";
import { sessionColumns } from "./ownerColumns.tsx";
import { OWNER_PARAMS } from "./ownerParams.ts";

const WORDS = { title: "Sessions", one: "session", many: "sessions", attribute: "session.id" } as const;

/** The sessions that were active in a time range. */
export function SessionListPage() {
  const trpc = useTRPC();
  const [params] = useQueryStates(OWNER_PARAMS);
  const { project, q: search } = params;
  const isAsked = rangeProblems(useSearchParams()).length === 0;
  const pages = useInfiniteQuery(
    trpc.sessions.list.infiniteQueryOptions(
      { project, range: rangeInputOf(params), search },
      { getNextPageParam: ({ next }) => next, enabled: isAsked, staleTime: 10_000 },
    ),
  );
  const hrefOf = ({ id }: OwnerRow): string => sessionLink(id, project);
  return (
    <OwnerList
      words={WORDS}
      pages={pages}
      hrefOf={hrefOf}
      columns={sessionColumns({ hrefOf, hrefOfOther: (user) => userLink(user, project) })}
    />
  );
}
