/** `tstream-source live`: from an input to a swarm. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { banLine, Failure, makeFolder, openPage, systemReason } from '@tstream/command-line';
import { createSwarmNode, linger, type Swarm, type SwarmEvent, type SwarmNode } from '@tstream/peer-net';
import { createLiveMetainfo, decodeMetainfo, isSafeName, type LiveMetainfo } from '@tstream/tstream-format';
import { Broadcaster } from './broadcaster.js';
import { type Console, createConsole } from './console.js';
import { InputMeter, type InputState, type SourceFigures, sourceFigures } from './figures.js';
import { chooseInput } from './input/choose.js';
import type { Input } from './input/input.js';
import { type Links, linksOf } from './links.js';
import type { LiveOptions } from './options.js';
import { openPair, type Pair, type PairPaths, pairPaths, publicKeyOf, writeRun, writeWhole } from './pair.js';
import { expectSamePlan, planStream } from './plan.js';
import { sourceRoutes } from './routes.js';
import { CLIENT } from './version.js';

/** Broadcasts until the input ends or `stop` is aborted, then waits for the viewers to have the end. */
export async function live(argument: string | undefined, options: LiveOptions, stop: AbortSignal): Promise<void> {
  const input = await chooseInput(argument, options.loop);
  const name = options.name ?? (isSafeName(input.name) ? input.name : 'stream');
  const paths = pairPaths(options.out, name, options.key);
  // What can't be planned is refused before anything is written.
  planStream(options, options.bitsPerSecond ?? input.bitsPerSecond);
  await makeFolder(options.out).catch((error) => {
    throw new Failure(`cannot make the folder ${options.out}: ${systemReason(error)}`, { cause: error });
  });
  const pair = await openPair(paths, options.passphrase);
  const screen = createConsole(options.json);
  const site: { metainfo?: Uint8Array; figures?: () => SourceFigures } = {};
  const node = await createSwarmNode({
    host: options.host,
    port: options.port,
    client: CLIENT,
    tracker: options.ownTracker,
    http: {
      token: options.token,
      routes: sourceRoutes({
        html: await readFile(createRequire(import.meta.url).resolve('@tstream/web-peer/source.html'), 'utf8'),
        name,
        metainfo: () => site.metainfo,
        figures: () => site.figures?.(),
      }),
    },
    onTrouble: (reason) => screen.note(reason),
  });
  try {
    const links = linksOf(options.publicUrl, options.host, node.port, `${name}.tstream`);
    const { metainfo, bytes } = await writeMetainfo(paths, pair, { name, input, options, links });
    site.metainfo = bytes;
    const broadcast = new Broadcast({ node, input, options, pair, paths, metainfo, links, screen });
    site.figures = () => broadcast.figures();
    await broadcast.run(stop);
  } finally {
    await node.close();
    screen.close();
  }
}

/** Makes the `.tstream`, or renews what stands outside `info` in the one that is resumed. */
async function writeMetainfo(
  paths: PairPaths,
  pair: Pair,
  stream: { name: string; input: Input; options: LiveOptions; links: Links },
): Promise<{ metainfo: LiveMetainfo; bytes: Uint8Array }> {
  const { options, input, links } = stream;
  const old = pair.metainfo;
  if (old) expectSamePlan(paths.metainfo, old, options);
  const bitsPerSecond = options.bitsPerSecond ?? input.bitsPerSecond ?? old?.bitrateBitsPerSecond;
  const own = options.ownTracker ? links.trackers.map((url) => [url]) : [];
  const bytes = createLiveMetainfo({
    name: old?.name ?? stream.name,
    ...(old ?? planStream(options, bitsPerSecond)),
    streamKey: publicKeyOf(pair.secretKey),
    announce: [...own, ...options.trackers.map((url) => [url])],
    title: options.title ?? old?.title ?? stream.name,
    thumb: options.thumb ?? old?.thumb,
    bitrateBitsPerSecond: bitsPerSecond,
    createdBy: CLIENT,
    creationDateS: old?.creationDateS ?? Math.floor(Date.now() / 1000),
  });
  const decoded = decodeMetainfo(bytes);
  if (!decoded.ok || decoded.value.kind !== 'live') throw new Error('expected to read what was just written');
  await writeWhole(paths.metainfo, bytes);
  return { metainfo: decoded.value, bytes };
}

interface BroadcastParts {
  readonly node: SwarmNode;
  readonly input: Input;
  readonly options: LiveOptions;
  readonly pair: Pair;
  readonly paths: PairPaths;
  readonly metainfo: LiveMetainfo;
  readonly links: Links;
  readonly screen: Console;
}

