import { MalformedBody, VALUES_MAX } from "../malformedBody.ts";

/** Wire types, the low three bits of a tag (protobuf, "Message structure"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const VARINT_BYTES_MAX = 10;

/** The bytes of a reader before its first request. */
export const NOTHING: Buffer = Buffer.alloc(0);

/** Tags and lengths are 32-bit varints. */
const SHORT_VARINT_BYTES_MAX = 5;
const TAG_END = 2 ** 32;

/**
 * Walks protobuf bytes without decoding them. `at` is the next byte; every method is given its message's end and never reads beyond it.
 * Throws `MalformedBody`.
 */
export class WireReader {
  bytes = NOTHING;
  view: DataView = new DataView(NOTHING.buffer, 0, 0);
  at = 0;
  #messagesLeft = VALUES_MAX;

  /** Switches to the beginning of a request. */
  turnTo(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.#messagesLeft = VALUES_MAX;
  }

  /** Reads an unsigned integer; one beyond 2^53 is rounded. */
  varint(bytesMax = VARINT_BYTES_MAX): number {
    const { bytes } = this;
    let byte = bytes[this.at++] as number;
    if (byte < 128) return byte;
    let value = byte & 127;
    let unit = 128;
    for (let count = 1; count < bytesMax; count += 1) {
      byte = bytes[this.at++] as number;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
    throw noProtobuf("an integer has too many bytes or is cut off");
  }

  /** Reads a field's number and wire type. */
  tag(): number {
    const tag = this.varint(SHORT_VARINT_BYTES_MAX);
    if (tag >= TAG_END) throw noProtobuf("a field's number has more than 29 bits");
    return tag;
  }

  /** Reads the length of a text or message that ends before `limit`, and returns its end. */
  endOfNext(limit: number): number {
    const end = this.varint(SHORT_VARINT_BYTES_MAX) + this.at;
    if (!(end <= limit)) throw noProtobuf("a message is longer than what holds it");
    return end;
  }

  /** `endOfNext` for a message, which counts against the request's limit. */
  endOfMessage(limit: number): number {
    this.#messagesLeft -= 1;
    if (this.#messagesLeft < 0) throw new MalformedBody(`more than ${VALUES_MAX} messages in one request`, "too_large");
    return this.endOfNext(limit);
  }

  /** Skips the field with the given tag. */
  skip(tag: number, limit: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint();
        break;
      case FIXED64:
        this.at += 8;
        break;
      case LENGTH_DELIMITED:
        this.at = this.endOfNext(limit);
        break;
      case FIXED32:
        this.at += 4;
        break;
      default:
        throw noProtobuf("a field has a wire type that there is not");
    }
    if (tag >>> 3 === 0) throw noProtobuf("a field has the number 0");
  }

  /** Skips the next 8 bytes and returns their start. */
  fixed64(limit: number): number {
    const start = this.at;
    this.at += 8;
    if (this.at > limit) throw noProtobuf("a number is cut off");
    return start;
  }

  /** Throws unless the reader is at the end of its message. */
  mustBeAt(end: number): void {
    if (this.at !== end) throw noProtobuf("a field is longer than the message that holds it");
  }
}

function noProtobuf(reason: string): MalformedBody {
  return new MalformedBody(`the body is no protobuf of this kind: ${reason}`);
}
