// The keys of Heute, Team and Termine: j and k go from row to row, Enter opens, e answers, s puts off, x chooses,
// / searches, ? tells those of the page. A row is found by its [data-line], which unfolds it, or its [data-stop].
"use strict";

(() => {
  const OFF = "kuerzel-aus";
  const STOP = "[data-line], [data-stop]";
  const ROWS = `li.task, article.task, .agenda__row, tbody tr:has(${STOP})`; // a dialogue's own tables have no stops
  const page = document.getElementById("inhalt");
  const lines = () => [...page.querySelectorAll(STOP)].filter((one) => one.checkVisibility());
  const task = (inside) => inside?.closest(ROWS) ?? inside?.closest("tr.slot")?.previousElementSibling;
  const open = () => page.querySelector(".task--open");
  const inHand = () => task(document.activeElement) ?? open();
  let after = null; // what is to be done as soon as the line that was asked for is open

  const step = (by) => {
    const all = lines();
    const at = all.indexOf(inHand()?.querySelector(STOP));
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  // Does something in the line in hand; a folded line is opened first.
  const within = (deed) => {
    const one = inHand();
    if (!one?.querySelector(STOP)) return;
    if (one === open() || !one.querySelector("[data-line]")) return deed(one);
    after = deed;
    one.querySelector("[data-line]").click();
  };

  const FIRST = ["form[data-dialogue] :is(input:not([type=hidden]), textarea, select, button)", "[data-first]", ".menu summary"];
  const answer = (one) => {
    const main = one.querySelector("[data-main]");
    if (main?.checkVisibility()) main.click();
    else FIRST.map((place) => one.querySelector(place)).find(Boolean)?.focus();
  };

  const putOff = (one) => {
    const later = one.querySelector("[data-later]");
    if (later && !one.querySelector(".talk")) return later.click();
    const note = document.getElementById("nicht-spaeter");
    note.hidden = false;
    setTimeout(() => { note.hidden = true; }, 6000);
  };

  const choose = () => {
    const boxes = [...(inHand()?.querySelectorAll("input.line__choose, .agenda__choice input, .pick__cell input") ?? [])];
    const all = boxes.every((box) => box.checked); // several appointments stand in one line
    for (const box of boxes) box.checked = !all;
  };

  const tell = () => {
    const keys = document.getElementById("kuerzel");
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  };

  const fold = () => {
    const near = document.activeElement.closest(".menu[open]") ?? (inHand() ?? page).querySelector(".menu[open]");
    const one = document.querySelector("#kuerzel[open]") ?? near;
    if (one) { one.open = false; return one.querySelector("summary").focus(); }
    const line = open()?.querySelector("[data-line]");
    if (!line) return;
    line.focus();
    line.click();
  };

  // Out of a field the focus goes to its line, never to the page.
  const leave = (field) => (task(field) ?? open() ?? page).querySelector(STOP)?.focus();

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    e: () => within(answer),
    s: () => within(putOff),
    x: choose,
    "/": () => document.getElementById("suche")?.focus(),
    "?": tell,
  };

  const types = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") return types(event.target) ? leave(event.target) : fold();
    if (types(event.target) || localStorage.getItem(OFF) || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  // What is chosen stays so when another line is unfolded.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.path.startsWith("/heute/liste")) return;
    for (const box of page.querySelectorAll("[name=wahl]:checked, [data-kept]")) event.detail.formData.append("wahl", box.value);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!after || event.detail.elt.id !== "aufgaben") return;
    const deed = after;
    after = null;
    if (open()) deed(open());
  });

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-keys]");
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
    });
  });
})();
