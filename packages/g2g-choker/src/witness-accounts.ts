/**
 * What neighbours' word is worth. A neighbour may vouch for others with a purse that only video of its own fills: so all
 * credit that a crew can give itself is bounded by what the crew really uploaded to us.
 */

export interface Account {
  /** What this neighbour may still vouch for, bytes. */
  purseBytes: number;
  /** What others vouched for it, bytes. */
  creditBytes: number;
}

/** That so much of what we gave to somebody was passed on by it. */
export interface Claim {
  /** Of the one who passed it on. */
  readonly account: Account;
  readonly bytes: number;
}

export function openAccount(): Account {
  return { purseBytes: 0, creditBytes: 0 };
}

/** Verified video came from this neighbour. */
export function earn(account: Account, bytes: number): void {
  account.purseBytes += Math.floor(bytes / BYTES_PER_VOUCHED_BYTE);
}

/** Moves credit from a voucher's purse to those for whom it vouches: all of it, or to each the same share. */
export function vouch(voucher: Account, claims: readonly Claim[]): void {
  let claimed = 0;
  for (const { bytes } of claims) claimed += bytes;
  if (claimed === 0) return;
  const spent = Math.min(claimed, voucher.purseBytes);
  voucher.purseBytes -= spent;
  for (const { account, bytes } of claims) account.creditBytes += Math.floor((bytes * spent) / claimed);
}

/**
 * A second has gone by: credit fades as facts that are counted over ten seconds do. The purse lasts three times as long,
 * as who gives to us and who gets what we gave are seldom the same: that nearly doubles what honest witnesses can say.
 */
export function fade(account: Account): void {
  account.purseBytes = Math.floor((account.purseBytes * 29) / 30);
  account.creditBytes = Math.floor((account.creditBytes * 9) / 10);
}

/**
 * A byte of video allows to vouch for a tenth of one. So who vouches for its friends gains less than a tenth more of the
 * same upload would have gained it, and there is nothing in it for a crew.
 */
const BYTES_PER_VOUCHED_BYTE = 10;
