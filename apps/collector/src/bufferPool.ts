/**
 * Memory for bytes that come and go all the time. The runtime counts a buffer that nobody needs any more until it has looked through the
 * whole heap, and looks the sooner the more there are: buffers that are used again spare it most of that
 * (docs/adr/005-columns-from-wire-bytes.md has the measurement). At most `bytesMax` bytes are kept for later.
 */
export class BufferPool {
  readonly #bytesMax: number;
  /** Buffers that are not in use, by their size, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** A buffer of `bytes` with whatever its last user left in it. */
  take(bytes: number): Buffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, 1)));
    const whole = this.#free.get(size)?.pop();
    if (whole === undefined) return Buffer.allocUnsafeSlow(size).subarray(0, bytes);
    this.#freeBytes -= size;
    return whole.subarray(0, bytes);
  }

  /** Takes back what `take` gave: neither it nor a part of it may be read after this. */
  giveBack({ buffer }: Buffer): void {
    const size = buffer.byteLength;
    if (this.#freeBytes + size > this.#bytesMax) return;
    this.#freeBytes += size;
    const others = this.#free.get(size);
    if (others === undefined) this.#free.set(size, [Buffer.from(buffer)]);
    else others.push(Buffer.from(buffer));
  }
}
