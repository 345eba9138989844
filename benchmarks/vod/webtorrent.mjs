// WebTorrent as a program: node webtorrent.mjs FILE.torrent FOLDER [HOST:PORT of a peer]. Says "ready" and "whole" in lines of JSON.
import WebTorrent from 'webtorrent';

const [torrentFile, folder, peer] = process.argv.slice(2);
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());

// Nothing but TCP on loopback: no port is mapped, nobody is asked.
const client = new WebTorrent({
  dht: false,
  lsd: false,
  natUpnp: false,
  natPmp: false,
  tracker: false,
  utp: false,
  utPex: false,
});
client.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
client.add(torrentFile, { path: folder }, (torrent) => {
  torrent.on('done', () => say('whole'));
  say('ready', { port: client.torrentPort });
  if (peer) torrent.addPeer(peer);
});

/**
 * @param {string} event
 * @param {object} [fields]
 */
function say(event, fields) {
  console.log(JSON.stringify({ event, ...fields }));
}
