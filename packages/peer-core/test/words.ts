/** Outputs in words, so that a test compares a whole list of them and a person reads it. */
import { decodeCertificate, decodeHeader } from '@tstream/live-piece-auth';
import type { Block, Message, WitnessMessage } from '@tstream/wire-ext';
import type { Output, PeerEvent } from '../src/index.js';

export function inWords(output: Output): string {
  switch (output.type) {
    case 'send':
      return `to ${output.connection}: ${messageInWords(output.message)}`;
    case 'sendBlock':
      return `to ${output.connection}: block ${output.run}/${output.seq} at ${output.index}+${output.begin}, ${output.blockBytes} bytes`;
    case 'verify':
      return `check ${output.check.kind}`;
    case 'store':
      return `store ${output.header.run}/${output.header.seq}+${output.begin}${output.whole ? ', whole' : ''}`;
    case 'discard':
      return `discard ${output.run} below ${output.belowSeq}`;
    case 'abandon':
      return `abandon ${output.run}/${output.seq}`;
    case 'deliver':
      return `deliver ${output.header.run}/${output.header.seq} from ${output.fromByte}${output.discontinuity ? ', anew' : ''}`;
    case 'prove':
      return `prove ${output.run} to ${output.connection}`;
    case 'close':
      return `close ${output.connection}: ${output.reason}${output.ban ? ', banned' : ''}`;
    case 'event':
      return `event ${eventInWords(output.event)}`;
  }
}

function messageInWords(message: Message<Block>): string {
  switch (message.type) {
    case 'cert': {
      const decoded = decodeCertificate(message.certificate);
      return `cert ${decoded.ok ? decoded.value.run : decoded.reason}`;
    }
    case 'edge':
    case 'offer':
      return `${message.type} ${headerInWords(message.header)}`;
    case 'request':
      return `request ${message.index}+${message.begin}, ${message.length} bytes`;
    case 'cancel':
      return `cancel ${message.index}+${message.begin}`;
    case 'live-have':
      return `have ${message.run}/${seqsOf(message.base, message.bitmap).join(',')}`;
    case 'decline':
      return `decline ${message.run}/${message.seq} ${message.why}`;
    case 'coming':
    case 'withdraw':
    case 'want':
    case 'start':
      return `${message.type} ${message.run}/${message.seq}`;
    case 'witness':
      return witnessInWords(message);
    default:
      return message.type;
  }
}

function witnessInWords({ run, base, names, reports }: WitnessMessage): string {
  const told = names.length === 0 ? [] : [`knows ${names.length} others`];
  const came = reports.map(({ name, bitmap }) => `${run}/${seqsOf(base, bitmap).join(',')} came from ${name}`);
  return ['witness', ...told, ...came].join(', ');
}

function headerInWords(bytes: Uint8Array): string {
  const decoded = decodeHeader(bytes);
  if (!decoded.ok) return decoded.reason;
  const { run, seq, heartbeat, end } = decoded.value;
  return `${run}/${seq}${heartbeat ? ' heartbeat' : ''}${end ? ' end' : ''}`;
}

function seqsOf(base: number, bitmap: Uint8Array): number[] {
  const seqs: number[] = [];
  for (let i = 0; i < bitmap.length * 8; i++) if ((bitmap[i >> 3] ?? 0) & (0x80 >> (i & 7))) seqs.push(base + i);
  return seqs;
}

function eventInWords(event: PeerEvent): string {
  switch (event.type) {
    case 'stalled':
      return `stalled ${event.run}/${event.seq}`;
    case 'dropped':
      return `dropped ${event.run}/${event.fromSeq}, ${event.pieces} pieces`;
    case 'runStarted':
    case 'superseded':
      return `${event.type} ${event.run}`;
    default:
      return event.type;
  }
}
