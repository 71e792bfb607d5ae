"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { userLink } from "../../project/ownerLink.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { OWNER_PARAMS, OwnerList, type OwnerRow, userColumns } from "../sessions/index.ts";
import { rangeInputOf, rangeProblems } from "../traces/index.ts";

const WORDS = { title: "Users", one: "user", many: "users", attribute: "user.id" } as const;

/** The users that agents served in a time range. */
export function UserListPage() {
  const trpc = useTRPC();
  const [params] = useQueryStates(OWNER_PARAMS);
  const { project, q: search } = params;
  const isAsked = rangeProblems(useSearchParams()).length === 0;
  const pages = useInfiniteQuery(
    trpc.users.list.infiniteQueryOptions(
      { project, range: rangeInputOf(params), search },
      { getNextPageParam: ({ next }) => next, enabled: isAsked, staleTime: 10_000 },
    ),
  );
  const hrefOf = ({ id }: OwnerRow): string => userLink(id, project);
  return <OwnerList words={WORDS} pages={pages} hrefOf={hrefOf} columns={userColumns({ hrefOf })} />;
}
