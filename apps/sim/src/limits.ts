/** What no policy can beat, by arithmetic. */
import type { PeerClass, Rate, Scenario } from '@tstream/swarm-sim';

/** The classic measures of a swarm: viewers, ρ, u_s, and the least time in which a piece can reach everybody. */
export interface Limits {
  readonly viewers: number;
  /** Upload of all who forward, seedboxes included, per viewer and × the bitrate. */
  readonly rho: number;
  readonly sourceMultiple: number;
  /** `1/u_s + log2(N)/ρ` in τ: store and forward, serial sends; undefined where the swarm's upload doesn't carry the video, and on demand. */
  readonly diffusionTau: number | undefined;
}

export function limitsOf({ peers, source, video }: Scenario): Limits {
  const viewers = sum(
    peers.filter(({ role }) => role !== 'seed'),
    ({ count }) => count,
  );
  const forwarded = sum(peers.filter(forwards), ({ count, upload }) => count * meanRate(upload));
  const rho = viewers > 0 ? forwarded / viewers : 0;
  const carries = !video.onDemand && viewers > 0 && source.upload >= 1 && rho + source.upload / viewers >= 1;
  const diffusionTau = carries ? 1 / source.upload + (rho > 0 ? Math.log2(viewers) / rho : 0) : undefined;
  return { viewers, rho, sourceMultiple: source.upload, diffusionTau };
}

/** What a peer of a class carries on average. */
export function meanRate(rate: Rate): number {
  if (typeof rate === 'number') return rate;
  const values = 'uniform' in rate ? rate.uniform : rate.values;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Others may send something now and then, but nobody can count on it. */
function forwards({ behaviour }: PeerClass): boolean {
  return behaviour === 'honest' || behaviour === 'slow';
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
