/** The element with this id. */
export const $ = id => document.getElementById(id);

/** A new element; strings become text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

export const money = amount => amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const time = at => new Date(at).toLocaleTimeString('en-GB');

/** A colored badge that names a server. */
export const badge = (route, text = route) => el('span', { class: `route is-${route.toLowerCase()}` }, text.toLowerCase());

/** Tells the person something, for a while; a newer message takes its place. */
export function say(text, bad = false) {
  const message = el('div', { class: bad ? 'message bad' : 'message' }, text);
  $('messages').replaceChildren(message);
  setTimeout(() => message.remove(), bad ? 9000 : 6000);
}
