/** A value whose texts longer than `charsMax` are cut there, with a note. */
export function cutTexts<Value>(value: Value, charsMax: number): Value {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === "string" && inner.length > charsMax
      ? `${inner.slice(0, charsMax)} … (${inner.length - charsMax} more characters, whole in the trace)`
      : inner,
  ) as Value;
}
