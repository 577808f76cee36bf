/* Drag beside the buttons: a card dropped on a stage sends its own form. */
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
})();
