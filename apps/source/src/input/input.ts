/** Where the video comes from: one shape for a clip, a pipe, a file and a running encoder. */

/** Takes what an input yields, at the pace at which it is to be broadcast. */
export interface InputSink {
  /** Bytes of an MPEG transport stream, in any portions. */
  bytes(bytes: Uint8Array): void;
  /** What comes next doesn't continue what came before. */
  interrupted(): void;
  /** The input broke off and is tried again in so many milliseconds. */
  retrying(inMs: number, why: string): void;
}

export interface Input {
  /** For a person: `the test clip`, `standard input`, a path or a URL. */
  readonly description: string;
  /** Suggests a name for the stream. */
  readonly name: string;
  /** As measured, or undefined if that takes a running input. */
  readonly bitsPerSecond: number | undefined;
  /** Delivers until the input ends or `stop` is aborted. @throws {Failure} If there is nothing to be had from it. */
  run(sink: InputSink, stop: AbortSignal): Promise<void>;
}
