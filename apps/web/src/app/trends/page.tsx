import type { Metadata } from "next";
import { Suspense } from "react";
import { TrendsPage } from "../../features/trends/index.ts";

export const metadata: Metadata = { title: "Trends" };

export default function Page() {
  return (
    <Suspense>
      <TrendsPage />
    </Suspense>
  );
}
