import { expect, test } from 'vitest';
import * as peerNet from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(peerNet).sort()).toEqual([
    'HashError',
    'MetainfoError',
    'PortError',
    'StorageError',
    'answerBody',
    'answerJson',
    'answerText',
    'createBoundedHttpServer',
    'createSwarmNode',
    'hashFiles',
    'linger',
    'loadMetainfo',
    'pageRoute',
    'parseHostPort',
    'serveRoutes',
  ]);
});
