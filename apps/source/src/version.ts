/** Name and version, as other peers and `.tstream` files see it. */
export const CLIENT = 'tstream 0.1';
