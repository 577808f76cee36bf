/* Focus, announcements and menus around htmx; every page works without it. */
(function () {
  "use strict";
  var doc = document, live = doc.getElementById("live"), said = doc.getElementById("said");

  function focus(node) {
    if (!node) return;
    if (!node.matches("a[href],button,input,select,textarea,summary,[tabindex]")) node.tabIndex = -1;
    node.focus();
  }
  function show(note) {
    live.replaceChildren(note);
    live.scrollIntoView({ block: "nearest" });
  }
  function tell(text) {
    var note = doc.getElementById("note-bad").content.firstElementChild.cloneNode(true);
    note.querySelector("p").textContent = text;
    show(note);
  }
  function busy(event, on) {
    var target = event.detail.target;
    if (target && target !== doc.body) target[on ? "setAttribute" : "removeAttribute"]("aria-busy", "true");
  }

  focus(doc.getElementById("error-summary"));

  doc.addEventListener("htmx:beforeRequest", function (event) { busy(event, true); });
  doc.addEventListener("htmx:afterRequest", function (event) { busy(event, false); });
  doc.addEventListener("htmx:afterSettle", function (event) {
    var root = event.target, words = root.closest("[data-say]");
    if (words) said.textContent = words.dataset.say;
    var wrong = root.querySelector("#error-summary");
    if (wrong) return focus(wrong);
    // Focus that stood in what was swapped away goes to the new part's heading.
    if (!doc.activeElement || doc.activeElement === doc.body) focus(root.querySelector("h1,h2,h3") || root);
  });
  doc.addEventListener("htmx:responseError", function (event) {
    var page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    var note = page.querySelector(".note");
    if (note) show(doc.importNode(note, true)); else tell(live.dataset.failed);
  });
  doc.addEventListener("htmx:sendError", function () { tell(live.dataset.offline); });

  doc.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && doc.querySelector("details.menu[open]");
    if (open) { open.open = false; focus(open.querySelector("summary")); }
  });
  doc.addEventListener("click", function (event) {
    doc.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
})();
