/** A value with the texts in it that are longer than `charsMax` cut there, and told so. */
export function cutTexts<Value>(value: Value, charsMax: number): Value {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === "string" && inner.length > charsMax
      ? `${inner.slice(0, charsMax)} … (${inner.length - charsMax} more characters, whole in the trace)`
      : inner,
  ) as Value;
}
