/**
 * One shaft in section: landings at their true heights, the car at its own. Between two boards the car goes on at its speed.
 * What is not known is not drawn as if it were: without a position there is a hatched shaft and no car.
 */

import { make, setAttribute, setText, shape } from './dom.js';
import { say } from './words.js';

const FIGURE = 'M12 2a3 3 0 1 1 0 6a3 3 0 0 1 0-6M8.5 9h7a2 2 0 0 1 2 2v6h-2v6.5h-7V17h-2v-6a2 2 0 0 1 2-2';
const ARROW = 'M12 5l7.5 12h-15z';

/** Labels closer than this are left out, apart from the ends and the one the car is at. */
const LABEL_SPACING_PX = 15;
/** A board older than this moves the car no further. */
const FORESIGHT_MS = 1200;
/** How fast the drawn car closes in on the reckoned one. */
const FOLLOW_MS = 180;
/** Further than this it jumps: a page that comes back to the front does not ride through the night. */
const JUMP_MM = 15_000;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

export class Shaft {
  /** @param landings [{ marking, heightMm }], the lowest first */
  constructor(landings) {
    this.topMm = Math.max(1, landings.at(-1).heightMm);
    this.drawnMm = null;
    this.seen = { mm: null, speedMmPerS: 0, atMs: 0 };
    const leaves = [make('i.leaf'), make('i.leaf')];
    const cabin = make('div.cabin', {}, ...leaves, shape('figure', FIGURE), make('span.nobody', {}, '?'));
    this.car = make('div.car', {}, make('div.rope'), cabin);
    this.carriage = make('div.carriage', {}, this.car);
    this.labels = landings.map(({ marking, heightMm }) => {
      const label = make('li', {}, make('span.marker', {}, marking));
      label.style.bottom = `${(heightMm / this.topMm) * 100}%`;
      return label;
    });
    this.travel = make('ol.travel', { 'aria-hidden': 'true' }, ...this.labels);
    this.element = make(
      'div.shaft',
      { role: 'img' },
      this.travel,
      make('div.well', {}, make('div.rails', {}, this.carriage), make('span.lost-car', {}, '?')),
    );
    new ResizeObserver(() => this.thinOut()).observe(this.travel);
  }

  /** Hides the labels that would stand on one another. */
  thinOut() {
    const heightPx = this.travel.clientHeight;
    let lastPx = Number.NEGATIVE_INFINITY;
    const last = this.labels.length - 1;
    this.labels.forEach((label, at) => {
      const px = (Number.parseFloat(label.style.bottom) / 100) * heightPx;
      const free = px - lastPx >= LABEL_SPACING_PX && heightPx - px >= LABEL_SPACING_PX;
      const shown = at === 0 || at === last || free;
      label.classList.toggle('thin', !shown);
      if (shown) lastPx = px;
    });
  }

  /** @param spoken the sentence for those who do not see the drawing */
  show(lift, nowMs, spoken) {
    const { element, car } = this;
    const known = lift.positionMm !== null;
    this.seen = { mm: lift.positionMm, speedMmPerS: speedOf(lift), atMs: nowMs };
    element.classList.toggle('no-position', !known);
    setAttribute(element, 'aria-label', spoken);
    setAttribute(car, 'data-door', doorOf(lift));
    setAttribute(car, 'data-passenger', lift.passenger === null ? 'unknown' : lift.passenger ? 'yes' : 'no');
    car.classList.toggle(
      'trapped',
      lift.faults.some(({ fault }) => fault === 'entrapment'),
    );
    this.labels.forEach((label, at) => {
      label.classList.toggle('here', at === lift.landing);
      label.classList.toggle('zone', at === lift.landing && lift.doorZone === true);
    });
  }

  /** Moves the car to where it is by now. */
  draw(nowMs, elapsedMs) {
    const { mm, speedMmPerS, atMs } = this.seen;
    if (mm === null) return;
    const ahead = calm.matches ? 0 : Math.min(FORESIGHT_MS, nowMs - atMs);
    const reckoned = mm + (speedMmPerS * ahead) / 1000;
    const gap = reckoned - (this.drawnMm ?? reckoned);
    const jump = this.drawnMm === null || calm.matches || Math.abs(gap) > JUMP_MM;
    const next = jump || Math.abs(gap) < 1 ? reckoned : this.drawnMm + gap * (1 - Math.exp(-elapsedMs / FOLLOW_MS));
    if (next === this.drawnMm) return;
    this.drawnMm = next;
    // A little beyond the ends, so that an overtravel is seen, and never out of the drawing.
    const part = Math.min(1.02, Math.max(-0.02, next / this.topMm));
    this.carriage.style.transform = `translateY(${(-part * 100).toFixed(3)}%)`;
  }
}

function speedOf(lift) {
  if (lift.moving === false || lift.speedMmPerS === null) return 0;
  return lift.speedMmPerS;
}

/** closed, open, moving (neither), both (a contradiction) or unknown; of two switches one may be missing. */
export function doorOf({ doorClosed, doorOpen }) {
  if (doorClosed === true) return doorOpen === true ? 'both' : 'closed';
  if (doorOpen === true) return 'open';
  return doorClosed === false ? 'moving' : 'unknown';
}

/** up, down, run (moving, no direction known), rest or unknown. */
export function motionOf({ moving, direction }) {
  if (moving === false) return 'rest';
  if (direction === 'up' || direction === 'down') return direction;
  return moving === true ? 'run' : 'unknown';
}

/** The big numeral: the marking of the landing, with the arrow of travel. */
export class Indicator {
  constructor() {
    this.marking = make('b.marking');
    this.motion = make('span.motion');
    this.element = make('p.indicator', { 'aria-hidden': 'true' }, this.marking, shape('arrow', ARROW), this.motion);
  }

  show(lift) {
    const marking = lift.landing === null ? null : lift.landings[lift.landing]?.marking;
    const motion = motionOf(lift);
    setText(this.marking, marking ?? '?');
    this.marking.classList.toggle('unknown', !marking);
    setAttribute(this.element, 'data-motion', motion);
    const speed = lift.moving === true && lift.speedMmPerS !== null;
    const mPerS = speed ? ` ${(Math.abs(lift.speedMmPerS) / 1000).toFixed(2)} m/s` : '';
    setText(this.motion, say(`motion.${motion}`) + mPerS);
    this.motion.classList.toggle('unknown', motion === 'unknown');
  }
}
