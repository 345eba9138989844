// The built packages, which a process of its own has to start from; their types are those of the sources.

/** @param {string} path - Of a module below `packages/`. */
const load = (path) => import(new URL(`../../../packages/${path}`, import.meta.url).href);

/** @type {typeof import('../../../packages/wire-ext/src/index.js')} */
export const wire = await load('wire-ext/dist/index.js');
/** @type {typeof import('../../../packages/live-piece-auth/src/index.js')} */
export const auth = await load('live-piece-auth/dist/index.js');
/** @type {typeof import('../../../packages/live-piece-auth/src/node.js')} */
export const { nodeSuite } = await load('live-piece-auth/dist/node.js');
/** @type {typeof import('../../../packages/tstream-format/src/index.js')} */
export const format = await load('tstream-format/dist/index.js');
