import { expect, test } from 'vitest';
import * as swarmSim from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(swarmSim).sort()).toEqual([
    'Crew',
    'EventQueue',
    'FAST_LINE',
    'Random',
    'ScenarioRun',
    'Swarm',
    'createBehaviour',
    'parseScenario',
    'runScenario',
    'standInSuite',
  ]);
});
