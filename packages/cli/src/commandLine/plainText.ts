/** A control character, with what makes a colour or a weight of an escape: one number, but not 8, which hides text. */
const CONTROL = /(\p{Cc})(\[(?:[0-79]|[1-9]\d)m)?/gu;

/**
 * A text for a terminal in which nothing but colours is steered: stored texts (a task's
 * name, a reason) may hold escape sequences that would paint over what a command says.
 */
export function plainText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(CONTROL, (found, control: string, colour = "") => {
    const isHarmless = control === "\n" || control === "\t" || (control === "\u001b" && colour !== "");
    return isHarmless ? found : `\u{fffd}${colour}`;
  });
}
