// What a page can do beyond links and forms: hear of new messages, copy a text, keep the focus after an answer.
"use strict";

(() => {
  const say = (text) => { document.getElementById("ansage").textContent = text; };
  const row = (one) => one.matches("[data-line], [data-stop]") && one.getAttribute("href");
  // What somebody has in hand stays: a dialogue, one just being opened, an open menu, what is chosen, a focus that could
  // not be given back.
  const busy = (list) => list.querySelector("form[data-dialogue], .htmx-request, .menu[open], [name=wahl]:checked") !== null
    || (list.contains(document.activeElement) && !document.activeElement.id && !row(document.activeElement));

  // A look in the background that finds no answer, or no page any more, is nothing to speak of.
  // A row that has the focus has it again, whatever came in before it.
  // What was begun while the answer was under way stays as well: the answer is dropped, the note tells of it.
  const refresh = async (list, asked = false) => {
    const held = list.contains(document.activeElement) && row(document.activeElement);
    const keep = (event) => {
      if (event.detail.target !== list || asked || !busy(list)) return;
      event.detail.shouldSwap = false;
      announce();
    };
    document.addEventListener("htmx:beforeSwap", keep);
    await htmx.ajax("GET", list.dataset.refresh, { target: list, swap: "outerHTML" }).catch(() => {});
    document.removeEventListener("htmx:beforeSwap", keep);
    if (!held || document.activeElement !== document.body) return;
    const now = document.querySelector("[data-live]");
    if (now) [...now.querySelectorAll("[data-line], [data-stop]")].find((one) => row(one) === held)?.focus({ preventScroll: true });
  };

  const announce = () => { document.getElementById("neues").hidden = false; };

  const listen = () => {
    const list = document.querySelector("[data-live]");
    if (!list || !window.EventSource) return;
    const source = new EventSource(list.dataset.live);
    source.addEventListener("aufgaben", (event) => {
      const current = document.querySelector("[data-live]");
      if (!current) return source.close();
      say(event.data);
      document.querySelector("#neues [data-text]").textContent = event.data;
      if (!busy(current)) return refresh(current);
      announce();
    });
    // What was settled while the connection was cut off is told by nobody: the list is looked at anew.
    let cut = false;
    source.addEventListener("error", () => { cut = true; });
    source.addEventListener("open", () => {
      const current = document.querySelector("[data-live]");
      if (cut && current && !busy(current)) refresh(current);
      cut = false;
    });
  };

  // An entry of a folded year is unfolded before the page goes to it.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  // What a one-time link has behind the # goes into its field and out of the address.
  const redeem = () => {
    const field = document.querySelector("[data-fragment]");
    if (!field || location.hash.length < 2) return;
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
    field.form.querySelector("button").focus();
  };
  window.addEventListener("hashchange", redeem);
  redeem();

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    try { await navigator.clipboard.writeText(text.textContent); } catch { window.getSelection().selectAllChildren(text); document.execCommand("copy"); }
    say("Der Text ist kopiert.");
    button.querySelector(".kern-label").textContent = "Kopiert";
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    for (const element of event.detail.elt.querySelectorAll("[data-scripted]")) element.hidden = false;
  });

  // A file that would be refused is not sent first.
  document.addEventListener("change", ({ target }) => {
    if (!target.dataset.most) return;
    target.setCustomValidity(target.files[0]?.size > Number(target.dataset.most) ? target.dataset.tooLarge : "");
  });
  document.addEventListener("change", (event) => {
    const form = event.target.dataset?.all;
    if (!form) return;
    for (const box of document.querySelectorAll(`input[type="checkbox"][form="${form}"]`)) box.checked = event.target.checked;
  });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // Where the focus goes with an answer: to what the page names, the first field refused, what went wrong, the task in
  // hand, what is said, the first row, the head. It never falls to the page, neither after a redirect nor after a swap.
  const PLACES = ["[data-focus]", "[aria-invalid=true]", "[role=alert]", "[data-line][aria-expanded=true]", "[role=status]",
    "[data-line], [data-stop]", "h1"];
  const lead = (part) => {
    const there = (place) => [...part.querySelectorAll(place)].find((one) => one.checkVisibility());
    const found = PLACES.map(there).find(Boolean);
    if (found && found.tabIndex < 0) found.tabIndex = -1;
    found?.focus();
  };
  const answered = () => !location.hash && (document.body.dataset.back !== undefined
    || performance.getEntriesByType("navigation")[0]?.redirectCount > 0 || new URLSearchParams(location.search).has("getan"));
  document.addEventListener("htmx:afterRequest", (event) => {
    const background = event.detail.requestConfig?.verb === "get";
    if (!background && document.activeElement === document.body) lead(document.getElementById("inhalt"));
  });

  document.addEventListener("click", async (event) => {
    if (!event.target.closest("#neues a")) return;
    event.preventDefault();
    await refresh(document.querySelector("[data-live]"), true);
    document.getElementById("neues").hidden = true;
    lead(document.querySelector("[data-live]"));
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    const next = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
    if (next) next.focus();
  });

  // Of the answers of the chat the last five stay in sight, and every one in which a dialogue is open. A dialogue stands
  // once on the page: where somebody has typed into it, else where it was opened last.
  const touched = (talk) => [...talk.querySelectorAll("textarea, input")]
    .some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "verstanden") return;
    const [said, ...before] = event.detail.target.children;
    const talk = said.querySelector(".talk");
    const same = talk ? [...document.querySelectorAll(`[id="${talk.id}"]`)] : [];
    const kept = same.find((one) => one !== talk && touched(one)) || talk;
    for (const one of same) if (one !== kept) one.remove();
    if (kept !== talk) kept.querySelector("textarea, input:not([type=hidden])").focus();
    for (const old of before.slice(4)) if (!old.querySelector("form[data-dialogue]")) old.remove();
    say(said.querySelector("[data-said]").textContent);
  });

  // A line that was understood makes room for the next, unless that is being typed already.
  const written = (form) => JSON.stringify([...new FormData(form)]);
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches("form[data-clear]")) target.dataset.clear = written(target);
  });
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (!detail.successful || detail.xhr.status >= 400 || !target.matches("form[data-clear]")) return;
    if (target.dataset.clear === written(target)) target.reset();
  });

  // What may be meant stands below the search field: the arrows go through it, Esc closes it.
  const hits = document.getElementById("treffer");
  let asked = false; // false once it was closed: what is still under way must not open it again
  const close = () => { asked = false; hits.replaceChildren(); };
  hits?.closest("form").addEventListener("input", () => { asked = document.getElementById("suche").value !== ""; });
  hits?.addEventListener("htmx:beforeSwap", (event) => { if (!asked) event.detail.shouldSwap = false; });
  hits?.closest("form").addEventListener("keydown", (event) => {
    const stops = [document.getElementById("suche"), ...hits.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") asked = false;
    if (event.key === "Escape" && hits.firstElementChild) { close(); stops[0].focus(); } else if (step && at >= 0 && stops.length > 1) stops[(at + step + stops.length) % stops.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => { if (hits && !event.target.closest(".find")) close(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "treffer") return;
    const count = hits.querySelector("[data-count]")?.dataset.count;
    if (count) say(count === "0" ? "Kein Fall gefunden." : count === "1" ? "1 Fall gefunden." : `${count} Fälle gefunden.`);
  });

  // An answer that failed leaves the page as it is; one that was asked for in the background is not even spoken of.
  const fail = (event) => {
    if (event.detail.requestConfig?.verb === "get" || event.detail.target?.id === "treffer") return;
    const place = document.getElementById("panne");
    place.textContent = "Das hat gerade nicht geklappt. Was Sie geschrieben haben, steht noch da. "
      + "Bitte sehen Sie im Fall nach, ob es schon gespeichert ist, bevor Sie es noch einmal senden.";
    place.hidden = false;
  };
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 500) fail(event); });
  document.addEventListener("htmx:sendError", fail);
  document.addEventListener("htmx:beforeRequest", () => { document.getElementById("panne").hidden = true; });

  document.addEventListener("DOMContentLoaded", () => {
    // A refused form was posted; going back to it later must not ask whether to send it again.
    if (document.body.dataset.back) history.replaceState(null, "", document.body.dataset.back);
    for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
    if (answered() || document.querySelector("[data-focus]")) lead(document.getElementById("inhalt"));
    listen();
  });
})();
