import { expect, test } from 'vitest';
import * as peerNet from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(peerNet).sort()).toEqual([
    'Listener',
    'MetainfoError',
    'PortError',
    'StorageError',
    'answerBody',
    'answerJson',
    'answerText',
    'createBoundedHttpServer',
    'createSwarmNode',
    'loadMetainfo',
    'pageRoute',
    'parseHostPort',
    'serveRoutes',
  ]);
});
