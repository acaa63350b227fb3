/**
 * One travel of the car as closed form: pieces of constant jerk, from rest to rest (S-curve) or an emergency stop. The
 * position never turns back within a travel, so every position on the way is crossed at exactly one time.
 */

export interface TravelLimits {
  readonly speedMmPerS: number;
  readonly accelerationMmPerS2: number;
  readonly jerkMmPerS3: number;
  /** the last stretch, driven slowly into the level; left out where the travel is too short for it */
  readonly levelling?: { readonly speedMmPerS: number; readonly distanceMm: number };
}

/** A stretch of constant jerk, along the way (never negative speed). */
interface Piece {
  readonly startS: number;
  readonly lengthS: number;
  readonly startMm: number;
  readonly speed: number;
  readonly acceleration: number;
  readonly jerk: number;
}

/** What the lift does at a moment of its travel. Up is positive. */
export class Travel {
  readonly fromMm: number;
  readonly toMm: number;
  readonly lengthMs: number;
  readonly #pieces: readonly Piece[];
  readonly #sign: 1 | -1;

  constructor(fromMm: number, sign: 1 | -1, pieces: readonly Piece[]) {
    this.fromMm = fromMm;
    this.#sign = sign;
    this.#pieces = pieces;
    const last = pieces.at(-1);
    this.lengthMs = last ? (last.startS + last.lengthS) * 1000 : 0;
    this.toMm = last ? fromMm + sign * along(last, last.lengthS) : fromMm;
  }

  get up(): boolean {
    return this.#sign > 0;
  }

  positionMm(atMs: number): number {
    if (atMs >= this.lengthMs) return this.toMm;
    const piece = this.#pieceAt(atMs / 1000);
    return piece ? this.fromMm + this.#sign * along(piece, Math.max(0, atMs / 1000 - piece.startS)) : this.fromMm;
  }

  speedMmPerS(atMs: number): number {
    if (atMs >= this.lengthMs) return 0;
    const piece = this.#pieceAt(atMs / 1000);
    if (!piece) return 0;
    const t = Math.max(0, atMs / 1000 - piece.startS);
    return this.#sign * (piece.speed + (piece.acceleration + (piece.jerk * t) / 2) * t);
  }

  /** Milliseconds from the start until `positionMm` is reached, or null where it is not on the way. */
  crossingMs(positionMm: number): number | null {
    const way = (positionMm - this.fromMm) * this.#sign;
    if (way < 0 || way > (this.toMm - this.fromMm) * this.#sign) return null;
    const piece = this.#pieces.find((piece) => along(piece, piece.lengthS) >= way) ?? this.#pieces.at(-1);
    return piece ? (piece.startS + timeAlong(piece, way)) * 1000 : 0;
  }

  #pieceAt(atS: number): Piece | undefined {
    return this.#pieces.find((piece) => atS < piece.startS + piece.lengthS);
  }
}

function along(piece: Piece, t: number): number {
  return piece.startMm + (piece.speed + (piece.acceleration / 2 + (piece.jerk * t) / 6) * t) * t;
}

/** The time within a piece at which it has come `way` along, by halving to the last bit that matters (a nanosecond). */
function timeAlong(piece: Piece, way: number): number {
  if (piece.acceleration === 0 && piece.jerk === 0 && piece.speed > 0) return (way - piece.startMm) / piece.speed;
  let low = 0;
  let high = piece.lengthS;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (along(piece, middle) < way) low = middle;
    else high = middle;
  }
  return high;
}

/** From rest at one position to rest at another, as fast as the limits let it. */
export function planTravel(fromMm: number, toMm: number, limits: TravelLimits): Travel {
  const distance = Math.abs(toMm - fromMm);
  const sign = toMm >= fromMm ? 1 : -1;
  if (distance === 0) return new Travel(fromMm, sign, []);
  const { levelling } = limits;
  const slow = levelling && distance > 4 * levelling.distanceMm ? levelling : { speedMmPerS: 0, distanceMm: 0 };
  const used = (peak: number) =>
    rampMm(0, peak, limits) +
    rampMm(peak, slow.speedMmPerS, limits) +
    slow.distanceMm +
    rampMm(slow.speedMmPerS, 0, limits);
  const peak = used(limits.speedMmPerS) <= distance ? limits.speedMmPerS : peakFor(distance, used, limits);
  const pieces: Piece[] = [];
  addRamp(pieces, 0, peak, limits);
  addSteady(pieces, peak, distance - used(peak));
  addRamp(pieces, peak, slow.speedMmPerS, limits);
  addSteady(pieces, slow.speedMmPerS, slow.distanceMm);
  addRamp(pieces, slow.speedMmPerS, 0, limits);
  return new Travel(fromMm, sign, pieces);
}

/** Braked to rest at constant deceleration. */
export function planStop(fromMm: number, speedMmPerS: number, decelerationMmPerS2 = 2000): Travel {
  const sign = speedMmPerS >= 0 ? 1 : -1;
  const speed = Math.abs(speedMmPerS);
  const piece = { startS: 0, lengthS: speed / decelerationMmPerS2, startMm: 0, speed, jerk: 0 };
  return new Travel(fromMm, sign, [{ ...piece, acceleration: -decelerationMmPerS2 }]);
}

/** The top speed of a travel too short for the rated one. */
function peakFor(distance: number, used: (peak: number) => number, limits: TravelLimits): number {
  let low = 0;
  let high = limits.speedMmPerS;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (used(middle) < distance) low = middle;
    else high = middle;
  }
  return low;
}

/** The times of a change of speed: jerk, steady acceleration, jerk back. Its mean speed is that of its ends. */
function rampTimes(from: number, to: number, { accelerationMmPerS2: most, jerkMmPerS3: jerk }: TravelLimits) {
  const change = Math.abs(to - from);
  if (change >= (most * most) / jerk) return { jerkS: most / jerk, steadyS: change / most - most / jerk };
  return { jerkS: Math.sqrt(change / jerk), steadyS: 0 };
}

function rampMm(from: number, to: number, limits: TravelLimits): number {
  const { jerkS, steadyS } = rampTimes(from, to, limits);
  return ((from + to) / 2) * (2 * jerkS + steadyS);
}

function addRamp(pieces: Piece[], from: number, to: number, limits: TravelLimits): void {
  const { jerkS, steadyS } = rampTimes(from, to, limits);
  const jerk = Math.sign(to - from) * limits.jerkMmPerS3;
  add(pieces, jerkS, from, 0, jerk);
  add(pieces, steadyS, from + (jerk * jerkS * jerkS) / 2, jerk * jerkS, 0);
  add(pieces, jerkS, to - (jerk * jerkS * jerkS) / 2, jerk * jerkS, -jerk);
}

function addSteady(pieces: Piece[], speed: number, distance: number): void {
  if (speed > 0 && distance > 0) add(pieces, distance / speed, speed, 0, 0);
}

function add(pieces: Piece[], lengthS: number, speed: number, acceleration: number, jerk: number): void {
  if (lengthS <= 0) return;
  const last = pieces.at(-1);
  const startS = last ? last.startS + last.lengthS : 0;
  pieces.push({ startS, lengthS, startMm: last ? along(last, last.lengthS) : 0, speed, acceleration, jerk });
}
