/** What lies under the lifts: the lines, the outbox, the uplink and the latest events. */

import { fillList, make, setAttribute, setText } from './dom.js';
import { bytesOf, countOf, pick, say, timeOf } from './words.js';

function panel(key, ...children) {
  const id = `panel-${key}`;
  return make(`section.panel.${key}`, { 'aria-labelledby': id }, make('h2', { id }, say(key)), ...children);
}

const lamp = () => make('i.lamp', { 'aria-hidden': 'true' });
const otherUplink = () => [make('p.state', {}, lamp(), make('b')), make('p.why'), make('p.quiet')];

export class Panels {
  constructor() {
    this.lines = make('ul.lines');
    this.noLines = make('p.quiet', {}, say('noLines'));
    this.alarms = make('b.count');
    this.telemetry = make('b.count');
    this.meter = make('i');
    this.full = make('span');
    this.losses = make('p.quiet');
    this.trouble = make('p.trouble');
    this.uplink = make('p.state', {}, lamp(), make('b'));
    this.why = make('p.why');
    this.sent = make('p.quiet');
    this.second = otherUplink();
    this.third = otherUplink();
    this.events = make('ol.events', { tabindex: '0', 'aria-label': say('recent') });
    this.element = make(
      'div.panels',
      {},
      panel('lines', this.lines, this.noLines),
      panel(
        'outbox',
        make(
          'p.figures',
          {},
          this.alarms,
          make('span', {}, say('alarms')),
          this.telemetry,
          make('span', {}, say('telemetry')),
        ),
        make('div.meter', { 'aria-hidden': 'true' }, this.meter),
        make('p.quiet', {}, this.full),
        this.losses,
        this.trouble,
      ),
      panel('uplink', this.uplink, this.why, this.sent, ...this.second, ...this.third),
      panel('recent', this.events),
    );
  }

  show({ buses, outbox, uplink, maintainerUplink, regionalPlatform, recent, nowWallMs }) {
    this.noLines.hidden = buses.length > 0;
    fillList(this.lines, buses, oneLine, showLine);
    setText(this.alarms, countOf(outbox.waitingAlarms));
    setText(this.telemetry, countOf(outbox.waitingTelemetry));
    this.meter.style.width = `${Math.min(100, (outbox.fileBytes / Math.max(1, outbox.maxBytes)) * 100).toFixed(1)}%`;
    setText(
      this.full,
      say('full', {
        used: bytesOf(outbox.fileBytes),
        most: bytesOf(outbox.maxBytes),
        hours: countOf(outbox.hoursLeft),
      }),
    );
    setText(this.losses, say('losses', { evicted: countOf(outbox.evicted), poisoned: countOf(outbox.poisoned) }));
    this.losses.classList.toggle('some', outbox.evicted + outbox.poisoned > 0);
    setText(this.trouble, outbox.trouble ?? '');
    showUplink(uplink, '', this.uplink, this.why, this.sent);
    showOther(maintainerUplink, 'maintainer', this.second);
    showOther(regionalPlatform, 'regional', this.third);
    const rows = recent.length > 0 ? [...recent].reverse() : [null];
    fillList(this.events, rows, oneEvent, (item, event) => showEvent(item, event, nowWallMs));
  }
}

/** An uplink beside the first; none where it is null. */
function showOther(uplink, name, parts) {
  for (const part of parts) part.hidden = uplink === null;
  if (uplink) showUplink(uplink, say(name), ...parts);
}

function showUplink({ state, why, sent }, name, line, reason, count) {
  const lampState = { online: 'on', connecting: 'half', waiting: 'bad', off: 'off' }[state];
  setAttribute(line, 'class', `state ${lampState}`);
  setText(line.lastElementChild, `${name}${say(`uplink.${state}`)}`);
  setText(reason, pick(why));
  setText(count, say('sent', { n: countOf(sent) }));
}

const oneLine = () => make('li', {}, make('p.line', {}, lamp(), make('b'), make('span')), make('ul.slaves'));
const oneSlave = () => make('li.slave', {}, make('span'), make('span.reads'), make('span.error'));

function showLine(item, { id, up, why, slaves }) {
  const [head, list] = item.children;
  setAttribute(head, 'class', up ? 'line on' : 'line bad');
  setText(head.children[1], id);
  setText(head.lastElementChild, up ? say('lineUp') : `${say('lineDown')}: ${why}`);
  fillList(list, slaves, oneSlave, (slave, { unit, lift, ok, failed, lastError }) => {
    setText(slave.children[0], `${say('slave')} ${unit} · ${lift}`);
    setText(slave.children[1], say('reads', { ok: countOf(ok), failed: countOf(failed) }));
    setText(slave.lastElementChild, lastError ?? '');
  });
}

const oneEvent = () => make('li.event', {}, make('time'), make('b.who'), make('span'));

function showEvent(item, event, nowWallMs) {
  const [time, lift, text] = item.children;
  setAttribute(item, 'data-type', event?.type ?? 'none');
  setText(time, event ? timeOf(event.wallMs, nowWallMs) : '');
  setText(lift, event?.lift ?? '');
  setText(text, event ? pick(event.text) : say('noEvents'));
}
