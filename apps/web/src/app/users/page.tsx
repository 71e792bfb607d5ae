import type { Metadata } from "next";
import { Suspense } from "react";
import { TraceListSkeleton } from "../../features/traces/index.ts";
import { UserListPage } from "../../features/users/index.ts";

export const metadata: Metadata = { title: "Users" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading users" />}>
      <UserListPage />
    </Suspense>
  );
}
