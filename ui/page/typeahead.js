(token => {
  if (window.wenshuOffer) return window.wenshuOffer.fetchWords(token);
  const BOX = "[data-testid=stChatInputTextArea]", MOST = 7, LONGEST = 14,
    KINDS = ["指标", "维度", "取值"];
  let words = [], wanted = "", rows = [], active = -1, box = null;

  const list = document.createElement("ul");
  list.id = "ws-offer";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "可以补全为");
  list.hidden = true;

  const fetchWords = async (name, tries = 0) => {
    if (name === wanted && tries === 0) return;
    if (tries === 0) words = [];
    wanted = name;
    const base = document.baseURI.replace(/[^/]*([?#].*)?$/, "");
    const answer = await fetch(`${base}words/${name}`).catch(() => null);
    if (name !== wanted) return;
    if (answer && answer.status === 200) {
      words = (await answer.json()).map(([text, kind, note, ...also]) =>
        ({text, kind, note, keys: [text, ...also].map(key => key.toLowerCase())}));
    } else if (answer && answer.status === 202 && tries < 20) {
      setTimeout(() => fetchWords(name, tries + 1), 300 * (tries + 1));
    }
  };

  // the longest end of what is typed that begins (or, of two characters on, is part of) a name
  const offers = typed => {
    const said = typed.toLowerCase(), found = new Map();
    const add = (word, from, rank) => {
      if (!found.has(word.text) && word.text.toLowerCase() !== said.slice(from))
        found.set(word.text, {word, from, rank});
    };
    if (said.trim().length > 1)
      for (const word of words)
        if (word.kind === "例题" && word.keys[0].includes(said.trim())) add(word, 0, 3);
    const tail = said.slice(-LONGEST).match(/[^\s,。?!;:、,.?!;:]*$/)[0];
    for (let size = tail.length; size > 0; size--) {
      if (size === 1 && said.trim().length > 1) break;
      const end = tail.slice(-size), from = said.length - size, spelt = /^[a-z]+$/.test(end);
      const matches = words.filter(word => word.kind !== "例题").map(word => {
        const starts = word.keys.some(key => key.startsWith(end));
        const holds = !spelt && size > 1 && word.keys.some(key => key.includes(end));
        return {word, rank: starts ? 0 : holds ? 1 : 9};
      }).filter(match => match.rank < 9 && (!spelt || size > 1));
      if (!matches.length) continue;
      const exact = matches.some(({word}) => word.text.toLowerCase() === end);
      if (exact && matches.length === 1) break;
      matches.sort((a, b) => a.rank - b.rank || KINDS.indexOf(a.word.kind) - KINDS.indexOf(b.word.kind)
        || a.word.text.length - b.word.text.length);
      for (const {word, rank} of matches) add(word, from, rank);
      break;
    }
    return [...found.values()].sort((a, b) => a.rank - b.rank).slice(0, MOST);
  };

  const close = () => {
    list.hidden = true; rows = []; active = -1;
    if (box) for (const name of ["aria-activedescendant", "aria-expanded"]) box.removeAttribute(name);
  };

  const mark = number => {
    active = number;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", at === active));
    if (active >= 0) box.setAttribute("aria-activedescendant", `ws-offer-${active}`);
    else box.removeAttribute("aria-activedescendant");
  };

  const take = number => {
    const {word, from} = rows[number];
    const after = box.value.slice(box.selectionStart);
    const said = box.value.slice(0, from) + word.text;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, said + after);
    box.dispatchEvent(new Event("input", {bubbles: true}));
    close();
    box.focus();
    requestAnimationFrame(() => box.setSelectionRange(said.length, said.length));
  };

  const line = ({word}, number) => {
    const row = document.createElement("li"), name = document.createElement("span"),
      kind = document.createElement("small");
    row.id = `ws-offer-${number}`;
    row.setAttribute("role", "option");
    name.textContent = word.text;
    kind.textContent = word.note ? `${word.kind} · ${word.note}` : word.kind;
    row.append(name, kind);
    row.addEventListener("mousedown", event => { event.preventDefault(); take(number); });
    return row;
  };

  const show = () => {
    rows = box.selectionStart === box.selectionEnd ? offers(box.value.slice(0, box.selectionStart)) : [];
    if (!rows.length) return close();
    const home = document.querySelector(".stApp") || document.body;
    if (list.parentElement !== home) home.append(list);
    list.replaceChildren(...rows.map(line));
    const frame = (box.closest("[data-testid=stChatInput]") || box).getBoundingClientRect();
    Object.assign(list.style, {left: `${frame.left}px`, width: `${frame.width}px`,
      bottom: `${innerHeight - frame.top + 6}px`});
    list.hidden = false;
    for (const [name, value] of [["aria-autocomplete", "list"], ["aria-controls", list.id],
      ["aria-expanded", "true"]]) box.setAttribute(name, value);
    mark(-1);
  };

  document.addEventListener("input", event => {
    if (!event.target.matches?.(BOX) || event.isComposing) return;
    box = event.target;
    if (event.isTrusted) show();
  });
  document.addEventListener("compositionend", event => {
    if (event.target.matches?.(BOX)) { box = event.target; show(); }
  });
  document.addEventListener("focusout", event => { if (event.target === box) close(); });
  document.addEventListener("keydown", event => {
    if (list.hidden || event.target !== box || event.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const takes = event.key === "Tab" || (event.key === "Enter" && active >= 0);
    if (step) mark((active + step + rows.length + (active < 0 && step < 0 ? 1 : 0)) % rows.length);
    else if (takes) take(Math.max(active, 0));
    else if (event.key === "Escape") close();
    else { if (event.key === "Enter") close(); return; }
    event.preventDefault();
    event.stopPropagation();
  }, true);

  window.wenshuOffer = {fetchWords, offers};
  fetchWords(token);
})
