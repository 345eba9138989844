/** What could have become of a scenario: senders that know everything, without a protocol, for every figure to stand beside. */
import type { DelayTable } from './links.js';
import { withSums } from './metrics/tally.js';
import type { Order } from './reference/choice.js';
import { ReferenceModel } from './reference/model.js';
import type { ClassFigures, MeasuredFigures, Quantiles, ReferenceFigures } from './result.js';
import type { Scenario } from './scenario.js';
import { VideoSchedule } from './video.js';

type Reached = Pick<ReferenceFigures, 'plainTau' | 'plainLossShare' | 'byStrengthTau' | 'byStrengthLossShare'>;

/** What both references reach until then, by class. */
export function referencesOf(
  scenario: Scenario,
  { seed, measuredDelays }: { readonly seed: number; readonly measuredDelays?: DelayTable | undefined },
  endMs: number,
): Readonly<Record<string, Reached>> {
  const { pieceMs } = new VideoSchedule(scenario.video);
  const reached = (order: Order) => {
    const model = new ReferenceModel(scenario, seed, order, measuredDelays);
    model.runToEnd(endMs);
    return model;
  };
  const plainModel = reached('plain');
  const byStrength = withSums(scenario.peers, (plainModel.isEven ? plainModel : reached('byStrength')).tallies);
  const classes = Object.entries(withSums(scenario.peers, plainModel.tallies)).map(([name, tally]) => {
    const plain = tally.figures(pieceMs, 0);
    const strong = (byStrength[name] ?? tally).figures(pieceMs, 0);
    return [
      name,
      {
        plainTau: plain.diffusionTau,
        plainLossShare: plain.lossShare,
        byStrengthTau: strong.diffusionTau,
        byStrengthLossShare: strong.lossShare,
      },
    ];
  });
  return Object.fromEntries(classes) as Record<string, Reached>;
}

/** Figures with what could have been beside them. */
export function besideReferences(
  classes: Readonly<Record<string, MeasuredFigures>>,
  references: Readonly<Record<string, Reached>>,
): Readonly<Record<string, ClassFigures>> {
  const beside = Object.entries(classes).map(([name, figures]) => {
    const reached = references[name] as Reached;
    const { diffusionTau } = figures;
    const overPlainMultiple = by(diffusionTau, reached.plainTau);
    const overByStrengthMultiple = by(diffusionTau, reached.byStrengthTau);
    return [name, { ...figures, ...reached, overPlainMultiple, overByStrengthMultiple }];
  });
  return Object.fromEntries(beside) as Record<string, ClassFigures>;
}

/** Figures without references: nobody has worked out what could have been. */
export function withoutReferences(
  classes: Readonly<Record<string, MeasuredFigures>>,
): Readonly<Record<string, ClassFigures>> {
  const nothing = { plainTau: NONE, plainLossShare: 0, byStrengthTau: NONE, byStrengthLossShare: 0 };
  const beside = Object.entries(classes).map(([name, figures]) => {
    return [name, { ...figures, ...nothing, overPlainMultiple: NONE, overByStrengthMultiple: NONE }];
  });
  return Object.fromEntries(beside) as Record<string, ClassFigures>;
}

const NONE: Quantiles = { p50: 0, p95: 0, p99: 0, max: 0, mean: 0 };

function by(one: Quantiles, other: Quantiles): Quantiles {
  const quotient = (key: keyof Quantiles) => (other[key] === 0 ? 0 : one[key] / other[key]);
  return {
    p50: quotient('p50'),
    p95: quotient('p95'),
    p99: quotient('p99'),
    max: quotient('max'),
    mean: quotient('mean'),
  };
}
