/** The page: builds itself from the first board, then follows the stream. Whole boards arrive, so nothing must be kept in step. */

import { Card, isBlind, titleOf } from './card.js';
import { make, setAttribute, setText } from './dom.js';
import { Panels } from './panels.js';
import { isChinese, say, spanOf, switchLanguage, timeOf } from './words.js';

/** The box sends every second. After this long without a word the page says so and asks anew. */
const SILENCE_LIMIT_MS = 5000;
const RETRY_MS = 2000;

const root = document.getElementById('page');
let board = null;
let built = null;
let heardMs = null;
let lost = false;

build();
connect();
requestAnimationFrame(animate);

/** The frame of the page in the present language; the lifts once a board is known. */
function build() {
  document.documentElement.lang = isChinese() ? 'zh-CN' : 'en';
  const status = make('p.status', {}, make('i.lamp', { 'aria-hidden': 'true' }), make('b'), make('span'));
  const box = make('span.box');
  const clock = make('span.clock');
  const language = make(
    'button.language',
    { type: 'button', 'aria-label': say('otherLabel'), onclick: turn },
    say('other'),
  );
  const header = make('header.top', {}, make('h1', {}, 'Hoistway', box), status, clock, language);
  built = { key: board && keyOf(board), status, box, clock, cards: [], panels: null, demo: null };
  if (!board) {
    root.replaceChildren(header);
    showStatus();
    return;
  }
  built.cards = board.lifts.map((lift) => new Card(lift, board.demo ? press : null));
  built.panels = new Panels();
  built.demo = board.demo ? demoStrip() : null;
  const room = make('main', {}, ...(built.demo ? [built.demo.element] : []));
  room.append(
    make('section.lifts', { 'aria-label': say('lifts') }, ...built.cards.map(({ element }) => element)),
    built.panels.element,
  );
  room.classList.add({ 1: 'one', 2: 'two' }[board.lifts.length] ?? 'more');
  root.replaceChildren(header, room);
  show();
}

/** What the page is built for: it is built anew only when this changes. */
function keyOf({ lifts, demo }) {
  return JSON.stringify([demo !== null, lifts.map(({ id, landings, address }) => [id, address, landings])]);
}

function turn() {
  switchLanguage();
  build();
  root.querySelector('.language').focus();
}

function show() {
  const nowMs = performance.now();
  board.lifts.forEach((lift, at) => {
    built.cards[at].show(lift, board.nowWallMs, nowMs);
  });
  built.panels.show(board);
  built.demo?.show(board.demo);
  const { id, version, upMs } = board.box;
  setText(built.box, id);
  setAttribute(built.box, 'title', `Hoistway ${version}`);
  setText(built.clock, `${timeOf(board.nowWallMs, board.nowWallMs)} · ${say('up')} ${spanOf(upMs)}`);
  setAttribute(built.clock, 'title', say('boxTime'));
  showStatus();
}

function showStatus() {
  const [, words, more] = built.status.children;
  const faults = board ? [...board.lifts, board.box].flatMap((one) => one.faults) : [];
  const blind = board?.lifts.filter(isBlind).length ?? 0;
  let [state, text, rest] = ['on', say('quiet'), ''];
  if (lost) {
    [state, text] = ['bad', say('lost')];
    rest = board ? `${say('lastWord')} ${timeOf(board.nowWallMs, board.nowWallMs)}` : '';
  } else if (!board) {
    [state, text] = ['half', say('waitingForBox')];
  } else if (faults.length > 0) {
    [state, text] = ['bad', faults.length === 1 ? say('oneFault') : say('manyFaults', { n: faults.length })];
    rest = board.box.faults.map(ofBox).join('; ');
  } else if (blind > 0) {
    [state, text] = ['unknown', blind === 1 ? say('oneBlind') : say('blind', { n: blind })];
  }
  setAttribute(built.status, 'class', `status ${state}`);
  setText(words, text);
  setText(more, rest);
  document.title = `${faults.length > 0 ? `(${faults.length}) ` : ''}${board ? `${board.box.id} · ` : ''}Hoistway`;
  document.body.classList.toggle('lost', lost && board !== null);
}

