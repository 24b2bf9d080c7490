/** Bytes that can be read in part: of memory, or of a file that is larger than memory should hold. */

export interface ByteSource {
  /** For messages: the path, or what the bytes are. */
  readonly name: string;
  readonly byteLength: number;
  /** A copy of the bytes from `begin` up to `end`, aligned at its start. Rejects where they are not all there. */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return { name: 'the bytes', byteLength: bytes.byteLength, read: async (begin, end) => bytes.slice(begin, end) };
}
