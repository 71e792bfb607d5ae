import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ErrorState } from "./ErrorState.tsx";

const shown = (code: string): string =>
  renderToStaticMarkup(createElement(ErrorState, { failure: { code, message: "It failed." }, onRetry: () => undefined }));

test("one can try again what may pass, and not what is refused as it is", () => {
  expect(shown("overloaded")).toContain("Try again");
  expect(shown("invalid_input")).not.toContain("Try again");
});
