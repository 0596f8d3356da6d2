/* Prompts while in contact: one key a field.
 *
 * Enter = right and on (an answer already given stands), e = fix, d = not needed any more, s = skip,
 * u or Backspace = undo; in a text of several lines Shift+Enter begins a new one. Every prompt is a group of real radio buttons: all this only chooses among
 * them, and nothing is changed before the form is saved. */
(function () {
  "use strict";
  const { announce, typing, letterActs } = window.wesentra;
  const before = new WeakMap(); // prompt -> its answer when the focus came in

  const promptOf = (element) => element.closest("[data-prompts] .prompt");
  const radios = (prompt) => [...prompt.querySelectorAll(".segmented input[type=radio]")];
  const chosen = (prompt) => radios(prompt).find((radio) => radio.checked);
  const fixesOf = (prompt) => [...prompt.querySelectorAll(".prompt-fix :is(input, textarea, select)")];
  const skipOf = (prompt) => prompt.querySelector(".prompt-skip select");

  function say(prompt) {
    const radio = chosen(prompt);
    const answer = radio ? radio.labels[0].textContent : document.getElementById("announce").dataset.undone;
    announce(`${prompt.querySelector("legend").textContent.trim()}: ${answer.trim()}`);
  }

  function choose(prompt, value) {
    const radio = radios(prompt).find((one) => one.value === value);
    if (!radio) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    say(prompt);
    return true;
  }

  function focusOn(prompt) {
    (chosen(prompt) || radios(prompt)[0]).focus();
  }

  /** To the prompt after this one; after the last to the summary. */
  function goOn(prompt) {
    const all = [...prompt.closest("[data-prompts]").querySelectorAll(".prompt")];
    const next = all[all.indexOf(prompt) + 1];
    if (next) return focusOn(next);
    const form = prompt.closest("form");
    const summary = form.querySelector("[data-summary]") || form.querySelector("textarea");
    if (summary) summary.focus();
  }

  function write(control) {
    control.focus();
    if (control.select) control.select();
  }

  function into(prompt, value, control) {
    if (control && choose(prompt, value)) write(control);
  }

  function clear(prompt) {
    for (const radio of radios(prompt)) radio.checked = false;
    for (const fix of fixesOf(prompt)) if ("defaultValue" in fix) fix.value = fix.defaultValue;
    if (skipOf(prompt)) skipOf(prompt).selectedIndex = 0;
    focusOn(prompt);
    say(prompt);
  }

  /** Undoes the answer here, or if there is none yet, the one before. */
  function undo(prompt) {
    if (chosen(prompt)) return clear(prompt);
    const previous = prompt.previousElementSibling;
    if (previous && previous.matches(".prompt")) clear(previous);
  }

  function restore(prompt) {
    const { choice, fixes, skip } = before.get(prompt);
    for (const radio of radios(prompt)) radio.checked = radio.value === choice;
    fixesOf(prompt).forEach((fix, place) => { fix.value = fixes[place]; });
    if (skipOf(prompt)) skipOf(prompt).value = skip;
    focusOn(prompt);
    say(prompt);
  }

  function enter(prompt) {
    const radio = chosen(prompt);
    if (!radio) choose(prompt, "confirmed");
    else if (radio.value === "corrected") return into(prompt, "corrected", fixesOf(prompt)[0]);
    else if (radio.value === "skipped" && !skipOf(prompt)?.value) return into(prompt, "skipped", skipOf(prompt));
    goOn(prompt);
  }

  const letters = {
    e: (prompt) => into(prompt, "corrected", fixesOf(prompt)[0]),
    d: (prompt) => { if (choose(prompt, "removed")) goOn(prompt); },
    s: (prompt) => into(prompt, "skipped", skipOf(prompt)),
    u: undo,
    Backspace: undo,
  };

  /** From a control to the next one of the same answer, else to the next prompt. */
  function leave(prompt, control) {
    const fixes = fixesOf(prompt);
    const next = fixes.includes(control) && fixes[fixes.indexOf(control) + 1];
    if (next) return write(next);
    say(prompt);
    goOn(prompt);
  }

  function inControl(event, prompt) {
    if (event.target.matches("textarea") && event.key === "Enter" && event.shiftKey) return false;
    if (event.key === "Enter") leave(prompt, event.target);
    else if (event.key === "Escape" && before.has(prompt)) restore(prompt);
    else return false;
    return true;
  }

  function inRadios(event, prompt) {
    if (event.key === "Enter") enter(prompt);
    else {
      const act = letters[event.key] || letters[event.key.toLowerCase()]; // Caps Lock may be on
      if (!act || !letterActs(event)) return false;
      act(prompt);
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const prompt = promptOf(event.target);
    if (!prompt || event.target.matches("button, a")) return;
    const control = typing(event.target) || fixesOf(prompt).includes(event.target);
    const taken = control ? inControl(event, prompt) : inRadios(event, prompt);
    if (taken) event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const prompt = promptOf(event.target);
    if (!prompt || (event.relatedTarget && prompt.contains(event.relatedTarget))) return;
    before.set(prompt, {
      choice: chosen(prompt)?.value, skip: skipOf(prompt)?.value,
      fixes: fixesOf(prompt).map((fix) => fix.value),
    });
  });

  document.addEventListener("click", (event) => {
    const prompt = promptOf(event.target);
    if (!prompt) return;
    if (event.target.closest("[data-undo]")) return clear(prompt);
    const radio = event.detail > 0 && event.target.closest(".segmented label")?.querySelector("input");
    if (radio && radio.value === "corrected") setTimeout(() => into(prompt, "corrected", fixesOf(prompt)[0]));
  });

  function start(root) {
    const first = root.querySelector("[data-prompts] .prompt");
    if (first && !document.querySelector("main [autofocus]")) focusOn(first);
  }
  start(document);
  // htmx also says so of the whole page, a moment after it opened: the focus may have moved on.
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) start(event.target);
  });
})();
