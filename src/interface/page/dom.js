/** Two helpers over the DOM: make an element, and change it only where it differs (so nothing is spoken or drawn twice). */

/** make('p.note', { role: 'status' }, 'text', child) */
export function make(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') element.addEventListener('click', value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const SVG = 'http://www.w3.org/2000/svg';

/** A shape of one path in a box of 24 by 24. */
export function shape(name, path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', name);
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Puts one element for each row into `list`, reusing those that stand; `fill(element, row)` sets what may change. */
export function fillList(list, rows, makeOne, fill) {
  while (list.children.length > rows.length) list.lastElementChild.remove();
  while (list.children.length < rows.length) list.append(makeOne());
  rows.forEach((row, at) => {
    fill(list.children[at], row);
  });
}
