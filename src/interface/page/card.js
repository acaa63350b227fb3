/** One lift: its shaft, what is known of it, its open faults, and what a rescuer must say on the telephone. */

import { fillList, make, setAttribute, setText } from './dom.js';
import { doorOf, Indicator, motionOf, Shaft } from './shaft.js';
import { pick, say, spanOf, timeOf } from './words.js';

/** What each row says of a lift: [lamp, word]. `unknown` is a state of its own, never the same as `off`. */
const ROWS = {
  door: (lift) => {
    const door = doorOf(lift);
    return [{ closed: 'on', open: 'off', moving: 'half', both: 'bad', unknown: 'unknown' }[door], `door.${door}`];
  },
  zone: ({ doorZone }) => flag('zone', doorZone, 'off'),
  passenger: ({ passenger }) => flag('passenger', passenger, 'off'),
  chain: ({ safetyChainClosed }) => flag('chain', safetyChainClosed, 'bad'),
  link: ({ link }) => [{ live: 'on', silent: 'bad', waiting: 'half', none: 'off' }[link], `link.${link}`],
};

function flag(name, value, whenNot) {
  if (value === null) return ['unknown', `${name}.unknown`];
  return value ? ['on', `${name}.yes`] : [whenNot, `${name}.no`];
}

export class Card {
  /** @param press (path, body) => void where the box is a demo, null where it is not */
  constructor(lift, press) {
    this.shaft = new Shaft(lift.landings);
    this.indicator = new Indicator();
    this.mode = make('span.mode');
    this.rows = Object.keys(ROWS).map((key) => ({
      key,
      row: make('li', { 'data-signal': key }, make('i.lamp', { 'aria-hidden': 'true' }), make('span')),
    }));
    this.faults = make('ul.faults', { 'aria-label': say('faults') });
    const title = `lift-${lift.id}`;
    this.element = make(
      'article.lift',
      { 'aria-labelledby': title, 'data-lift': lift.id },
      make('header', {}, make('h2', { id: title }, lift.id), this.mode),
      this.shaft.element,
      make(
        'div.facts',
        {},
        this.indicator.element,
        make('ul.signals', {}, ...this.rows.map(({ row }) => row)),
        this.faults,
      ),
      make(
        'footer',
        {},
        make('p.rescue', {}, say('rescue'), make('b', {}, lift.rescueLabelNumber)),
        make('p', {}, lift.address),
        make('p.quiet', {}, make('span.spoken', {}, say('registration')), lift.registrationNumber),
      ),
    );
    if (press) this.element.append(buttons(lift.id, press));
  }

  /** @param nowWallMs the box's time @param nowMs the page's own */
  show(lift, nowWallMs, nowMs) {
    this.shaft.show(lift, nowMs, spokenOf(lift));
    this.indicator.show(lift);
    const mode = lift.mode === null || lift.mode === 'unknown' ? null : lift.mode;
    setText(this.mode, mode ? say(`mode.${mode}`) : `${say('mode')}: ${say('unknown')}`);
    setAttribute(this.mode, 'data-mode', mode ?? 'unknown');
    for (const { key, row } of this.rows) {
      const [lamp, word] = ROWS[key](lift);
      setAttribute(row, 'class', lamp);
      setText(row.lastElementChild, say(word));
    }
    this.element.classList.toggle('faulty', lift.faults.length > 0);
    this.element.classList.toggle('blind', isBlind(lift));
    const faults = [...lift.faults].sort((a, b) => rankOf(a) - rankOf(b) || a.sinceWallMs - b.sinceWallMs);
    fillList(this.faults, faults, oneFault, (item, fault) => showFault(item, fault, nowWallMs));
  }
}

/** Nothing can be said of where the car is and of its door. */
export const isBlind = (lift) => lift.link === 'silent' || (lift.landing === null && doorOf(lift) === 'unknown');

/** People first. */
const rankOf = ({ fault }) => (fault === 'entrapment' ? 0 : 1);

export const titleOf = ({ title, subject }) => (subject ? `${pick(title)} (${subject})` : pick(title));

function oneFault() {
  return make('li', {}, make('strong'), make('span.when', {}, make('time'), make('span.age')));
}

function showFault(item, fault, nowWallMs) {
  const [name, when] = item.children;
  setText(name, titleOf(fault));
  setText(when.firstElementChild, `${say('since')} ${timeOf(fault.sinceWallMs, nowWallMs)}`);
  setText(when.lastElementChild, spanOf(nowWallMs - fault.sinceWallMs));
}

function spokenOf(lift) {
  const marking = lift.landing === null ? null : lift.landings[lift.landing]?.marking;
  const door = doorOf(lift);
  return say('carAt', {
    place: marking ? `${say('landing')} ${marking}` : say('nowhere'),
    motion: say(`motion.${motionOf(lift)}`),
    door: say(`door.${door}`),
  });
}

function buttons(lift, press) {
  return make(
    'div.buttons',
    {},
    make('button', { type: 'button', 'data-demo': 'trap', onclick: () => press('/demo/trap', { lift }) }, say('trap')),
    make(
      'button',
      { type: 'button', 'data-demo': 'hold-door', onclick: () => press('/demo/hold-door', { lift }) },
      say('hold'),
    ),
  );
}
