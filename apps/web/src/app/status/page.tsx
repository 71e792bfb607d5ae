import type { Metadata } from "next";
import { Suspense } from "react";
import { StatusPage } from "../../features/status/index.ts";

export const metadata: Metadata = { title: "Status" };

export default function Page() {
  return (
    <Suspense>
      <StatusPage />
    </Suspense>
  );
}
