/** Certificates: which runs there are, and who speaks for them. */
import { decodeCertificate, type RunCertificate } from '@tstream/live-piece-auth';
import { sameBytes } from './bytes.js';
import { ask } from './checks.js';
import type { ConnectionId } from './inputs.js';
import { announceRun } from './introduce.js';
import { closeNeighbour, type Neighbour } from './neighbours.js';
import { addRun } from './runs.js';
import type { State } from './state.js';

export function onCertificate(state: State, neighbour: Neighbour, certificate: Uint8Array): void {
  const decoded = decodeCertificate(certificate);
  if (!decoded.ok) return closeNeighbour(state, neighbour, 'bad-certificate', true);
  const known = state.runs.get(decoded.value.run);
  if (known && sameBytes(known.certificate, certificate)) return;
  if (!known && isOutdated(state, decoded.value)) return;
  neighbour.certificatePending = true;
  ask(
    state,
    { kind: 'certificate', connection: neighbour.id, certificate, certified: decoded.value },
    { kind: 'certificate', certificate },
  );
}

export function onCertificateChecked(
  state: State,
  job: { connection: ConnectionId; certificate: Uint8Array; certified: RunCertificate },
  ok: boolean,
): void {
  const neighbour = state.neighbours.get(job.connection);
  if (!ok) {
    if (neighbour) closeNeighbour(state, neighbour, 'bad-certificate', true);
    return;
  }
  if (neighbour) neighbour.certificatePending = false;
  adopt(state, job.certified, job.certificate);
}

/** This process certified a run of its own. */
export function onOwnCertificate(state: State, certificate: Uint8Array): void {
  const decoded = decodeCertificate(certificate);
  if (!decoded.ok) throw new TypeError(`expected an encoded certificate, got one refused for its ${decoded.reason}`);
  if (state.config.role !== 'source')
    throw new TypeError(`expected role source to certify a run, got ${state.config.role}`);
  state.ownRun = decoded.value.run;
  adopt(state, decoded.value, certificate);
}

function adopt(state: State, certified: RunCertificate, certificate: Uint8Array): void {
  if (isForeign(state, certified, certificate)) supersede(state, certified.run);
  const run = addRun(state, certified, certificate);
  if (!run) return;
  state.outputs.push({ type: 'event', event: { type: 'runStarted', run: run.run } });
  announceRun(state, run);
}

/** Somebody else holds the key, of the stream or of the run: this source stops. */
export function supersede(state: State, run: number): void {
  if (state.superseded) return;
  state.superseded = true;
  state.outputs.push({ type: 'event', event: { type: 'superseded', run } });
}

/** For a source: a certificate for its run that it didn't make, or for a later one. */
function isForeign(state: State, certified: RunCertificate, certificate: Uint8Array): boolean {
  if (state.ownRun === undefined || state.superseded || certified.run < state.ownRun) return false;
  const own = state.runs.get(certified.run);
  return certified.run > state.ownRun || (own !== undefined && !sameBytes(own.certificate, certificate));
}

function isOutdated(state: State, certified: RunCertificate): boolean {
  if (certified.run < state.lowestValidRun) return true;
  return state.runs.size >= 2 && [...state.runs.keys()].every((run) => run > certified.run);
}
