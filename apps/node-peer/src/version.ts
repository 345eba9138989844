/** Name and version, as other peers see it. */
export const CLIENT = 'tstream 0.1';
