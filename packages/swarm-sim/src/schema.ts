/** The schema of a scenario's file. Nothing is let through that a run would trip over, and no key that nobody reads. */
import { z } from 'zod';
import { inconsistency } from './consistency.js';
import { regionsFault } from './regions.js';
import type {
  Arrival,
  Behaviour,
  Bound,
  DelayMatrix,
  Distribution,
  Limit,
  MassLeave,
  MeasuredDelays,
  PeerClass,
  Rate,
  Scenario,
  Seek,
  Video,
} from './scenario.js';

const BEHAVIOURS = [
  'honest',
  'free-rider',
  'slow',
  'have-liar',
  'forward-liar',
  'coalition',
  'sybil',
  'polluter',
  'replayer',
  'edge-liar',
  'staller',
] as const satisfies readonly Behaviour[];

const SHOWN_MAX = 60;
const NUMBER_MAX = 1_000_000_000;
/** A day. */
const SECONDS_MAX = 86_400;
/** × the bitrate: no line is in the way any more. */
const RATE_MAX = 1_000_000;
/** × the bitrate: a line of no upload can't even ask. */
const RATE_MIN = 0.001;
const PEERS_MAX = 100_000;
/** Coarser than what is measured host by host, which is a file of its own. */
const REGIONS_MAX = 100;
/** spec/0001: the largest piece. */
const PIECE_BYTES_MAX = 131_072;
/** On demand, at least a block, and no more than the largest in use. */
const BLOCK_BYTES = 16_384;
const FILM_PIECE_BYTES_MAX = 16_777_216;

/** `path` is dotted, and empty for the whole file. */
export type ParsedScenario =
  | { readonly ok: true; readonly value: Scenario }
  | { readonly ok: false; readonly path: string; readonly expected: string; readonly reason: string };

/** Where in the file, and what was expected there. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** Checks what a scenario's file says. @param json - As parsed; may be anything. */
export function parseScenario(json: unknown): ParsedScenario {
  const parsed = scenario.safeParse(json);
  const fault = parsed.success ? (inconsistency(parsed.data) ?? regionsFault(parsed.data)) : faultOf(parsed.error);
  if (fault) return refused(json, fault);
  return parsed.success ? { ok: true, value: parsed.data } : refused(json, { path: [], expected: 'a scenario' });
}

function refused(json: unknown, { path, expected }: Fault): ParsedScenario {
  let got = json;
  for (const step of path) got = (got as Record<PropertyKey, unknown> | undefined | null)?.[step];
  const text = got === undefined ? 'nothing' : JSON.stringify(got);
  const reason = `got ${text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text}`;
  return { ok: false, path: path.map(String).join('.'), expected, reason };
}

/** The first thing that is wrong. Every message of this schema says what was expected. */
function faultOf({ issues }: z.ZodError): Fault | undefined {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys')
    return { path: [...issue.path, ...issue.keys.slice(0, 1)], expected: issue.message };
  return issue && { path: issue.path, expected: issue.message };
}

/** An object with these keys and no others. */
function record<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `no key but ${keys}` : `an object with ${keys}`),
  });
}

/** Something that has several forms, told apart by what it is or by its keys: a fault is one of the form that was meant. */
function oneOf<T>(expected: string, formOf: (json: unknown) => z.ZodType<T> | undefined): z.ZodType<T> {
  return z.unknown().transform((json, context) => {
    const parsed = formOf(json)?.safeParse(json);
    if (parsed?.success) return parsed.data;
    const fault = parsed ? faultOf(parsed.error) : undefined;
    context.addIssue({ code: 'custom', path: [...(fault?.path ?? [])], message: fault?.expected ?? expected });
    return z.NEVER;
  });
}

/** The form of the first key that there is. */
function byKey<T>(forms: Readonly<Record<string, z.ZodType<T>>>, json: unknown): z.ZodType<T> | undefined {
  const isObject = typeof json === 'object' && json !== null;
  return Object.entries(forms).find(([key]) => isObject && Object.hasOwn(json, key))?.[1];
}

function number(from: number, to: number) {
  const error = `a number from ${from} to ${to}`;
  return z.number({ error }).min(from, { error }).max(to, { error });
}