/** One run, from its certificate to its END. */
class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #meter = new InputMeter();
  readonly #seen = new Set<string>();
  readonly #startedMs = performance.now();
  readonly #failing = new AbortController();
  #failure: Failure | undefined;
  #inputState: InputState = 'live';
  #uploadBitsPerSecondMax: number;
  #swarm: Swarm | undefined;
  #broadcaster: Broadcaster | undefined;

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
    const bitsPerSecond = parts.metainfo.bitrateBitsPerSecond ?? BITS_PER_SECOND_GUESS;
    this.#uploadBitsPerSecondMax = parts.options.uploadBitsPerSecondMax ?? UPLOAD_MULTIPLE * bitsPerSecond;
  }

  async run(stop: AbortSignal): Promise<void> {
    const { options, metainfo, input, screen } = this.#parts;
    const swarm = await this.#join();
    const run = await this.#nextRun(swarm, stop);
    await writeRun(this.#parts.paths, run);
    const broadcaster = new Broadcaster(swarm, this.#parts.pair.secretKey, run, (failure) => this.#fail(failure));
    this.#broadcaster = broadcaster;
    this.#announce(swarm, stop);
    const meter = setInterval(() => this.#measure(), MEASURE_MS);
    const stats = setInterval(() => screen.stats(this.figures()), 1000);
    try {
      const ending = AbortSignal.any([stop, this.#failing.signal]);
      await input.run(
        {
          bytes: (bytes) => {
            this.#inputState = 'live';
            broadcaster.push(bytes);
          },
          interrupted: () => broadcaster.interrupt(),
          retrying: (inMs, why) => {
            this.#inputState = 'retrying';
            screen.note(`the input broke off (${why}); trying again in ${Math.round(inMs / 1000)} s`);
          },
        },
        ending,
      );
      if (this.#failure) throw this.#failure;
      this.#inputState = 'ended';
      broadcaster.end();
      await linger(swarm, stop.aborted ? LINGER_STOPPED_MS : LINGER_MS);
      await sleep(LINGER_END_MS);
      if (this.#failure) throw this.#failure;
    } finally {
      broadcaster.close();
      clearInterval(meter);
      clearInterval(stats);
      screen.stats(this.figures());
    }
    if (options.json) return;
    screen.note(`The broadcast of ${metainfo.name} has ended.`);
  }

  figures(): SourceFigures {
    const { links } = this.#parts;
    return sourceFigures({
      swarm: this.#swarm as Swarm,
      broadcaster: this.#broadcaster as Broadcaster,
      meter: this.#meter,
      seen: this.#seen,
      inputState: this.#inputState,
      uploadBitsPerSecondMax: this.#uploadBitsPerSecondMax,
      page: `${links.base}/`,
      tstreamUrl: links.metainfo,
      startedMs: this.#startedMs,
    });
  }

  async #join(): Promise<Swarm> {
    const { node, metainfo, options } = this.#parts;
    this.#swarm = await node.addSwarm({
      metainfo,
      role: 'source',
      uploadBitsPerSecondMax: this.#uploadBitsPerSecondMax,
      peersMax: options.peersMax,
      peers: [],
      discovery: true,
      memoryBytesMax: MEMORY_BYTES_MAX,
      onEvent: (event) => this.#onEvent(event),
    });
    return this.#swarm;
  }

  /** A number above every run so far: those that we know of, and those that the swarm knows of. */
  async #nextRun(swarm: Swarm, stop: AbortSignal): Promise<number> {
    const { pair } = this.#parts;
    if (pair.metainfo) await sleep(LISTEN_MS, undefined, { signal: stop });
    const seenRun = swarm.figures().edgeRun ?? 0;
    return Math.max(Math.floor(Date.now() / 1000), pair.lastRun + 1, seenRun + 1);
  }

  #announce(swarm: Swarm, stop: AbortSignal): void {
    const { node, paths, links, input, options, screen } = this.#parts;
    const { infohash } = swarm.figures();
    screen.ready({
      tstream: paths.metainfo,
      key: paths.key,
      infohash,
      port: node.port,
      links,
      input: input.description,
    });
    if (options.open) void openPage(`${links.base}/`, screen.note, stop);
  }

  #measure(): void {
    this.#meter.sample(this.#broadcaster?.inBytes ?? 0, performance.now());
    this.#followBitrate();
  }

  /**
   * The promise is a multiple of the bitrate, so the limit follows what comes in, closely: scenes differ tenfold, and
   * a limit that follows their mean makes viewers wait for every piece of the rich ones. In a pause there are still
   * viewers who join.
   */
  #followBitrate(): void {
    const { uploadBitsPerSecondMax, bitsPerSecond = this.#meter.bitsPerSecond / 2 } = this.#parts.options;
    const recent = this.#meter.recentBitsPerSecond;
    if (uploadBitsPerSecondMax !== undefined || recent === undefined || this.#inputState === 'ended') return;
    const limit = UPLOAD_MULTIPLE * Math.max(recent, bitsPerSecond);
    if (Math.abs(limit - this.#uploadBitsPerSecondMax) * 20 < limit || limit === 0) return;
    this.#uploadBitsPerSecondMax = limit;
    this.#swarm?.setUploadLimit(limit);
  }

  #onEvent(event: SwarmEvent): void {
    const { screen } = this.#parts;
    switch (event.type) {
      case 'superseded':
        return this.#fail(
          new Failure(
            `another source with this key has begun run ${event.run}: this one stops, so that viewers see one picture`,
          ),
        );
      case 'trackerUnreachable':
        return screen.note(`the tracker ${event.url} does not answer (${event.reason}); it is tried again`);
      case 'banned':
        return screen.note(banLine(event));
      case 'storageTrouble':
        return screen.note(event.reason);
      default:
    }
  }

  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#failing.abort();
  }
}

/** Twice the bitrate: what one or two viewers would take. */
const UPLOAD_MULTIPLE = 2;
/** A guess: well within what a viewer's lag bears. */
const MEASURE_MS = 200;
/** Until the input was measured. */
const BITS_PER_SECOND_GUESS = 2_000_000;
/** A starting source listens to its own swarm for so long, lest it reuses a run. */
const LISTEN_MS = 2000;
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const LINGER_MS = 10_000;
const LINGER_STOPPED_MS = 3000;
/** The END itself needs a moment to leave. */
const LINGER_END_MS = 300;
