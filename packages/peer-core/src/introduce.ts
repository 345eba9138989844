/** What two neighbours tell each other first. */
import { SeqSet } from '@tstream/sliding-window';
import { sendHaves } from './haves.js';
import type { ConnectionId } from './inputs.js';
import { createNeighbour, type Neighbour, type NeighbourRun, send } from './neighbours.js';
import { currentRun, type Run, setCapacity } from './runs.js';
import { createExchange } from './standing.js';
import type { State } from './state.js';

export function onJoined(state: State, id: ConnectionId, peerId: Uint8Array, group?: string): void {
  const neighbour = createNeighbour(state, id, peerId, group);
  state.neighbours.set(id, neighbour);
  for (const run of [...state.runs.values()].sort((a, b) => a.run - b.run)) introduceRun(state, neighbour, run);
}

/** Tells everybody of a run that has just been learnt of. */
export function announceRun(state: State, run: Run): void {
  for (const neighbour of state.neighbours.values()) introduceRun(state, neighbour, run);
}

/** All there is to know of a run: certificate, edge, what is held, what is wanted. */
function introduceRun(state: State, neighbour: Neighbour, run: Run): void {
  const view = createNeighbourRun(state, neighbour);
  neighbour.runs.set(run.run, view);
  run.views.push(view);
  send(state, neighbour, { type: 'cert', certificate: run.certificate });
  if (state.config.role === 'source' && run === currentRun(state)) {
    state.outputs.push({ type: 'prove', connection: neighbour.id, run: run.run });
  }
  sendEdge(state, neighbour, run);
  sendHaves(state, neighbour, run);
  if (run.startSeq !== undefined) send(state, neighbour, { type: 'start', run: run.run, seq: run.startSeq });
}

/** Sends the newest proof of the edge, unless this neighbour has it. */
export function sendEdge(state: State, neighbour: Neighbour, run: Run): void {
  const view = neighbour.runs.get(run.run);
  if (!view || !run.edge || view.edgeKnown === run.edge.bytes) return;
  view.edgeKnown = run.edge.bytes;
  send(state, neighbour, { type: 'edge', header: run.edge.bytes });
}

/** Says from where on pieces of a run are wanted. */
export function startRun(state: State, run: Run, seq: number): void {
  run.startSeq = seq;
  for (const neighbour of state.neighbours.values()) {
    if (neighbour.runs.has(run.run)) send(state, neighbour, { type: 'start', run: run.run, seq });
  }
}

function createNeighbourRun(state: State, neighbour: Neighbour): NeighbourRun {
  const capacity = setCapacity(state.config.windowPieces);
  return {
    neighbour,
    id: neighbour.id,
    known: new SeqSet(capacity),
    held: new SeqSet(capacity),
    startSeq: Infinity,
    get rank() {
      return neighbour.rank;
    },
    get unanswered() {
      return neighbour.unanswered;
    },
    wanted: new Map(),
    edgeKnown: undefined,
    exchange: createExchange(),
  };
}