/** Those of the lifts stand on their cards; those of the box itself only here. */
function ofBox(fault) {
  return `${titleOf(fault)}, ${say('since')} ${timeOf(fault.sinceWallMs, board.nowWallMs)}`;
}

/** Says what has changed, once, to those who listen to the page. */
function announce(before, now) {
  const open = (view) =>
    new Map(
      [...view.lifts, view.box].flatMap(({ id, faults }) =>
        faults.map((fault) => [
          `${id}/${fault.fault}/${fault.subject ?? ''}/${fault.sinceWallMs}`,
          { lift: id, fault: titleOf(fault) },
        ]),
      ),
    );
  const [was, is] = [before ? open(before) : new Map(), open(now)];
  const begun = [...is].filter(([key]) => !was.has(key)).map(([, one]) => say('began', one));
  const over = [...was].filter(([key]) => !is.has(key)).map(([, one]) => say('over', one));
  if (begun.length > 0) setText(document.getElementById('alarm'), begun.join('. '));
  if (over.length > 0) notice(over.join('. '));
}

function notice(text) {
  setText(document.getElementById('notice'), text);
}

function connect() {
  const stream = new EventSource('/events');
  heardMs = performance.now();
  const again = () => {
    stream.close();
    clearInterval(watch);
    lose();
    setTimeout(connect, RETRY_MS);
  };
  const watch = setInterval(() => {
    if (performance.now() - heardMs > SILENCE_LIMIT_MS) again();
  }, 1000);
  stream.onmessage = ({ data }) => {
    heardMs = performance.now();
    lost = false;
    const before = board;
    board = JSON.parse(data);
    announce(before, board);
    if (built.key === keyOf(board)) show();
    else build();
  };
  stream.onerror = again;
}

function lose() {
  if (lost) return;
  lost = true;
  showStatus();
  notice(say('lost'));
}

let drawnMs = 0;
function animate(nowMs) {
  if (!lost && board) {
    board.lifts.forEach((_, at) => {
      built.cards[at]?.shaft.draw(nowMs, nowMs - drawnMs);
    });
  }
  drawnMs = nowMs;
  requestAnimationFrame(animate);
}

async function press(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    said(answer.ok ? say('asked') : say('refused', { why: (await answer.text()).trim() }));
  } catch {
    said(say('lost'));
  }
}

function said(text) {
  notice(text);
  if (built.demo) setText(built.demo.answer, text);
}

function demoStrip() {
  const answer = make('span.answer');
  const button = (name, label, onclick) =>
    make(
      'button',
      { type: 'button', role: 'switch', 'data-demo': name, onclick },
      make('i.lamp', { 'aria-hidden': 'true' }),
      say(label),
      make('span', { 'aria-hidden': 'true' }),
    );
  const network = button('network', 'cut', () => press('/demo/network', { cut: !board.demo.networkCut }));
  const line = button('line', 'pull', () => press('/demo/line', { pulled: !board.demo.linePulled }));
  const hint = make('p', {}, make('b', {}, say('demo')), ' ', make('span', {}, say('demoHint')));
  const element = make('section.demo', { 'aria-label': say('demo') }, hint, answer, network, line);
  const show = ({ networkCut, linePulled }) => {
    turnSwitch(network, networkCut, say(networkCut ? 'isCut' : 'isWhole'));
    turnSwitch(line, linePulled, say(linePulled ? 'isPulled' : 'isPlugged'));
  };
  return { element, answer, show };
}

function turnSwitch(button, on, state) {
  setAttribute(button, 'aria-checked', String(on));
  setAttribute(button, 'class', on ? 'bad' : 'on');
  setText(button.lastElementChild, state);
}
