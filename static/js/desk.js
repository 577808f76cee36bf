/* Drag beside the buttons: a card dropped on a stage sends its own form. Keys in a table of firms. */
(() => {
  let held = null;
  const stage = (event) => event.target.closest?.("[data-stage]");
  for (const card of document.querySelectorAll("[data-stage] article")) card.draggable = true;
  addEventListener("dragstart", (event) => { held = event.target.closest?.("[data-stage] article"); });
  addEventListener("dragend", () => { held = null; });
  addEventListener("dragover", (event) => { if (held && stage(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    const to = stage(event), form = held?.querySelector("form.move");
    if (!to || !form || to.contains(held)) return;
    event.preventDefault();
    form.elements.stage.value = to.dataset.stage;
    form.requestSubmit();
  });
  // Keys are told of where they work: not without this script.
  for (const line of document.querySelectorAll(".keys")) line.hidden = false;
  // Inside a table of firms j and k go from row to row; where a key bears another script, its place counts.
  const steps = { j: 1, k: -1, KeyJ: 1, KeyK: -1 };
  addEventListener("keydown", (event) => {
    const step = steps[event.key > "~" ? event.code : event.key], table = event.target.closest?.(".desk");
    if (!step || !table || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...table.querySelectorAll("th[scope=row] a")];
    const row = event.target.closest("tr")?.querySelector("th[scope=row] a");
    links[links.indexOf(row) + step]?.focus();
  });
})();
