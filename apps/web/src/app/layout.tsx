import type { Metadata } from "next";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { TooltipProvider } from "../components/ui/overlay/Tooltip.tsx";
import { Shell } from "../features/shell/index.ts";
import { ShortcutProvider } from "../shortcuts/index.ts";
import { TrpcProvider } from "../trpc/TrpcProvider.tsx";
import "./globals.css";

export const metadata: Metadata = { title: { default: "Signalbox", template: "%s · Signalbox" } };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // A script that React does not know of sets the theme's attribute before the first paint.
    <html lang="en" suppressHydrationWarning>
      <body>
        <ThemeProvider attribute="data-theme" disableTransitionOnChange>
          <NuqsAdapter>
            <TrpcProvider>
              <ShortcutProvider>
                <TooltipProvider>
                  <Shell>{children}</Shell>
                </TooltipProvider>
              </ShortcutProvider>
            </TrpcProvider>
          </NuqsAdapter>
        </ThemeProvider>
      </body>
    </html>
  );
}