function whole(from: number, to: number) {
  const error = `a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

function list<T>(of: z.ZodType<T>, from: number, to: number) {
  const error = `a list of ${from} to ${to}`;
  return z.array(of, { error }).min(from, { error }).max(to, { error });
}

const text = z.string({ error: 'a text' }).min(1, { error: 'a text' });
const yesOrNo = z.boolean({ error: 'true or false' });

const anyNumber = number(-NUMBER_MAX, NUMBER_MAX);
const notNegative = number(0, NUMBER_MAX);
const seconds = number(0, SECONDS_MAX);
const perMillion = whole(0, 1_000_000);

const drawn: Readonly<Record<string, z.ZodType<Distribution>>> = {
  uniform: record({ uniform: z.tuple([notNegative, notNegative], { error: 'the lowest and the highest number' }) }),
  exponential: record({ exponential: record({ mean: notNegative }) }),
  // Narrower shapes overflow what a number can be.
  weibull: record({ weibull: record({ shape: number(0.1, 100), scale: notNegative }) }),
  logNormal: record({ logNormal: record({ median: notNegative, sigma: number(0, 10) }) }),
  values: record({ values: list(notNegative, 1, PEERS_MAX) }),
};

const formOfDistribution = (json: unknown) => (typeof json === 'number' ? notNegative : byKey(drawn, json));
const distribution = oneOf<Distribution>(
  `a number, or an object with ${Object.keys(drawn).join(', ')}`,
  formOfDistribution,
);

const matrices: Readonly<Record<string, z.ZodType<(DelayMatrix | MeasuredDelays)['matrix']>>> = {
  file: record({ file: text, times: number(0.000_001, 1000).optional() }),
  ms: record({ regions: list(text, 1, REGIONS_MAX), ms: list(list(distribution, 1, REGIONS_MAX), 1, REGIONS_MAX) }),
};

const matrix = oneOf('an object with regions and ms, or with file', (json) => byKey(matrices, json));

const delay = oneOf<Scenario['links']['oneWayDelayMs']>(
  `a number, or an object with ${[...Object.keys(drawn), 'matrix'].join(', ')}`,
  (json) => (byKey({ matrix }, json) ? (record({ matrix }) as z.ZodType<DelayMatrix>) : formOfDistribution(json)),
);

const bitsPerSecond = number(1000, 1_000_000_000);

const live: z.ZodType<Video> = record({
  bitsPerSecond,
  pieceBytes: whole(1, PIECE_BYTES_MAX),
  entryEverySeconds: number(0.01, SECONDS_MAX),
  pieces: list(whole(1, PIECE_BYTES_MAX), 1, 100_000).optional(),
});

const film: z.ZodType<Video> = record({
  bitsPerSecond,
  pieceBytes: whole(BLOCK_BYTES, FILM_PIECE_BYTES_MAX),
  onDemand: record({ seconds: number(1, SECONDS_MAX), prebufferSeconds: seconds.optional() }),
});

const video = oneOf<Video>('a video', (json) => byKey({ onDemand: film }, json) ?? live);

const seek: z.ZodType<Seek> = record({ afterSeconds: distribution, toSeconds: distribution });

const lineRate = number(RATE_MIN, RATE_MAX);
const rates: Readonly<Record<string, z.ZodType<Rate>>> = {
  uniform: record({ uniform: z.tuple([lineRate, lineRate], { error: 'the lowest and the highest number' }) }),
  values: record({ values: list(lineRate, 1, PEERS_MAX) }),
};
const rate = oneOf<Rate>(`a number from ${RATE_MIN} to ${RATE_MAX}, or an object with uniform or values`, (json) =>
  typeof json === 'object' ? byKey(rates, json) : lineRate,
);

const arrivals: Readonly<Record<string, z.ZodType<Arrival>>> = {
  flashSeconds: record({ flashSeconds: seconds, atSeconds: seconds }),
  poissonPerSecond: record({ poissonPerSecond: number(0.001, 1_000_000), atSeconds: seconds }),
  atSecondsEach: record({ atSecondsEach: list(seconds, 1, PEERS_MAX) }),
  atSeconds: record({ atSeconds: seconds }),
};

const arrival = oneOf<Arrival>(`an object with ${Object.keys(arrivals).join(', ')}`, (json) => byKey(arrivals, json));

const region = oneOf<string | Record<string, number>>("a region's name, or an object of shares by region", (json) => {
  if (typeof json === 'string') return text;
  return typeof json === 'object' ? z.record(text, notNegative, { error: 'shares by region' }) : undefined;
});

const peerClass: z.ZodType<PeerClass> = record({
  name: text,
  count: whole(0, PEERS_MAX),
  role: z.enum(['viewer', 'seed'], { error: 'viewer or seed' }).optional(),
  upload: rate,
  download: rate,
  behaviour: z.enum(BEHAVIOURS, { error: `one of ${BEHAVIOURS.join(', ')}` }).default('honest'),
  region: region.optional(),
  reachable: yesOrNo.optional(),
  arrive: arrival.optional(),
  stay: distribution.optional(),
  stayAfter: distribution.optional(),
  seek: seek.optional(),
});

const massLeave: z.ZodType<MassLeave> = record({
  atSeconds: seconds,
  leave: record({ of: text, share: number(0, 1) }),
});

const relativeLimit: z.ZodType<Limit> = record({ times: anyNumber, of: text, metric: text.optional() });

const limit = oneOf<Limit>('a number, or an object with times, of, metric', (json) => {
  if (typeof json === 'number') return anyNumber;
  return typeof json === 'object' ? relativeLimit : undefined;
});

const bound: z.ZodType<Bound> = record({
  metric: text,
  of: text.optional(),
  atLeast: limit.optional(),
  atMost: limit.optional(),
});

const scenario: z.ZodType<Scenario> = record({
  title: text,
  about: text,
  seconds: number(1, SECONDS_MAX),
  measureFromSeconds: seconds,
  video,
  neighbours: whole(1, 200),
  lagSeconds: number(0.05, 60).optional(),
  links: record({
    oneWayDelayMs: delay,
    lossPerMillion: perMillion,
    failPerMillion: perMillion.optional(),
    queue: z.enum(['fair', 'fifo'], { error: 'fair or fifo' }).optional(),
  }),
  source: record({
    upload: lineRate,
    region: text.optional(),
    count: z.literal(1, { error: '1' }).optional(),
  }),
  peers: list(peerClass, 1, 100),
  policies: record({ picker: text.optional(), choker: text.optional() }).optional(),
  events: list(massLeave, 0, 1000).optional(),
  bounds: list(bound, 0, 1000),
});
